"""Fetches pages from Microsoft Graph for one ask: with the token that is let in, at the published pace, patiently.

Floor 6, of the family of `bot.graph`. A token goes to the configured origin and nowhere else: no redirect is followed,
and a next page is fetched only from there.
"""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp
import orjson
from yarl import URL

from bot.graph.found import TOO_MANY
from bot.graph.pace import Clock, Pace, Pause
from bot.graph.source import GONE, Source
from bot.posts import Record
from bot.telemetry import Event, Log
from dialogs.errors import AssistantError, Missing, NeedsSignIn, Unavailable, Unreadable
from dialogs.slices import Ration

REQUEST = 20.0
"""Seconds one request may take."""
TRIES = 3
"""How often a request is made whose answer is missing and for which Graph names no time to wait."""
ANSWER_BYTES = 64 * 1024 * 1024
"""Bytes of one answer, unpacked: a page is 50 messages, with the replies to each where it is a channel's."""
BACKOFF = 0.5
"""Seconds before the second try, without a wish of Graph's, and the least in any case."""
PLAIN = re.compile(r"[!-~]+")
DENIED = frozenset({401, 403})
MISSING = frozenset({404, 410})
WRONG = frozenset({400, 422})
THROTTLED = (
    "Microsoft Graph lets me read no more just now; what is older was not read. "
    "Ask again later, or for a shorter time, such as **today** or **the last 50 messages**."
)

log = Log("bot.graph")


@dataclass(frozen=True, slots=True)
class Budget:
    """What one ask may take: messages, pages, and seconds with all waiting in them."""

    messages: int = 20_000
    pages: int = 500
    seconds: float = 90.0


@dataclass(frozen=True, slots=True)
class Line:
    """The way to Graph that all asks share. `root` is its address with the version.

    Whoever works on what came does it by `ration`: otherwise the slices of several asks would add up to one long stall.
    """

    session: aiohttp.ClientSession
    root: str
    pace: Pace
    clock: Clock
    pause: Pause
    ration: Ration = field(default_factory=Ration)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; status 0 where nothing of use did. `wish` is how many seconds Graph wants us to wait."""

    status: int
    page: Record | None = None
    wish: float | None = None

    @property
    def passing(self) -> bool:
        """Whether another try may help."""
        return self.status in (0, 408, 429) or self.status >= 500 or self.status // 100 == 3


class Pages:
    """The pages of one ask."""

    def __init__(self, line: Line, source: Source, tokens: Sequence[str], budget: Budget) -> None:
        """`tokens` are tried in order; the first that is let in is used from then on."""
        self._line = line
        self._source = source
        self._tokens = tokens
        self._left = budget.pages
        self._end = line.clock() + budget.seconds

    async def page(self, address: str) -> Record:
        """The page at an address. Raises `Unreadable`, `Unavailable` or `NeedsSignIn`."""
        reply = await self._admitted(address)
        if reply.page is None:
            raise await self._refusal(reply)
        return reply.page

    def next(self, page: Record, name: str = "@odata.nextLink") -> str | None:
        """The address of the page that follows. Raises `Unavailable` where that is not Graph's own."""
        following = page.get(name)
        if following is None:
            return None
        # Graph writes the `@` of a channel's id as it is, so nothing less plain than the beginning can be compared.
        sound = (
            isinstance(following, str) and following.startswith(f"{self._line.root}/") and PLAIN.fullmatch(following)
        )
        if not sound:
            log.event(Event.GRAPH_FAILED, logging.ERROR)
            raise Unavailable
        return str(following)

    async def _admitted(self, address: str) -> Reply:
        """The answer to the first token that is let in."""
        reply = Reply(403)
        for token in self._tokens:
            reply = await self._patient(address, token)
            if reply.status not in DENIED:
                self._tokens = (token,)
                break
        return reply

    async def _patient(self, address: str, token: str) -> Reply:
        """The first answer that another try would not better, or that there is no time to better."""
        tries = 0
        while True:
            reply = await self._one(address, token)
            tries += reply.wish is None
            wait = BACKOFF * 2 ** (tries - 1) if reply.wish is None else max(reply.wish, BACKOFF)
            if not reply.passing or tries == TRIES or self._line.clock() + wait > self._end:
                return reply
            await self._line.pause(wait)

    async def _one(self, address: str, token: str) -> Reply:
        """One request in its turn."""
        self._spend()
        await self._line.pace.admit(self._source.road)
        try:
            async with self._line.session.get(
                URL(address, encoded=True),
                headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=REQUEST),
            ) as response:
                body = await bounded(response.content)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.event(Event.GRAPH_FAILED, logging.WARNING, error=error)
            return Reply(0)
        if response.status == 200 and body is not None:
            return await self._parsed(body)
        log.event(Event.GRAPH_FAILED, logging.WARNING, status=response.status)
        if response.status == 429:
            self._line.pace.refused(self._source.road)
        return Reply(response.status, wish=wish_of(response))

    def _spend(self) -> None:
        if self._left <= 0:
            raise Unreadable(TOO_MANY)
        self._left -= 1

    async def _parsed(self, body: bytes) -> Reply:
        async with self._line.ration:
            page = parsed(body)
        return Reply(0) if page is None else Reply(200, page)

    async def _refusal(self, reply: Reply) -> AssistantError:
        """Our error for an answer that is no page."""
        if reply.status == 401 and self._source.own:
            return NeedsSignIn()
        if reply.status == 403:
            return Unreadable(self._source.denied)
        if reply.status in MISSING:
            return await self._absence()
        if reply.status in WRONG:
            return Unreadable()
        wish = None if reply.wish is None else timedelta(seconds=reply.wish)
        return Unavailable(THROTTLED if reply.status == 429 else "", retry_after=wish)

    async def _absence(self) -> Unreadable:
        """Our error for what is not there: a thread, or the whole channel or chat."""
        home = self._source.home
        if home and (await self._patient(f"{self._line.root}{home}?$top=1", self._tokens[0])).page is not None:
            return Unreadable(GONE)
        return Missing(self._source.absent)


async def bounded(content: aiohttp.StreamReader) -> bytes | None:
    """All of an answer; None where it is longer than any page is."""
    found = bytearray()
    async for piece in content.iter_any():
        found += piece
        if len(found) > ANSWER_BYTES:
            return None
    return bytes(found)


def wish_of(response: aiohttp.ClientResponse) -> float | None:
    """The seconds Graph asks us to wait."""
    value = response.headers.get("Retry-After", "")
    sound = response.status in (429, 503) and value.isascii() and value.isdigit() and len(value) < 6
    return float(value) if sound else None


def parsed(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body."""
    try:
        found = orjson.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
