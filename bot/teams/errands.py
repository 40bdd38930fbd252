"""Errands: asks that the bot gives itself, kept in the inbox like those of people.

Floor 5. The body of one is an activity of our own (`parley/errand`) in the frame of the activity it grew out of: the same
person, bot and service address. From outside nothing wakes by it, because the door lets only messages wake.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC
from typing import Any

import orjson

from bot.teams.activity import Incoming, parse, person, place
from bot.teams.activity import ask as ask_of
from bot.teams.fields import Fields, record, records, text
from dialogs.talk import Ask, Errand, Event, Place, PlaceKind

NAME = "parley/errand"
KEPT = ("channelId", "serviceUrl", "recipient", "locale", "localTimezone")
"""What an errand has in common with the activity it grew out of."""
WHO = ("id", "aadObjectId")
"""What it keeps of its person. A digest is renewed for years, a deletion waits for weeks: nobody's name stays with them."""


def read(body: bytes) -> Ask:
    """The ask of a stored body. Raises `Malformed`."""
    return asked(parse(body))


def asked(incoming: Incoming) -> Ask:
    """The ask of an accepted activity, whoever gave it."""
    return errand(incoming) if incoming.name == NAME and incoming.type == "event" else ask_of(incoming)


def errand(incoming: Incoming) -> Ask:
    """The ask of an errand."""
    value: Fields = incoming.value
    return Ask(
        id=incoming.id,
        person=person(incoming),
        place=place(incoming),
        text=text(value, "text"),
        event=Event(text(value, "event")),
        about=_place(record(value, "about")),
        alone=value.get("alone") is True,
    )


def body(origin: Fields, errand: Errand, *, alone: bool = False) -> bytes:
    """The activity of an errand that grew out of the activity `origin`."""
    value = {"event": errand.event, "text": errand.text, "about": _fields(errand.about), "alone": alone}
    return orjson.dumps(
        {
            **{key: origin[key] for key in KEPT if key in origin},
            "from": _sender(origin, errand),
            "entities": [entity for entity in records(origin, "entities") if entity.get("type") == "clientInfo"],
            "type": "event",
            "name": NAME,
            "id": key(origin, errand),
            "conversation": _conversation(origin, errand.place),
            "channelData": _channel_data(origin, errand.place),
            "value": value,
        }
    )


def key(origin: Fields, errand: Errand) -> str:
    """The errand's id, as new as the activity it grew out of: a digest that runs early must not plan what it already is.

    Of some there is one whatever is told twice: one deletion on a day, and one handing over of what Teams gave an address
    for.
    """
    who = text(record(origin, "from"), "id")
    about = f"{who}\n{errand.place.conversation}\n{errand.text}".encode()
    when = _since(origin, errand).encode()
    return f"{errand.event}:{hashlib.sha256(about).hexdigest()[:24]}:{hashlib.sha256(when).hexdigest()[:16]}"


def _since(origin: Fields, errand: Errand) -> str:
    if errand.event is Event.HANDOVER:
        return ""
    if errand.event is Event.FORGET and errand.due:
        return errand.due.astimezone(UTC).date().isoformat()
    return text(origin, "id")


def _sender(origin: Fields, errand: Errand) -> Fields:
    kept = WHO if errand.event in (Event.DIGEST, Event.FORGET) else (*WHO, "name")
    return {key: value for key, value in record(origin, "from").items() if key in kept}


def _conversation(origin: Fields, place: Place) -> Fields:
    was = record(origin, "conversation")
    tenant = {"tenantId": was["tenantId"]} if "tenantId" in was else {}
    return {"id": place.conversation, "conversationType": place.kind.value, **tenant}


def _channel_data(origin: Fields, place: Place) -> Fields:
    was = record(origin, "channelData")
    tenant: dict[str, Any] = {"tenant": was["tenant"]} if "tenant" in was else {}
    if place.kind is not PlaceKind.CHANNEL:
        return tenant
    team = {**record(was, "team"), **({"aadGroupId": place.team} if place.team else {})}
    return {**tenant, "team": team, "channel": {"id": place.channel}}


def _fields(place: Place | None) -> Mapping[str, Any] | None:
    return asdict(place) if place else None


def _place(fields: Fields) -> Place | None:
    if not fields:
        return None
    team, channel, thread = (text(fields, name) or None for name in ("team", "channel", "thread"))
    return Place(PlaceKind(text(fields, "kind")), text(fields, "conversation"), team, channel, thread)
