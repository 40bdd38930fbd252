"""Documents go where Teams wants them: to an upload address in the person's OneDrive or SharePoint.

Floor 6. The address bears the right to write there, so it is a secret: it stands in no log line and no error, no token of
ours goes along with it, no redirect is followed, and only hosts that are set in `FILE_HOSTS` are turned to, at addresses
that have been checked (`bot.pinning`).
Protocol: Microsoft Graph, "Upload bytes to the upload session": ranges one after the other, each but the last a multiple of
320 KiB and of 60 MiB at most; 202 while more is expected, 200 or 201 at the end.
"""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import aiohttp
from yarl import URL

from bot.hosts import allowed
from bot.pinning import Pinned, is_forbidden
from bot.telemetry import Event, Log
from dialogs.errors import NotAllowed, Unavailable, Vanished

UNIT = 320 * 1024
RANGE = 3 * UNIT
"""Bytes sent in one go: what is held in memory of a document."""
SECONDS = 60.0
"""How long one range may take."""
TRIES = 4
BACKOFF = 0.5
LONGEST = 30.0
"""Seconds: before the second try, and at most before any."""
GONE = frozenset({401, 403, 404, 410})
TAKEN = frozenset({200, 201, 202, 416})
"""416: the range is there already: an earlier try of it had arrived, in this life of the ask or another."""

Pause = Callable[[float], Awaitable[None]]
"""Waits so many seconds."""

log = Log("bot.files")


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; status 0 where nothing did. `wish` is how many seconds the other side wants us to wait."""

    status: int
    wish: float = 0.0

    @property
    def passing(self) -> bool:
        """Whether another try may help."""
        return self.status in (0, 408, 429) or self.status >= 500


@dataclass(frozen=True, slots=True)
class Uploader:
    """Sends documents. `hosts` are those of `FILE_HOSTS`; see `bot.hosts`."""

    session: Pinned
    hosts: frozenset[str]
    pause: Pause

    async def upload(self, address: str, size: int, pieces: AsyncIterator[bytes]) -> None:
        """Sends a document of so many bytes. Raises `NotAllowed`, `Vanished` or `Unavailable`."""
        if not allowed(address, self.hosts):
            raise NotAllowed
        start = 0
        async for part in ranges(pieces):
            await self._send(address, part, start, size)
            start += len(part)
        if start != size:
            raise Vanished

    async def _send(self, address: str, part: bytes, start: int, size: int) -> None:
        """One range, with patience."""
        tries = 1
        while (reply := await self._put(address, part, start, size)).passing and tries < TRIES:
            await self.pause(min(max(reply.wish, BACKOFF * 2 ** (tries - 1)), LONGEST))
            tries += 1
        if reply.status in TAKEN:
            return
        log.event(Event.UPLOAD_FAILED, logging.WARNING, status=reply.status)
        raise Vanished if reply.status in GONE else Unavailable

    async def _put(self, address: str, part: bytes, start: int, size: int) -> Reply:
        try:
            async with self.session.put(
                URL(address, encoded=True),
                data=part,
                headers={
                    "Content-Range": f"bytes {start}-{start + len(part) - 1}/{size}",
                    "Content-Type": "application/octet-stream",
                },
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=SECONDS),
            ) as response:
                return Reply(response.status, wish_of(response))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            # The kind alone: its text may quote the address.
            log.event(Event.UPLOAD_FAILED, logging.WARNING, error=error)
            barred = is_forbidden(error)
        if barred:
            raise NotAllowed
        return Reply(0)


async def ranges(pieces: AsyncIterator[bytes], size: int = RANGE) -> AsyncIterator[bytes]:
    """The same bytes in ranges of that size; the last one has what is left."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


def wish_of(response: aiohttp.ClientResponse) -> float:
    """The seconds the other side asks us to wait."""
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0.0
