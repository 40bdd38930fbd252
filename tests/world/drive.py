"""The files of a tenant as a bot sees them: upload addresses that take the ranges of a document one after the other, and
download addresses that hand out a file to whoever has them, without a token.

    shown = drive.put("plan.docx", b"…")          # where people see it (contentUrl); drive.readers says who may
    drive.download(shown)                         # a new download address, until drive.expire(address)
    ada.say("summarise", attachments=[drive.sent("plan.docx", b"…")])       # dropped into a personal chat
    graph.post(…, html=…, attachments=[drive.reference(shown)])             # posted in a channel

Fault kinds: upload, download. Uploads: as in Microsoft Graph's "Upload bytes to the upload session": a range that does not go on where the last one ended is refused
with 416, one in the middle whose size is no multiple of 320 KiB with 400, and an address that is not known with 404.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Self
from urllib.parse import unquote

from aiohttp import web

from tests.world.door import Call, Door, Refusal, Route, reply

UNIT = 320 * 1024
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
DOWNLOAD_INFO = "application/vnd.microsoft.teams.file.download.info"


@dataclass(slots=True)
class Session:
    """One upload. `whole` is the document once all of it is there."""

    held: bytearray = field(default_factory=bytearray)
    whole: bytes | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that lies there; `id` is a GUID, as SharePoint's are."""

    id: str
    name: str
    data: bytes
    media_type: str


class Drive:
    """The double. `requests` are the headers of all that reached it; `readers` are the object ids of those who may read a
    file, by where it is shown: everybody where there is no entry."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []
        self.readers: dict[str, set[str]] = {}
        self._files: dict[str, File] = {}
        self._downloads: dict[str, File] = {}
        self._sessions: dict[str, Session] = {}
        self._ids = count(1)
        self._door = Door(
            (Route("upload", "PUT", "/up/{id}", self._put), Route("download", "GET", "/down/{id}", self._get))
        )
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

    def put(self, name: str, data: bytes, media_type: str = "application/octet-stream") -> str:
        """A file lies in the team's library; where people see it, with its spaces as Graph writes them."""
        shown = f"{self._door.url}/sites/Release/Shared Documents/General/{name}"
        id = f"153fa47d-18c9-4179-be08-{next(self._ids):012d}"
        self._files[shown] = File(id, name, data, media_type)
        return shown

    def download(self, shown: str) -> str:
        """A new download address of a file, with its secret."""
        id = f"d{next(self._ids)}"
        self._downloads[id] = self._files[shown]
        return f"{self._door.url}/down/{id}?UniqueId={self._files[shown].id}&tempauth=v1.secret%2Dof%2Ddownload"

    def item(self, shown: str, reader: str) -> dict[str, Any]:
        """Graph's driveItem of a file, for who may read it."""
        file = self._files.get(unquote(shown))
        if file is None:
            raise Refusal(404, "itemNotFound", "The resource could not be found.")
        if reader not in self.readers.get(unquote(shown), {reader}):
            raise Refusal(403, "accessDenied", "Access denied")
        return {
            "id": f"01{file.id.replace('-', '').upper()}",
            "name": file.name,
            "size": len(file.data),
            "file": {"mimeType": file.media_type, "hashes": {"quickXorHash": "kA=="}},
            "@microsoft.graph.downloadUrl": self.download(unquote(shown)),
        }

    def sent(self, name: str, data: bytes, media_type: str = "application/octet-stream") -> dict[str, Any]:
        """The attachment of a message in a personal chat that brings a file."""
        shown = self.put(name, data, media_type)
        file = self._files[shown]
        content = {"downloadUrl": self.download(shown), "uniqueId": file.id, "fileType": name.rpartition(".")[2]}
        return {"contentType": DOWNLOAD_INFO, "contentUrl": shown, "name": name, "content": content}

    def reference(self, shown: str) -> Mapping[str, Any]:
        """The entry of a file among the attachments of a message in Graph."""
        file = self._files[shown]
        entry = {"id": file.id, "contentType": "reference", "contentUrl": shown, "content": None, "name": file.name}
        return {**entry, "thumbnailUrl": None, "teamsAppId": None}

    def whole(self, address: str) -> bytes | None:
        """The document that was uploaded there; None where it is not whole."""
        return self._sessions[self._id(address)].whole

    def expire(self, address: str) -> None:
        """The address is not known any more."""
        (self._sessions if "/up/" in address else self._downloads).pop(self._id(address))

    async def _get(self, call: Call) -> web.StreamResponse:
        self.requests.append(dict(call.request.headers))
        file = self._downloads.get(call.args["id"])
        if file is None:
            raise Refusal(404, "itemNotFound", "The resource could not be found.")
        return web.Response(body=file.data, content_type=file.media_type)

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
