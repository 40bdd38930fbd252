"""One, two and four processes on one database: messages that come to any of them, and work that another left behind.

The processes share all the cores with everything else, and how much of them is spent is told.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager

from tests.load.accept import NEW, Heap
from tests.load.load import Connector, Conversation, Driver, figures, groups
from tests.load.machine import Process, busy, every_core
from tests.load.peers import instant, ours
from tests.world.bots import BotProcess
from tests.world.database import fresh
from tests.world.world import World

COUNTS = (1, 2, 4)
TALKS = 32
LEFT = 2_000
"""Conversations that a process accepted and did not serve."""
ENDS = b"At once."
PATIENCE = 120.0


class Left(Conversation):
    """Conversations that were left behind: how many answers came, and from when to when."""

    answers = 0
    began = 0.0
    last = 0.0

    def heard(self, body: bytes) -> None:
        """A step."""
        self.last = time.perf_counter()
        self.began = self.began or self.last
        self.answers += ENDS in body and b'"type":"typing"' not in body


async def processes(postgres: str, seconds: float) -> str:
    """A line for each number of processes."""
    title = "processes on one database (bar: grows until the cores are spent, claims never the limit)"
    found = [f"{await shared(postgres, count, seconds)}; {await claimed(postgres, count)}" for count in COUNTS]
    return "\n  ".join([title, *found])


async def shared(postgres: str, count: int, seconds: float) -> str:
    """Conversations whose messages come to the processes in turn."""
    talks = [Conversation(seat, ENDS) for seat in groups(TALKS)]
    connector = Connector(talks)
    service = await connector.start()
    async with World() as world:
        with fresh(postgres) as database:
            async with several([instant(world, database, service) for _ in range(count)]) as ports:
                driver = Driver(talks, world.login, service)
                await driver.run(ports, 2.0)
                driver.forget()
                before = busy()
                took = await driver.run(ports, seconds)
                spent = (busy() - before) / took
                driver.close()
    connector.stop()
    found = figures("", talks, took, 0.0)
    return (
        f"{count}: {found.rate:.0f} messages/s, answer p50 {found.done_p50:.1f} p99 {found.done_p99:.1f} ms, "
        f"{spent:.2f} of {len(every_core())} cores spent"
    )


async def claimed(postgres: str, count: int) -> str:
    """Conversations that must be claimed, because who accepted their messages has gone."""
    doors = [Heap(seat, b"") for seat in groups(TALKS, name="left" + NEW)]
    left = Left(groups(1)[0], ENDS)
    connector = Connector(doors, rest=left)
    service = await connector.start()
    async with World() as world:
        with fresh(postgres) as database:
            accepted = await leave(
                ours(world, database, service, "tests.load.accepting"), Driver(doors, world.login, service)
            )
            async with several([instant(world, database, service) for _ in range(count)]):
                async with asyncio.timeout(PATIENCE):
                    while left.answers < accepted:
                        await asyncio.sleep(0.05)
    connector.stop()
    took = left.last - left.began
    return f"{accepted:,} conversations left behind claimed and answered in {took:.1f} s, {accepted / took:.0f}/s"


async def leave(bot: BotProcess, driver: Driver) -> int:
    """Has messages accepted that nobody serves; how many."""
    async with bot:
        while sum(len(door.timings) for door in driver.conversations) < LEFT:
            await driver.run([bot.port], 0.5)
        driver.close()
    return sum(len(door.timings) for door in driver.conversations)


@asynccontextmanager
async def several(bots: Sequence[BotProcess]) -> AsyncIterator[list[int]]:
    """Processes side by side on all the cores; their ports."""
    async with AsyncExitStack() as stack:
        for bot in bots:
            await bot.start()
            stack.push_async_callback(bot.end)
            Process(bot.pid).pin(every_core())
        for bot in bots:
            await bot.ready()
        yield [bot.port for bot in bots]
