"""A body from the door as an activity, and what it asks for.

Floor 5. Everything here is pure and looks at untrusted bytes. Source: Bot Framework activity schema as Teams uses it
(mentions, threads, tenants); what a field must be is checked once, in `parse`.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from bot.limits import ATTACHMENTS, BODY_DEPTH
from bot.teams.fields import NOTHING, Fields, Malformed, checked_id, record, records, short, text, too_deep
from bot.teams.mentions import Mention, strip_mentions
from bot.teams.posted import has_file
from bot.teams.zones import locale_or, zone_or
from dialogs.attachments import Attachment, Sent
from dialogs.talk import Ask, Event, Person, Place, PlaceKind

FIELDS = 20
"""How many fields of a card are taken at most."""
FIELD_CHARS = 20_000
"""Characters of one of them."""
DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"
"""A file that waits at a short-lived address."""
TWIN = "text/html"
"""The text of the message once more."""
POSTED = Attachment("", "reference", "", Sent.POSTED)
"""Stands for all files of a message: what they are is known to Microsoft Graph alone."""

_KINDS: Mapping[str, PlaceKind] = {kind.value: kind for kind in PlaceKind}
_FIELD = re.compile(r"[a-z0-9_]{1,40}")
_SAY = "say"
_EDITS = {"messageUpdate": ("editMessage", "undeleteMessage"), "messageDelete": ("softDeleteMessage",)}
"""What becomes of a message, by the activity's type: `eventType` of its channelData."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody of a conversation. `id` is Teams' own, `entra` the Entra object id."""

    id: str = ""
    name: str = ""
    entra: str = ""
    role: str = ""
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """An activity whose used fields have been checked; an absent text is empty. `raw` is the whole JSON object."""

    raw: Fields
    type: str
    id: str
    channel: str
    service_url: str
    conversation: str
    kind: PlaceKind
    tenants: tuple[str, ...]
    sender: Account
    recipient: Account
    targeted: bool
    text: str
    mentions: tuple[Mention, ...]
    attachments: tuple[Attachment, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    change: str
    team: str
    team_channel: str
    locale: str
    zone: str
    timestamp: str
    action: str
    name: str
    reply_to: str
    value: Any

    @property
    def tenant(self) -> str:
        """The tenant whose conversation it is."""
        return self.tenants[0] if self.tenants else ""


def parse(body: bytes) -> Incoming:
    """The activity of a request's body. Raises `Malformed`."""
    try:
        raw = orjson.loads(body)
    except ValueError:
        raise Malformed("JSON") from None
    # Fewer brackets than the limit cannot nest deeper than it, so an ordinary activity is not walked through.
    brackets = body.count(b"{") + body.count(b"[")
    if not isinstance(raw, dict) or (brackets > BODY_DEPTH and too_deep(raw, BODY_DEPTH)):
        raise Malformed("object")
    kind = text(raw, "type")
    ident = checked_id(raw, "id") or hashlib.sha256(body).hexdigest()[:32]
    conversation = record(raw, "conversation")
    found = _incoming(raw, ident, conversation, record(raw, "channelData"))
    if not kind or not found.service_url or not found.conversation:
        raise Malformed("type, serviceUrl or conversation.id")
    if kind == "message" and not raw.get("id"):
        raise Malformed("id")
    return found


def _incoming(raw: Fields, ident: str, conversation: Fields, data: Fields) -> Incoming:
    entities = records(raw, "entities")
    client = next((one for one in entities if one.get("type") == "clientInfo"), NOTHING)
    kind = place_kind(conversation)
    team_channel = record(data, "channel")
    return Incoming(
        raw=raw,
        type=text(raw, "type"),
        id=ident,
        channel=text(raw, "channelId"),
        service_url=text(raw, "serviceUrl"),
        conversation=checked_id(conversation, "id"),
        kind=kind,
        tenants=_tenants(checked_id(conversation, "tenantId"), checked_id(record(data, "tenant"), "id")),
        sender=account(record(raw, "from")),
        recipient=account(record(raw, "recipient")),
        targeted=record(raw, "recipient").get("isTargeted") is True,
        text=text(raw, "text"),
        mentions=tuple(_mention(one) for one in entities if one.get("type") == "mention"),
        attachments=_attachments(records(raw, "attachments"), kind),
        added=tuple(text(one, "id") for one in records(raw, "membersAdded")),
        removed=tuple(text(one, "id") for one in records(raw, "membersRemoved")),
        change=text(data, "eventType"),
        team=checked_id(record(data, "team"), "aadGroupId"),
        team_channel=checked_id(team_channel, "id"),
        locale=locale_or(text(raw, "locale"), text(client, "locale")),
        zone=zone_or(text(client, "timezone"), text(raw, "localTimezone")),
        timestamp=text(raw, "timestamp"),
        action=text(raw, "action"),
        name=text(raw, "name"),
        reply_to=checked_id(raw, "replyToId"),
        value=raw.get("value"),
    )


def ask(incoming: Incoming) -> Ask:
    """What a waking activity asks for. What was said to us alone is answered to that person alone."""
    why = event(incoming) or Event.MESSAGE
    return Ask(
        id=key(incoming),
        person=person(incoming),
        place=place(incoming),
        text=said(incoming) if why in (Event.MESSAGE, Event.AMEND) else "",
        attachments=incoming.attachments,
        event=why,
        alone=incoming.targeted,
        fields=_filled(incoming),
        amends=incoming.id if why is Event.AMEND else "",
    )


def key(incoming: Incoming) -> str:
    """What an activity is once-only by: its id. Every change of a message bears that of the message, and has one of its own."""
    if incoming.type not in _EDITS:
        return incoming.id
    change = "\n".join((incoming.id, incoming.change, incoming.timestamp, incoming.text))
    return f"amend:{hashlib.sha256(change.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"


def person(incoming: Incoming) -> Person:
    """Who sent it. Without an Entra object id, as guests of a meeting come, the id is empty."""
    sender = incoming.sender
    tenant = incoming.tenants[-1] if incoming.tenants else ""
    return Person(sender.entra, tenant, sender.name, incoming.locale, incoming.zone, account=sender.id)


def place(incoming: Incoming) -> Place:
    """Where it was sent. A root post of a channel is the beginning of its own thread."""
    base, _, thread = incoming.conversation.partition(";messageid=")
    if incoming.kind is not PlaceKind.CHANNEL:
        return Place(incoming.kind, incoming.conversation)
    channel = incoming.team_channel or base
    if not thread and incoming.type not in ("message", *_EDITS):
        return Place(incoming.kind, base, incoming.team or None, channel)
    root = thread or incoming.id
    return Place(incoming.kind, f"{base};messageid={root}", incoming.team or None, channel, root)


def said(incoming: Incoming) -> str:
    """The words of a message without our own mention; of a card's button, what it says; of one that was deleted, none."""
    if incoming.type == "messageDelete":
        return ""
    if incoming.text:
        return strip_mentions(incoming.text, incoming.mentions, incoming.recipient.id)
    return _pressed(incoming)


def wakes(incoming: Incoming) -> bool:
    """Whether an activity is work for us."""
    return event(incoming) is not None


def event(incoming: Incoming) -> Event | None:
    """Why an activity wakes us, if it does."""
    if is_welcome(incoming):
        return Event.WELCOME
    if _leaves(incoming):
        return Event.LEFT
    if incoming.sender.role == "bot" or incoming.sender.id == incoming.recipient.id != "":
        return None
    if _amends(incoming):
        return Event.AMEND
    return Event.MESSAGE if incoming.type == "message" and _turns_to_us(incoming) else None


def _turns_to_us(incoming: Incoming) -> bool:
    """Personal messages do, our own mention, and a button of ours."""
    return incoming.kind is PlaceKind.PERSONAL or bot_mentioned(incoming) or bool(_pressed(incoming))


def _amends(incoming: Incoming) -> bool:
    """Whether somebody changed a message of theirs.

    Whether it was one that we answered is not asked here: the mention may be what was taken out. Without an Entra id
    nothing was kept, and what was brought back without words says nothing new.
    """
    if not incoming.sender.entra or incoming.change not in _EDITS.get(incoming.type, ()):
        return False
    return incoming.change != "undeleteMessage" or bool(said(incoming))


def _leaves(incoming: Incoming) -> bool:
    """Whether a person removed us from their own chat. Some clients tell it twice, and what follows from it happens once."""
    if incoming.kind is not PlaceKind.PERSONAL or not incoming.sender.entra:
        return False
    if incoming.type == "installationUpdate":
        return incoming.action == "remove"
    return incoming.type == "conversationUpdate" and incoming.recipient.id in filter(None, incoming.removed)


def bot_mentioned(incoming: Incoming) -> bool:
    """Whether an entity mentions us; the text alone proves nothing."""
    return any(mention.id == incoming.recipient.id for mention in incoming.mentions if mention.id)


def is_welcome(incoming: Incoming) -> bool:
    """Whether the bot itself has just been added. Teams sends an installationUpdate too: one of the two is enough."""
    return incoming.type == "conversationUpdate" and incoming.recipient.id in filter(None, incoming.added)


def place_kind(conversation: Fields) -> PlaceKind:
    """The scope of a conversation. One we do not know counts as a group, where only a mention wakes."""
    named = text(conversation, "conversationType")
    if not named:
        return PlaceKind.GROUP if conversation.get("isGroup") is True else PlaceKind.PERSONAL
    return _KINDS.get(named, PlaceKind.GROUP)


def account(fields: Fields) -> Account:
    """An account of the wire."""
    # In small letters, as the operator's commands take it: what is held or erased by it must be found.
    entra, tenant = checked_id(fields, "aadObjectId").lower(), checked_id(fields, "tenantId")
    return Account(checked_id(fields, "id"), short(fields, "name"), entra, text(fields, "role"), tenant)


def _pressed(incoming: Incoming) -> str:
    value = incoming.value
    words = value.get(_SAY) if isinstance(value, dict) and not incoming.text else None
    return words if isinstance(words, str) else ""


def _filled(incoming: Incoming) -> tuple[tuple[str, str], ...]:
    """What was filled in on the card whose button was pressed, as far as it is text of a bearable length."""
    if incoming.type != "message" or not _pressed(incoming):
        return ()
    fields = [(name, filled) for name, filled in incoming.value.items() if _is_field(name, filled)]
    return tuple(fields[:FIELDS])


def _is_field(name: str, filled: object) -> bool:
    short = isinstance(filled, str) and len(filled) <= FIELD_CHARS
    return short and name != _SAY and _FIELD.fullmatch(name) is not None


def _tenants(*named: str) -> tuple[str, ...]:
    return tuple(one.lower() for one in named if one)


def _mention(entity: Fields) -> Mention:
    mentioned = record(entity, "mentioned")
    return Mention(text(mentioned, "id"), text(mentioned, "name"), text(entity, "text"))


def _attachments(sent: Sequence[Fields], kind: PlaceKind) -> tuple[Attachment, ...]:
    """What was sent along, so much of it and no more.

    Teams sends every text a second time, as HTML: outside a personal chat that alone tells of a file.
    """
    own = (one for one in sent if one.get("contentType") != TWIN)
    found = tuple(map(_attachment, islice(own, ATTACHMENTS)))
    twin = next((text(one, "content") for one in sent if one.get("contentType") == TWIN), "")
    return (*found, POSTED) if kind is not PlaceKind.PERSONAL and has_file(twin) else found


def _attachment(fields: Fields) -> Attachment:
    content = fields.get("content")
    kind, download = text(fields, "contentType"), text(content, "downloadUrl") if isinstance(content, dict) else ""
    if kind == DOWNLOAD:
        return Attachment(short(fields, "name"), kind, download, Sent.FILE)
    sent = Sent.PICTURE if kind.startswith("image/") else Sent.OTHER
    return Attachment(short(fields, "name"), kind, text(fields, "contentUrl"), sent)
