"""Who answers first of several that are asked one after the other.

Floor 6. The next is asked when the one before has failed, or is late: then both are waited for, because a model that
thinks for long is not a broken one. Who begins first is taken and the others are ended.
"""

import asyncio
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

from dialogs.errors import AssistantError, Silent


class Runner(Protocol):
    """One that may be asked."""

    async def begin(self) -> None:
        """Ask, and return when the answer has begun. Raises an `AssistantError`, having ended itself."""

    async def end(self, *, late: bool = False) -> None:
        """It is not waited for any more; `late`: for its own fault."""


R = TypeVar("R", bound=Runner)


class Race(Generic[R]):
    """`runners` in order of preference; each is asked for only when it is to be sent off."""

    def __init__(self, runners: Iterator[R], late: float, until: float) -> None:
        """`late`: seconds after which the next is asked too; `until`: the loop's time when all are."""
        self._runners = runners
        self._late = late
        self._until = until
        self._running: dict[asyncio.Task[None], R] = {}
        self.failures: list[AssistantError] = []
        """Of those that failed."""

    async def winner(self) -> R | None:
        """The next that has begun; None where none is left to. Raises an error that no other would answer better."""
        try:
            while self._send() or self._running:
                ended = await self._first()
                if found := self._begun(ended):
                    return await self._taken(found)
                if asyncio.get_running_loop().time() >= self._until:
                    await self._end(late=len(self._running))
                    self.failures.append(Silent())
                    return None
            return None
        finally:
            await self._end()

    def _send(self) -> bool:
        """Ask the next; False where there is none."""
        following = next(self._runners, None)
        if following is not None:
            self._running[asyncio.create_task(following.begin())] = following
        return following is not None

    async def _first(self) -> set[asyncio.Task[None]]:
        """Those that have begun or failed; none where it got late, or time is up."""
        wait = min(self._late, self._until - asyncio.get_running_loop().time())
        ended, _ = await asyncio.wait(self._running, timeout=max(0.0, wait), return_when=asyncio.FIRST_COMPLETED)
        return ended

    def _begun(self, ended: set[asyncio.Task[None]]) -> asyncio.Task[None] | None:
        """The most preferred of those that have begun; those that failed before it leave the race."""
        for task in [task for task in self._running if task in ended]:
            failure = task.exception()
            if failure is None:
                return task
            del self._running[task]
            if not isinstance(failure, AssistantError) or failure.final:
                raise failure
            self.failures.append(failure)
        return None

    async def _taken(self, found: asyncio.Task[None]) -> R:
        """Who has begun. Who was asked before is late; who was asked after is not."""
        before = list(self._running).index(found)
        runner = self._running.pop(found)
        await self._end(late=before)
        return runner

    async def _end(self, late: int = 0) -> None:
        """End those that still run, the first so many of them for being late."""
        running, self._running = self._running, {}
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
        for number, (task, runner) in enumerate(running.items()):
            if task.cancelled() or task.exception() is None:
                await runner.end(late=number < late)
