"""How the processes wake one another: NOTIFY at one end, a connection that listens at the other.

Floor 6.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import psycopg
from psycopg import AsyncConnection

from bot.store.away import Address
from bot.store.rows import StoreAway
from bot.store.statements import LISTEN

LONGEST_PAUSE = 5.0

Pause = Callable[[int], Awaitable[None]]
"""Waits before the nth attempt in a row to reach the database again."""


async def pause(attempt: int) -> None:
    """A tenth of a second, then twice as long each time, up to five seconds."""
    await asyncio.sleep(min(0.1 * 2 ** min(attempt - 1, 10), LONGEST_PAUSE))


async def rings(address: Address, wait: Pause = pause) -> AsyncIterator[None]:
    """Yields at every ring, and whenever it begins to listen, because what rang before went unheard. Never ends."""
    attempt = 0
    while True:
        try:
            async with await address.connect() as connection:
                async for _ in _heard(connection):
                    attempt = 0
                    yield
        except (psycopg.Error, OSError, StoreAway):
            attempt += 1
            await wait(attempt)


async def _heard(connection: AsyncConnection) -> AsyncIterator[None]:
    await connection.execute(LISTEN)
    yield
    async for _ in connection.notifies():
        yield
