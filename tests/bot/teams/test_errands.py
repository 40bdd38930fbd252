"""Asks that the bot gives itself."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from bot.teams.activity import parse, wakes
from bot.teams.errands import body, key, read
from dialogs.talk import Errand, Event, Place, PlaceKind
from tests.world.activities import message
from tests.world.people import ADA, BRUNO, CHANNEL, TEAM, TENANT, THREAD, personal

HOME = personal(ADA).conversation
ABOUT = Place(PlaceKind.CHANNEL, CHANNEL.conversation, TEAM, CHANNEL.channel)
DUE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DIGEST = Errand(Event.DIGEST, Place(PlaceKind.PERSONAL, HOME), CHANNEL.conversation, ABOUT, DUE)
POST = Errand(Event.POST, Place(PlaceKind.CHANNEL, THREAD.conversation, TEAM, CHANNEL.channel, "1"), "a key")


def origin(**changes: Any) -> dict[str, Any]:
    return {**message(THREAD, ADA, "digest daily 9:00"), **changes}


def test_an_errand_is_read_as_it_was_given() -> None:
    ask = read(body(origin(), DIGEST))
    assert (ask.event, ask.place, ask.text, ask.about) == (Event.DIGEST, DIGEST.place, DIGEST.text, ABOUT)


def test_an_errand_is_that_persons_own() -> None:
    person = read(body(origin(), DIGEST)).person
    assert (person.id, person.account, person.tenant) == (ADA.id, ADA.teams, TENANT)
    assert (person.locale, person.zone) == (ADA.locale, ADA.zone)


def test_nobodys_name_stays_with_a_digest() -> None:
    crowd = message(THREAD, ADA, "digest daily 9:00")
    crowd["from"] |= {"role": "user", "email": "ada@contoso.example"}
    crowd["entities"].append(
        {"type": "mention", "text": "<at>Bruno</at>", "mentioned": {"id": "29:b", "name": BRUNO.name}}
    )
    kept = orjson.loads(body(crowd, DIGEST))
    assert kept["from"] == {"id": ADA.teams, "aadObjectId": ADA.id}
    assert {entity["type"] for entity in kept["entities"]} == {"clientInfo"}
    assert ADA.name not in str(kept) and BRUNO.name not in str(kept)


def test_a_post_says_whose_it_is() -> None:
    assert read(body(origin(), POST)).person.name == ADA.name


def test_nobody_who_was_mentioned_stays_with_a_post() -> None:
    assert "mention" not in str(orjson.loads(body(origin(), POST))["entities"])


def test_an_errand_into_a_thread_stands_in_that_thread() -> None:
    place = read(body(origin(), POST)).place
    assert place == replace(POST.place, thread=THREAD.conversation.partition("=")[2])


def test_an_errand_for_one_pair_of_eyes_says_so() -> None:
    assert read(body(origin(), POST, alone=True)).alone and not read(body(origin(), POST)).alone


def test_what_people_write_is_no_errand() -> None:
    assert read(orjson.dumps(origin())).event is Event.MESSAGE


def test_from_outside_nothing_wakes_by_an_errand() -> None:
    assert not wakes(parse(body(origin(), DIGEST)))


def test_the_same_errand_has_the_same_id() -> None:
    assert key(origin(id="1"), POST) == key(origin(id="1"), POST) == read(body(origin(id="1"), POST)).id


def test_a_post_that_was_refused_uses_up_nothing_for_the_next_press() -> None:
    assert key(origin(id="1"), POST) != key(origin(id="2"), POST)


@pytest.mark.parametrize(
    "other",
    [
        replace(DIGEST, text="another channel"),
        replace(DIGEST, place=POST.place),
        replace(DIGEST, event=Event.POST),
    ],
    ids=["what", "where", "kind"],
)
def test_another_errand_has_another_id(other: Errand) -> None:
    assert key(origin(id="1"), other) != key(origin(id="1"), DIGEST)


def test_another_persons_errand_has_another_id() -> None:
    assert key(message(THREAD, BRUNO, "digest"), DIGEST) != key(origin(), DIGEST)


def test_a_digest_that_runs_early_plans_another_than_itself() -> None:
    running = orjson.loads(body(origin(), DIGEST))
    assert key(running, DIGEST) != running["id"]


def test_a_summary_asked_for_twice_from_the_menu_is_two_errands() -> None:
    asked = Errand(Event.MESSAGE, POST.place, "summarise")
    assert key(origin(id="1"), asked) != key(origin(id="2"), asked)


FORGET = Errand(Event.FORGET, Place(PlaceKind.PERSONAL, HOME), "", due=DUE)
HANDOVER = Errand(Event.HANDOVER, Place(PlaceKind.PERSONAL, HOME), '{"key":"k","address":"https://up.example/1"}')


def test_who_leaves_twice_on_a_day_is_forgotten_once() -> None:
    later = replace(FORGET, due=DUE.replace(hour=20))
    assert key(origin(id="1"), FORGET) == key(origin(id="2"), later)
    assert key(origin(id="1"), FORGET) != key(origin(id="1"), replace(FORGET, due=DUE.replace(day=24)))


def test_nobodys_name_waits_to_be_forgotten() -> None:
    assert orjson.loads(body(origin(), FORGET))["from"] == {"id": ADA.teams, "aadObjectId": ADA.id}


def test_a_document_is_handed_over_once_to_one_address() -> None:
    assert key(origin(id="1"), HANDOVER) == key(origin(id="2"), HANDOVER)
    assert key(origin(id="1"), HANDOVER) != key(origin(id="1"), replace(HANDOVER, text="elsewhere"))
