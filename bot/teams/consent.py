"""What a person says to the card that offers a document (`fileConsent/invoke`).

Floor 7. A member of the room of `bot.teams.invoke`. Nothing is sent here: Teams waits for the answer, and a document may be large. Accepted, it is an errand of the
person's in the inbox, once for each address that Teams gave; declined, it is thrown away. Source: sending files from a bot.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

import orjson

from bot.store.rows import Arrival
from bot.teams import errands
from bot.teams.activity import Incoming, place
from bot.teams.bodies import Answer, error
from dialogs.shelves import Upload
from dialogs.talk import Errand, Event, PlaceKind

NAME = "fileConsent/invoke"
ADDRESS_CHARS = 8_000
NAME_CHARS = 400
ID_CHARS = 200
LONGEST = {"uploadUrl": ADDRESS_CHARS, "contentUrl": ADDRESS_CHARS, "name": NAME_CHARS}
KEY = re.compile(r"[0-9a-f]{32}")

Drop = Callable[[str, str, str], Awaitable[object]]
"""Throws a document away: tenant, Entra id of its person, key. Raises `StoreAway`."""


class Consent:
    """Answers the card's two buttons. Both may be pressed again, and in any process: the second time nothing happens."""

    def __init__(self, accept: Callable[[Arrival], Awaitable[object]], drop: Drop, now: Callable[[], datetime]) -> None:
        self._accept = accept
        self._drop = drop
        self._now = now

    async def __call__(self, incoming: Incoming) -> Answer:
        """200 where it was understood. Raises `StoreAway`."""
        value = _fields(incoming.value)
        key = _key(value.get("context"))
        person = incoming.sender.entra
        if key is None or not person or incoming.kind is not PlaceKind.PERSONAL:
            return Answer(400, error("BadRequest"))
        match value.get("action"):
            case "accept":
                return await self._accepted(incoming, upload(key, value.get("uploadInfo")))
            case "decline":
                await self._drop(incoming.tenant, person, key)
                return Answer(200)
            case _:
                return Answer(400, error("BadRequest"))

    async def _accepted(self, incoming: Incoming, wanted: Upload | None) -> Answer:
        if wanted is None:
            return Answer(400, error("BadRequest"))
        where = place(incoming)
        errand = Errand(Event.HANDOVER, where, orjson.dumps(wanted).decode())
        body, id = errands.body(incoming.raw, errand), errands.key(incoming.raw, errand)
        arrival = Arrival(incoming.tenant, where.conversation, id, body, self._now(), person=incoming.sender.entra)
        await self._accept(arrival)
        return Answer(200)


def upload(key: str, info: object) -> Upload | None:
    """Where Teams wants the document of this key; None where what it says cannot be meant."""
    found = {name: _text(info, name) for name in ("name", "uploadUrl", "contentUrl", "uniqueId", "fileType")}
    name, address, link, id, kind = found.values()
    if None in found.values() or not name or not address:
        return None
    return Upload(key, name, address, link or "", id or "", kind or "")


def _key(context: object) -> str | None:
    """The key that our card gave; some clients hand back the context as text."""
    if isinstance(context, str):
        try:
            context = orjson.loads(context)
        except ValueError:
            return None
    key = _fields(context).get("key")
    return key if isinstance(key, str) and KEY.fullmatch(key) else None


def _text(info: object, name: str) -> str | None:
    """A field, "" where it is absent; None for what is no text, too long or not printable."""
    found = _fields(info).get(name)
    if found is None:
        return ""
    fits = isinstance(found, str) and found.isprintable() and len(found) <= LONGEST.get(name, ID_CHARS)
    return found if fits else None


def _fields(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
