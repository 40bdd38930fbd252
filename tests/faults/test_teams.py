"""Whatever Teams does, a person has one answer. `make faults` plays all of it; what is quick is played here."""

import random
from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio

from tests.faults import stops, wall
from tests.faults.asks import ask, place
from tests.faults.deliveries import shuffled
from tests.faults.gone import closed, told
from tests.faults.moments import Moment, final, opening, script
from tests.faults.refusing import wronged
from tests.faults.report import Report
from tests.faults.town import made
from tests.faults.watch import Watch
from tests.faults.wrongs import WRONGS, Wrong
from tests.world.bots import BotProcess
from tests.world.database import fresh
from tests.world.world import World

numbers = count(1)
KNOWN = {wrong.name: wrong for wrong in WRONGS}


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def watch() -> Watch:
    """Teams' own clock."""
    return Watch()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(watch: Watch) -> AsyncIterator[World]:
    """Everything around the bot."""
    async with World(answer=script, clock=watch) as world:
        yield world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bot(world: World, postgres: str) -> AsyncIterator[BotProcess]:
    """One bot for all of it, each fault in chats of its own."""
    with fresh(postgres) as database:
        async with made(world, database) as bot:
            yield bot


@pytest.mark.slow
@pytest.mark.parametrize("name", ["429 without Retry-After", "502 after it was accepted", "redirect 302"])
async def test_what_goes_wrong_at_any_call_of_an_answer_loses_nothing_and_says_nothing_twice(
    world: World, bot: BotProcess, name: str
) -> None:
    wrong: Wrong = KNOWN[name]
    outcome = await wronged(world, bot, wrong, numbers)
    assert outcome.held(wrong), str(outcome)


@pytest.mark.slow
async def test_a_conversation_that_was_closed_goes_on_when_it_is_open_again(world: World, bot: BotProcess) -> None:
    refusal = (403, "BotNotInConversationRoster")
    assert (await closed(world, bot, Moment("group", final), refusal, numbers)).after


@pytest.mark.slow
@pytest.mark.parametrize("moment", [Moment("group", opening), Moment("group", final)])
async def test_whom_teams_refuses_an_answer_is_told_so_in_one_message(
    world: World, bot: BotProcess, moment: Moment
) -> None:
    assert await told(world, bot, moment, (413, "MessageSizeTooBig"), numbers)


@pytest.mark.slow
async def test_stop_and_the_two_minute_wall_end_a_stream_as_they_should(
    world: World, bot: BotProcess, watch: Watch
) -> None:
    report = Report(show=lambda line: None)
    await stops.play(world, bot, report, numbers)
    await wall.play(world, bot, watch, report, numbers)
    assert [str(line) for line in report.broken] == []


async def test_each_message_is_delivered_at_least_once_and_some_five_times(world: World) -> None:
    asked = [ask(world, number, place("group", number)) for number in range(50)]
    times = [shuffled(asked, random.Random(8)).count(question) for question in asked]
    assert (min(times), max(times)) == (1, 5)
