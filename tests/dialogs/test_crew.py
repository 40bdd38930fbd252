"""Calls at the same time: so many at once, and none left behind."""

import asyncio
from functools import partial

import pytest

from dialogs.crew import Crew
from dialogs.errors import Busy


async def test_results_are_in_the_order_the_calls_were_taken() -> None:
    async def call(rounds: int) -> int:
        for _ in range(rounds):
            await asyncio.sleep(0)
        return rounds

    async with Crew[int](2) as crew:
        for rounds in (5, 1, 3):
            crew.take(partial(call, rounds))
        done = [count async for count in crew.settled()]
    assert (crew.results, done[-1], crew.size) == ([5, 1, 3], 3, 3)


async def test_a_failure_stops_the_others() -> None:
    stopped = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()

    async def failing() -> None:
        await asyncio.sleep(0)
        raise Busy

    with pytest.raises(Busy):
        async with Crew[None](8) as crew:
            crew.take(endless)
            crew.take(failing)
            async for _ in crew.settled():
                pass
    assert stopped.is_set()
