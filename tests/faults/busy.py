"""A group chat in which forty people write within a second, and a Teams that insists on its published limits."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

from tests.faults.asks import Bot, Tally, answered, ask, delivered, place
from tests.faults.report import Report
from tests.faults.town import settings
from tests.world.bots import BotProcess, url
from tests.world.pace import Pace
from tests.world.world import World

MESSAGES = 40
PATIENCE = 120.0
RARE = 2
"""How often Teams may refuse all the same: what left in time may be held up on its way, and arrive in a bunch."""
UNPACED = ("-m", "tests.faults.unpaced")


@dataclass(frozen=True, slots=True)
class Rush:
    """What came of it; `refused`: how many calls Teams answered with 429."""

    found: Tally
    refused: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.found}, {self.refused} times 429, {self.seconds:.0f} s"


async def rush(world: World, bot: Bot, numbers: Iterator[int]) -> Rush:
    """Forty messages in one chat, all within a second."""
    world.teams.pace = pace = Pace()
    began, room = time.monotonic(), place("group", 47_000 + next(numbers))
    questions = [ask(world, next(numbers), room) for _ in range(MESSAGES)]
    await asyncio.gather(*(delivered(world, question, (bot,)) for question in questions))
    found = await answered(world, questions, PATIENCE)
    world.teams.pace = None
    return Rush(found, pace.refused, time.monotonic() - began)


async def play(world: World, bot: Bot, database: str, report: Report, numbers: Iterator[int]) -> None:
    """One line: with the bot's own pace, and for comparison without."""
    async with AsyncExitStack() as stack:
        environ = {**settings(world), "DATABASE_URL": url(database)}
        hasty = await stack.enter_async_context(BotProcess(environ, command=UNPACED))
        before = await rush(world, hasty, numbers)
    paced = await rush(world, bot, numbers)
    seen = f"{paced}; without a pace: {before}"
    held = not (paced.found.lost or paced.found.twice or paced.found.standing) and paced.refused <= RARE
    report.line(
        f"teams: {MESSAGES} messages in a second in one group chat",
        seen,
        f"bar: all answered, at most {RARE} times 429",
        held=held,
    )
