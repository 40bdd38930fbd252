"""Iterators that are closed when their reader stops early.

Floor 1.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def closing(pieces: AsyncIterator[T]) -> AsyncIterator[AsyncIterator[T]]:
    """The iterator for a `with` block, closed at its end: left to the garbage collector, a call would run on."""
    try:
        yield pieces
    finally:
        await _close(pieces)


async def forward(steps: AsyncIterator[T | AsyncIterator[T]]) -> AsyncIterator[T]:
    """The items of an iterator, and in the place of an iterator among them that one's items; None is no item.

    All that has begun is closed at the end. What an inner iterator raises, the outer one does not get to see.
    """
    begun: list[AsyncIterator[T | AsyncIterator[T]]] = [steps]
    try:
        while begun:
            match await anext(begun[-1], None):
                case None:
                    begun.pop()
                case AsyncIterator() as inner:
                    begun.append(inner)
                case item:
                    yield item
    finally:
        for each in reversed(begun):
            await _close(each)


async def _close(pieces: AsyncIterator[object]) -> None:
    if isinstance(pieces, AsyncGenerator):
        await pieces.aclose()
