"""Long work in short slices, so that the event loop is never kept from everybody else.

Floor 1. A thread would not do: it takes turns with the loop at every call to the system, and holds it up for longer.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

T = TypeVar("T")

USUAL = 0.03
"""Seconds that a turn of the event loop takes where much is under way."""
SLICE = 0.003
"""Seconds of work between two turns of the event loop."""
SHARE = 0.25
"""Of a turn's length, where that is more: in a full house a turn takes a tenth of a second, and of a thousand who have little
to do, but by a ration, the last would wait for half a minute."""


class Ration(AbstractAsyncContextManager[float]):
    """The seconds of each turn of the event loop that all who share it may work: together a slice, or the turn's `SHARE`, in
    the order in which they came. Nothing may be awaited within.

    Who is done within what is left of it waits for nobody, and of those who wait as many go on in the next turn as it lasts for.
    If each had a turn of the loop for itself, a full house, where one takes 60 ms, would let sixteen of them go on in a second.
    """

    def __init__(self, seconds: float = SLICE) -> None:
        self._seconds = self._left = seconds
        self._came = self._asked = 0.0
        self._again: list[asyncio.Future[None]] = []
        """Who was woken, and found nothing left: they are first."""
        self._new: list[asyncio.Future[None]] = []
        self._woken = 0
        """How many were woken and have not gone on yet; who comes now may not go before them."""
        self._renewing = False

    async def __aenter__(self) -> float:
        """What is left of it, more than nothing."""
        queue = self._new
        while self._left <= 0 or (queue is self._new and (self._again or self._new or self._woken)):
            await self._renewed(queue)
            queue = self._again
        self._came = asyncio.get_running_loop().time()
        return self._left

    async def __aexit__(self, *_: object) -> None:
        self._left -= asyncio.get_running_loop().time() - self._came
        self._renew_soon()
        if self._left <= 0:
            await asyncio.sleep(0)

    async def _renewed(self, queue: list[asyncio.Future[None]]) -> None:
        woken = asyncio.get_running_loop().create_future()
        queue.append(woken)
        self._renew_soon()
        try:
            await woken
        finally:
            if not woken.cancelled():
                self._woken -= 1

    def _renew_soon(self) -> None:
        """In the next turn of the loop."""
        if not self._renewing:
            loop = asyncio.get_running_loop()
            self._renewing, self._asked = True, loop.time()
            loop.call_soon(self._renew)

    def _renew(self) -> None:
        waiting = [each for each in (*self._again, *self._new) if not each.done()]
        self._again.clear()
        self._new.clear()
        turn = asyncio.get_running_loop().time() - self._asked
        self._renewing, self._left = False, max(self._seconds, SHARE * turn)
        self._woken += len(waiting)
        for each in waiting:
            each.set_result(None)


class Turnstile:
    """Lets so many through in each turn of the event loop, in the order in which they came.

    For what may wait, where a thousand want it at the same moment: turns stay short, and what has just come is not kept waiting
    behind all of them. In turns that are longer than `USUAL` for other reasons, more go through accordingly.
    """

    def __init__(self, many: int) -> None:
        self._many = self._left = many
        self._asked = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._turning = False

    async def passed(self) -> None:
        """Return when it is one's turn."""
        self._turn_soon()
        if self._left and not self._waiting:
            self._left -= 1
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        await waiter

    def _turn_soon(self) -> None:
        if not self._turning:
            loop = asyncio.get_running_loop()
            self._turning, self._asked = True, loop.time()
            loop.call_soon(self._turn)

    def _turn(self) -> None:
        turn = asyncio.get_running_loop().time() - self._asked
        self._turning, self._left = False, max(self._many, int(self._many * turn / USUAL))
        while self._waiting and self._left:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(None)
                self._left -= 1
        if self._waiting:
            self._turn_soon()


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
