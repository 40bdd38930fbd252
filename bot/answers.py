"""Values of a conversation as JSON: a complete answer, so that a crash after the model's work never costs that work again,
and what is kept for later: places, windows, schedules.

Floor 5. An answer carries a version, and an unknown one is refused rather than guessed at.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from dialogs.talk import (
    Answer,
    Button,
    Card,
    Cite,
    Digest,
    Errand,
    Event,
    Place,
    PlaceKind,
    Schedule,
    Scope,
    Share,
    Visit,
    Window,
)

VERSION = 2
READABLE = (1, VERSION)
"""Version 1 knew nothing of what an answer leaves behind; an answer of it may wait in the inbox during an update."""

Fields = dict[str, Any]


class UnknownVersion(ValueError):
    """The bytes were written by a program that this one does not understand."""


def pack(answer: Answer) -> bytes:
    """The answer as versioned JSON."""
    return orjson.dumps({"v": VERSION, "answer": answer})


def unpack(packed: bytes) -> Answer:
    """The answer that `pack` wrote. Raises `UnknownVersion`."""
    found: Fields = orjson.loads(packed)
    if found.get("v") not in READABLE:
        raise UnknownVersion
    fields = found["answer"]
    fields["cites"] = tuple(Cite(**cite) for cite in fields["cites"])
    fields["cards"] = tuple(_card(card) for card in fields["cards"])
    for name, read in LEFT.items():
        fields[name] = read(fields[name]) if fields.get(name) else None
    for name, each in LISTS.items():
        fields[name] = tuple(each(one) for one in fields.get(name, ()))
    return Answer(**fields)


def packed(value: Scope | Place | Schedule | Sequence[str]) -> str:
    """A value that is kept by itself, as JSON; nothing in it was written by people, so a place goes without its name."""
    if isinstance(value, Scope):
        value = replace(value, place=replace(value.place, name=""))
    return orjson.dumps(replace(value, name="") if isinstance(value, Place) else value).decode()


def scope_of(packed: str) -> Scope:
    """The scope that `packed` wrote."""
    return _scope(orjson.loads(packed))


def place_of(packed: str) -> Place:
    """The place that `packed` wrote."""
    return _place(orjson.loads(packed))


def schedule_of(packed: str) -> Schedule:
    """The schedule that `packed` wrote."""
    return _schedule(orjson.loads(packed))


def ids_of(packed: str) -> tuple[str, ...]:
    """The ids that `packed` wrote."""
    return tuple(orjson.loads(packed))


def _card(fields: Fields) -> Card:
    buttons = tuple(Button(**button) for button in fields["buttons"])
    return Card(fields["title"], tuple(fields["lines"]), buttons)


def _place(fields: Fields) -> Place:
    place = Place(PlaceKind(fields["kind"]), *(fields[name] for name in ("conversation", "team", "channel", "thread")))
    return replace(place, name=fields.get("name", ""))


def _scope(fields: Fields) -> Scope:
    window = fields["window"]
    return Scope(_place(fields["place"]), Window(_time(window["since"]), _time(window["until"]), window["last"]))


def _schedule(fields: Fields) -> Schedule:
    return Schedule(fields["hour"], fields["minute"], fields["zone"], fields["weekday"])


def _visit(fields: Fields) -> Visit:
    return Visit(fields["home"], datetime.fromisoformat(fields["at"]))


def _share(fields: Fields) -> Share:
    return Share(_place(fields["place"]), tuple(fields["audience"]))


def _digest(fields: Fields) -> Digest:
    schedule = _schedule(fields["schedule"]) if fields["schedule"] else None
    return Digest(_place(fields["place"]), schedule, fields["chat"], _time(fields["since"]))


def _errand(fields: Fields) -> Errand:
    about = _place(fields["about"]) if fields["about"] else None
    return Errand(Event(fields["event"]), _place(fields["place"]), fields["text"], about, _time(fields["due"]))


def _time(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written)


LEFT = {"scope": _scope, "visit": _visit, "share": _share}
LISTS = {"digests": _digest, "errands": _errand}
