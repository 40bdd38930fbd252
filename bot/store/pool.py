"""A few connections to PostgreSQL, opened when they are needed, and quick to say that the database is away.

Floor 6.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from types import TracebackType
from typing import Any, Protocol, Self

import psycopg

from bot.store.away import Address
from bot.store.line import Line
from bot.store.rows import StoreAway
from bot.store.statements import BEGIN, COMMIT, Statement

SIZE = 16
"""More of them let more commits share one write to the disk; only as many are opened as were ever needed at once."""
WAIT_SECONDS = 2
"""How long a statement waits for a connection when all are in use."""
PAUSE_SECONDS = 0.5
"""After a failed connect, further ones fail at once for this long, so that nobody queues up for a dead server."""

Rows = list[tuple[Any, ...]]


class Run(Protocol):
    """Runs a statement, as `Pool.run` does."""

    async def __call__(self, statement: Statement, **values: Any) -> Rows:
        """Its rows. Raises `StoreAway`."""


class Pool:
    """Runs statements. It needs no opening: without a database every statement raises `StoreAway` until there is one."""

    def __init__(self, address: Address, size: int = SIZE) -> None:
        self.address = address
        self.idle: list[Line] = []
        self._room = size
        self._waiting: deque[asyncio.Future[Line | None]] = deque()
        self._away_until = 0.0
        self._closed = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the idle connections now and the others when their statement is done."""
        self._closed = True
        for line in self.idle:
            line.close()
        self.idle.clear()

    async def run(self, statement: Statement, **values: Any) -> Rows:
        """The rows of a statement that is one transaction. Raises `StoreAway`: then it is not known to have happened."""
        line = await self._take()
        try:
            if line is None:
                line = await self._connect()
            return await _within(line, statement, **values)
        except (psycopg.Error, OSError) as error:
            # The kind alone: an error's text may quote a row.
            raise StoreAway(type(error).__name__) from None
        finally:
            self._give(line)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Run]:
        """What runs statements as one transaction, committed at the end. Raises `StoreAway`, also where that fails.

        Whatever is raised within takes all of it back, by ending the connection.
        """
        line = await self._take()
        try:
            if line is None:
                line = await self._connect()
            run = partial(_within, line)
            await run(BEGIN)
            yield run
            if line.failed:
                raise StoreAway("a statement of it failed")
            await run(COMMIT)
        except BaseException as error:
            if line is not None:
                line.close()
            if isinstance(error, psycopg.Error | OSError):
                raise StoreAway(type(error).__name__) from None
            raise
        finally:
            self._give(line)

    async def _take(self) -> Line | None:
        """An open connection, or the right to open one."""
        while self.idle:
            line = self.idle.pop()
            if not line.closed:
                return line
            self._room += 1
        if self._room:
            self._room -= 1
            return None
        return await self._turn()

    async def _turn(self) -> Line | None:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[Line | None] = loop.create_future()
        self._waiting.append(waiter)
        late = loop.call_later(WAIT_SECONDS, _refuse, waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if not waiter.cancelled() and waiter.exception() is None:
                self._give(waiter.result())
            raise
        finally:
            late.cancel()

    def _give(self, line: Line | None) -> None:
        """Hands a connection on. One with a statement still under way is of no use to the next."""
        if line is not None and (line.busy or self._closed):
            line.close()
        if line is not None and line.closed:
            line = None
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(line)
                return
        if line is None:
            self._room += 1
        else:
            self.idle.append(line)

    async def _connect(self) -> Line:
        loop = asyncio.get_running_loop()
        if self._closed or loop.time() < self._away_until:
            raise StoreAway("no connection")
        try:
            return Line(await self.address.serve())
        except (psycopg.Error, OSError, StoreAway):
            self._away_until = loop.time() + PAUSE_SECONDS
            raise


async def _within(line: Line, statement: Statement, **values: Any) -> Rows:
    try:
        return await line.run(statement, [values[name] for name in statement.names], statement.fence(values))
    except (psycopg.Error, OSError) as error:
        raise StoreAway(type(error).__name__) from None


def _refuse(waiter: asyncio.Future[Line | None]) -> None:
    if not waiter.done():
        waiter.set_exception(StoreAway("no connection was free in time"))
