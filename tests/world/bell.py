"""Waiting for what a person sees, without sleeping: whoever changes the picture rings, whoever waits looks again."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rung at every change. Costs nothing while nobody waits."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def until(self, come: Callable[[], bool], timeout: float, picture: Callable[[], str]) -> None:
        """Returns once `come()`; after `timeout` seconds raises AssertionError with the picture as it stands."""
        try:
            async with asyncio.timeout(timeout):
                while not come():
                    await self._rung()
        except TimeoutError:
            raise AssertionError(f"not within {timeout} s; what stands there: {picture()}") from None

    async def _rung(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        try:
            await waiter
        finally:
            self._waiting.discard(waiter)
