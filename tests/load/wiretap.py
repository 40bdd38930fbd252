"""Stands between a bot and PostgreSQL and counts: which statements run, and how often the bot waits for an answer.

It reads the frontend's messages (PostgreSQL, "Frontend/Backend Protocol"): Parse gives a prepared statement its text, Bind
runs it, Sync or a simple Query ends a round trip. What comes back is handed on unread.
"""

import asyncio
import contextlib
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

UPGRADES = (80877103, 80877104)
"""A client that asks for TLS or GSSAPI, which the server of the tests has not."""
SIMPLE = b"(simple)"
SHORTEST, FIRST = 5, 8
"""Bytes of a message at least: a kind and a length, and before the session has begun a length and a code."""


class Reading:
    """What one client says: the texts of its statements, and what the batch that it is sending has bound."""

    def __init__(self, trip: Callable[[list[bytes]], None]) -> None:
        """`trip` is told of each batch the texts of its statements; there are none where it only prepares."""
        self._trip = trip
        self._held = b""
        self._begun = False
        self._texts: dict[bytes, bytes] = {}
        self._bound: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """More of it."""
        self._held += data
        while len(self._held) >= (SHORTEST if self._begun else FIRST):
            kind, at = (self._held[:1], 1) if self._begun else (b"", 0)
            over = at + struct.unpack_from("!i", self._held, at)[0]
            if len(self._held) < over:
                return
            body, self._held = self._held[at + 4 : over], self._held[over:]
            if kind:
                self._take(kind, body)
            else:
                self._begun = struct.unpack("!i", body[:4])[0] not in UPGRADES

    def _take(self, kind: bytes, body: bytes) -> None:
        if kind == b"P":
            name, text, _ = body.split(b"\0", 2)
            self._texts[name] = text
        elif kind == b"B":
            self._bound.append(self._texts[body.split(b"\0", 2)[1]])
        elif kind == b"Q":
            self._trip([SIMPLE])
        elif kind == b"S":
            self._trip(self._bound)
            self._bound = []


class Wiretap:
    """A server of one database. `conninfo` leads to it; `trips` are the batches, by the last statement of each."""

    def __init__(self, conninfo: str) -> None:
        parts = conninfo_to_dict(conninfo)
        self._file = f".s.PGSQL.{parts['port']}"
        self._target = Path(str(parts["host"])) / self._file
        self._home = TemporaryDirectory(prefix="tap-")
        self._server: asyncio.Server | None = None
        self.conninfo = make_conninfo(conninfo, host=self._home.name)
        self.trips: Counter[bytes] = Counter()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_unix_server(self._serve, Path(self._home.name) / self._file)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        self._home.cleanup()

    def _trip(self, batch: list[bytes]) -> None:
        self.trips[batch[-1] if batch else b""] += 1

    def forget(self) -> None:
        """Count anew."""
        self.trips.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._target)
        reading = Reading(self._trip)
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(_pass(reader, back, reading), _pass(there, writer))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reading: Reading | None = None) -> None:
    """Hand on what comes until it ends."""
    while data := await reader.read(65_536):
        if reading is not None:
            reading.feed(data)
        writer.write(data)
        await writer.drain()
    writer.close()
