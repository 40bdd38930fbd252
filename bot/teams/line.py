"""The line to the connector and the token service: one pooled session, the bot's token, patience and its limits.

Floor 5. It speaks to trusted origins only, follows no redirect, and never repeats what might be said twice.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import aiohttp
import orjson
from yarl import URL

from bot.teams.errors import Rejected, Throttled
from bot.teams.origins import Origins
from bot.teams.pacing import Pacing
from bot.teams.refusals import Refusal, lost, refusal, seconds, wait
from dialogs.errors import Unavailable

CONNECT_SECONDS = 10.0
TOTAL_SECONDS = 15.0
ANSWER_BYTES = 4 * 1024 * 1024
CONNECTIONS = 500

_TIMEOUT = aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that was taken. `body` is empty or whatever came."""

    status: int
    body: bytes

    @property
    def json(self) -> object:
        """The body as JSON; None where it is none."""
        try:
            return orjson.loads(self.body) if self.body else None
        except ValueError:
            return None


class Call(Protocol):
    """How the rooms above speak to a service."""

    async def call(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        known: frozenset[int] = ...,
        passing: bool = ...,
    ) -> Reply:
        """Make one call. `known` are statuses that are an answer and no error. Raises `AssistantError`s.

        What is `passing` is left out, with an error, where it would wait or be tried again: the next call shows all of it.
        """


@dataclass(frozen=True, slots=True)
class Ways:
    """What a line is handed: the bot's token (None: speak without), a pause in seconds, a number in [0, 1), the time."""

    token: Callable[[], Awaitable[str | None]]
    pause: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]
    now: Callable[[], datetime]


class Line:
    """Calls to trusted origins over a session that is shared by everybody."""

    def __init__(
        self, session: aiohttp.ClientSession, origins: Origins, ways: Ways, pacing: Pacing | None = None
    ) -> None:
        """Without a `pacing` every call is made at once."""
        self._session = session
        self._origins = origins
        self._ways = ways
        self._pacing = pacing

    async def call(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        *,
        known: frozenset[int] = frozenset(),
        passing: bool = False,
    ) -> Reply:
        """Make one call, again where that is safe. Raises `AssistantError`s."""
        target = self._target(url)
        tries = 1
        while True:
            if self._pacing is not None and (late := self._pacing.book(method, url, passing=passing)):
                await self._turn(self._pacing, method, url, late)
            found = await self._once(method, target, body, known)
            if isinstance(found, Reply):
                return found
            if self._pacing is not None and isinstance(found.error, Throttled):
                self._pacing.hold(method, url, found.error.retry_after)
            span = None if passing else wait(found, tries, self._ways.chance)
            if span is None:
                raise found.error
            await self._ways.pause(span / timedelta(seconds=1))
            tries += 1

    async def _turn(self, pacing: Pacing, method: str, url: str, late: float) -> None:
        """Wait for a turn; anew where Teams has asked for quiet meanwhile."""
        while late:
            await self._ways.pause(late)
            late = pacing.book(method, url) if pacing.held(method, url) else 0.0

    def _target(self, url: str) -> URL:
        """Raises `Rejected` for an address the token must not be sent to."""
        # Up to the third slash, and matched strictly there: nothing that a parser could read as another host gets by.
        if not self._origins.trust("/".join(url.split("/", 3)[:3])):
            raise Rejected(code="untrusted origin")
        return URL(url, encoded=True)

    async def _once(self, method: str, url: URL, body: bytes | None, known: frozenset[int]) -> Reply | Refusal:
        headers = await self._headers(body)
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False, timeout=_TIMEOUT
            ) as response:
                reply = Reply(response.status, await _bounded(response))
                after = seconds(response.headers.get("Retry-After"), self._ways.now())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return lost(method, sent=False)
        except (aiohttp.ClientError, TimeoutError):
            return lost(method, sent=True)
        if reply.status in known:
            return reply
        return refusal(method, reply.status, reply.body, after) or reply

    async def _headers(self, body: bytes | None) -> dict[str, str]:
        token = await self._ways.token()
        headers = {"Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json; charset=utf-8"
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return headers


def open_session(hooks: Sequence[aiohttp.TraceConfig] = ()) -> aiohttp.ClientSession:
    """The one session of a process: pooled, without cookies, proxies from the environment or redirects that matter.

    What its names resolve to is not looked at, as it is for what a message points to (`bot.pinning`): they stand in the
    settings and in no message, and a private endpoint leads to a private address on purpose. That nobody else answers there
    is what TLS is for.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=CONNECTIONS, limit_per_host=0),
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        trace_configs=list(hooks),
    )


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    if response.content_length is not None and response.content_length <= ANSWER_BYTES:
        return await response.read()
    found = bytearray()
    async for chunk in response.content.iter_chunked(65536):
        found += chunk
        if len(found) > ANSWER_BYTES:
            raise Unavailable
    return bytes(found)
