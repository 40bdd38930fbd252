"""The loop against lanes in memory; the real ones have their own tests with several owners."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import pytest

from bot.limits import TURNS
from bot.store.rows import Accepted, Arrival, Claim, LeaseLost, StoreAway
from bot.worker import Stop, Worker
from tests.bot.turns import CLAIM, NOW, claim

ARRIVAL = Arrival("tenant", "19:chat@thread.v2", "1", b"{}", NOW)
STOP = Arrival("tenant", "19:chat@thread.v2", "stop", b"{}", NOW, person="anna")


@dataclass(slots=True)
class Lanes:
    """Hands out what it is given and keeps what it was asked."""

    accepts: Accepted = field(default_factory=lambda: Accepted(True, CLAIM))
    left: list[Claim] = field(default_factory=list)
    leases: list[bool] = field(default_factory=list)
    beats: list[Sequence[Claim]] = field(default_factory=list)
    released: bool = False
    away: bool = False
    beatless: bool = False
    stops: list[str] = field(default_factory=list)
    """The activities that a word of its person stops."""
    stopped: list[str] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    async def accept(self, arrival: Arrival, *, lease: bool = True, queue: int | None = None) -> Accepted:
        if self.away:
            raise StoreAway
        self.leases.append(lease)
        return self.accepts if lease else Accepted(True)

    async def claim(self, limit: int) -> list[Claim]:
        if self.away:
            raise StoreAway
        left, self.left = self.left, []
        return left

    async def beat(self, claims: Sequence[Claim]) -> Sequence[Claim]:
        if self.beatless:
            raise StoreAway
        self.beats.append(claims)
        return [one for one in claims if one.activity in self.stopped]

    async def stop(self, arrival: Arrival) -> bool:
        if self.away:
            raise StoreAway
        self.stopped += self.stops
        return bool(self.stops)

    async def release(self) -> None:
        self.released = True

    async def signals(self) -> AsyncIterator[None]:
        while True:
            await self.bell.wait()
            self.bell.clear()
            yield


@dataclass(slots=True)
class Served:
    """Serves claims: keeps them, fails with what is in `faults`, hands back what is in `next`."""

    claims: list[Claim] = field(default_factory=list)
    next: list[Claim] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    hold: asyncio.Event | None = None
    seen: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, current: Claim, stop: Stop) -> Claim | None:
        self.claims.append(current)
        self.stops.append(stop)
        self.seen.set()
        if self.hold is not None:
            await self.hold.wait()
        if self.faults:
            raise self.faults.pop()
        return self.next.pop(0) if self.next else None


def build(lanes: Lanes, served: Served, reports: list[BaseException] | None = None) -> Worker:
    return Worker(lanes, served, (reports if reports is not None else []).append)


async def a_moment() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def nodding(lanes: Lanes, served: Served, nods: list[Arrival]) -> Worker:
    reports: list[BaseException] = []
    return Worker(lanes, served, reports.append, nod=nods.append, moment=0)


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


# stopping


async def serving(lanes: Lanes, served: Served) -> Worker:
    """A worker with one turn under way."""
    worker = build(lanes, served)
    await worker.accept(ARRIVAL)
    await asyncio.wait_for(served.seen.wait(), 2)
    return worker


async def test_a_turn_of_this_process_is_stopped_at_once() -> None:
    lanes, served = Lanes(stops=[CLAIM.activity]), Served(hold=asyncio.Event())
    worker = await serving(lanes, served)
    await worker.stop(STOP)
    assert served.stops[0].done()


async def test_what_stops_something_is_not_accepted_as_an_ask() -> None:
    lanes, served = Lanes(stops=[CLAIM.activity]), Served(hold=asyncio.Event())
    worker = await serving(lanes, served)
    await worker.stop(STOP)
    assert lanes.leases == [True] and served.claims == [CLAIM]


async def test_where_nothing_is_under_way_the_word_is_an_ask() -> None:
    served = Served()
    worker = build(Lanes(), served)
    await worker.stop(STOP)
    await worker.drain()
    assert served.claims == [CLAIM]


async def test_another_turn_goes_on() -> None:
    lanes, served = Lanes(stops=["another"]), Served(hold=asyncio.Event())
    worker = await serving(lanes, served)
    await worker.stop(STOP)
    assert not served.stops[0].done()


async def test_a_turn_that_another_process_was_told_to_stop_ends_with_the_bell() -> None:
    lanes, served = Lanes(), Served(hold=asyncio.Event())
    worker = await serving(lanes, served)
    running = asyncio.create_task(worker.run())
    lanes.stopped.append(CLAIM.activity)
    lanes.bell.set()
    await asyncio.wait_for(served.stops[0], 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_stop_is_not_passed_on_to_the_lanes_next_ask() -> None:
    lanes = Lanes(stops=[CLAIM.activity])
    served = Served(hold=asyncio.Event(), next=[claim(activity="2")])
    worker = await serving(lanes, served)
    await worker.stop(STOP)
    assert served.hold is not None
    served.hold.set()
    await asyncio.wait_for(worker_idle(worker), 2)
    assert [stop.done() for stop in served.stops] == [True, False]


async def test_a_stop_that_is_kept_is_kept_whatever_follows() -> None:
    lanes, served = Lanes(stops=[CLAIM.activity]), Served(hold=asyncio.Event())
    worker = await serving(lanes, served)
    lanes.beatless = True
    await worker.stop(STOP)
    assert lanes.stopped == [CLAIM.activity]


async def test_a_stop_that_cannot_be_kept_is_refused() -> None:
    with pytest.raises(StoreAway):
        await build(Lanes(away=True), Served()).stop(STOP)


# nods


BEFORE = claim(activity="0")


@pytest.mark.parametrize("accepted", [Accepted(True), Accepted(True, BEFORE)], ids=["a lane of others", "an older ask"])
async def test_what_waits_behind_something_is_nodded_at(accepted: Accepted) -> None:
    nods: list[Arrival] = []
    await nodding(Lanes(accepts=accepted), Served(), nods).accept(ARRIVAL)
    await a_moment()
    assert nods == [ARRIVAL]


async def test_what_a_full_process_keeps_is_nodded_at() -> None:
    nods: list[Arrival] = []
    served = Served(hold=asyncio.Event())
    worker = nodding(Lanes(), served, nods)
    for _ in range(TURNS):
        await worker.accept(ARRIVAL)
    late = replace(ARRIVAL, activity="late")
    await worker.accept(late)
    await a_moment()
    assert nods == [late]
    assert served.hold is not None
    served.hold.set()
    await worker.drain()


async def test_whose_turn_comes_within_a_moment_sees_its_first_message_and_no_nod() -> None:
    nods: list[Arrival] = []
    lanes, reports = Lanes(accepts=Accepted(True)), list[BaseException]()
    worker = Worker(lanes, Served(), reports.append, nod=nods.append, moment=0.5)
    await worker.accept(ARRIVAL)
    lanes.left = [CLAIM]
    running = asyncio.create_task(worker.run())
    await asyncio.wait([running], timeout=0.7)
    running.cancel()
    assert nods == [] and reports == []


async def test_what_is_begun_with_at_once_shows_a_sign_of_its_own() -> None:
    nods: list[Arrival] = []
    await nodding(Lanes(), Served(), nods).accept(ARRIVAL)
    await a_moment()
    assert nods == []


@pytest.mark.parametrize("accepted", [Accepted(False), Accepted(False, BEFORE)])
async def test_what_is_delivered_again_is_not_nodded_at_again(accepted: Accepted) -> None:
    nods: list[Arrival] = []
    await nodding(Lanes(accepts=accepted), Served(), nods).accept(ARRIVAL)
    await a_moment()
    assert nods == []


async def test_nobody_waits_for_what_is_due_later() -> None:
    nods: list[Arrival] = []
    await nodding(Lanes(accepts=Accepted(True)), Served(), nods).accept(replace(ARRIVAL, due=NOW))
    await a_moment()
    assert nods == []


async def test_who_drains_leaves_the_nod_to_who_takes_the_lane() -> None:
    nods: list[Arrival] = []
    worker = nodding(Lanes(), Served(), nods)
    await worker.drain()
    await worker.accept(ARRIVAL)
    await a_moment()
    assert nods == []


async def test_a_word_that_stopped_something_is_not_nodded_at() -> None:
    nods: list[Arrival] = []
    await nodding(Lanes(accepts=Accepted(True), stops=[CLAIM.activity]), Served(), nods).stop(STOP)
    await a_moment()
    assert nods == []


async def test_what_was_not_kept_is_not_nodded_at() -> None:
    nods: list[Arrival] = []
    with pytest.raises(StoreAway):
        await nodding(Lanes(away=True), Served(), nods).accept(ARRIVAL)
    await a_moment()
    assert nods == []


async def worker_idle(worker: Worker) -> None:
    while worker.busy:
        await asyncio.sleep(0)


async def run_until(worker: Worker, event: asyncio.Event) -> None:
    running = asyncio.create_task(worker.run())
    await asyncio.wait_for(event.wait(), 2)
    await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
