"""HTTP by hand over bare asyncio protocols: what shares the machine with a bot that is measured must cost next to nothing."""

import asyncio
import re
from collections.abc import Callable

HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Wire(asyncio.Protocol):
    """One end of a connection. `heard` gets the wire and every whole message, head and body; only Content-Length is known."""

    def __init__(self, heard: "Heard", lost: Callable[["Wire"], None] = lambda wire: None) -> None:
        self._heard = heard
        self._lost = lost
        self._held = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        held = self._held + data if self._held else data
        while (end := held.find(HEAD_END)) >= 0:
            found = _LENGTH.search(held, 0, end)
            over = end + len(HEAD_END) + (int(found[1]) if found else 0)
            if len(held) < over:
                break
            head, body, held = held[:end], held[end + len(HEAD_END) : over], held[over:]
            self._heard(self, head, body)
        self._held = held

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        self._lost(self)

    def write(self, data: bytes) -> None:
        """To the other end, if it is still there."""
        if self._transport is not None:
            self._transport.write(data)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


Heard = Callable[[Wire, bytes, bytes], None]


async def connect(port: int, heard: Heard, lost: Callable[[Wire], None] = lambda wire: None) -> Wire:
    """A connection to a port of this machine."""
    _, wire = await asyncio.get_running_loop().create_connection(lambda: Wire(heard, lost), "127.0.0.1", port)
    return wire


async def listen(heard: Heard) -> tuple[asyncio.Server, str]:
    """A server on a free port of this machine, and its address."""
    server = await asyncio.get_running_loop().create_server(lambda: Wire(heard), "127.0.0.1", 0, backlog=1024)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def answer(body: bytes, status: bytes = b"200 OK") -> bytes:
    """A response with JSON in it."""
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)
