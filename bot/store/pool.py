"""A few connections to PostgreSQL, opened when they are needed, and quick to say that the database is away.

Floor 6. A statement goes where nothing is under way, and where every connection is in use, behind what is under way in one of
them: otherwise each would be of use once in two turns of the event loop, and a full house, whose turns are long, would wait
for connections that wait for it. A transaction has a connection for itself.

Who finds no room waits in a queue, while a new connection is opened beside it: so nobody waits for one for longer than
`Bounds.wait`, however long a server that hangs keeps the opening. While the last attempt to open one has failed, one at a
time is tried, and everybody else hears at once that the database is away, unless a connection still works and may be
waited for.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, NamedTuple, Protocol, Self

import psycopg
from psycopg import errors

from bot.store.away import Address
from bot.store.line import SILENCE_SECONDS, Line, Silent
from bot.store.rows import Outdated, StoreAway
from bot.store.statements import BEGIN, COMMIT, PING, Statement
from bot.store.trial import TRIAL, TRIED

SIZE = 16
"""More of them let more commits share one write to the disk; only as many are opened as were ever needed at once."""
DEPTH = 16
"""Statements that are under way in one connection at most."""
LIVELY = 1.0
"""Seconds for which the oldest of them may be unanswered, for another to follow: it may have met a server that hangs."""
MISLED = (Silent, errors.ReadOnlySqlTransaction)
"""What one connection meets and all others lead to as well: a server that says nothing, or one that takes nothing because it
is no longer the primary. Only a new connection finds the way to another."""
SCARCE = ("53", "58")
"""Classes of errors of a server that reads and cannot write: its disk is full, or broken."""

Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Seconds: `wait` of a statement for a connection, `pause` after a failed attempt to open one, `silence` after which an
    answer is given up."""

    wait: float = 2
    pause: float = 0.5
    silence: float = SILENCE_SECONDS


BOUNDS = Bounds()


class Run(Protocol):
    """Runs a statement, as `Pool.run` does."""

    async def __call__(self, statement: Statement, **values: Any) -> Rows:
        """Its rows. Raises `StoreAway`."""


class Waiter(NamedTuple):
    """Who waits for a connection; `alone`, where nobody may share it."""

    line: asyncio.Future[Line]
    alone: bool


class Undone(Exception):
    """Ends a transaction that was only tried."""


class Pool:
    """Runs statements. It needs no opening: without a database every statement raises `StoreAway` until there is one."""

    def __init__(self, address: Address, size: int = SIZE, bounds: Bounds = BOUNDS) -> None:
        self.address = address
        self.idle: list[Line] = []
        self._shared: set[Line] = set()
        self._size = size
        self._bounds = bounds
        self._room = size
        self._opening: set[asyncio.Task[Line]] = set()
        self._waiting: deque[Waiter] = deque()
        self._trouble: StoreAway | None = None
        self._again = 0.0
        self._scarce = False
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
        self._part()
        for opening in self._opening:
            opening.cancel()
        self._despair(StoreAway("closed"))

    async def run(self, statement: Statement, **values: Any) -> Rows:
        """The rows of a statement that is one transaction. Raises `StoreAway`: then it is not known to have happened."""
        line = await self._take()
        try:
            return await self._within(line, statement, **values)
        finally:
            self._leave(line)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Run]:
        """What runs statements as one transaction, committed at the end. Raises `StoreAway`, also where that fails.

        Whatever is raised within takes all of it back, by ending the connection.
        """
        line = await self._take(alone=True)
        try:
            run = partial(self._within, line)
            await run(BEGIN)
            yield run
            if line.failed:
                raise StoreAway("a statement of it failed")
            await run(COMMIT)
        except BaseException:
            line.close()
            raise
        finally:
            self._leave(line)

    async def ping(self) -> None:
        """Whether the database answers; where it could not write of late, also whether it can again. Raises `StoreAway`."""
        if not self._scarce:
            await self.run(PING)
            return
        try:
            async with self.transaction() as run:
                await run(TRIAL, **TRIED)
                raise Undone
        except Undone:
            self._scarce = False

    async def _within(self, line: Line, statement: Statement, **values: Any) -> Rows:
        try:
            return await line.run(statement, [values[name] for name in statement.names], statement.fence(values))
        except (psycopg.Error, OSError) as error:
            # The kind alone: an error's text may quote a row.
            away = StoreAway(type(error).__name__)
            self._learn(line, error, away)
            raise away from None

    def _learn(self, line: Line, error: Exception, away: StoreAway) -> None:
        """What a statement's end tells about the server."""
        if isinstance(error, MISLED):
            line.close()
            self._part()
            self._avoid(away)
        elif isinstance(error, psycopg.Error) and (error.sqlstate or "")[:2] in SCARCE:
            self._scarce = True

    async def _take(self, *, alone: bool = False) -> Line:
        """An open connection, of which one is a user until one leaves it."""
        line = self._free() or (None if alone else self._roomy())
        if line is not None:
            return self._entered(line, alone)
        if self._may_open():
            self._open()
        elif self._closed or (self._trouble and not self._used):
            raise _anew(self._trouble)
        return await self._turn(alone)

    def _free(self) -> Line | None:
        """A connection that nobody uses."""
        while self.idle:
            line = self.idle.pop()
            if not line.closed:
                return line
            self._room += 1
        return None

    def _roomy(self) -> Line | None:
        """The least used connection that takes one more statement, where no other may be opened and nobody waits."""
        if self._waiting or self._closed or self._may_open():
            return None
        return min(filter(self._shares, self._shared), key=_users, default=None)

    def _shares(self, line: Line) -> bool:
        """Whether a connection that carries statements takes one more."""
        return line in self._shared and not line.closed and line.users < DEPTH and line.waited < LIVELY

    def _entered(self, line: Line, alone: bool) -> Line:
        line.users += 1
        if not alone:
            self._shared.add(line)
        return line

    def _leave(self, line: Line) -> None:
        line.users -= 1
        if line.users:
            self._hand(line)
        else:
            self._shared.discard(line)
            self._give(line)

    @property
    def _used(self) -> int:
        """How many connections carry a statement."""
        return self._size - self._room - len(self._opening) - len(self.idle)

    def _may_open(self) -> bool:
        if self._closed or not self._room:
            return False
        tried = bool(self._opening) or asyncio.get_running_loop().time() < self._again
        return not (self._trouble and tried)

    def _open(self) -> None:
        self._room -= 1
        opening = asyncio.create_task(self._opened())
        self._opening.add(opening)
        opening.add_done_callback(self._came)

    async def _opened(self) -> Line:
        return Line(await self.address.serve(), self._bounds.silence)

    def _came(self, opening: asyncio.Task[Line]) -> None:
        """A connection was opened, or not."""
        self._opening.discard(opening)
        error = None if opening.cancelled() else opening.exception()
        if error is None and not opening.cancelled():
            self._trouble = None
            self._give(opening.result())
            return
        self._room += 1
        away = error if isinstance(error, StoreAway) else StoreAway(type(error).__name__)
        # A database that is older than the program is no trouble of the server's: it may be brought up to date just now.
        if not isinstance(error, Outdated):
            self._avoid(away)
        self._despair(away)

    async def _turn(self, alone: bool) -> Line:
        loop = asyncio.get_running_loop()
        waiter = Waiter(loop.create_future(), alone)
        self._waiting.append(waiter)
        late = loop.call_later(self._bounds.wait, _tell, waiter.line, StoreAway("no connection was free in time"))
        try:
            return await waiter.line
        except asyncio.CancelledError:
            if not waiter.line.cancelled() and waiter.line.exception() is None:
                self._leave(waiter.line.result())
            raise
        finally:
            late.cancel()
            if waiter.line.cancelled() or waiter.line.exception() is not None:
                self._tidy()  # who was handed one has left the queue with it

    def _give(self, line: Line) -> None:
        """Hands a connection on that nobody uses. One with a statement still under way, whose user was cancelled, may hang."""
        if line.busy or self._closed:
            line.close()
        if line.closed:
            self._room += 1
        else:
            self._hand(line)
            if not line.users:
                self.idle.append(line)
        while len(self._opening) < len(self._waiting) and self._may_open():
            self._open()
        self._despair(self._trouble)

    def _hand(self, line: Line) -> None:
        """Hands a connection to who has waited longest, and to those behind them who may share it; as many of them as would
        come upon each of those that are being opened.
        """
        self._tidy()
        left = -(-len(self._waiting) // (1 + len(self._opening)))
        while left and (not line.users or (self._shares(line) and not self._waiting[0].alone)):
            left -= 1
            waiter = self._waiting.popleft()
            waiter.line.set_result(self._entered(line, waiter.alone))

    def _tidy(self) -> None:
        """Forgets who does not wait any more: they must not stand before those who do."""
        if any(waiter.line.done() for waiter in self._waiting):
            self._waiting = deque(waiter for waiter in self._waiting if not waiter.line.done())

    def _despair(self, trouble: StoreAway | None) -> None:
        """Who waits in vain, because no connection works or is on its way, is told."""
        if not self._opening and not self._used:
            while self._waiting:
                _tell(self._waiting.popleft().line, _anew(trouble))

    def _avoid(self, trouble: StoreAway) -> None:
        self._trouble = trouble
        self._again = asyncio.get_running_loop().time() + self._bounds.pause

    def _part(self) -> None:
        """Ends the connections that nobody uses."""
        self._room += len(self.idle)
        for line in self.idle:
            line.close()
        self.idle.clear()


def _users(line: Line) -> int:
    return line.users


def _anew(trouble: StoreAway | None) -> StoreAway:
    """The same trouble for one more who has met it."""
    return type(trouble)(*trouble.args) if trouble else StoreAway("no connection")


def _tell(waiter: asyncio.Future[Line], trouble: StoreAway) -> None:
    if not waiter.done():
        waiter.set_exception(trouble)
