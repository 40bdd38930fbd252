"""The way between a bot and PostgreSQL, which can be made long, blocked, cut or led elsewhere.

    async with Pipe(conninfo) as pipe:
        pool = Pool(Address(pipe.conninfo))
        pipe.latency = 2.0      # seconds that every answer takes longer
        pipe.hold()             # connections open, and nothing comes through: a server that hangs
        pipe.forget()           # those that are open fall silent, new ones work: half-open, no FIN
        pipe.drop()             # those that are open end at once
        await pipe.refuse()     # nobody listens
        pipe.lead(other)        # as a name that leads to another server from now on

It is TCP on loopback; behind it may be a server on a unix socket.
"""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

CHUNK = 65_536


class Strand:
    """One connection through the pipe."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.near = near
        self.far = far
        self.silent = False

    def cut(self) -> None:
        """End it, on both sides, without a goodbye."""
        for side in (self.near, self.far):
            side.transport.abort()


class Pipe:
    """A proxy before the server that `conninfo` names."""

    def __init__(self, conninfo: str) -> None:
        self.latency = 0.0
        self.opened = 0
        """Connections that ever came in."""
        self._behind = conninfo
        self._strands: set[Strand] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._passing = asyncio.Event()
        self._passing.set()
        self._server: asyncio.Server | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.refuse()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def conninfo(self) -> str:
        """How to reach the server through the pipe."""
        return make_conninfo(self._behind, host="127.0.0.1", port=self._port, sslmode="disable")

    async def accept(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Nobody listens, and whoever is connected is cut off."""
        if self._server is not None:
            self._server.close()
        self.drop()
        if self._server is not None:
            await self._server.wait_closed()
        self._server = None

    def hold(self) -> None:
        """Nothing passes any more, in either direction, until `release`."""
        self._passing.clear()

    def release(self) -> None:
        """What was held passes again."""
        self._passing.set()

    def drop(self) -> None:
        """Cut all connections."""
        for strand in tuple(self._strands):
            strand.cut()

    def forget(self) -> None:
        """The connections that are open stay so and carry nothing any more: a firewall has forgotten them."""
        for strand in self._strands:
            strand.silent = True

    def lead(self, conninfo: str) -> None:
        """New connections go to another server."""
        self._behind = conninfo

    def _joined(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        self.opened += 1
        task = asyncio.create_task(self._join(reader, near))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _join(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        try:
            answers, far = await self._reach()
        except OSError:
            near.transport.abort()
            return
        strand = Strand(near, far)
        self._strands.add(strand)
        try:
            await asyncio.gather(self._carry(strand, reader, far, 0), self._carry(strand, answers, near, 1))
        finally:
            self._strands.discard(strand)
            strand.cut()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = conninfo_to_dict(self._behind)
        host, port = str(parts["host"]), str(parts["port"])
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, int(port))

    async def _carry(
        self, strand: Strand, source: asyncio.StreamReader, sink: asyncio.StreamWriter, delays: int
    ) -> None:
        """Bytes of one direction, in their order; with `delays` each piece takes `latency` longer."""
        with suppress(OSError):
            while piece := await source.read(CHUNK):
                await asyncio.sleep(self.latency * delays)
                await self._passing.wait()
                if not strand.silent:
                    sink.write(piece)
                    await sink.drain()
        if not strand.silent:
            sink.close()
