"""Long work in short slices, so that the event loop is never kept from everybody else.

Floor 1. A thread would not do: it takes turns with the loop at every call to the system, and holds it up for longer.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

T = TypeVar("T")

SLICE = 0.003
"""Seconds of work between two turns of the event loop."""


class Ration(AbstractAsyncContextManager[float]):
    """The seconds of each turn of the event loop that all who share it may work: together a slice, in the order in which they came.

    Who is done within what is left of it waits for nobody. If each held it for a whole turn of the loop, then a full house, where
    a turn takes 60 ms, would get sixteen of them a second, with half of its core idle.
    """

    def __init__(self, seconds: float = SLICE) -> None:
        self._seconds = self._left = seconds
        self._one = asyncio.Lock()
        self._came = 0.0

    async def __aenter__(self) -> float:
        """What is left of it."""
        await self._one.acquire()
        self._came = asyncio.get_running_loop().time()
        return self._left

    async def __aexit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(self._renew)  # which the loop does in its next turn
        self._left -= loop.time() - self._came
        try:
            if self._left <= 0:
                await asyncio.sleep(0)
        finally:
            self._one.release()

    def _renew(self) -> None:
        self._left = self._seconds


async def in_slices(work: Iterator[T], ration: Ration) -> list[T]:
    """Everything that an iterator makes. Who shares a `ration` works one slice after the other, never two in a row."""
    found: list[T] = []
    more = True
    while more:
        async with ration as seconds:
            more = _slice(work, found, seconds)
    return found


def _slice(work: Iterator[T], found: list[T], seconds: float) -> bool:
    """Whether some may be left."""
    clock = asyncio.get_running_loop().time
    end = clock() + seconds
    for item in work:
        found.append(item)
        if clock() >= end:
            return True
    return False
