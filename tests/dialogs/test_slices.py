"""Long work in slices."""

import asyncio
from collections.abc import Iterator
from time import perf_counter

import pytest

from dialogs.slices import SLICE, Ration, Turnstile, in_slices


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
    assert await in_slices(iter(range(10_000)), Ration()) == list(range(10_000))


async def test_the_loop_has_its_turn_between_slices() -> None:
    turns: list[int] = []
    other = asyncio.create_task(counted(turns))
    await in_slices(work(5, []), Ration())
    other.cancel()
    assert len(turns) >= 5


async def test_those_who_share_a_ration_work_one_after_the_other() -> None:
    ration, seen = Ration(), list[str]()
    await asyncio.gather(*(in_slices(work(3, seen, name), ration) for name in "ab"))
    assert "".join(seen) == "ababab"


async def test_all_short_work_is_done_in_one_turn_of_the_loop() -> None:
    ration, turns = Ration(seconds=60), list[int]()
    other = asyncio.create_task(counted(turns))
    await asyncio.gather(*(in_slices(iter(range(10)), ration) for _ in range(50)))
    other.cancel()
    assert len(turns) <= 3


async def test_what_is_used_up_is_there_again_in_the_next_turn_of_the_loop() -> None:
    ration, turns = Ration(), list[int]()
    other = asyncio.create_task(counted(turns))
    await asyncio.gather(*(in_slices(work(1, []), ration) for _ in range(5)))
    other.cancel()
    assert len(turns) >= 4


async def test_who_is_ended_keeps_nobody_from_it() -> None:
    ration = Ration()
    ended = asyncio.create_task(in_slices(work(100, []), ration))
    await asyncio.sleep(0)
    ended.cancel()
    assert await in_slices(iter("ab"), ration) == ["a", "b"]


async def test_who_waits_with_short_work_goes_on_together() -> None:
    ration, turns = Ration(), list[int]()
    long = asyncio.create_task(in_slices(work(3, []), ration))
    await asyncio.sleep(0)
    other = asyncio.create_task(counted(turns))
    await asyncio.gather(*(in_slices(iter("ab"), ration) for _ in range(50)))
    other.cancel()
    assert len(turns) <= 8
    await long


async def test_who_was_there_first_goes_on_first() -> None:
    ration, seen = Ration(), list[str]()
    await asyncio.gather(*(in_slices(work(1, seen, name), ration) for name in "abcdef"))
    assert "".join(seen) == "abcdef"


async def test_who_came_later_does_not_go_before_those_who_wait() -> None:
    ration, seen = Ration(), list[str]()
    waiting = [asyncio.create_task(in_slices(work(1, seen, name), ration)) for name in "abc"]
    await asyncio.sleep(0)
    await in_slices(work(1, seen, "z"), ration)
    assert "".join(seen) == "abcz"
    await asyncio.gather(*waiting)


async def test_in_a_full_house_whose_turns_are_long_a_share_of_each_is_theirs() -> None:
    async def long() -> None:
        while True:
            turns.append(1)
            end = perf_counter() + 0.05
            while perf_counter() < end:
                pass
            await asyncio.sleep(0)

    ration, turns = Ration(seconds=1e-9), list[int]()
    full = asyncio.create_task(long())
    await asyncio.gather(*(in_slices(iter("ab"), ration) for _ in range(100)))
    full.cancel()
    assert len(turns) < 50


async def test_so_many_pass_in_each_turn_of_the_loop_in_the_order_in_which_they_came() -> None:
    turns, seen = list[int](), list[tuple[str, int]]()
    stile = Turnstile(2)

    async def passing(name: str) -> None:
        await stile.passed()
        seen.append((name, len(turns)))

    other = asyncio.create_task(counted(turns))
    await asyncio.gather(*map(passing, "abcdef"))
    other.cancel()
    assert "".join(name for name, _ in seen) == "abcdef"
    assert all(sum(turn == each for _, each in seen) <= 2 for _, turn in seen)


async def test_where_nobody_is_before_one_there_is_no_wait() -> None:
    stile = Turnstile(1)
    for _ in range(3):
        with pytest.raises(StopIteration):
            stile.passed().send(None)
        await asyncio.sleep(0)


async def test_who_gives_up_waiting_takes_nobodys_turn() -> None:
    stile = Turnstile(1)
    waiting = [asyncio.create_task(stile.passed()) for _ in range(4)]
    await asyncio.sleep(0)
    for gone in waiting[1:3]:
        gone.cancel()
    async with asyncio.timeout(5):
        await waiting[3]
    assert waiting[0].done()
