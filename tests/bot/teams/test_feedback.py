"""Thumbs under answers, in the shapes that clients send them in."""

import hashlib
from typing import Any

import pytest

from bot.audit import Action, Entry, Outcome
from bot.store.opinions import Opinion
from bot.store.rows import StoreAway
from bot.teams.invoke import Invokes
from tests.bot.teams.clock import Clock
from tests.bot.teams.invoking import PERIOD, Book, answered
from tests.world import activities
from tests.world.people import ADA, TENANT, THREAD, personal
from tests.world.teams import TeamsDouble

HOME = personal(ADA)


def submitted(value: Any) -> dict[str, Any]:
    return activities.invoke(HOME, ADA, "message/submitAction", value)


def thumb(reaction: Any = "like", feedback: Any = '{"feedbackText":"wrong"}') -> dict[str, Any]:
    return {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": feedback}}


@pytest.mark.parametrize(
    ("value", "action", "words"),
    [
        (thumb("like"), Action.LIKE, "wrong"),
        (thumb("dislike"), Action.DISLIKE, "wrong"),
        (thumb("dislike", "plain text"), Action.DISLIKE, "plain text"),
        (thumb("dislike", "17"), Action.DISLIKE, "17"),
        (thumb("like", {"feedbackText": " so so\n"}), Action.LIKE, "so so"),
        (thumb("like", '{"feedbackText":5}'), Action.LIKE, ""),
        (thumb("like", '{"feedbackText":" "}'), Action.LIKE, ""),
        (thumb("like", ""), Action.LIKE, ""),
        (thumb("like", None), Action.LIKE, ""),
        (thumb("like", "x" * 9_000), Action.LIKE, "x" * 4_000),
        ({"data": thumb("like")}, Action.LIKE, "wrong"),
        ({"data": thumb("dislike")}, Action.DISLIKE, "wrong"),
    ],
)
async def test_a_thumb_is_kept_and_answered_with_nothing(
    invokes: Invokes, teams: TeamsDouble, book: Book, value: Any, action: Action, words: str
) -> None:
    assert await answered(invokes, teams, submitted(value)) == (200, b"")
    assert [row.action for row in book.rows] == [action]
    assert [(one.liked, one.text) for one in book.opinions] == [(action is Action.LIKE, words)]


async def test_the_audit_knows_of_a_thumb_and_not_a_word_of_it(
    invokes: Invokes, teams: TeamsDouble, book: Book, clock: Clock
) -> None:
    await answered(invokes, teams, activities.feedback(THREAD, ADA, "1", "dislike", "SECRET"))
    conversation = hashlib.sha256(THREAD.conversation.encode()).hexdigest()[:32]
    assert book.rows == [Entry(clock.now(), TENANT, ADA.id, "channel", conversation, Action.DISLIKE, Outcome.OK)]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "feedback",
        [],
        {},
        {"actionName": "other", "actionValue": {"reaction": "like"}},
        {"actionName": "feedback"},
        {"actionName": "feedback", "actionValue": "like"},
        thumb("love"),
        thumb(["like"]),
        thumb(None),
        {"data": "feedback"},
    ],
)
async def test_what_is_no_thumb_is_a_bad_request(invokes: Invokes, teams: TeamsDouble, book: Book, value: Any) -> None:
    assert await answered(invokes, teams, submitted(value)) == (400, b'{"error":{"code":"BadRequest"}}')
    assert (book.rows, book.opinions) == ([], [])


async def test_a_thumb_that_could_not_be_kept_is_not_acknowledged(
    invokes: Invokes, teams: TeamsDouble, book: Book
) -> None:
    book.away = True
    with pytest.raises(StoreAway):
        await answered(invokes, teams, submitted(thumb()))


@pytest.mark.parametrize("nested", [False, True])
async def test_an_opinion_says_whose_it_is_of_which_message_and_until_when(
    invokes: Invokes, teams: TeamsDouble, book: Book, clock: Clock, nested: bool
) -> None:
    await answered(invokes, teams, activities.feedback(THREAD, ADA, "17", "dislike", "wrong", nested=nested))
    now = clock.now()
    assert book.opinions == [Opinion(TENANT, ADA.id, THREAD.conversation, "17", False, "wrong", now, now + PERIOD)]


async def test_of_who_has_no_entra_id_nothing_is_kept(invokes: Invokes, teams: TeamsDouble, book: Book) -> None:
    sent = activities.feedback(HOME, ADA, "17", "like", "good")
    assert await answered(invokes, teams, {**sent, "from": {"id": ADA.teams}}) == (200, b"")
    assert book.opinions == []
