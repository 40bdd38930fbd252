"""A person's OneDrive as a bot sees it: upload addresses that take the ranges of a document one after the other.

As in Microsoft Graph's "Upload bytes to the upload session": a range that does not go on where the last one ended is refused
with 416, one in the middle whose size is no multiple of 320 KiB with 400, and an address that is not known with 404.
"""

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Self

from aiohttp import web

from tests.world.door import Call, Door, Refusal, Route, reply

UNIT = 320 * 1024
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(slots=True)
class Session:
    """One upload. `whole` is the document once all of it is there."""

    held: bytearray = field(default_factory=bytearray)
    whole: bytes | None = None


class Drive:
    """The double. `requests` are the headers of all that reached it, `files` what was uploaded by its address."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []
        self._sessions: dict[str, Session] = {}
        self._ids = count(1)
        self._door = Door((Route("upload", "PUT", "/up/{id}", self._put),))
        self.faults = self._door.faults

    async def __aenter__(self) -> Self:
        await self._door.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._door.__aexit__(*error)

    @property
    def host(self) -> str:
        """Name and port, as `FILE_HOSTS` wants it."""
        return self._door.url.partition("://")[2]

    def address(self) -> str:
        """A new upload address, with its secret."""
        id = f"u{next(self._ids)}"
        self._sessions[id] = Session()
        return f"{self._door.url}/up/{id}?tempauth=secret%2Dof%2Dupload"

    def whole(self, address: str) -> bytes | None:
        """The document that was uploaded there; None where it is not whole."""
        return self._sessions[self._id(address)].whole

    def expire(self, address: str) -> None:
        """The address is not known any more."""
        del self._sessions[self._id(address)]

    async def _put(self, call: Call) -> web.StreamResponse:
        self.requests.append(dict(call.request.headers))
        session = self._sessions.get(call.args["id"])
        if session is None or session.whole is not None:
            raise Refusal(404, "itemNotFound", "The upload session was not found")
        first, last, size = self._range(call)
        if first != len(session.held):
            raise Refusal(416, "invalidRange", "The range does not fit")
        session.held += call.body
        if last + 1 < size:
            return reply({"nextExpectedRanges": [f"{last + 1}-{size - 1}"]}, 202)
        session.whole = bytes(session.held)
        return reply({"id": call.args["id"], "size": size}, 201)

    def _range(self, call: Call) -> tuple[int, int, int]:
        found = RANGE.fullmatch(call.request.headers.get("Content-Range", ""))
        if found is None:
            raise Refusal(400, "invalidRequest", "No range")
        first, last, size = map(int, found.groups())
        fits = last - first + 1 == len(call.body) and last < size
        if not fits or (last + 1 < size and len(call.body) % UNIT):
            raise Refusal(400, "invalidRequest", "The range is not as long as it says, or no multiple of 320 KiB")
        return first, last, size

    def _id(self, address: str) -> str:
        return address.rpartition("/")[2].partition("?")[0]
