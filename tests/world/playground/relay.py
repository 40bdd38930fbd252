"""Passing a request on to another server as it is, and its answer back."""

from aiohttp import ClientError, ClientSession, web
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

HOP = {"connection", "content-length", "host", "keep-alive", "transfer-encoding", "upgrade"}
"""Headers that belong to one connection."""


class Relay:
    """A server behind this one. The session must not decompress."""

    def __init__(self, session: ClientSession, target: str) -> None:
        self._session = session
        self._target = target

    async def send(self, request: web.Request, body: bytes | None = None) -> web.Response:
        """The answer of the server behind; 502 where there is none. `body` replaces the request's."""
        data = await request.read() if body is None else body
        address = URL(self._target + request.raw_path, encoded=True)
        try:
            async with self._session.request(
                request.method, address, headers=lasting(request.headers), data=data, allow_redirects=False
            ) as answer:
                return web.Response(status=answer.status, headers=lasting(answer.headers), body=await answer.read())
        except (ClientError, TimeoutError):
            return web.Response(status=502)


def lasting(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    """The headers that travel on."""
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in HOP)
