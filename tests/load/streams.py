"""Answers that are streamed while a model speaks: what the bot adds to its first words, and a thousand at once.

The model is a process of its own (`tests.load.model`), and so are its times: what the bot adds is the time from a message
to the answer's first words at the connector, less the time from the model's request to its first words.
"""

import json
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from urllib.request import urlopen

from tests.load.load import Connector, Conversation, Driver, Seat, Timing, chats, percentiles
from tests.load.machine import Process
from tests.load.model import FIRST_WORDS, LAST_WORDS, Pace
from tests.load.peers import alone, ours
from tests.load.reading import served
from tests.load.watched import stall
from tests.world.bots import BotProcess
from tests.world.database import fresh
from tests.world.world import World

ASK = "What do the figures say? ask#1111111111111"
BEGINNING = FIRST_WORDS.partition(" ")[0].encode()
"""What is seen of the first words at least: the last of them may still change."""
OPEN, MANY = 200, 1_000
FIRSTS = (0.5, 1.5)
"""Seconds to a model's first words: before Teams takes a second step of a stream, and after."""


class Listened(Conversation):
    """A conversation of which it is known when each step of an answer arrived."""

    def __init__(self, seat: Seat, ends: bytes) -> None:
        super().__init__(seat, ends)
        self.steps: list[list[float]] = []

    def send(self) -> None:
        """The next message."""
        self.steps.append([])
        super().send()

    def heard(self, body: bytes) -> None:
        """A step."""
        now = time.perf_counter()
        self.steps[-1].append(now)
        if self.timing is not None and not self.timing.text and BEGINNING in body:
            self.timing.text = now
        super().heard(body)


@dataclass(frozen=True, slots=True)
class Scene:
    """A bot with a model and people who ask it."""

    bot: BotProcess
    process: Process
    driver: Driver
    talks: Sequence[Listened]
    model: str

    @property
    def timings(self) -> list[Timing]:
        """Of all conversations."""
        return [timing for talk in self.talks for timing in talk.timings]

    @property
    def gaps(self) -> list[float]:
        """Seconds between one step and the next of the same answer."""
        return [after - before for talk in self.talks for steps in talk.steps for before, after in pairwise(steps)]


@asynccontextmanager
async def scene(
    postgres: str, pace: Pace, talks: Sequence[Listened], others: Iterable[Conversation] = ()
) -> AsyncIterator[Scene]:
    """The bot, watched and on a core of its own; `others` are heard at the connector too."""
    connector = Connector([*talks, *others])
    service = await connector.start()
    async with World() as world:
        given = ("--first", str(pace.first), "--every", str(pace.every), "--pieces", str(pace.pieces))
        with fresh(postgres) as database, served("tests.load.model", *given) as (model,):
            environ = {"AZURE_OPENAI_ENDPOINTS": model}
            bot = ours(world, database, service, "tests.load.watched", environ)
            async with alone(bot) as process:
                driver = Driver(talks, world.login, service)
                yield Scene(bot, process, driver, talks, model)
                driver.close()
    connector.stop()


def listened(number: int) -> list[Listened]:
    """Personal chats in which figures are asked for."""
    return [Listened(seat, LAST_WORDS.encode()) for seat in chats(number, ASK)]


async def first(postgres: str, seconds: float) -> str:
    """What the bot adds to the model's first words, with many streams open."""
    title = f"what the bot adds to the model's first words, {OPEN} open streams (bar: p50 <= 15 ms, p99 <= 60 ms)"
    found = [await added(postgres, Pace(wait, pieces=30), seconds) for wait in FIRSTS]
    return "\n  ".join([title, *found])


async def added(postgres: str, pace: Pace, seconds: float) -> str:
    """The same for a model that takes so long to begin."""
    async with scene(postgres, pace, listened(OPEN)) as played:
        process, began, before = played.process, time.perf_counter(), played.process.cpu
        took = await played.driver.run([played.bot.port], pace.seconds + max(seconds, pace.seconds), pace.seconds)
        share = (process.cpu - before) / took
        times = times_of(played.model)
    usual = [one for one in played.timings if one.sent > began + pace.seconds and str(one.id) in times]
    before_it = percentiles(times[str(one.id)][0] - one.sent for one in usual)
    after_it = percentiles(one.text - times[str(one.id)][1] for one in usual)
    all_of_it = percentiles(one.text - one.sent - times[str(one.id)][1] + times[str(one.id)][0] for one in usual)
    return (
        f"model begins after {pace.first:.1f} s: {pair(all_of_it)} added, of them before it was asked {pair(before_it)}, "
        f"after it had begun {pair(after_it)}; {len(usual)} answers, {100 * share:.0f} % of a core"
    )


def times_of(model: str) -> dict[str, tuple[float, float]]:
    """When the model was asked and when it began, by the message's id."""
    with urlopen(f"{model}/times") as response:
        found: dict[str, tuple[float, float]] = json.load(response)
    return found


def pair(values: tuple[float, ...]) -> str:
    """A median and a 99th percentile in words."""
    return f"p50 {values[0]:.1f} p99 {values[1]:.1f} ms"


async def streams(postgres: str, seconds: float) -> str:
    """A thousand open streams in one process."""
    pace = Pace(first=1.5, every=0.25, pieces=max(40, int(4 * (seconds + 10))))
    async with scene(postgres, pace, listened(MANY)) as played:
        process, before, idle = played.process, played.process.cpu, played.process.resident
        await stall(played.bot)
        took = await played.driver.run([played.bot.port], 0.0, spread=8.0)
        worst, ran = await stall(played.bot)
        share, peak = (process.cpu - before) / took, process.peak
    middle, most, all_of_them = percentiles(played.gaps, 0.5, 0.99, 1.0)
    hasty = sum(gap < 0.95 for gap in played.gaps)
    return (
        f"{MANY:,} open streams in one process (bar: every stream within its pace, <= 400 MB, stall <= 100 ms)\n"
        f"  {opened(played.timings)} open at once; {len(played.gaps):,} steps, {middle:.0f} ms apart p50, {most:.0f} p99, "
        f"{all_of_them:.0f} at most, {hasty} sooner than 950 ms; {peak:.0f} MB at most ({idle:.0f} before); "
        f"longest stall {worst:.0f} ms ({ran:.0f} of them running); {100 * share:.0f} % of a core over {took:.0f} s"
    )


def opened(timings: Sequence[Timing]) -> int:
    """How many answers were under way at the same time at most: begun at the connector, and not ended."""
    changes = sorted([(one.first, 1) for one in timings] + [(one.done, -1) for one in timings])
    now = most = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most
