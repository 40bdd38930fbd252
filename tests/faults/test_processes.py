"""A process that dies anywhere on the path of a message loses nothing and says nothing twice; one that ends gives all back."""

from contextlib import AsyncExitStack
from itertools import cycle

import pytest

from tests.faults.asks import echo, tally
from tests.faults.drains import drained
from tests.faults.gauge import Gauge, Need
from tests.faults.phases import KINDS, holds, struck
from tests.faults.points import POINTS
from tests.faults.town import started
from tests.world.world import World


@pytest.mark.slow
async def test_a_process_killed_at_any_point_of_the_path_loses_nothing_and_says_nothing_twice(database: str) -> None:
    async with World(answer=echo) as world:
        done = await struck(world, database, list(zip(POINTS, cycle(KINDS), strict=False)))
        found = {each.point.name: tally(world, [each.question]) for each in done}
    windows = {point.name: int(point.window) for point in POINTS}
    assert [each.point.name for each in done if not each.hit] == []
    assert {name: str(one) for name, one in found.items() if not holds(one, windows[name])} == {}


@pytest.mark.slow
async def test_a_process_told_to_end_gives_its_conversations_back_at_once(database: str) -> None:
    async with World(answer=echo) as world, AsyncExitStack() as stack:
        ending, _ = await started(world, database, 2, stack)
        drain, asked = await drained(world, ending, 1)
        found = tally(world, asked)
    assert (drain.held, found.lost, found.twice, found.standing) == (True, (), (), 0)


def test_memory_that_grows_is_not_flat() -> None:
    gauge = Gauge(0, [Need(100 + minute, 10, 20) for minute in range(60)])
    assert not gauge.trend.flat


def test_a_need_that_goes_up_and_down_is_flat() -> None:
    gauge = Gauge(0, [Need(100 + minute % 7, 10 + minute % 5, 20 + minute % 5) for minute in range(60)])
    assert gauge.trend.flat
