"""A soak: three bots at a steady load while everything around them goes wrong now and then, and their memory is watched.

    python -m tests.faults.soak [--minutes 5] [--seed 1] [--rate 4]

One of the bots is killed again and again; the two others live through all of it, and must need no more at the end than at
the beginning. Besides, Teams and the model throttle, fail and hang up, the database is restarted, and the signing keys change.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bot.limits import LEASE
from tests.faults.asks import Tally, answered, echo
from tests.faults.gauge import Gauge, Trend
from tests.faults.report import Report
from tests.faults.server import Server
from tests.faults.town import crowd, started
from tests.world.bots import BotProcess
from tests.world.door import Fault
from tests.world.faults import drop, status, throttled
from tests.world.world import World

SETTLE = 3 * LEASE.total_seconds() + 90
PAUSE = (4.0, 9.0)
"""Seconds between two faults."""
SAMPLE = 2.0
"""Seconds between two looks at the survivors."""
TROUBLES: tuple[Callable[[], Fault], ...] = (throttled, lambda: throttled(1), lambda: status(503), lambda: status(500))


@dataclass(slots=True)
class Soak:
    """One run. `played`: how often each fault was."""

    world: World
    server: Server
    bots: Sequence[BotProcess]
    chance: random.Random
    played: Counter[str] = field(default_factory=Counter)

    async def trouble(self) -> None:
        """One fault after the other until cancelled."""
        faults = (self.kill, self.teams, self.teams, self.model, self.model, self.hang_up, self.keys, self.database)
        while True:
            await asyncio.sleep(self.chance.uniform(*PAUSE))
            fault: Callable[[], Awaitable[None]] = self.chance.choice(faults)
            self.played[fault.__name__] += 1
            await fault()

    async def kill(self) -> None:
        """The last bot dies, and begins anew."""
        await self.bots[-1].kill()
        await self.bots[-1].start()
        await self.bots[-1].ready()

    async def teams(self) -> None:
        """Teams takes no messages for a while."""
        self.world.teams.faults.add(self.chance.choice(TROUBLES)(), times=self.chance.randint(1, 5))

    async def model(self) -> None:
        """Nor the model questions."""
        self.world.model.faults.add(self.chance.choice(TROUBLES)(), times=self.chance.randint(1, 3))

    async def hang_up(self) -> None:
        """Connections to the model break."""
        self.world.model.faults.add(drop, times=self.chance.randint(1, 3))

    async def keys(self) -> None:
        """The channel signs with a new key from now on."""
        self.world.login.rotate()

    async def database(self) -> None:
        """PostgreSQL is away for a moment."""
        await asyncio.to_thread(self.server.restart)


async def watched(gauges: Sequence[Gauge]) -> None:
    """Look at the survivors until cancelled."""
    while True:
        for gauge in gauges:
            gauge.look()
        await asyncio.sleep(SAMPLE)


async def soaked(server: Server, minutes: float, seed: int, rate: float, report: Report) -> None:
    """One run; a line for what people saw, and one for what each survivor needed."""
    async with World(answer=echo) as world, AsyncExitStack() as stack:
        bots = await started(world, server.database, 3, stack)
        soak = Soak(world, server, bots, random.Random(seed))
        gauges = [Gauge(bot.pid) for bot in bots[:-1]]
        async with crowd(world, bots, rate, seed) as people:
            doing = [asyncio.create_task(soak.trouble()), asyncio.create_task(watched(gauges))]
            await asyncio.wait(doing, timeout=minutes * 60, return_when=asyncio.FIRST_EXCEPTION)
            await ended(doing)
        found = await answered(world, people.questions, SETTLE)
        told(report, soak, found, [gauge.trend for gauge in gauges])


async def ended(doing: Sequence[asyncio.Task[None]]) -> None:
    """Cancel what is done meanwhile; what broke in it is raised."""
    for task in doing:
        task.cancel()
    for found in await asyncio.gather(*doing, return_exceptions=True):
        if not isinstance(found, asyncio.CancelledError) and found is not None:
            raise found


def told(report: Report, soak: Soak, found: Tally, trends: Sequence[Trend]) -> None:
    """The lines."""
    faults = ", ".join(f"{name} {times}" for name, times in sorted(soak.played.items()))
    window = soak.played["kill"]
    held = not found.lost and not found.twice and found.standing <= window
    report.line(
        "soak: what people saw",
        f"{found} ({faults})",
        f"bar: 0 lost, 0 twice, at most {window} placeholders",
        held=held,
    )
    for number, trend in enumerate(trends, 1):
        report.line(f"soak: bot {number}, first third → last third", str(trend), "bar: flat", held=trend.flat)


def main() -> int:
    """Run and print; 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=4, help="messages a second")
    given = parser.parse_args()
    report, began = Report(), time.monotonic()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home, Server(Path(home)) as server:
        asyncio.run(soaked(server, given.minutes, given.seed, given.rate, report))
    print(f"{(time.monotonic() - began) / 60:.1f} minutes, {len(report.broken)} promises broken")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main())
