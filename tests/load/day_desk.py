"""One process of the simulated day: real verbs of the real store, a model that answers at once, and `kill -9`."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from time import perf_counter
from typing import Any

from bot.audit import Action, Entry, Outcome
from bot.store.away import Address
from bot.store.people import People
from bot.store.pool import Pool
from bot.store.purses import Purses
from bot.store.recall import Recall
from bot.store.rows import Accepted, Arrival, Claim, LeaseLost, Limits, Record, StoreAway
from bot.store.store import Store
from dialogs.errors import AssistantError
from dialogs.talk import Message, Usage
from tests.bot.store.stores import SEALED
from tests.load.day_company import TENANT, Kind, Said

LEASE = timedelta(seconds=2)
"""Leases run by the database's clock, which is real: after a kill it takes two real seconds until others take over."""
LIMITS = Limits(person=200_000, company=10**12, requests=0)
KEEP = timedelta(days=30)
TOKENS = {Kind.QUESTION: (2_200, 350), Kind.SUMMARY: (12_000, 800), Kind.DIGEST: (12_000, 800)}
"""Read and written by a turn."""
REPLY = 4_000
"""Tokens that are set aside beyond what is read."""
BODY = b'{"type":"message","channelData":"' + b"x" * 900 + b'","text":"' + b"What is new with the launch? " * 6 + b'"}'
ANSWER = "It was moved to Friday, as Bruno wrote. " * 30


@dataclass(slots=True)
class Town:
    """What people see and what the clock says, for all processes: by ask, the ids of the messages that hold its answer."""

    now: datetime
    asks: Mapping[str, Said]
    broken: list[BaseException] = field(default_factory=list)
    accepted: set[str] = field(default_factory=set)
    answered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unsigned: set[str] = field(default_factory=set)
    waiting: list[Said] = field(default_factory=list)
    faults: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    millis: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    numbers: "count[int]" = field(default_factory=count)
    _writing: set["asyncio.Future[None]"] = field(default_factory=set)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Around what leaves an audit row of this minute."""
        written = asyncio.get_running_loop().create_future()
        self._writing.add(written)
        try:
            yield
        finally:
            self._writing.discard(written)
            written.set_result(None)

    async def written(self) -> None:
        """Wait for the audit rows that are on their way."""
        while self._writing:
            await asyncio.wait({*self._writing})

    @asynccontextmanager
    async def timed(self, verb: str) -> AsyncIterator[None]:
        """Notes how long a verb took."""
        began = perf_counter()
        yield
        self.millis[verb].append((perf_counter() - began) * 1000)


class Desk:
    """A process with connections of its own. What it has in hand when it is killed, it never says another word about."""

    def __init__(self, conninfo: str, name: str, town: Town) -> None:
        self._town = town
        self._pool = Pool(Address(conninfo))
        now: Callable[[], datetime] = lambda: town.now  # noqa: E731
        self._store = Store(self._pool, name, SEALED, lease=LEASE, now=now)
        self._recall = Recall(self._pool, SEALED, People(self._pool))
        self._purses = Purses(self._pool)
        self._tasks: set[asyncio.Task[None]] = set()
        self._serving: dict[str, Claim] = {}

    async def deliver(self, said: Said) -> bool:
        """Teams brings a message; twice where nobody said in time that it was accepted. False: it must be brought elsewhere."""
        task = self._run(self._deliver(said))
        await asyncio.wait([task])
        return not task.cancelled() and task.exception() is None

    async def _deliver(self, said: Said) -> None:
        for _ in range(2 if said.again else 1):
            arrival = Arrival(TENANT, said.place, said.activity, BODY, self._town.now, None, said.person)
            async with self._town.timed("accept"):
                accepted = await self._store.accept(arrival, lease=not said.left, queue=10)
            self._town.counts["redelivered"] += not accepted.new
            self._begin(said, accepted)

    async def plan(self, said: Said, due: datetime) -> None:
        """A digest that is told at its time."""
        body = Arrival(TENANT, said.place, said.activity, BODY, self._town.now, due, said.person)
        self._begin(said, await self._store.accept(body))

    async def claim(self) -> int:
        """Takes over what is due or was left behind; how many lanes."""
        async with self._town.timed("claim"):
            claims = await self._store.claim(100)
        for claim in claims:
            self._run(self._lane(claim))
        self._town.counts["claimed"] += len(claims)
        return len(claims)

    async def resume(self, person: str) -> None:
        """Somebody has signed in."""
        async with self._town.timed("resume"):
            await self._store.resume(TENANT, person)

    async def beat(self) -> None:
        """Extends the leases of all that is under way."""
        async with self._town.timed("beat"):
            await self._store.beat(tuple(self._serving.values()))

    async def settled(self) -> None:
        """Wait until nothing is under way here."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def killed(self) -> None:
        """kill -9: wherever it stands, and its connections with it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._pool.close()

    def _begin(self, said: Said, accepted: Accepted) -> None:
        self._town.accepted.add(said.activity)
        if accepted.claim is not None:
            self._run(self._lane(accepted.claim))

    def _run(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        fault = None if task.cancelled() else task.exception()
        if fault is not None and not isinstance(fault, StoreAway):
            self._town.broken.append(fault)

    async def _lane(self, claim: Claim) -> None:
        """Works through a lane until it is empty, or another's."""
        following: Claim | None = claim
        with suppress(LeaseLost, StoreAway):
            while following is not None:
                self._serving[claim.conversation] = following
                following = await self._turn(following)
        self._serving.pop(claim.conversation, None)

    async def _turn(self, claim: Claim) -> Claim | None:
        """One life of an ask, phase by phase, as the real turn goes."""
        said, town = self._town.asks[claim.activity], self._town
        async with town.timed("recall"):
            recalled = await self._recall.of(claim, said.person, said.place if said.place.startswith("a:") else "")
        if said.unsigned and said.person not in town.unsigned:
            return await self._parked(claim, said)
        if said.failing and said.activity not in town.faults:
            town.faults.add(said.activity)
            async with town.timed("postpone"):
                await self._store.postpone(claim, town.now + timedelta(seconds=1), counted=True)
            return None
        message = claim.placeholder or f"m{next(town.numbers)}"
        if claim.placeholder is None:
            async with town.timed("placed"):
                await self._store.placed(claim, message)
        if not await self._reserved(claim, said):
            town.counts["refused"] += 1
            return await self._closed(claim, said, message, Record(town.now, Outcome.REFUSED, person=said.person))
        town.counts["lines"] += len(recalled.lines)
        async with town.timed("answered"):
            await self._store.answered(claim, ANSWER.encode())
        return await self._closed(claim, said, message, record(said, town.now))

    async def _closed(self, claim: Claim, said: Said, message: str, left: Record) -> Claim | None:
        self._town.answered[said.activity].add(message)
        async with self._town.writing():
            async with self._town.timed("shown"):
                await self._store.shown(claim, 1)
            async with self._town.timed("finish"):
                return await self._store.finish(claim, left)

    async def _parked(self, claim: Claim, said: Said) -> Claim | None:
        self._town.waiting.append(said)
        async with self._town.writing(), self._town.timed("park"):
            record = Record(self._town.now, Outcome.OK, person=said.person)
            return await self._store.park(claim, self._town.now + timedelta(minutes=15), record)

    async def _reserved(self, claim: Claim, said: Said) -> bool:
        read, _ = TOKENS[said.kind]
        try:
            async with self._town.timed("reserve"):
                await self._purses.reserve(claim, read + REPLY, LIMITS, self._town.now, anew=True)
        except AssistantError:
            return False
        return True


def record(said: Said, now: datetime) -> Record:
    """What a turn leaves behind."""
    read, written = TOKENS[said.kind]
    lines = (Message("user", "What is new with the launch? " * 6), Message("assistant", ANSWER))
    action = Action.ANSWER if said.kind is Kind.QUESTION else Action.SUMMARY
    place = "personal" if said.place.startswith("a:") else "groupChat"
    where = "" if place == "personal" else "0" * 32
    entry = Entry(now, TENANT, said.person, place, where, action, Outcome.OK, "small", read, written, 0, 1_200)
    usage = (Usage("small", read, written),)
    return Record(now, Outcome.OK, lines, False, said.person, usage, entry, now + KEEP)
