"""24 hours of a company of 100,000, faster than real time, against the real store: `python -m tests.load.day [--share 0.03]`.

A sample of the people is played in full, every message of theirs through the real verbs and statements; the whole is that by the
share. Three processes are killed once each. What the store takes as a clock is the simulated one. Two clocks are the
database's own (`now()`): leases and the pauses of a fault, which therefore last for real, and the time at which an ask is due,
which is moved when its simulated time has come. Audit rows go by the database's clock alone, so none expires here.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter

from bot.store.away import Address
from bot.store.pool import Pool
from bot.upkeep import settle_memory
from tests.load import day_company
from tests.load.day_books import Books, Table
from tests.load.day_company import Kind, Said
from tests.load.day_curve import DAY
from tests.load.day_desk import Desk, Town
from tests.world.database import fresh, serving

PEOPLE, SHARE, SEED = 100_000, 0.03, 8
DESKS, ABREAST = 3, 48
"""Processes, and messages under way at once: there are always some, as if the peak never ended."""
CHORES_SECONDS = 600
"""Of simulated time between two looks for what is due or was left behind."""
SIGN_IN_SECONDS = 60
KILLS = (9.6, 14.05, 16.5)
"""Hours UTC at which a process is killed, the second within the burst after the all-hands."""
ERASED = 0.0005
"""Of all who asked, who are forgotten in the evening."""
DURABLE = ("fsync=on", "max_connections=100")
LAST_SECONDS = 120
"""Of real time, until everything must have been answered after the last message."""


class Day:
    """The day as it is played: its processes, what people see, and the books."""

    def __init__(self, conninfo: str, pool: Pool, start: datetime, asked: Sequence[Said]) -> None:
        self.town = Town(start, {said.activity: said for said in asked})
        self._asked = asked
        self.books = Books(conninfo, pool)
        self.forgotten: set[str] = set()
        self._conninfo, self._start = conninfo, start
        self._names = count()
        self._desks = [self._desk() for _ in range(DESKS)]
        self._under_way: set[asyncio.Task[None]] = set()
        self._signed: list[tuple[float, str]] = []
        self._kills = [hour * 3_600 for hour in KILLS]
        self._chores = 0

    async def play(self) -> None:
        """Everything in the order of time, as fast as it goes."""
        for said in self._asked:
            if said.kind is Kind.DIGEST:
                await self._desks[0].plan(said, self._start + timedelta(seconds=said.at))
        for number, said in enumerate(each for each in self._asked if each.kind is not Kind.DIGEST):
            await self._until(said.at)
            await self._room()
            task = asyncio.create_task(self._bring(said, number))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            await asyncio.sleep(0)  # so that it is under way when somebody is killed
        await self._end()

    async def forget(self, random: Random) -> int:
        """Some of those who asked are forgotten, with all that is theirs; how many rows it were."""
        known = sorted({said.person for said in self._asked if said.activity in self.town.answered})
        self.forgotten = {*random.sample(known, max(1, int(len(known) * ERASED)))}
        return sum([await self.books.forget(person, self.town.now) for person in sorted(self.forgotten)])

    async def _bring(self, said: Said, number: int) -> None:
        """As Teams does: to another process where one does not say that it was accepted."""
        while not await self._desks[number % DESKS].deliver(said):
            self.town.counts["brought again"] += 1
            number += 1

    def _desk(self) -> Desk:
        return Desk(self._conninfo, f"process {next(self._names)}", self.town)

    async def _room(self) -> None:
        while len(self._under_way) >= ABREAST:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _until(self, at: float) -> None:
        """What time brings besides messages, in steps of ten minutes also where nobody asks.

        It waits for the audit rows that are on their way: a statement that hangs for 50 ms lasts an hour here, and of a row that
        is sealed an hour after its time the verifier says, as it should, that somebody put it in.
        """
        while at >= self._chores + CHORES_SECONDS:
            await self.town.written()
            self._chores += CHORES_SECONDS
            self.town.now = self._start + timedelta(seconds=self._chores)
            await self._look(self._chores)
            await self.books.seal(self.town.now)
            if not self._chores % 3_600:
                await self.books.hourly(self.town.now)
        self.town.now = self._start + timedelta(seconds=at)
        if self._kills and at >= self._kills[0]:
            await self._kill()

    async def _kill(self) -> None:
        self._kills.pop(0)
        number = len(self._kills) % DESKS
        await self._desks[number].killed()
        self.town.counts["killed"] += 1
        self._desks[number] = self._desk()

    async def _look(self, at: float) -> int:
        """What is due and what was left behind, and who has signed in by now."""
        while self.town.waiting:
            self._signed.append((at + SIGN_IN_SECONDS, self.town.waiting.pop().person))
        for when, person in [each for each in self._signed if each[0] <= at]:
            self._signed.remove((when, person))
            self.town.unsigned.add(person)
            await self._desks[0].resume(person)
        await self.books.ripen(self.town.now)
        for desk in self._desks:
            await desk.beat()
        return sum([await desk.claim() for desk in self._desks])

    async def _end(self) -> None:
        """The rest of the day, until every ask is closed."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self._until(DAY)
        async with asyncio.timeout(LAST_SECONDS):
            while await self.books.open():
                await self._until(self._chores + CHORES_SECONDS)
                for desk in self._desks:
                    await desk.settled()
                await asyncio.sleep(0.1)
        await self.books.seal(self.town.now)
        await self.books.hourly(self.town.now)
        for desk in self._desks:
            await desk.killed()
        for fault in self.town.broken:
            raise fault


def busiest(name: str, asked: Sequence[Said], mean: float) -> str:
    """The minute in which most is asked, beside the mean minute of a usual day."""
    minute, most = max(Counter(int(said.at // 60) for said in asked).items(), key=lambda each: each[1])
    times = most / mean
    return f"{name}: {len(asked):,}, busiest minute {minute // 60:02d}:{minute % 60:02d} UTC with {most:,}, {times:.1f} x the mean"


def whole(seed: int) -> list[str]:
    """What the whole company asks, worked out and not played."""
    random = Random(seed)
    asked = day_company.day(day_company.people(PEOPLE, random), random)
    digests = [said for said in asked if said.kind is Kind.DIGEST]
    burst = [said for said in asked if day_company.in_burst(said)]
    usual = [said for said in asked if said.kind is not Kind.DIGEST and not day_company.in_burst(said)]
    parts = (("a usual day", usual), ("after the all-hands", burst), ("digests at nine", digests))
    return [busiest(name, said, len(usual) / DAY * 60) for name, said in parts]


def told(day: Day, asked: Sequence[Said], took: float, share: float, rows: int) -> list[str]:
    """What the day came to, in lines."""
    town = day.town
    lost = [activity for activity in town.accepted if not town.answered.get(activity)]
    twice = [activity for activity, messages in town.answered.items() if len(messages) > 1]
    counts = town.counts
    return [
        f"messages: {len(asked):,}, {sum(each.kind is Kind.DIGEST for each in asked):,} of them digests; "
        f"x {1 / share:.0f} = {len(asked) / share:,.0f} a day",
        f"played in {took:.0f} s: {len(asked) / took:.0f} messages/s, {DAY / took:,.0f} x faster than real time",
        f"redelivered {counts['redelivered']}, brought again {counts['brought again']}, claimed {counts['claimed']}, refused for want of budget {counts['refused']}, "
        f"processes killed {counts['killed']}, swept {day.books.swept:,}, sealed {day.books.sealed:,}, "
        f"forgotten {len(day.forgotten)} people with {rows} rows",
        f"lost {len(lost)}, answered twice {len(twice)}",
    ]


def verbs(day: Day) -> list[str]:
    """The latency of each verb."""
    lines = []
    for name, millis in sorted(day.town.millis.items()):
        millis.sort()
        p50, p99 = millis[len(millis) // 2], millis[len(millis) * 99 // 100]
        lines.append(f"{name:>10}: {len(millis):>7,}   p50 {p50:6.1f} ms   p99 {p99:7.1f} ms")
    return lines


def sizes(tables: Sequence[Table], turns: int) -> list[str]:
    """Rows and bytes of each table."""
    return [
        f"{each.name:>12}: {each.rows:>9,} rows   {each.size / 1e6:8.1f} MB   {each.packed:6.0f} bytes a row packed   "
        f"{each.rows * each.packed / turns:6.0f} a turn"
        for each in tables
    ]


async def run(conninfo: str, share: float, seed: int) -> list[str]:
    """The day, in lines."""
    random = Random(seed)
    everybody = day_company.people(int(PEOPLE * share), random)
    asked = day_company.day(everybody, random)
    start = _monday(datetime.now(UTC))
    async with Pool(Address(conninfo)) as pool:
        day = Day(conninfo, pool, start, asked)
        await day.books.former(2 * len(asked), len(everybody), start)
        settle_memory()
        began = perf_counter()
        await day.play()
        took = perf_counter() - began
        tables = await day.books.tables()
        rows = await day.forget(random)
        await day.books.seal(day.town.now)
        sound = await day.books.sound()
        lines = told(day, asked, took, share, rows)
    return [*lines, sound, *verbs(day), *sizes(tables, len(asked))]


def _monday(now: datetime) -> datetime:
    """A Monday that is still to come, so that nothing is due by the database's clock before its simulated time."""
    return (now + timedelta(days=14 - now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def main() -> None:
    """Play the day on a server of its own and print."""
    parser = argparse.ArgumentParser(description="A day of a company of 100,000 against the real store.")
    parser.add_argument("--share", type=float, default=SHARE, help="of the people who are played, in full")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    print(f"{PEOPLE:,} people:", *whole(given.seed), sep="\n")
    print(f"of them {PEOPLE * given.share:,.0f} are played; seed {given.seed}")
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving(Path(home), DURABLE) as postgres,
        fresh(postgres) as database,
    ):
        print(*asyncio.run(run(database, given.share, given.seed)), sep="\n")


if __name__ == "__main__":
    main()
