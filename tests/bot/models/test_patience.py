"""How long a model is waited for, with times so short that nobody waits: before the first byte, within a stream, in all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.models.azure import AzureModel, Resources
from bot.models.patience import CONNECT, FIRST, LATE, PATIENCE, SILENCE, SPENT, Patience
from dialogs.errors import AllBusy, AssistantError, Silent, Unavailable
from dialogs.prompt import Prompt, Purpose
from dialogs.talk import Usage
from tests.world.completion import Reply
from tests.world.faults import Hang, throttled
from tests.world.openai import Hold, ModelDouble

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
QUESTION = Prompt(Purpose.ANSWER, "You are Parley.", "What is a lease?")
LONG = Patience(late=30, first=30, silence=30, whole=30, spent=30)
SOON, WHILE = 0.05, 0.4
"""Seconds that nothing has to come in, and that something may have to."""


class Asker:
    """Asks the resources at two doubles, within these times."""

    def __init__(self, patience: Patience, *doubles: ModelDouble) -> None:
        self.metered: list[Usage] = []
        self.resources = Resources([double.url for double in doubles], self.token, lambda: NOW, patience)
        self.model = AzureModel(self.resources, "gpt-5.4-mini", self.metered.append)
        self.said: list[str] = []

    async def token(self) -> str:
        return "an-entra-token"

    async def ask(self) -> str:
        """What is answered; `said` holds the pieces of what was answered to all questions so far."""
        before = len(self.said)
        async for piece in self.model.stream(QUESTION):
            self.said.append(piece)
        return "".join(self.said[before:])

    async def fails(self) -> AssistantError:
        with pytest.raises(AssistantError) as failed:
            await self.ask()
        return failed.value


@asynccontextmanager
async def asking(patience: Patience, *doubles: ModelDouble) -> AsyncIterator[Asker]:
    asker = Asker(patience, *doubles)
    yield asker
    await asker.resources.close()


@pytest.fixture
async def first() -> AsyncIterator[ModelDouble]:
    async with ModelDouble("From the first.") as double:
        yield double


@pytest.fixture
async def second() -> AsyncIterator[ModelDouble]:
    async with ModelDouble("From the second.") as double:
        yield double


def test_who_asked_hears_of_it_within_a_minute_whatever_hangs() -> None:
    twice_cut_off = 2 * (LATE + 2 + SILENCE)  # each begins late, says something, and falls silent; seconds between them
    assert FIRST < 50 and twice_cut_off + 5 < 60 and SPENT < FIRST and CONNECT < LATE < 5 and SILENCE < PATIENCE


def test_a_long_prompt_is_given_longer_before_it_is_late() -> None:
    assert (Patience().due(0), Patience().due(100_000)) == (LATE, LATE + 5)


async def test_a_resource_that_hangs_before_its_first_byte_is_overtaken(
    first: ModelDouble, second: ModelDouble
) -> None:
    first.faults.add(Hang(), times=None)
    async with asking(replace(LONG, late=SOON), first, second) as asker:
        assert await asker.ask() == "From the second."
    assert [usage.estimated for usage in asker.metered] == [True, False]


async def test_a_resource_that_sends_headers_alone_is_overtaken(first: ModelDouble, second: ModelDouble) -> None:
    hold = Hold(at=-1)
    first.next(Reply("never", mute=hold))
    async with asking(replace(LONG, late=SOON), first, second) as asker:
        assert await asker.ask() == "From the second."
    await first.until(lambda: first.aborted == 1)


async def test_who_was_overtaken_is_set_aside(first: ModelDouble, second: ModelDouble) -> None:
    first.faults.add(Hang())
    async with asking(replace(LONG, late=SOON), first, second) as asker:
        await asker.ask()
        assert await asker.ask() == "From the second."
    assert first.prompts == []


async def test_a_model_that_thinks_for_long_is_not_cut_off(first: ModelDouble, second: ModelDouble) -> None:
    thinking, hanging = first.faults.add(Hang()), second.faults.add(Hang())
    async with asking(replace(LONG, late=SOON), first, second) as asker:
        answer = asyncio.create_task(asker.ask())
        await hanging.reached.wait()
        thinking.release()
        assert await answer == "From the first."
        assert await asker.ask() == "From the first."
    # On a busy machine the second answer may be late too; what was asked beside it is estimated as well.
    assert [usage.estimated for usage in asker.metered].count(False) == 2


async def test_silence_before_the_first_word_ends_and_is_not_tried_again(first: ModelDouble) -> None:
    first.faults.add(Hang(), times=None)
    async with asking(replace(LONG, first=SOON, spent=0), first) as asker:
        failure = await asker.fails()
    assert (type(failure), failure.lasting) == (Silent, True)


async def test_a_model_that_begins_and_says_nothing_is_given_up(first: ModelDouble) -> None:
    hold = Hold(at=0)
    first.next(Reply("never", pause=hold))
    async with asking(replace(LONG, first=SOON), first) as asker:
        assert type(await asker.fails()) is Silent
    await first.until(lambda: first.aborted == 1)


async def test_silence_within_an_answer_ends_it_and_is_tried_once_more(first: ModelDouble, second: ModelDouble) -> None:
    hold = Hold(at=2)
    first.next(Reply("one two three", pause=hold))
    async with asking(replace(LONG, silence=WHILE), first, second) as asker:
        failure = await asker.fails()
        assert (type(failure), failure.lasting, failure.tries) == (Silent, False, 2)
        assert "".join(asker.said) == "one two "
        assert await asker.ask() == "From the second."


async def test_who_takes_longer_over_a_piece_than_the_model_may_is_not_cut_off(first: ModelDouble) -> None:
    async with asking(replace(LONG, silence=WHILE), first) as asker:
        stream = asker.model.stream(QUESTION)
        said = [await anext(stream)]
        await asyncio.sleep(1.5 * WHILE)
        said += [piece async for piece in stream]
    assert "".join(said) == "From the first."


async def test_an_answer_without_end_is_ended(first: ModelDouble) -> None:
    async def slowly(number: int) -> None:
        await asyncio.sleep(SOON / 5)

    first.next(Reply("word " * 200, pause=slowly))
    async with asking(replace(LONG, whole=4 * SOON, spent=0), first) as asker:
        failure = await asker.fails()
    assert (type(failure), failure.lasting) == (Silent, True)
    assert len(asker.said) < 200


async def test_one_that_hangs_beside_one_that_is_busy_is_worth_waiting_for(
    first: ModelDouble, second: ModelDouble
) -> None:
    first.faults.add(Hang(), times=None)
    second.faults.add(throttled(9), times=None)
    async with asking(replace(LONG, late=SOON, first=4 * SOON), first, second) as asker:
        assert type(await asker.fails()) is AllBusy


async def test_out_of_reach_is_no_silence_and_costs_nothing() -> None:
    async with ModelDouble() as double:
        asker = Asker(LONG, double)
    assert type(await asker.fails()) is Unavailable
    await asker.resources.close()
    assert asker.metered == []
