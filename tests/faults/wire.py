"""A socket of one process's own on the way to PostgreSQL, which reads along and knows when a certain statement comes by.

Only the frame of the protocol is read: the kind of a message, the names of prepared statements. Source: PostgreSQL,
"Message Formats".
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

BROKEN = (asyncio.IncompleteReadError, OSError)


class Snapped(Exception):
    """The process behind this connection is dead; nothing more is carried."""


@dataclass(frozen=True, slots=True)
class Trap:
    """Snaps at a statement whose text holds all these pieces and whose values hold `mark`.

    `before` PostgreSQL hears of it, or after it has committed and before that is told.
    """

    pieces: tuple[bytes, ...]
    mark: bytes
    before: bool
    snap: Callable[[], None]


@dataclass(slots=True)
class Session:
    """What was seen of one connection: how many answers are owed and given, and after which one the trap snaps."""

    names: dict[bytes, bytes] = field(default_factory=dict)
    asked: int = 1
    answered: int = 0
    last: int | None = None


class Wire:
    """Listens in a directory of its own, as PostgreSQL does; `conninfo` leads through it. It has at most one `trap`."""

    def __init__(self, conninfo: str, home: Path) -> None:
        parts = conninfo_to_dict(conninfo)
        self.conninfo = make_conninfo(conninfo, host=str(home))
        self.trap: Trap | None = None
        self._place = home / f".s.PGSQL.{parts['port']}"
        self._server_place = f"{parts['host']}/{self._place.name}"
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._place.parent.mkdir()
        self._server = await asyncio.start_unix_server(self._carry, self._place)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        below, above = await asyncio.open_unix_connection(self._server_place)
        session = Session()
        ways = {
            asyncio.create_task(self._ask(session, reader, above)),
            asyncio.create_task(self._tell(session, below, writer)),
        }
        try:
            _, left = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in left:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        finally:
            above.close()
            writer.close()

    async def _ask(self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*BROKEN):
            size = await reader.readexactly(4)  # the first message has no kind
            writer.write(size + await reader.readexactly(int.from_bytes(size) - 4))
            while True:
                kind, size, body = await _message(reader)
                self._look(session, kind, body)
                writer.write(kind + size + body)

    async def _tell(self, session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*BROKEN):
            while True:
                kind, size, body = await _message(reader)
                session.answered += kind == b"Z"
                if session.last is not None and session.answered >= session.last:
                    self._snap()
                writer.write(kind + size + body)

    def _look(self, session: Session, kind: bytes, body: bytes) -> None:
        """One message to the server. Raises `Snapped`."""
        if kind == b"P":
            name, text, _ = body.split(b"\0", 2)
            session.names[name] = text
        elif kind == b"B" and self._meant(session, body):
            if self.trap is not None and self.trap.before:
                self._snap()
            session.last = session.asked + 1
        session.asked += kind in (b"S", b"Q")

    def _meant(self, session: Session, body: bytes) -> bool:
        _, name, _ = body.split(b"\0", 2)
        trap = self.trap
        text = session.names.get(name, b"")
        return trap is not None and trap.mark in body and all(piece in text for piece in trap.pieces)

    def _snap(self) -> None:
        if self.trap is not None:
            self.trap.snap()
        raise Snapped


async def _message(reader: asyncio.StreamReader) -> tuple[bytes, bytes, bytes]:
    head = await reader.readexactly(5)
    return head[:1], head[1:], await reader.readexactly(int.from_bytes(head[1:]) - 4)
