"""SIGTERM: a bot finishes what it began, gives its conversations back, and ends; under load, one after the other."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.limits import DRAIN, LEASE
from tests.faults.asks import Question, Tally, answered, ask, delivered, place
from tests.faults.effort import Effort
from tests.faults.report import Report
from tests.faults.town import Crowd, crowd, started
from tests.world.bots import BotProcess
from tests.world.world import World

BOUND = DRAIN.total_seconds() + 5
QUEUE = 3
"""Messages of one conversation that wait in the bot that ends."""


@dataclass(frozen=True, slots=True)
class Drain:
    """One SIGTERM: the exit code, the seconds until the end, and those until all that it had accepted was answered."""

    code: int
    ended: float
    answered: float

    @property
    def held(self) -> bool:
        """Whether it ended in time, and what it gave back did not wait for a lease."""
        return self.code == 0 and self.ended < BOUND and self.answered < LEASE.total_seconds()


async def queued(world: World, bot: BotProcess, number: int) -> list[Question]:
    """A conversation whose messages all wait in one bot."""
    room = place("group", number)
    asked = [ask(world, number + each, room) for each in range(QUEUE)]
    for question in asked:
        await delivered(world, question, (bot,))
    return asked


async def drained(world: World, bot: BotProcess, number: int) -> tuple[Drain, list[Question]]:
    """Tell a bot to end while a conversation waits in it."""
    asked = await queued(world, bot, number)
    began = time.monotonic()
    code = await bot.end()
    ended = time.monotonic() - began
    await answered(world, asked, LEASE.total_seconds() + 10)
    return Drain(code, ended, time.monotonic() - began - ended), asked


async def restarted(people: Crowd, bots: Sequence[BotProcess], times: int) -> list[Drain]:
    """Each in its turn ends and is started again, so often, while people write."""
    drains = []
    for turn in range(times):
        bot = bots[turn % len(bots)]
        drain, asked = await drained(people.world, bot, 90_000 + 10 * turn)
        people.questions += asked
        drains.append(drain)
        await bot.start()
        await bot.ready()
        await asyncio.sleep(0.5)
    return drains


async def play(world: World, database: str, report: Report, effort: Effort) -> None:
    """One line."""
    async with AsyncExitStack() as stack:
        bots = await started(world, database, 3, stack)
        async with crowd(world, bots, 10, 2) as people:
            drains = await restarted(people, bots, 3 * max(1, effort.times // 10))
        found = await answered(world, people.questions, LEASE.total_seconds() + 60)
    report.line("processes: SIGTERM, 3 bots under load", seen(drains, found), bar(), held=held(drains, found))


def seen(drains: Sequence[Drain], found: Tally) -> str:
    """What came of it."""
    slowest, given = max(each.ended for each in drains), max(each.answered for each in drains)
    codes = sorted({each.code for each in drains})
    return f"{len(drains)} drains, exit codes {codes}, {found}, ended within {slowest:.1f} s, given back and answered within {given:.1f} s"


def bar() -> str:
    """What is promised."""
    return f"bar: exit code 0 within {BOUND:.0f} s, 0 lost, 0 twice, 0 placeholders, no wait for the lease of {LEASE.seconds} s"


def held(drains: Sequence[Drain], found: Tally) -> bool:
    """Whether that held."""
    return all(each.held for each in drains) and not (found.lost or found.twice or found.standing)
