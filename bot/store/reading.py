"""Rows of the tables as their person may read them: opened, and without what only the program needs.

Floor 6.
"""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from bot.exporting import Kept
from bot.rings import Ring, Unopened
from bot.store.documents import unpacked
from bot.store.owned import Owned

Fields = dict[str, Any]


def kept(owned: Owned, row: tuple[Any, ...], tenant: str, person: str, ring: Ring) -> Kept:
    """One row of a table's page. What cannot be opened any more is None."""
    values = dict(zip(owned.columns, row, strict=True))
    whole = {"tenant": tenant, "person": person, **values}
    fields = {name: values[name] for name in owned.told}
    for name, keys in owned.sealed.items():
        found = opened(values[name], ring, owned.name, name, *(str(whole[key]) for key in keys))
        fields[name] = found if owned.packed or found is None else found.decode("utf-8", "replace")
    return Kept(owned.name, READ.get(owned.name, as_it_is)(fields))


def opened(sealed: bytes | None, ring: Ring, *place: str) -> bytes | None:
    """What a content column holds."""
    if sealed is None:
        return None
    try:
        return ring.open(sealed, *place)
    except Unopened:
        return None


def as_it_is(fields: Fields) -> Fields:
    """Nothing needs to be read of it."""
    return fields


def settled(fields: Fields) -> Fields:
    """Settings are JSON."""
    return fields | {"settings": parsed(fields["settings"])}


def said(fields: Fields) -> Fields:
    """What an answer rests on is JSON; most lines have none."""
    return fields | {"cites": parsed(fields["cites"])}


def filed(fields: Fields) -> Fields:
    """Of a file its name and its text, with the places where it stands."""
    document = unpacked(fields.pop("body") or b"")
    if document is None:
        return fields | {"name": None, "text": None}
    lines = (f"[{each.locator.label} {each.locator.value}]\n{each.text}" for each in document.passages)
    return fields | {"name": document.name, "text": "\n\n".join(lines)}


def arrived(fields: Fields) -> Fields:
    """Of an activity only what the person wrote: the rest is Teams' own, and may bear a right to write somewhere."""
    body = parsed(fields.pop("body"))
    written = isinstance(body, Mapping) and body.get("type") == "message"
    return fields | {"text": str(body.get("text") or "") if written else ""}


def answered(fields: Fields) -> Fields:
    """Of an answer its text."""
    found = parsed(fields["answer"])
    answer = found.get("answer") if isinstance(found, Mapping) else None
    return fields | {
        "place": parsed(fields["place"]),
        "answer": answer.get("text") if isinstance(answer, Mapping) else None,
    }


def planned(fields: Fields) -> Fields:
    """Places and times are JSON."""
    return fields | {"place": parsed(fields["place"]), "schedule": parsed(fields["schedule"])}


def parsed(text: str | None) -> Any:
    """What JSON says; the text itself where it is none."""
    try:
        return orjson.loads(text) if text else None
    except ValueError:
        return text


READ: Mapping[str, Callable[[Fields], Fields]] = {
    "people": settled,
    "history": said,
    "files": filed,
    "inbox": arrived,
    "shares": answered,
    "digests": planned,
}
