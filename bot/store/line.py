"""One connection that carries statements one behind the other, with as little Python in between as it takes.

Floor 6. A line knows behind which tenant's fence its session stands, and moves it when the next statement is of another:
in one batch with that statement, so that nobody waits for it. A turn is five statements, and psycopg's own pool and cursors
spend 190 µs of the one core on each; sending prepared statements through its `pq` layer and listening to the socket all the
time spends 55 µs. Listening all the time also tells at once that an idle connection has died.

A further statement is sent while those before it are still under way (libpq's pipeline mode). Each is a batch of its own up to
a sync, so what one of them fails at is taken back alone.
"""

import asyncio
from collections import deque
from datetime import datetime
from itertools import count
from typing import Any, cast

import psycopg
from psycopg import AsyncConnection
from psycopg.abc import Buffer
from psycopg.adapt import Transformer
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult
from psycopg.types.datetime import TimestamptzBinaryLoader

from bot.store.statements import FENCE, Statement
from bot.store.text import dump

SILENCE_SECONDS = 6
"""When an answer is given up for good. The server itself ends a statement before, after `STATEMENT_SECONDS`."""
BAD = (ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE)


class Silent(psycopg.OperationalError):
    """The server is connected and says nothing."""


class Moment(TimestamptzBinaryLoader):
    """A time; None for one that Python has no word for, like infinity: the row of it must not keep all others from being read."""

    def load(self, data: Buffer) -> datetime:
        """The time of these bytes."""
        try:
            return super().load(data)
        except psycopg.DataError:
            return cast(datetime, None)


class Batch:
    """What is under way up to a sync: who waits for it, its result so far, and by the loop's time when it was sent, and since
    when it is the oldest."""

    __slots__ = ("result", "sent", "since", "waiter")

    def __init__(self, waiter: asyncio.Future[PGresult | None], sent: float) -> None:
        self.waiter = waiter
        self.sent = self.since = sent
        self.result: PGresult | None = None


class Line:
    """A connection. Its errors are psycopg's; after a lost connection it is `closed`. `users` is its pool's to count."""

    def __init__(self, connection: AsyncConnection, silence: float = SILENCE_SECONDS) -> None:
        self._silence = silence
        self._loop = asyncio.get_running_loop()
        self._connection = connection
        self._wire = connection.pgconn
        self._socket = self._wire.socket
        connection.adapters.register_loader("timestamptz", Moment)
        self._rows = Transformer(connection)
        self._names: dict[Statement, bytes] = {}
        self._numbers = count()
        self._batches: deque[Batch] = deque()
        self._watch: asyncio.TimerHandle | None = None
        self._fence: str | None = None
        self._moves = 0
        self._gap = False
        self.users = 0
        self.closed = False
        self._wire.enter_pipeline_mode()
        self._loop.add_reader(self._socket, self._readable)

    @property
    def busy(self) -> bool:
        """Whether a statement is under way."""
        return bool(self._batches)

    @property
    def waited(self) -> float:
        """For how many seconds the oldest of what is under way has not been answered."""
        return self._loop.time() - self._batches[0].since if self._batches else 0.0

    @property
    def failed(self) -> bool:
        """Whether it is in a transaction of which a statement has failed: a COMMIT would take all of it back, and not say so."""
        return self._wire.transaction_status == TransactionStatus.INERROR

    async def run(self, statement: Statement, values: list[Any], fence: str | None = None) -> list[tuple[Any, ...]]:
        """The rows of a statement behind this fence, as one transaction. Without one it is of nobody's rows."""
        name = self._names.get(statement) or await self._prepare(statement)
        fencing = self._names.get(FENCE) or await self._prepare(FENCE)
        told = written(values)  # before anything is sent: it may be what cannot be written
        # From here to the sync nothing is awaited: what another statement sent in between might stand behind this fence.
        move = 0
        if fence is not None and fence != self._fence:
            self._fence = None
            self._moves = move = self._moves + 1
            self._send(fencing, written([fence]))
        self._send(name, told)
        result = await self._answer()
        if move and move == self._moves:
            # Known again only where it was moved, and nobody has moved it since: a move that fails is taken back, and who
            # waits may be cancelled before they hear of it.
            self._fence = fence
        if result is None or result.ntuples == 0:
            return []
        self._rows.set_pgresult(result)
        return self._rows.load_rows(0, result.ntuples, tuple)

    def close(self, error: Exception | None = None) -> None:
        """Ends the connection; whoever waits for it gets `error`."""
        if self.closed:
            return
        self.closed = True
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)
        self._wire.finish()
        if self._watch is not None:
            self._watch.cancel()
        for batch in self._batches:
            if not batch.waiter.done():
                batch.waiter.set_exception(error or psycopg.OperationalError("closed"))

    async def _prepare(self, statement: Statement) -> bytes:
        # Never the same twice: whoever is cancelled just now leaves a prepared statement behind that nobody knows of.
        name = b"parley_%d" % next(self._numbers)
        self._wire.send_prepare(name, statement.text)
        await self._answer()
        self._names[statement] = name
        return name

    def _send(self, name: bytes, told: tuple[list[bytes | None], list[int]]) -> None:
        self._wire.send_query_prepared(name, *told, Format.BINARY)

    async def _answer(self) -> PGresult | None:
        """The result of the batch's last statement, or the error of the first that failed."""
        self._wire.pipeline_sync()
        batch = Batch(self._loop.create_future(), self._loop.time())
        self._batches.append(batch)
        try:
            self._flush()
        except psycopg.Error as error:
            self.close(error)
        if self._watch is None:
            self._watch = self._loop.call_later(self._silence, self._look)
        result = await batch.waiter
        if result is not None and result.status in BAD:
            raise psycopg.errors.error_from_result(result)
        return result

    def _look(self) -> None:
        """Ends a connection on which somebody has waited for too long. A timer for each statement would not be free."""
        self._watch = None
        if self._batches:
            left = self._silence - (self._loop.time() - self._batches[0].sent)
            if left > 0:
                self._watch = self._loop.call_later(left, self._look)
            else:  # who waited behind others has not met a server that says nothing
                self.close(Silent() if self.waited >= self._silence else psycopg.OperationalError("slow"))

    def _flush(self) -> None:
        """Sends what libpq holds back; a body larger than the socket's buffer takes several goes."""
        if self._wire.flush():
            self._loop.add_writer(self._socket, self._writable)

    def _writable(self) -> None:
        try:
            if not self._wire.flush():
                self._loop.remove_writer(self._socket)
        except psycopg.Error as error:
            self.close(error)

    def _readable(self) -> None:
        try:
            self._wire.consume_input()
            # Asked before every result: for one that has not wholly arrived, get_result would block the process.
            while self._batches and not self.closed and not self._wire.is_busy():
                self._take(self._wire.get_result())
        except psycopg.Error as error:
            self.close(error)

    def _take(self, result: PGresult | None) -> None:
        """Keeps a result, of which a None follows each; the sync after the last one ends the batch."""
        if result is None:
            if self._gap:  # nothing more will come
                self.close()
            self._gap = True
            return
        self._gap = False
        batch = self._batches[0]
        if result.status != ExecStatus.PIPELINE_SYNC:
            batch.result = result if batch.result is None or batch.result.status not in BAD else batch.result
            return
        self._batches.popleft()
        if self._batches:
            self._batches[0].since = self._loop.time()
        if not batch.waiter.done():
            batch.waiter.set_result(batch.result)


def written(values: list[Any]) -> tuple[list[bytes | None], list[int]]:
    """Values as they are sent, and of each whether it is sent as the bytes it is. Raises `UnicodeError` for a text that is none."""
    return [dump(value) for value in values], [type(value) is bytes for value in values]
