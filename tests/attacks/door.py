"""The front door under mutated activities and crooked requests.

The real application on the real server's protocol, without sockets: no 5xx, no hang, no word of the inside, no memory that
grows; and what is accepted can be read.
"""

import asyncio
import logging
import os
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from statistics import median

import orjson

from bot.store.rows import Arrival
from tests.attacks.connection import Connection, Server
from tests.attacks.indoors import SERVICE, House, token
from tests.attacks.mutations import mutated
from tests.attacks.report import Report
from tests.attacks.requests import Knock, crooked, usual
from tests.attacks.seeds import seeds
from tests.world.people import TENANT

SEED = 20261121
COUNT = 100_000
SOAK = 1_000_000
KEPT = 500
"""How many of the activities that were accepted are remembered."""
GROWTH = 0.15
"""How much more memory the end may take than a fifth of the way."""
MEASURED = 20
"""How often memory is looked at."""
NAME = "front door: mutated activities and requests"
EXPECTED = frozenset({200, 202, 400, 401, 403, 404, 405, 412, 413, 417})
WORDS = (b"Traceback", b'File "', b"aiohttp", b"Error:")
"""What no answer may hold."""


class Fell(Exception):
    """What went wrong with one mutation. The argument says how to make it again."""


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    seconds: float = 0.0
    """Of CPU."""
    slowest: float = 0.0
    left: int = 0
    """Tasks that still ran at the end."""

    @property
    def growth(self) -> float:
        """Of the memory, from a fifth of the way to the end: the median of three measurements, because one alone may meet a
        large body on its way."""
        fifth = len(self.memory) // 5
        return median(self.memory[-3:]) / median(self.memory[fifth - 1 : fifth + 2]) - 1


class Siege:
    """One run of mutations, which begins with the same ones every time."""

    def __init__(self, seed: int = SEED, first: int = 0) -> None:
        """`first` is the number of the first mutation."""
        self._seed = seed
        self._first = first
        self.kept: deque[Arrival] = deque(maxlen=KEPT)
        self._seeds = [orjson.dumps(one) for one in seeds()]
        self._token = token().encode()
        self._house = House()
        self.outcome = Outcome()

    async def run(self, count: int) -> Outcome:
        """So many mutations."""
        outcome, started, before = self.outcome, time.process_time(), len(asyncio.all_tasks())
        async with silent(), Server(self._house.application()) as server:
            connection = server.connect()
            for number in range(count):
                if number % max(1, count // MEASURED) == 0:
                    outcome.memory.append(resident())
                connection = await self._tried(server, connection, self._first + number)
            await connection.end()
        outcome.memory.append(resident())
        outcome.seconds = time.process_time() - started
        outcome.left = len(asyncio.all_tasks()) - before
        return outcome

    def knock(self, number: int) -> Knock:
        """The mutation of this number; the same whenever it is made."""
        chance = Random(self._seed * 10_000_019 + number)
        body = mutated(chance, chance.choice(self._seeds), chance.choice(self._seeds))
        return crooked(chance, body, self._token) if chance.random() < 0.2 else usual(body, self._token)

    async def _tried(self, server: Server, connection: Connection, number: int) -> Connection:
        knock, at = self.knock(number), time.perf_counter()
        try:
            heard = await self._sent(connection, knock)
            self._judge(heard, knock)
        except Exception as wrong:
            self.outcome.wrong.append(f"seed {self._seed}, number {number}: {type(wrong).__name__} {wrong}")
        self.outcome.slowest = max(self.outcome.slowest, time.perf_counter() - at)
        if knock.plain and connection.open:
            return connection
        return server.connect()

    async def _sent(self, connection: Connection, knock: Knock) -> bytes:
        """The answer. A request that is never finished ends with its connection."""
        heard = await connection.send(knock.wire)
        if knock.plain and connection.open:
            return heard
        return await connection.end() or heard

    def _judge(self, heard: bytes, knock: Knock) -> None:
        for status in statuses(heard):
            self.outcome.statuses[status] += 1
            if status not in EXPECTED:
                raise Fell(f"status {status}")
        if knock.plain and not heard:
            raise Fell("no answer")
        if any(word in heard for word in WORDS):
            raise Fell("an answer that says too much")
        if self._house.faults:
            fault = self._house.faults.pop()
            raise Fell(f"a fault of ours: {fault!r}") from fault
        arrival, self._house.shelf.last = self._house.shelf.last, None
        if arrival is not None:
            self._accepted(arrival)

    def _accepted(self, arrival: Arrival) -> None:
        """What was accepted came from where it may, and can be read."""
        incoming = self._house.read(arrival)
        if arrival.tenant != TENANT or not incoming.service_url.lower().startswith(SERVICE.rstrip("/")):
            raise Fell("accepted for somebody else")
        self.kept.append(replace(arrival, body=b"{}"))


@asynccontextmanager
async def silent() -> AsyncIterator[None]:
    """Without log lines, which whoever listens might keep; what they say is read in tests/attacks/silence.py."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def statuses(heard: bytes) -> list[int]:
    """Of all answers; a `100 Continue` is none."""
    lines = [line for line in heard.split(b"\r\n") if line.startswith((b"HTTP/1.1 ", b"HTTP/1.0 "))]
    return [status for status in (int(line[9:12]) for line in lines) if status != 100]


def resident() -> int:
    """Bytes of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def told(outcome: Outcome) -> str:
    """A line of figures."""
    answers = ", ".join(f"{status}: {count:,}" for status, count in sorted(outcome.statuses.items()))
    shown = [outcome.memory[len(outcome.memory) // 5], outcome.memory[len(outcome.memory) // 2], outcome.memory[-1]]
    memory = ", ".join(f"{size / 2**20:.1f}" for size in shown)
    return (
        f"front door: {outcome.seconds:.0f} s of CPU, slowest {outcome.slowest * 1000:.0f} ms; {answers}; "
        f"memory after a fifth, in the middle, at the end: {memory} MB (seed {SEED})"
    )


async def run(report: Report, count: int = COUNT) -> None:
    """The siege, as one attack of the report."""
    outcome = await Siege().run(count)
    report.count(NAME, count, len(outcome.wrong) + (outcome.growth > GROWTH) + bool(outcome.left))
    report.remark(told(outcome))
    for wrong in outcome.wrong[:20]:
        report.remark(wrong)


async def soak(report: Report) -> None:
    """The long form."""
    await run(report, SOAK)
