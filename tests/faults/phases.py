"""kill -9 at every point of a message's path, in personal and group chats, so often each, while two others serve a load.

A round is a number of lives that all wait for their moment; they are struck together, and the others take over what they
leave when its leases have run out. While that goes on, the next lives begin.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count

from bot.limits import LEASE
from tests.faults.asks import Question, Tally, answered, ask, delivered, place, tally
from tests.faults.effort import Effort
from tests.faults.lives import Life, Lives, living
from tests.faults.points import POINTS, Point, set_trap
from tests.faults.report import Report
from tests.faults.town import settings, started
from tests.world.bots import BotProcess
from tests.world.world import World

ROUND = 40
"""Lives that are struck together."""
REACH = 30.0
"""Seconds in which an ask comes to its point."""
SETTLE = LEASE.total_seconds() + 60
Stroke = tuple[Point, str]
"""A kill that is to be: where, and in which kind of chat."""
KINDS = ("personal", "group")
BAR = "bar: 0 lost, 0 twice"


@dataclass(frozen=True, slots=True)
class Struck:
    """A kill. `hit`: the ask came to the point in time."""

    point: Point
    question: Question
    hit: bool


def strokes(points: Sequence[Point], times: int) -> list[Stroke]:
    """Every point in both kinds of chats so often, mixed."""
    found = [(point, kind) for point in points for kind in KINDS for _ in range(times)]
    random.Random(8).shuffle(found)
    return found


def rounds(given: Sequence[Stroke]) -> Iterator[Sequence[Stroke]]:
    """What is struck together."""
    return (given[start : start + ROUND] for start in range(0, len(given), ROUND))


class Executioner:
    """Strikes in one world."""

    def __init__(self, world: World, lives: Lives, others: Sequence[BotProcess], numbers: Iterator[int]) -> None:
        self._world = world
        self._lives = lives
        self._others = others
        self._numbers = numbers

    async def born(self, number: int) -> list[Life]:
        """So many lives, ready."""
        return list(await asyncio.gather(*(self._lives.born() for _ in range(number))))

    async def strike(self, life: Life, point: Point, kind: str) -> Struck:
        """Ask, and kill at the point. Whatever Teams was told, it delivers the message once more."""
        number = next(self._numbers)
        question = ask(self._world, number, place(kind, number), point.kind)
        set_trap(self._world, life, question, point)
        await delivered(self._world, question, (life, *self._others))
        hit = await self._hit(life)
        self._lives.buried(life)
        await delivered(self._world, question, self._others)
        return Struck(point, question, hit)

    async def _hit(self, life: Life) -> bool:
        try:
            async with asyncio.timeout(REACH):
                await life.dead.wait()
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def scene(world: World, database: str, others: int = 2) -> AsyncIterator[tuple[Lives, list[BotProcess]]]:
    """Where lives begin, and bots that live on."""
    async with AsyncExitStack() as stack:
        bots = await started(world, database, others, stack)
        yield await stack.enter_async_context(living(settings(world), database)), bots


async def struck(world: World, database: str, given: Sequence[Stroke]) -> list[Struck]:
    """Every kill, its question answered or given up."""
    done: list[Struck] = []
    async with scene(world, database) as (lives, others):
        executioner = Executioner(world, lives, others, count())
        for together in rounds(given):
            born = await executioner.born(len(together))
            await answered(world, [each.question for each in done[-ROUND:]], SETTLE)
            kills = (executioner.strike(life, *stroke) for life, stroke in zip(born, together, strict=True))
            done += await asyncio.gather(*kills)
        await answered(world, [each.question for each in done], SETTLE)
    return done


def seen(world: World, point: Point, done: Sequence[Struck]) -> tuple[str, bool]:
    """What came of the kills at one point, and whether that is what was promised."""
    mine = [each for each in done if each.point is point]
    found, hits = tally(world, [each.question for each in mine]), sum(each.hit for each in mine)
    return f"{hits} of {len(mine)} kills, {found}", holds(found, hits if point.window else 0) and hits == len(mine)


def holds(found: Tally, window: int) -> bool:
    """Whether nothing was lost or said twice, and no more placeholders were left than there were kills in the window."""
    return not found.lost and not found.twice and found.standing <= window


async def play(world: World, database: str, report: Report, effort: Effort) -> None:
    """Every point, one line each."""
    done = await struck(world, database, strokes(POINTS, effort.times))
    for point in POINTS:
        what, held = seen(world, point, done)
        allowed = "at most one placeholder a kill" if point.window else "0 placeholders"
        report.line(f"processes: kill -9 {point.name}", what, f"{BAR}, {allowed}", held=held)
