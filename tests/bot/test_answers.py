"""A complete answer survives as bytes, one of the first version is read, and an unknown version is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import orjson
import pytest

from bot.answers import (
    UnknownVersion,
    ids_of,
    pack,
    packed,
    place_of,
    preferences_of,
    preferred_as,
    schedule_of,
    scope_of,
    unpack,
)
from dialogs import changes
from dialogs.attachments import Handed, Handover
from dialogs.cards import Bar, Button, Card, Chart, Choice, Field, Row
from dialogs.preferences import Preferences
from dialogs.talk import Answer, Cite, Digest, Errand, Event, Place, PlaceKind, Schedule, Scope, Share, Visit, Window

THEN = datetime(2026, 11, 20, 9, 2, 3, 456000, tzinfo=UTC)
THREAD = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")
HOME = Place(PlaceKind.PERSONAL, "a:1")
WEEKLY = Schedule(9, 30, "Europe/Madrid", 0)
SHORT = Preferences("large", "short", "low", "de", "plain", 7)
CHANGES: tuple[changes.Change, ...] = (
    changes.Preferred(SHORT),
    changes.Opened(7),
    changes.Titled(7, "Holidays"),
    changes.Dropped((7, 8)),
    changes.Prompted("id", "Tidy", "Tidy this up", "team"),
    changes.Unprompted("id"),
    changes.Amended("1", "as it is now"),
    changes.Left(),
    changes.Returned(),
    changes.Forgotten("anna"),
    changes.Exported("anna"),
    changes.Held("anna", False),
    changes.Ruled("guests", None),
    changes.Buried("key", True),
)
FORM = Card(
    "Settings",
    ("a line",),
    (Button("Save", "save", True, True),),
    (Field("tone", "Tone", "choice", "plain", (Choice("", "Usual"), Choice("plain", "Plain")), "a hint"),),
    (
        Row(("Chat", "Time"), head=True, colon="\N{NO-BREAK SPACE}: "),
        Row(("Holidays", "9:00"), (Button("Open", "open 7"),)),
    ),
    Chart("Tokens", (Bar("Mon", 7), Bar("Tue", 0)), "tokens", "\N{NO-BREAK SPACE}: "),
)
WHOLE = Answer(
    "Done. [1]",
    True,
    (Cite(1, "Ada, Mon 09:02", "We ship", "https://teams.microsoft.com/l/message/1"),),
    (Card("Try it", ("a line",), (Button("Help", "help"), Button("Post", "post x", True))), FORM),
    True,
    True,
    dropped=3,
    scope=Scope(THREAD, Window(THEN, None, 50)),
    visit=Visit("19:c", THEN),
    share=Share(THREAD, ("anna", "bert")),
    digests=(Digest(THREAD, WEEKLY, "a:1", THEN), Digest(HOME)),
    errands=(Errand(Event.DIGEST, HOME, "19:c", THREAD, THEN), Errand(Event.POST, THREAD, "key")),
    handovers=(Handover("key", "Your data.json", 1_000),),
    handed=(Handed("Your data.json", "https://x", "id", "json"),),
    changes=CHANGES,
    suggested=(Button("Shorter", "shorter"),),
)
FIRST = {
    "v": 1,
    "answer": {
        "text": "Done.",
        "ai": True,
        "cites": [{"number": 1, "title": "Ada", "quote": "We ship", "link": "https://x"}],
        "cards": [{"title": "Try it", "lines": ["a line"], "buttons": [{"title": "Help", "text": "help"}]}],
        "new_chat": False,
        "sign_in": False,
    },
}
"""As the first program wrote it."""


@pytest.mark.parametrize("answer", [WHOLE, Answer(), Answer("Hello.")])
def test_an_answer_comes_back_as_it_was(answer: Answer) -> None:
    assert unpack(pack(answer)) == answer


def test_an_answer_of_the_first_version_is_read() -> None:
    card = Card("Try it", ("a line",), (Button("Help", "help"),))
    assert unpack(orjson.dumps(FIRST)) == Answer("Done.", True, (Cite(1, "Ada", "We ship", "https://x"),), (card,))


def test_an_answer_of_the_second_version_is_read() -> None:
    second = {"v": 2, "answer": {**FIRST["answer"], "dropped": 3, "scope": None, "digests": [], "errands": []}}  # type: ignore[dict-item]
    assert unpack(orjson.dumps(second)) == replace(unpack(orjson.dumps(FIRST)), dropped=3)


def test_a_card_of_a_version_without_colons_has_the_english_ones() -> None:
    row, bar = {"cells": ["Day"], "buttons": [], "head": True}, {"label": "Mon", "value": 7, "shown": ""}
    chart = {"title": "Tokens", "bars": [bar], "unit": ""}
    card = {"title": "Use", "lines": [], "buttons": [], "rows": [row], "chart": chart}
    found = unpack(orjson.dumps({"v": 2, "answer": {**FIRST["answer"], "cards": [card]}}))  # type: ignore[dict-item]
    assert found.cards == (Card("Use", (), rows=(Row(("Day",), head=True),), chart=Chart("Tokens", (Bar("Mon", 7),))),)


def test_every_kind_of_change_is_kept() -> None:
    assert {type(change) for change in CHANGES} == set(get_args(changes.Change))


@pytest.mark.parametrize("found", [b'{"v":6,"answer":{}}', b'{"answer":{}}'])
def test_an_unknown_version_is_refused(found: bytes) -> None:
    with pytest.raises(UnknownVersion):
        unpack(found)


def test_an_unknown_change_is_refused() -> None:
    with pytest.raises(UnknownVersion):
        unpack(pack(Answer(changes=(changes.Left(),))).replace(b"Left", b"Lift"))


@pytest.mark.parametrize("preferences", [Preferences(), SHORT])
def test_preferences_come_back_as_they_were(preferences: Preferences) -> None:
    assert preferences_of(preferred_as(preferences)) == preferences


def test_preferences_of_an_unknown_version_are_refused() -> None:
    with pytest.raises(UnknownVersion):
        preferences_of('{"v":2,"preferences":{}}')


def test_a_scope_comes_back_as_it_was() -> None:
    scope = Scope(HOME, Window())
    assert scope_of(packed(scope)) == scope


def test_places_schedules_and_ids_come_back_as_they_were() -> None:
    found = (place_of(packed(THREAD)), schedule_of(packed(WEEKLY)), ids_of(packed(("anna", "bert"))))
    assert found == (THREAD, WEEKLY, ("anna", "bert"))


def test_what_a_place_is_called_stands_in_no_column_of_text() -> None:
    named = replace(THREAD, name="Falcon")
    assert "Falcon" not in packed(named) + packed(Scope(named, Window()))


def test_what_a_place_is_called_survives_with_its_answer() -> None:
    found = unpack(pack(Answer(scope=Scope(replace(THREAD, name="Falcon"), Window())))).scope
    assert found is not None and found.place.name == "Falcon"
