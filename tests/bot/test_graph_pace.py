"""The rates that Graph publishes, on a clock that only waiting moves."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.graph.pace import HOME, TEAM, TENANT, Pace, Rate, Road


@dataclass
class Clock:
    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock, clock.pause)


async def many(pace: Pace, count: int, *road: tuple[Rate, str]) -> None:
    for _ in range(count):
        await pace.admit(road)


async def test_a_minutes_worth_of_a_channel_does_not_wait(pace: Pace, clock: Clock) -> None:
    await many(pace, 60, (HOME, "channel"))
    assert clock.waits == []


@pytest.mark.parametrize(("rate", "each"), [(HOME, 1.0), (TEAM, 0.25), (TENANT, 0.05)])
async def test_what_goes_beyond_the_burst_comes_at_the_published_rate(
    pace: Pace, clock: Clock, rate: Rate, each: float
) -> None:
    await many(pace, int(rate.at_once) + 10, (rate, "x"))
    assert clock.waits == [pytest.approx(each)] * 10


async def test_an_hour_of_asking_keeps_to_the_average(pace: Pace, clock: Clock) -> None:
    await many(pace, 3_660, (HOME, "channel"))
    assert clock.now == pytest.approx(3_600)


async def test_the_slowest_of_its_rates_decides(pace: Pace, clock: Clock) -> None:
    road: Road = ((TENANT, "t"), (TEAM, "team"), (HOME, "channel"))
    await many(pace, 100, *road)
    assert clock.now == pytest.approx(40)


async def test_places_do_not_wait_for_each_other(pace: Pace, clock: Clock) -> None:
    await many(pace, 60, (HOME, "one"))
    await many(pace, 60, (HOME, "other"))
    assert clock.waits == []


async def test_a_bucket_fills_again_and_never_overflows(pace: Pace, clock: Clock) -> None:
    await many(pace, 60, (HOME, "channel"))
    clock.now += 3_600
    await many(pace, 61, (HOME, "channel"))
    assert clock.waits == [1.0]


async def test_a_refusal_empties_the_buckets(pace: Pace, clock: Clock) -> None:
    pace.refused(((TENANT, "t"), (HOME, "channel")))
    await many(pace, 1, (TENANT, "t"), (HOME, "channel"))
    assert clock.waits == [1.0]


async def test_those_who_wait_together_come_one_after_the_other() -> None:
    waits: list[float] = []

    async def note(seconds: float) -> None:
        waits.append(seconds)

    pace = Pace(lambda: 0.0, note)
    await asyncio.gather(*(pace.admit([(HOME, "channel")]) for _ in range(63)))
    assert waits == [1.0, 2.0, 3.0]


async def test_who_gives_up_waiting_takes_nothing(clock: Clock) -> None:
    gone = asyncio.Event()

    async def wait(seconds: float) -> None:
        gone.set()
        await asyncio.Event().wait()

    pace = Pace(clock, wait)
    await many(pace, 60, (HOME, "channel"))
    waiting = asyncio.create_task(pace.admit([(HOME, "channel")]))
    await gone.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    clock.now += 1
    await asyncio.wait_for(pace.admit([(HOME, "channel")]), 1)


async def test_buckets_that_are_full_again_are_forgotten(pace: Pace, clock: Clock) -> None:
    await many(pace, 3, (HOME, "busy"))
    for number in range(3_000):
        clock.now += 0.001
        await pace.admit([(TEAM, str(number))])
    assert len(pace._buckets) < 1_300
