"""kill -9 of one of three bots at random moments, under load; it is started again each time."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.limits import LEASE
from tests.faults.asks import Tally, answered
from tests.faults.effort import Effort
from tests.faults.report import Report
from tests.faults.town import crowd, started
from tests.world.bots import BotProcess
from tests.world.world import World

SETTLE = 3 * LEASE.total_seconds() + 60
"""Seconds after the last kill in which everything is answered: an ask may have lost its process more than once."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a run of kills went."""

    kills: int
    found: Tally
    seconds: float

    def __str__(self) -> str:
        return f"{self.kills} kills in {self.seconds:.0f} s, {self.found}"

    @property
    def held(self) -> bool:
        """Whether nothing was lost or said twice, and each kill left one placeholder at most."""
        return not self.found.lost and not self.found.twice and self.found.standing <= self.kills


async def strike(bots: Sequence[BotProcess], kills: int, chance: random.Random) -> None:
    """Kill one and start it again, so often."""
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        bot = chance.choice(bots)
        await bot.kill()
        await bot.start()
        await bot.ready()


async def course(
    world: World, database: str, *, bots: int = 3, kills: int = 20, rate: float = 6, seed: int = 1
) -> Course:
    """One run."""
    began = time.monotonic()
    async with AsyncExitStack() as stack:
        alive = await started(world, database, bots, stack)
        async with crowd(world, alive, rate, seed) as people:
            await strike(alive, kills, random.Random(seed))
        found = await answered(world, people.questions, SETTLE)
    return Course(kills, found, time.monotonic() - began)


async def play(world: World, database: str, report: Report, effort: Effort) -> None:
    """One line."""
    done = await course(world, database, kills=max(3, effort.times // 2))
    bar = "bar: 0 lost, 0 twice, at most one placeholder a kill"
    report.line("processes: kill -9 at random, 3 bots under load", str(done), bar, held=done.held)
