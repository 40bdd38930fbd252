"""Thumbs and words about answers, on the real database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.rings import Ring
from bot.store.opinions import Opinion, Opinions
from bot.store.pool import Pool
from tests.bot.store.stores import NOW, TENANT, ask

LIKED = Opinion(TENANT, "anna", "chat", "1795000000002", True, "", NOW, NOW + timedelta(days=90))
WORDS = replace(LIKED, liked=False, text="Not what I asked.")


class Keys:
    """One key for everybody."""

    def __init__(self) -> None:
        self.held = Ring({1: b"k" * 32})

    async def ring(self, tenant: str, *sealed: bytes | None) -> Ring:
        return self.held


@pytest.fixture
def keys() -> Keys:
    return Keys()


@pytest.fixture
def opinions(pool: Pool, keys: Keys) -> Opinions:
    return Opinions(pool, keys)


async def answered(database: str, activity: str, placeholder: str, person: str = "anna", chat: str = "chat") -> None:
    """An ask that was answered: what is left of it."""
    await ask(
        database,
        """
        INSERT INTO inbox (tenant, conversation, activity, at, person, body, open, phase, outcome, placeholder, model)
        VALUES (%s, %s, %s, %s, %s, '', false, 'finished', 'ok', %s, 'model of ' || %s)
        """,
        *(TENANT, chat, activity, NOW, person, placeholder, activity),
    )


async def kept(database: str) -> list[tuple[Any, ...]]:
    return await ask(database, "SELECT message, activity, model, outcome, liked FROM feedback ORDER BY message")


async def test_an_opinion_is_kept_with_the_answer_it_is_about(database: str, opinions: Opinions) -> None:
    await answered(database, "1", "1795000000001")
    await answered(database, "2", "1795000000002")
    await opinions.keep(LIKED)
    assert await kept(database) == [("1795000000002", "2", "model of 2", "ok", True)]


async def test_the_last_message_of_a_long_answer_belongs_to_that_answer(database: str, opinions: Opinions) -> None:
    for number in (1, 5, 9):
        await answered(database, str(number), f"179500000000{number}")
    await opinions.keep(replace(LIKED, message="1795000000007"))
    assert [row[:2] for row in await kept(database)] == [("1795000000007", "5")]


async def test_an_answer_for_one_pair_of_eyes_is_found(database: str, opinions: Opinions) -> None:
    await answered(database, "1", "targeted:1795000000002")
    await opinions.keep(LIKED)
    assert [row[1] for row in await kept(database)] == ["1"]


async def test_an_id_that_is_no_time_is_found_as_it_is(database: str, opinions: Opinions) -> None:
    await answered(database, "1", "a-1")
    await answered(database, "2", "a-2")
    await opinions.keep(replace(LIKED, message="a-1"))
    await opinions.keep(replace(LIKED, message="a-3"))
    assert [row[:2] for row in await kept(database)] == [("a-1", "1"), ("a-3", "")]


async def test_a_client_that_names_no_message_means_the_newest_answer_to_the_person(
    database: str, opinions: Opinions
) -> None:
    await answered(database, "1", "1795000000001")
    await answered(database, "2", "1795000000002")
    await answered(database, "3", "1795000000003", person="bruno")
    await opinions.keep(replace(LIKED, message=""))
    assert [row[:2] for row in await kept(database)] == [("1795000000002", "2")]


@pytest.mark.parametrize("chat", ["elsewhere", "chat;messageid=1"])
async def test_an_answer_in_another_conversation_is_not_meant(database: str, opinions: Opinions, chat: str) -> None:
    await answered(database, "1", "1795000000002", chat=chat)
    await opinions.keep(LIKED)
    assert await kept(database) == [("1795000000002", "", "", "", True)]


async def test_a_thumb_without_words_keeps_none(database: str, opinions: Opinions) -> None:
    await opinions.keep(LIKED)
    assert await ask(database, "SELECT text, expires FROM feedback") == [(None, LIKED.expires)]


async def test_words_are_sealed_for_their_row(database: str, opinions: Opinions, keys: Keys) -> None:
    await opinions.keep(WORDS)
    ((text,),) = await ask(database, "SELECT text FROM feedback")
    assert b"asked" not in text
    place = ("feedback", "text", TENANT, "anna", "chat", WORDS.message)
    assert keys.held.open(text, *place) == WORDS.text.encode()


async def test_whoever_changes_their_mind_is_believed(database: str, opinions: Opinions) -> None:
    await opinions.keep(WORDS)
    await opinions.keep(replace(LIKED, at=NOW + timedelta(minutes=1)))
    assert await ask(database, "SELECT liked, text FROM feedback") == [(True, None)]


async def test_what_comes_late_does_not_undo_a_newer_word(database: str, opinions: Opinions) -> None:
    await opinions.keep(replace(LIKED, at=NOW + timedelta(minutes=1)))
    await opinions.keep(WORDS)
    assert await ask(database, "SELECT liked FROM feedback") == [(True,)]


async def test_what_was_known_of_an_answer_stays_when_its_ask_is_gone(database: str, opinions: Opinions) -> None:
    await answered(database, "2", "1795000000002")
    await opinions.keep(LIKED)
    await ask(database, "DELETE FROM inbox")
    await opinions.keep(WORDS)
    assert await kept(database) == [("1795000000002", "2", "model of 2", "ok", False)]


async def test_two_people_rate_one_answer(database: str, opinions: Opinions) -> None:
    await opinions.keep(LIKED)
    await opinions.keep(replace(WORDS, person="bruno"))
    assert len(await kept(database)) == 2


@pytest.mark.parametrize("message", ["x" * 3_000, "9" * 30, "-1", "1e5", "a\x00b"])
async def test_any_id_is_taken(database: str, opinions: Opinions, message: str) -> None:
    await answered(database, "1", "1795000000001")
    await opinions.keep(replace(WORDS, message=message))
    assert [row[1] for row in await kept(database)] == [""]
