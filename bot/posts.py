"""A chatMessage of Microsoft Graph as a post, or as the reason why it is none.

Floor 5. Pure. No field is trusted to be there, and no name is trusted to be its bearer's: who wrote is the id.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from bot.markup import card_text, clean, text_of
from dialogs.plain import cut
from dialogs.talk import Omitted, Post

Record = Mapping[str, Any]
Moment = tuple[datetime, int]
LINK = re.compile(
    r"https://(?:teams\.microsoft\.com|teams\.cloud\.microsoft|(?:gov\.|dod\.)?teams\.microsoft\.us)/[!-~]*"
)
"""Where a link to a message may lead."""
CARD = "application/vnd.microsoft.card."
LOST = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a message whose time cannot be read."""
LONGEST = 20_000
"""Characters of one message that are kept; Teams takes about 28 KB of markup from a person, bots may bring more."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where messages stand: a chat, or the thread of a channel. Links are made of it where Graph gives none.

    It is known from where Graph was asked, and not from a message's `replyToId`, which may be missing.
    """

    conversation: str
    tenant: str
    team: str = ""
    thread: str = ""

    def link(self, message: str) -> str:
        """The documented deep link to a message."""
        place = f"https://teams.microsoft.com/l/message/{quote(self.conversation, safe=':@')}/{quote(message, safe='')}"
        if not self.team:
            return f"{place}?context=%7B%22contextType%22%3A%22chat%22%7D"
        query = f"groupId={quote(self.team)}&tenantId={quote(self.tenant)}&createdTime={quote(message)}"
        return f"{place}?{query}&parentMessageId={quote(self.thread)}"


def post(record: Record, own: str, spot: Spot) -> Post | Omitted:
    """The record as a post; `own` is the application id of this bot."""
    gap = omitted(record, own)
    text = "" if gap else text_in(record)
    if gap or not text:
        return gap or Omitted("card" if any(map(is_card, attachments(record))) else "empty")
    author, bot = writer(record)
    return Post(
        id=str(record.get("id", "")),
        author=clean(str(author.get("displayName") or "")),
        author_id=str(author.get("id") or ""),
        time=time_of(record),
        text=text,
        link=link(record, spot),
        edited=bool(record.get("lastEditedDateTime")),
        bot=bot,
        thread=spot.thread,
        mentions=tuple(dict.fromkeys(filter(None, (mentioned(entry, "user") for entry in listed(record, "mentions"))))),
    )


def omitted(record: Record, own: str) -> Omitted | None:
    """Why a record is left out whatever it says, if it is."""
    author, bot = writer(record)
    if record.get("messageType") != "message" or not author:
        return Omitted("system")
    if record.get("deletedDateTime"):
        return Omitted("deleted")
    if "block" in str(part(record, "policyViolation").get("dlpAction", "")).lower():
        return Omitted("blocked")
    if bot and own and str(author.get("id")).lower() == own.lower():
        return Omitted("own")
    if own and own.lower() in (mentioned(entry, "application").lower() for entry in listed(record, "mentions")):
        return Omitted("request")
    return None


def mentioned(mention: Record, kind: str) -> str:
    """The id of the user or application that a mention names; "" where it names another kind."""
    return str(part(part(mention, "mentioned"), kind).get("id") or "")


def writer(record: Record) -> tuple[Record, bool]:
    """Who wrote, and whether that is an application."""
    sender = part(record, "from")
    user = part(sender, "user")
    application = part(sender, "application")
    return (user, False) if user else (application, bool(application))


def text_in(record: Record) -> str:
    """Subject, body, cards and the names of files, a line each or more."""
    body = part(record, "body")
    content = str(body.get("content") or "")
    shown = text_of(content) if body.get("contentType") == "html" else clean(content).strip()
    subject = clean(str(record.get("subject") or "")).strip()
    return cut("\n".join(filter(None, (subject, shown, *map(attachment, attachments(record))))), LONGEST)


def attachments(record: Record) -> Sequence[Record]:
    """What hangs on a message: cards, files, quoted messages."""
    return listed(record, "attachments")


def is_card(entry: Record) -> bool:
    """Whether an attachment is a card."""
    return str(entry.get("contentType") or "").startswith(CARD)


def attachment(entry: Record) -> str:
    """The text of a card or the name of a file. A quoted message is not repeated: it stands where it was written."""
    if is_card(entry):
        return card_text(entry.get("content"))
    return clean(str(entry.get("name") or "")).strip() if entry.get("contentType") == "reference" else ""


def link(record: Record, spot: Spot) -> str:
    """Graph's own link where it leads to Teams, else one made of the ids."""
    given = str(record.get("webUrl") or "")
    return given if LINK.fullmatch(given) else spot.link(str(record.get("id", "")))


def time_of(record: Record, name: str = "createdDateTime") -> datetime:
    """When it was written, in UTC, or what another of its times says."""
    try:
        found = datetime.fromisoformat(str(record.get(name)))
    except ValueError:
        return LOST
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def order(record: Record) -> Moment:
    """Oldest first; the id is the millisecond it was written in."""
    number = str(record.get("id", ""))
    return time_of(record), int(number) if number.isdecimal() and len(number) < 30 else 0


def part(record: Record, name: str) -> Record:
    """A field that is an object; an empty one for anything else."""
    found = record.get(name)
    return found if isinstance(found, Mapping) else {}


def listed(record: Record, name: str) -> Sequence[Record]:
    """The objects in a field that is a list; none for anything else."""
    found = record.get(name)
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else ()
