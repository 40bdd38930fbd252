"""One fault of the database while people write: what the door said, what /readyz said, and what came of the messages."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from bot.store.embedded import Cluster
from tests.faults.letters import Delivery, Letters, echo
from tests.faults.report import Report
from tests.world.bots import BotProcess, url
from tests.world.pipe import Pipe
from tests.world.world import World

CALM = 2.0
"""Seconds of peace before the fault and after it."""
LOOK = 0.1
"""Seconds between two looks at /readyz."""
STALL = 50
"""Milliseconds that the loop may be kept from its work."""


@dataclass(slots=True)
class Scene:
    """What a fault may break: the server, its database, the way to it. It says itself when it has broken and mended it."""

    cluster: Cluster
    database: str
    pipe: Pipe
    bot: BotProcess
    broken_at: float = 0.0
    mended_at: float = 0.0

    def broken(self) -> None:
        """From now on the database is away."""
        self.broken_at = time.monotonic()

    def mended(self) -> None:
        """From now on it could be reached again."""
        self.mended_at = time.monotonic()


@dataclass(frozen=True, slots=True)
class Fault:
    """`play` breaks and mends. A refusal may take `quick` seconds, the way back `back`; `noticed`: /readyz must say it."""

    name: str
    play: Callable[[Scene], Awaitable[None]]
    quick: float = 2.5
    back: float = 3.0
    noticed: bool = True


@dataclass(slots=True)
class Looks:
    """What /readyz said: when, its status, and whether it named the database."""

    seen: list[tuple[float, int]] = field(default_factory=list)
    named: bool = False

    async def look(self, bot: BotProcess) -> None:
        """Until cancelled; each look is bounded as a load balancer's is."""
        async with aiohttp.ClientSession() as session:
            while True:
                await self._once(session, bot)
                await asyncio.sleep(LOOK)

    async def _once(self, session: aiohttp.ClientSession, bot: BotProcess) -> None:
        began = time.monotonic()
        async with session.get(f"{bot.url}/readyz") as response:
            self.seen.append((began, response.status))
            self.named = self.named or (response.status == 503 and "database" in await response.json())


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one fault."""

    scene: Scene
    letters: Letters
    looks: Looks
    stall: int

    @property
    def refused(self) -> list[Delivery]:
        """What the door refused."""
        return [one for one in self.letters.deliveries if one.status == 503]

    @property
    def other(self) -> list[int]:
        """What it said that is neither yes nor 503."""
        return [one.status for one in self.letters.deliveries if one.status not in (202, 503)]

    @property
    def slowest(self) -> float:
        """Seconds of the slowest refusal."""
        return max((one.took for one in self.refused), default=0.0)

    @property
    def median(self) -> float:
        """Seconds of a refusal."""
        found = sorted(one.took for one in self.refused)
        return found[len(found) // 2] if found else 0.0

    @property
    def back(self) -> float:
        """Seconds from the mending to the first message that was accepted afterwards."""
        ends = [one.at + one.took for one in self.letters.deliveries if one.status == 202]
        return min((end for end in ends if end >= self.scene.mended_at), default=self.scene.mended_at + 999) - (
            self.scene.mended_at
        )

    @property
    def settled(self) -> float:
        """Seconds from the mending to the last refusal."""
        return max([one.at + one.took - self.scene.mended_at for one in self.refused], default=0.0)

    @property
    def unready(self) -> bool:
        """Whether /readyz named the database, and takes it back at the end."""
        return self.looks.named and self.looks.seen[-1][1] == 200

    def holds(self, fault: Fault) -> bool:
        """Whether all that is promised held."""
        letters = self.letters
        wrong = letters.lost or letters.doubled or letters.orphans or self.other
        quick = self.slowest <= fault.quick and self.back <= fault.back and self.stall <= STALL
        return not wrong and quick and (self.unready or not fault.noticed)

    def __str__(self) -> str:
        letters, fault = self.letters, self.scene
        return (
            f"{fault.mended_at - fault.broken_at:.1f} s; {len(letters.accepted)} accepted, {len(letters.lost)} lost, "
            f"{len(letters.doubled)} twice, {len(letters.orphans)} left standing; {len(self.refused)} times 503 "
            f"after {self.median * 1000:.0f} ms (at most {self.slowest:.2f} s){_others(self.other)}; accepts again after "
            f"{max(0.0, self.back):.2f} s, last 503 {max(0.0, self.settled):.2f} s; /readyz "
            f"{'said it' if self.looks.named else 'silent'}; stall {self.stall} ms"
        )


def _others(other: list[int]) -> str:
    return f", and {sorted(set(other))} {len(other)} times" if other else ""


async def play(fault: Fault, cluster: Cluster, database: str, report: Report) -> None:
    """Play one fault against a bot of its own, and report it."""
    async with World(answer=echo) as world, Pipe(database) as pipe, watched(world, pipe) as bot:
        scene, letters, looks = Scene(cluster, database, pipe, bot), Letters(world, bot.url[-5:]), Looks()
        looking, writing = asyncio.create_task(looks.look(bot)), asyncio.create_task(letters.write())
        await asyncio.sleep(CALM)
        os.kill(bot.pid, signal.SIGUSR1)
        await fault.play(scene)
        await asyncio.sleep(CALM)
        await _cancelled(writing)
        await letters.settle()
        await _cancelled(looking)
        seen = Seen(scene, letters, looks, await longest(bot))
    report.line(f"database: {fault.name}", str(seen), bar(fault), held=seen.holds(fault))


def bar(fault: Fault) -> str:
    """The promise."""
    readyz = ", /readyz says it" if fault.noticed else ""
    return (
        f"bar: 0 lost, 0 twice, 503 within {fault.quick} s, accepts again by itself within {fault.back} s{readyz}, "
        f"stall ≤ {STALL} ms"
    )


@asynccontextmanager
async def watched(world: World, pipe: Pipe) -> AsyncIterator[BotProcess]:
    """A bot whose way to the database is the pipe."""
    environ = world.environ(DATABASE_URL=url(pipe.conninfo), REQUIRE_SIGN_IN="false")
    async with BotProcess(environ, command=("-m", "tests.faults.watched")) as bot:
        world.bot = bot.url
        yield bot


async def longest(bot: BotProcess) -> int:
    """The longest stall of the loop in ms, for as long as the process had a core in it; the bot has ended then."""
    await bot.end()
    return next((line["ran"] for line in bot.log if line.get("event") == "longest stall"), 0)


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    done, _ = await asyncio.wait([task])
    for one in done:
        if not one.cancelled() and one.exception() is not None:
            raise RuntimeError("the watch ended early") from one.exception()
