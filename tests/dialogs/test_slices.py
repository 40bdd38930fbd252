"""Long work in slices."""

import asyncio
from collections.abc import Iterator
from time import perf_counter

from dialogs.slices import SLICE, in_slices


def work(count: int, seen: list[str], name: str = "") -> Iterator[int]:
    """Items that take a slice and a little each."""
    for number in range(count):
        end = perf_counter() + 1.2 * SLICE
        while perf_counter() < end:
            pass
        seen.append(name)
        yield number


async def counted(turns: list[int]) -> None:
    while True:
        turns.append(1)
        await asyncio.sleep(0)


async def test_everything_is_made_in_its_order() -> None:
    assert await in_slices(iter(range(10_000)), asyncio.Lock()) == list(range(10_000))


async def test_the_loop_has_its_turn_between_slices() -> None:
    turns: list[int] = []
    other = asyncio.create_task(counted(turns))
    await in_slices(work(5, []), asyncio.Lock())
    other.cancel()
    assert len(turns) >= 5


async def test_those_who_share_a_turn_take_it_one_after_the_other() -> None:
    turn, seen = asyncio.Lock(), list[str]()
    await asyncio.gather(*(in_slices(work(3, seen, name), turn) for name in "ab"))
    assert "".join(seen) == "ababab"
