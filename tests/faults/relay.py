"""The database behind a name and a port of its own, as one in the cloud stands."""

import asyncio
from contextlib import suppress
from typing import Self

from psycopg.conninfo import conninfo_to_dict


class Relay:
    """A port of this machine that leads to a server's socket."""

    def __init__(self, conninfo: str) -> None:
        parts = conninfo_to_dict(conninfo)
        self._socket = f"{parts['host']}/.s.PGSQL.{parts['port']}"
        self._open: set[asyncio.StreamWriter] = set()
        self.url = f"postgresql://{parts['user']}:unused@localhost:{{port}}/{parts['dbname']}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = self.url.format(port=self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Every connection breaks."""
        for writer in self._open:
            writer.transport.abort()

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far, near = await asyncio.open_unix_connection(self._socket)
        self._open |= {writer, near}
        await asyncio.gather(_pumped(reader, near), _pumped(far, writer))
        self._open -= {writer, near}


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What comes in at one end goes out at the other."""
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
    writer.close()
