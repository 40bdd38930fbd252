"""The two minutes after which Teams ends a stream, passed in a moment by Teams' own clock."""

import asyncio
from collections.abc import Iterator

from tests.faults.asks import THOUGHT, Bot, ask, delivered, place
from tests.faults.report import Report
from tests.faults.watch import Watch
from tests.world.completion import Asked, Reply
from tests.world.streams import WALL
from tests.world.world import World

WORDS = "This answer takes longer than Teams lets a stream last, and is whole all the same."
PATIENCE = 60.0


def slowly(asked: Asked) -> Reply:
    """A model that takes its time."""

    async def pause(number: int) -> None:
        await asyncio.sleep(THOUGHT if number == 0 else 0.5)

    return Reply(WORDS, pause=pause)


async def play(world: World, bot: Bot, watch: Watch, report: Report, numbers: Iterator[int]) -> None:
    """One line."""
    usual, world.model.answer = world.model.answer, slowly
    number = next(numbers)
    question = ask(world, number, place("personal", 45_000 + number))
    await delivered(world, question, (bot,))
    seen = world.teams.chat(question.room.conversation)
    await world.teams.until(lambda: len(seen) > 0 and len(seen.last.steps) > 3, PATIENCE)
    watch.turn(WALL + 1)
    await world.teams.until(lambda: WORDS in seen.texts, PATIENCE)
    world.model.answer = usual
    steps, whole = len(seen.last.steps), seen.texts == [WORDS] and not seen.last.streaming
    said = f"ended by Teams after {steps} steps, {len(seen)} message{'s' * (len(seen) != 1)}, {'whole' if whole else 'not whole'}"
    report.line("teams: the two-minute wall", said, "bar: the whole answer, in the same message", held=whole)
