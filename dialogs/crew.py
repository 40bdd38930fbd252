"""Several calls at a time, none of which outlives the block it was begun in.

Floor 1. Not asyncio's own `TaskGroup`: that cancels the task it was opened in, and a dialog, which hands out parts in
between, may be closed from another one.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Generic, Self, TypeVar

T = TypeVar("T")


class Crew(Generic[T]):
    """Calls under way, at most `hands` at a time, the others waiting in their order."""

    def __init__(self, hands: int) -> None:
        self._free = asyncio.Semaphore(hands)
        self._tasks: list[asyncio.Task[T]] = []

    async def __aenter__(self) -> Self:
        """Ready for calls."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stops what is still under way, and waits until it has stopped."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def take(self, call: Callable[[], Awaitable[T]]) -> None:
        """Begins a call as soon as a hand is free."""
        self._tasks.append(asyncio.create_task(self._made(call)))

    async def _made(self, call: Callable[[], Awaitable[T]]) -> T:
        async with self._free:
            return await call()

    async def settled(self) -> AsyncIterator[int]:
        """How many calls have ended, whenever there are more. Raises what a call raises."""
        waiting = set(self._tasks)
        while waiting:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            yield len(self._tasks) - len(waiting)

    @property
    def size(self) -> int:
        """How many calls were taken."""
        return len(self._tasks)

    @property
    def results(self) -> list[T]:
        """What the calls came to, in the order they were taken; for when all have ended."""
        return [task.result() for task in self._tasks]
