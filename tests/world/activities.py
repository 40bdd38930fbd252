"""Activities as Teams really sends them to a bot: messages, edits, arrivals, buttons, invokes.

Each is a fresh plain dict that a test may change before it is posted. The service address is filled in by
`World.post`, which also signs; without a world pass `service` yourself.
"""

import itertools
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.world.people import BOT, BOT_NAME, TEAM, TEAM_THREAD, TENANT, Room, Someone, base

Activity = dict[str, Any]
SERVICE = "https://smba.trafficmanager.net/emea/"
_START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _frame(kind: str, room: Room, person: Someone, service: str) -> Activity:
    """What all activities have in common; ids are milliseconds since 1970, as Teams makes them."""
    moment = _START + timedelta(milliseconds=1_001 * next(_numbers))
    return {
        "type": kind,
        "id": str(int(moment.timestamp() * 1000)),
        "timestamp": _stamp(moment),
        "localTimestamp": _stamp(moment.astimezone(ZoneInfo(person.zone))),
        "localTimezone": person.zone,
        "channelId": "msteams",
        "serviceUrl": service,
        "from": {"id": person.teams, "name": person.name, "aadObjectId": person.id},
        "conversation": _conversation(room),
        "recipient": {"id": BOT, "name": BOT_NAME},
        "channelData": _channel_data(room),
        "locale": person.locale,
    }


def _conversation(room: Room) -> dict[str, Any]:
    found: dict[str, Any] = {"id": room.conversation, "conversationType": room.kind, "tenantId": TENANT}
    return found if room.kind == "personal" else {**found, "isGroup": True}


def _channel_data(room: Room) -> dict[str, Any]:
    if room.kind != "channel":
        return {"tenant": {"id": TENANT}}
    return {
        "teamsChannelId": room.channel,
        "teamsTeamId": TEAM_THREAD,
        "channel": {"id": room.channel},
        "team": {"id": TEAM_THREAD, "aadGroupId": TEAM},
        "tenant": {"id": TENANT},
    }


def _client(person: Someone) -> dict[str, Any]:
    return {
        "type": "clientInfo",
        "locale": person.locale,
        "country": person.locale[-2:],
        "platform": "Web",
        "timezone": person.zone,
    }


def mention(id: str, name: str, shown: str | None = None) -> dict[str, Any]:
    """The entity of a mention."""
    return {"type": "mention", "mentioned": {"id": id, "name": name}, "text": f"<at>{shown or name}</at>"}


def message(
    room: Room,
    person: Someone,
    text: str,
    *,
    mentioned: bool | None = None,
    entities: Sequence[Mapping[str, Any]] = (),
    attachments: Sequence[Mapping[str, Any]] = (),
    service: str = SERVICE,
    **fields: Any,
) -> Activity:
    """What a person wrote. Outside a personal chat the bot is mentioned unless `mentioned` says otherwise.

    `fields` overwrite those of the activity, such as `id=…`.
    """
    wake = room.kind != "personal" if mentioned is None else mentioned
    spoken = f"<at>{BOT_NAME}</at> {text}" if wake else text
    marks = [mention(BOT, BOT_NAME)] if wake else []
    return {
        **_frame("message", room, person, service),
        "text": spoken,
        "textFormat": "plain",
        "attachments": [*attachments, {"contentType": "text/html", "content": f"<div>{spoken}</div>"}],
        "entities": [*marks, *entities, _client(person)],
        **fields,
    }


def root(room: Room, person: Someone, text: str, **fields: Any) -> Activity:
    """A new post in a channel: its thread carries its own id."""
    found = message(room, person, text, **fields)
    return {**found, "conversation": {**found["conversation"], "id": f"{room.channel};messageid={found['id']}"}}


def edited(original: Activity, text: str) -> Activity:
    """The person changed what they wrote; outside a personal chat the bot is still mentioned where it was."""
    mark = f"<at>{BOT_NAME}</at> "
    spoken = f"{mark}{text}" if (original.get("text") or "").startswith(mark) else text
    return _changed(original, "messageUpdate", "editMessage") | {"text": spoken}


def deleted(original: Activity) -> Activity:
    """The person took back what they wrote."""
    return _changed(original, "messageDelete", "softDeleteMessage") | {"text": "", "attachments": [], "entities": []}


def undeleted(original: Activity, text: str | None = None) -> Activity:
    """The person brought back what they had taken back."""
    return _changed(original, "messageUpdate", "undeleteMessage") | ({} if text is None else {"text": text})


def _changed(original: Activity, kind: str, event: str) -> Activity:
    """The message's id stays, the time is that of the change."""
    data = {**original["channelData"], "eventType": event}
    moment = _START + timedelta(milliseconds=1_001 * next(_numbers))
    return {**original, "type": kind, "timestamp": _stamp(moment), "channelData": data}


def added(room: Room, person: Someone, *members: str, service: str = SERVICE) -> Activity:
    """conversationUpdate: members joined; the bot itself unless others are named by their 29: ids."""
    ids = members or (BOT,)
    found = _event(room, person, "teamMemberAdded", service)
    return {**found, "membersAdded": [{"id": id} for id in ids]}


def removed(room: Room, person: Someone, *members: str, service: str = SERVICE) -> Activity:
    """conversationUpdate: members left; the bot itself unless others are named."""
    found = _event(room, person, "teamMemberRemoved", service)
    return {**found, "membersRemoved": [{"id": id} for id in members or (BOT,)]}


def _event(room: Room, person: Someone, name: str, service: str) -> Activity:
    found = _frame("conversationUpdate", _without_thread(room), person, service)
    event = {"eventType": name} if room.kind == "channel" else {}
    return {**found, "channelData": {**found["channelData"], **event}}


def installed(room: Room, person: Someone, action: str = "add", service: str = SERVICE) -> Activity:
    """installationUpdate; `action` is add, remove, add-upgrade or remove-upgrade."""
    data = {**_channel_data(room), "settings": {"selectedChannel": {"id": room.channel or room.conversation}}}
    return {
        **_frame("installationUpdate", _without_thread(room), person, service),
        "action": action,
        "channelData": data,
    }


def _without_thread(room: Room) -> Room:
    return Room(room.kind, base(room.conversation), room.members, room.name, room.team, room.channel)


def reaction(room: Room, person: Someone, to: str, kind: str = "like", service: str = SERVICE) -> Activity:
    """messageReaction: somebody reacted to the message `to`."""
    found = _frame("messageReaction", room, person, service)
    return {**found, "replyToId": to, "reactionsAdded": [{"type": kind}]}


def invoke(room: Room, person: Someone, name: str, value: Any, *, service: str = SERVICE, **fields: Any) -> Activity:
    """An invoke: Teams waits for the answer's body."""
    found = _frame("invoke", room, person, service)
    return {**found, "name": name, "value": value, "entities": [_client(person)], **fields}


def pressed(room: Room, person: Someone, data: Mapping[str, Any], to: str = "", **filled: str) -> Activity:
    """A quiet button (`Action.Submit` with this data) of the card on the message `to`; `filled` is what stands in its fields.

    It is a message without text, seen by nobody. A button that speaks for the person (imBack) is an ordinary `message`.
    """
    return {
        **_frame("message", room, person, SERVICE),
        "entities": [_client(person)],
        "value": {**data, **filled},
        **({"replyToId": to} if to else {}),
    }


def feedback(
    room: Room, person: Someone, to: str, reaction: str = "like", text: str = "", *, nested: bool = False
) -> Activity:
    """Thumbs up or down on the message `to`: JSON inside a string inside JSON, with some clients `nested` under data."""
    words = json.dumps({"feedbackText": text})
    value = {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": words}}
    return invoke(room, person, "message/submitAction", {"data": value} if nested else value, replyToId=to)


def file_consent(
    room: Room,
    person: Someone,
    to: str,
    context: Any,
    info: Mapping[str, Any] | None = None,
) -> Activity:
    """The answer to the card on the message `to` that offers a document: accepted with an upload's `info`, declined without."""
    value: dict[str, Any] = {"type": "fileUpload", "action": "accept" if info else "decline", "context": context}
    given = {**value, "uploadInfo": dict(info)} if info else value
    return invoke(room, person, "fileConsent/invoke", given, replyToId=to)


def token_exchange(room: Room, person: Someone, token: str, id: str, connection: str = "sso") -> Activity:
    """A client offers a token for silent sign-in."""
    value = {"id": id, "connectionName": connection, "token": token}
    return invoke(room, person, "signin/tokenExchange", value)


def verify_state(room: Room, person: Someone, code: str) -> Activity:
    """The sign-in window has closed; `code` is the magic code."""
    return invoke(room, person, "signin/verifyState", {"state": code})


def signin_failure(room: Room, person: Someone, code: str = "installedappnotfound") -> Activity:
    """Silent sign-in went wrong in the client."""
    return invoke(room, person, "signin/failure", {"code": code, "message": "sign-in failed"})


def card_action(room: Room, person: Someone, verb: str, data: Mapping[str, Any] | None = None) -> Activity:
    """Action.Execute of an Adaptive Card."""
    action = {"type": "Action.Execute", "verb": verb, "data": dict(data or {})}
    return invoke(room, person, "adaptiveCard/action", {"action": action, "trigger": "manual"})


def on_message(room: Room, person: Someone, id: str, html: str, command: str = "summarise") -> Activity:
    """The message extension's action on the message `id`."""
    payload = {
        "id": id,
        "replyToId": room.conversation.partition(";messageid=")[2] or None,
        "messageType": "message",
        "linkToMessage": f"https://teams.microsoft.com/l/message/{base(room.conversation)}/{id}",
        "from": {"user": {"id": person.id, "displayName": person.name, "userIdentityType": "aadUser"}},
        "body": {"contentType": "html", "content": html},
    }
    value = {
        "commandId": command,
        "commandContext": "message",
        "messagePayload": payload,
        "context": {"theme": "default"},
    }
    return invoke(room, person, "composeExtension/fetchTask", value)
