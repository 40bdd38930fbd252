"""A connection to the real server without a socket: bytes in, and whatever the server writes."""

import asyncio
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from bot.teams.listener import Listener

TURNS = 60
"""Turns of the loop within which everything that waits for nobody is answered: many times what any request takes."""
HANG = 20.0
"""Seconds after which a connection that has ended and is still served counts as hanging, however slow the machine is."""


class Ear(asyncio.Transport):
    """What the server writes to."""

    def __init__(self) -> None:
        super().__init__({"peername": ("203.0.113.7", 4711), "sockname": ("127.0.0.1", 3978)})
        self.heard = bytearray()
        self.closed = False

    def write(self, data: Any) -> None:
        self.heard += data

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = True

    def pause_reading(self) -> None:
        """Nothing is in flight."""

    def resume_reading(self) -> None:
        """Nothing is in flight."""

    def is_reading(self) -> bool:
        return not self.closed


class Server:
    """An application, served as in production."""

    def __init__(self, application: web.Application) -> None:
        self._listener = Listener(application)

    async def __aenter__(self) -> Self:
        await self._listener.setup()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._listener.cleanup()

    def connect(self) -> "Connection":
        """A new connection."""
        assert self._listener.server is not None
        return Connection(self._listener.server())


class Connection:
    """One connection. `open` says whether another request may follow."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._ear = Ear()
        protocol.connection_made(self._ear)

    @property
    def open(self) -> bool:
        """Whether the server has not ended it."""
        return not self._ear.closed

    async def send(self, data: bytes) -> bytes:
        """What comes back within `TURNS`; empty where the server waits for more."""
        self._ear.heard.clear()
        self._protocol.data_received(data)
        for _ in range(TURNS):
            if self._ear.closed or whole(self._ear.heard):
                break
            await asyncio.sleep(0)
        return bytes(self._ear.heard)

    async def begin(self, data: bytes) -> None:
        """The first half of a request."""
        self._protocol.data_received(data)
        await asyncio.sleep(0)

    async def end(self) -> bytes:
        """The client goes away; what the server has still said. Raises `TimeoutError` where it does not notice."""
        task = self._protocol._task_handler
        self._protocol.connection_lost(None)
        if task is not None:
            async with asyncio.timeout(HANG):
                await asyncio.wait({task})
        return bytes(self._ear.heard)


def whole(heard: bytes | bytearray) -> bool:
    """Whether there is a whole answer."""
    head, found, body = bytes(heard).partition(b"\r\n\r\n")
    if not found:
        return False
    _, named, length = head.partition(b"Content-Length: ")
    return not named or len(body) >= int(length.partition(b"\r\n")[0])
