"""The loop against lanes in memory; the real ones have their own tests with several owners."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from bot.store.rows import Accepted, Arrival, Claim, LeaseLost, StoreAway
from bot.worker import Worker
from tests.bot.turns import CLAIM, NOW, claim

ARRIVAL = Arrival("tenant", "19:chat@thread.v2", "1", b"{}", NOW)


@dataclass(slots=True)
class Lanes:
    """Hands out what it is given and keeps what it was asked."""

    accepts: Accepted = field(default_factory=lambda: Accepted(True, CLAIM))
    left: list[Claim] = field(default_factory=list)
    leases: list[bool] = field(default_factory=list)
    beats: list[Sequence[Claim]] = field(default_factory=list)
    released: bool = False
    away: bool = False

    async def accept(self, arrival: Arrival, *, lease: bool = True) -> Accepted:
        if self.away:
            raise StoreAway
        self.leases.append(lease)
        return self.accepts if lease else Accepted(True)

    async def claim(self, limit: int) -> list[Claim]:
        if self.away:
            raise StoreAway
        left, self.left = self.left, []
        return left

    async def beat(self, claims: Sequence[Claim]) -> None:
        self.beats.append(claims)

    async def release(self) -> None:
        self.released = True

    async def signals(self) -> AsyncIterator[None]:
        while True:
            await asyncio.Event().wait()
            yield


@dataclass(slots=True)
class Served:
    """Serves claims: keeps them, fails with what is in `faults`, hands back what is in `next`."""

    claims: list[Claim] = field(default_factory=list)
    next: list[Claim] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    hold: asyncio.Event | None = None
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, current: Claim) -> Claim | None:
        self.claims.append(current)
        self.seen.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.faults:
            raise self.faults.pop()
        return self.next.pop(0) if self.next else None


def build(lanes: Lanes, served: Served, reports: list[BaseException] | None = None) -> Worker:
    return Worker(lanes, served, (reports if reports is not None else []).append)


async def test_what_is_accepted_is_served_at_once() -> None:
    served = Served()
    worker = build(Lanes(), served)
    await worker.accept(ARRIVAL)
    await worker.drain()
    assert served.claims == [CLAIM]


async def test_a_lane_is_served_until_it_is_empty() -> None:
    second = claim(activity="2")
    served = Served(next=[second])
    worker = build(Lanes(), served)
    await worker.accept(ARRIVAL)
    await asyncio.wait_for(worker_idle(worker), 2)
    assert served.claims == [CLAIM, second]


async def test_a_busy_lane_is_left_to_who_has_it() -> None:
    served = Served()
    worker = build(Lanes(accepts=Accepted(True)), served)
    await worker.accept(ARRIVAL)
    await worker.drain()
    assert served.claims == []


async def test_what_another_process_left_behind_is_taken_over() -> None:
    served = Served()
    worker = build(Lanes(left=[CLAIM]), served)
    await run_until(worker, served.seen)
    assert served.claims == [CLAIM]


async def test_the_leases_of_what_is_under_way_are_extended() -> None:
    lanes, served = Lanes(), Served(hold=asyncio.Event())
    worker = build(lanes, served)
    await worker.accept(ARRIVAL)
    await run_until(worker, served.seen)
    assert lanes.beats[0] == (CLAIM,)
    assert served.hold is not None
    served.hold.set()


@pytest.mark.parametrize("fault", [LeaseLost(), StoreAway(), ValueError()])
async def test_a_lane_that_fails_takes_nothing_else_along(fault: Exception) -> None:
    reports: list[BaseException] = []
    served = Served(faults=[fault])
    worker = build(Lanes(), served, reports)
    await worker.accept(ARRIVAL)
    await worker.accept(ARRIVAL)
    await worker.drain()
    assert reports == [fault] and len(served.claims) == 2


async def test_a_database_that_is_away_refuses_the_activity() -> None:
    with pytest.raises(StoreAway):
        await build(Lanes(away=True), Served()).accept(ARRIVAL)


async def test_who_drains_keeps_activities_for_the_others() -> None:
    lanes, served = Lanes(), Served()
    worker = build(lanes, served)
    await worker.drain()
    await worker.accept(ARRIVAL)
    assert lanes.leases == [False] and served.claims == []


async def test_draining_ends_with_the_lanes_given_up() -> None:
    lanes = Lanes()
    await build(lanes, Served()).drain()
    assert lanes.released


async def test_draining_waits_for_the_turn_under_way_and_begins_no_other() -> None:
    served = Served(hold=asyncio.Event(), next=[claim(activity="2")])
    worker = build(Lanes(), served)
    await worker.accept(ARRIVAL)
    await served.seen.wait()
    draining = asyncio.create_task(worker.drain())
    await asyncio.sleep(0)
    assert served.hold is not None
    served.hold.set()
    await draining
    assert served.claims == [CLAIM]


async def worker_idle(worker: Worker) -> None:
    while worker.busy:
        await asyncio.sleep(0)


async def run_until(worker: Worker, event: asyncio.Event) -> None:
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(event.wait(), 2)
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
