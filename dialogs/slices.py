"""Long work in short slices, so that the event loop is never kept from everybody else.

Floor 1. A thread would not do: it takes turns with the loop at every call to the system, and holds it up for longer.
"""

import asyncio
from collections.abc import Iterator
from typing import TypeVar

T = TypeVar("T")

SLICE = 0.003
"""Seconds of work between two turns of the event loop."""


async def in_slices(work: Iterator[T], turn: asyncio.Lock) -> list[T]:
    """Everything that an iterator makes. Who shares a `turn` works one slice after the other, never two in a row."""
    found: list[T] = []
    more = True
    while more:
        async with turn:
            more = _slice(work, found)
            await asyncio.sleep(0)
    return found


def _slice(work: Iterator[T], found: list[T]) -> bool:
    """Whether some may be left."""
    clock = asyncio.get_running_loop().time
    end = clock() + SLICE
    for item in work:
        found.append(item)
        if clock() >= end:
            return True
    return False
