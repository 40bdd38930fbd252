"""A complete answer survives as bytes, one of the first version is read, and an unknown version is refused."""

from dataclasses import replace
from datetime import UTC, datetime

import orjson
import pytest

from bot.answers import UnknownVersion, ids_of, pack, packed, place_of, schedule_of, scope_of, unpack
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

THEN = datetime(2026, 11, 20, 9, 2, 3, 456000, tzinfo=UTC)
THREAD = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")
HOME = Place(PlaceKind.PERSONAL, "a:1")
WEEKLY = Schedule(9, 30, "Europe/Madrid", 0)
WHOLE = Answer(
    "Done. [1]",
    True,
    (Cite(1, "Ada, Mon 09:02", "We ship", "https://teams.microsoft.com/l/message/1"),),
    (Card("Try it", ("a line",), (Button("Help", "help"), Button("Post", "post x", True))),),
    True,
    True,
    dropped=3,
    scope=Scope(THREAD, Window(THEN, None, 50)),
    visit=Visit("19:c", THEN),
    share=Share(THREAD, ("anna", "bert")),
    digests=(Digest(THREAD, WEEKLY, "a:1", THEN), Digest(HOME)),
    errands=(Errand(Event.DIGEST, HOME, "19:c", THREAD, THEN), Errand(Event.POST, THREAD, "key")),
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


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(UnknownVersion):
        unpack(b'{"v":3,"answer":{}}')


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
