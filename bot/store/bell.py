"""How the processes wake one another: NOTIFY at one end, a connection that listens at the other.

Floor 6.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, suppress

import psycopg

from bot.store.away import Address
from bot.store.rows import StoreAway
from bot.store.sessions import LISTEN

LONGEST_PAUSE = 5.0

Pause = Callable[[int], Awaitable[None]]
"""Waits before the nth attempt in a row to reach the database again."""


async def pause(attempt: int) -> None:
    """A tenth of a second, then twice as long each time, up to five seconds."""
    await asyncio.sleep(min(0.1 * 2 ** min(attempt - 1, 10), LONGEST_PAUSE))


async def rings(address: Address, wait: Pause = pause) -> AsyncGenerator[None, None]:
    """Yields at every ring, and whenever it begins to listen, because what rang before went unheard. Never ends."""
    attempt = 0
    while True:
        async with aclosing(_heard(address)) as heard:
            async for _ in heard:
                attempt = 0
                yield
        attempt += 1
        await wait(attempt)


async def _heard(address: Address) -> AsyncGenerator[None, None]:
    """Ends when the database is away."""
    with suppress(psycopg.Error, OSError, StoreAway):
        async with await address.serve() as connection:
            await connection.execute(LISTEN)
            yield
            async for _ in connection.notifies():
                yield
