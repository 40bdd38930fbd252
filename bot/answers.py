"""Values of a conversation as JSON: a complete answer, so that a crash after the model's work never costs that work again,
and what is kept for later: places, windows, schedules.

Floor 5. An answer carries a version, and an unknown one is refused rather than guessed at.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, get_args

import orjson

from dialogs.attachments import Handed, Handover
from dialogs.cards import COLON, Bar, Button, Card, Chart, Choice, Field, Row
from dialogs.changes import Change, Dropped, Preferred
from dialogs.preferences import Preferences
from dialogs.talk import Answer, Cite, Digest, Errand, Event, Place, PlaceKind, Schedule, Scope, Share, Visit, Window

VERSION = 5
READABLE = (1, 2, 3, 4, VERSION)
"""Version 1 knew nothing of what an answer leaves behind, version 2 nothing of what it changes and of cards that are filled in,
version 3 nothing of addresses it may link to, version 4 nothing of what may be said next. Answers of them may wait in the inbox during an update."""
SETTINGS = 1
"""The version of a person's preferences."""
SOURCES = 1
"""The version of the sources that are kept with a line of a chat."""

Fields = dict[str, Any]


class UnknownVersion(ValueError):
    """The bytes were written by a program that this one does not understand."""


def pack(answer: Answer) -> bytes:
    """The answer as versioned JSON."""
    changes = [{"kind": type(change).__name__, "change": change} for change in answer.changes]
    return orjson.dumps({"v": VERSION, "answer": replace(answer, changes=()), "changes": changes})


def unpack(packed: bytes) -> Answer:
    """The answer that `pack` wrote. Raises `UnknownVersion`."""
    found: Fields = orjson.loads(packed)
    if found.get("v") not in READABLE:
        raise UnknownVersion
    fields = found["answer"] | {"changes": found.get("changes", ())}
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


def cites_packed(cites: Sequence[Cite]) -> bytes:
    """The sources of an answer as versioned JSON; halves of surrogate pairs, which UTF-8 does not have, as question marks."""
    fields = {"v": SOURCES, "cites": [[cite.number, cite.title, cite.quote, cite.link] for cite in cites]}
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def cites_of(written: bytes) -> tuple[Cite, ...]:
    """The sources that `cites_packed` wrote; none where it was something else that did."""
    try:
        found = orjson.loads(written)
        return tuple(Cite(*cite) for cite in found["cites"]) if found["v"] == SOURCES else ()
    except (ValueError, TypeError, KeyError):
        return ()


def preferred_as(preferences: Preferences) -> str:
    """A person's preferences as versioned JSON."""
    return orjson.dumps({"v": SETTINGS, "preferences": preferences}).decode()


def preferences_of(written: str) -> Preferences:
    """The preferences that `preferred_as` wrote. Raises `UnknownVersion`."""
    found: Fields = orjson.loads(written)
    if found.get("v") != SETTINGS:
        raise UnknownVersion
    return Preferences(**found["preferences"])


def _card(fields: Fields) -> Card:
    return Card(
        fields["title"],
        tuple(fields["lines"]),
        _buttons(fields["buttons"]),
        tuple(_field(field) for field in fields.get("fields", ())),
        tuple(_row(row) for row in fields.get("rows", ())),
        _chart(fields["chart"]) if fields.get("chart") else None,
        tuple(fields.get("foot", ())),
    )


def _buttons(buttons: Sequence[Fields]) -> tuple[Button, ...]:
    return tuple(Button(**button) for button in buttons)


def _field(fields: Fields) -> Field:
    return Field(**fields | {"choices": tuple(Choice(**choice) for choice in fields["choices"])})


def _row(fields: Fields) -> Row:
    return Row(tuple(fields["cells"]), _buttons(fields["buttons"]), fields["head"], fields.get("colon", COLON))


def _chart(fields: Fields) -> Chart:
    bars = tuple(Bar(**bar) for bar in fields["bars"])
    return Chart(fields["title"], bars, fields["unit"], fields.get("colon", COLON))


def _change(found: Fields) -> Change:
    kind, fields = found["kind"], found["change"]
    if kind not in CHANGES:
        raise UnknownVersion
    for name, read in INSIDE.get(kind, {}).items():
        fields[name] = read(fields[name])
    return CHANGES[kind](**fields)


def _place(fields: Fields) -> Place:
    place = Place(PlaceKind(fields["kind"]), *(fields[name] for name in ("conversation", "team", "channel", "thread")))
    return replace(place, name=fields.get("name", ""))


def _scope(fields: Fields) -> Scope:
    window = fields["window"]
    read = Window(_time(window["since"]), _time(window["until"]), window["last"])
    return Scope(_place(fields["place"]), read, tuple(fields.get("files", ())))


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
LISTS: Mapping[str, Callable[[Fields], Any]] = {
    "digests": _digest,
    "errands": _errand,
    "handovers": lambda fields: Handover(**fields),
    "handed": lambda fields: Handed(**fields),
    "changes": _change,
    "links": str,
    "suggested": lambda fields: Button(**fields),
}
CHANGES: Mapping[str, type[Change]] = {kind.__name__: kind for kind in get_args(Change)}
INSIDE: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    Preferred.__name__: {"preferences": lambda fields: Preferences(**fields)},
    Dropped.__name__: {"chats": tuple},
}
"""The fields of changes that are more than texts and numbers."""
