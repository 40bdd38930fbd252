"""The way a request to a model takes, and its answer back: aiohttp's connections beneath the `openai` package.

Floor 6. The package's own way costs three times as much for each piece of an answer, and at each request goes through all
connections that are open. Source: httpx2's `AsyncBaseTransport`.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import aiohttp
import httpx2
import orjson
from aiohttp.http_exceptions import HttpProcessingError
from yarl import URL

BREATH = 1.0
"""Seconds of an answer that are taken together where it is `calm`: what Teams wants between two steps of a stream."""
READ = 16 * 1024
"""Bytes of it that are taken in one go; whoever else waits has their turn in between."""
PAUSE = {"pause": True}
"""Follows, as an event of its own, what had arrived together: the package hands on event by event and does not tell whether the
next is there already."""
MARK = b"data: %b\n\n" % orjson.dumps(PAUSE)
"""The same as it is put into the flow."""
ENDS = (b"\n\n", b"\r\n\r\n", b"\r\r")
"""What an event ends with. One that has arrived in part is waited for."""
EVENTS = "text/event-stream"
KEPT = 30.0
"""Seconds an idle connection is kept."""
OURS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp would add where a request has none."""


class Flow(httpx2.AsyncByteStream):
    """What a resource answers, as it arrives. Raises `httpx2.ReadError` and `httpx2.ReadTimeout` where it breaks.

    Iterate it again, and it goes on where it stands.
    """

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response
        self.marked = response.content_type == EVENTS and "Content-Encoding" not in response.headers
        """Whether a `PAUSE` follows what arrived together."""
        self.calm = False
        """From now on it comes a breath at a time: who reads on is in no hurry."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        tail = b""
        with foreign():
            while piece := await self._read():
                yield piece
                tail = tail[-4:] + piece[-4:]
                if self.marked and tail.endswith(ENDS):
                    yield MARK
                if self.calm:
                    await self._breathe()

    async def aclose(self) -> None:
        """Let go of it. What was not read to its end closes its connection: the resource then writes no more."""
        self._response.release()

    async def _read(self) -> bytes:
        try:
            return await self._response.content.read(READ)
        except RuntimeError as error:  # said of a connection that a malformed chunk has closed
            raise httpx2.ReadError("the connection broke") from error

    async def _breathe(self) -> None:
        """Wait for a breath, or for the connection to end the answer."""
        with suppress(TimeoutError):
            async with asyncio.timeout(BREATH):
                await self._response.content.wait_eof()


class Transport(httpx2.AsyncBaseTransport):
    """The connections to one resource: without a limit, cookies, proxies or redirects. A POST is not sent a second time."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask, and return once the headers have come, the `Flow` among the extensions. Raises `httpx2.TransportError`."""
        with foreign():
            response = await self._opened().request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=content(request),
                skip_auto_headers=OURS,
                allow_redirects=False,
                timeout=patience(request.extensions["timeout"]),
            )
        flow = Flow(response)
        return httpx2.Response(
            response.status, headers=list(response.raw_headers), stream=flow, request=request, extensions={"flow": flow}
        )

    async def aclose(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """The session; it can be made only where a loop runs."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, ssl=self._tls, keepalive_timeout=KEPT),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # httpx2 does that
                trust_env=False,
            )
        return self._session


def content(request: httpx2.Request) -> Any:
    """The body of a request: whole, or as what is sent while it is being written."""
    try:
        return request.content
    except httpx2.RequestNotRead:
        return request.stream


def patience(given: Mapping[str, Any]) -> aiohttp.ClientTimeout:
    """What httpx2 waits for, as aiohttp has it: to connect, with the look-up of the name, and between two reads."""
    return aiohttp.ClientTimeout(total=None, connect=given["connect"], sock_read=given["read"])


@contextmanager
def foreign() -> Iterator[None]:
    """What aiohttp raises, in the words of httpx2: raises `ConnectTimeout`, `ConnectError`, `ReadTimeout` or `ReadError`."""
    try:
        yield
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx2.ConnectTimeout("not connected in time") from error
    except aiohttp.ClientConnectorError as error:
        raise httpx2.ConnectError("not connected") from error
    except TimeoutError as error:
        raise httpx2.ReadTimeout("silent for too long") from error
    except (aiohttp.ClientError, HttpProcessingError, OSError) as error:
        raise httpx2.ReadError("the connection broke") from error
