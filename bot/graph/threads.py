"""Reads the messages of a channel's thread or a group chat from Microsoft Graph, at the moment they are asked for.

Floor 6. Nothing of them is stored. The token goes to the configured origin and nowhere else: no redirect is followed,
and a next page is fetched only from there. Graph hands out the newest messages first, so everything is read before the
first post is given: what a failure half way has cost are then the oldest messages, and the failure is raised at the end.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.names import origin
from bot.posts import Moment, Record, Spot, order, post, time_of
from bot.telemetry import Event, Log
from dialogs.errors import AssistantError, Unavailable, Unreadable
from dialogs.talk import Omitted, Person, Place, PlaceKind, Post, Window

MOST = 2_000
"""Messages read for one ask."""
PAGES = MOST // 50 + 10
"""Requests for one ask: full pages, and some that Graph leaves half empty."""
BUDGET = 60.0
"""Seconds for all of them, waiting included."""
REQUEST = 20.0
"""Seconds one request may take, and the longest wait that Graph may ask for."""
TRIES = 3
"""How often a request is made whose answer is missing."""
BACKOFF = 0.5
"""Seconds before the second try, without a wish of Graph's."""

CHANNEL_DENIED = "An owner of this team can change that by granting me ChannelMessage.Read.Group in the team's apps."
CHAT_DENIED = "A member can change that by adding me to this chat with the permission ChatMessage.Read.Chat."
NO_TEAM = "Teams did not say which team this is."
PERSONAL = "I can only read channels and group chats."
GONE = "The thread is gone."
TOO_MANY = f"There are more than {MOST:,} messages; the oldest were not read."

log = Log("bot.graph")
Token = Callable[[Person], Awaitable[str]]
Pause = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Source:
    """What to ask Graph for: the addresses below its root, the words for a refusal, and where the messages stand."""

    addresses: tuple[str, ...]
    denied: str
    spot: Spot


class GraphThreads:
    """The threads and chats that a token may read; `dialogs.ports.Threads`."""

    def __init__(
        self, session: aiohttp.ClientSession, address: str, token: Token, own: str, pause: Pause = asyncio.sleep
    ) -> None:
        """`address` is Graph's without a version; `token` gives the token to read with for a person; `own` is our app id."""
        self._session = session
        self._root = f"{address}/v1.0"
        self._origin = origin(address)
        self._token = token
        self._own = own
        self._pause = pause

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Post | Omitted]:
        """Every message in the window once, oldest first. Raises `Unreadable` or `Unavailable`, after what was read."""
        source = source_of(person, place)
        found = Found(window, self._own, source.spot)
        failure: AssistantError | None = None
        try:
            async with asyncio.timeout(BUDGET):
                await self._collect(source, await self._token(person), found)
        except AssistantError as error:
            failure = error
        except TimeoutError:
            failure = Unavailable()
        for item in found.newest():
            yield item
        if failure is not None:
            raise failure

    async def _collect(self, source: Source, token: str, found: "Found") -> None:
        pages = 0
        for address in source.addresses:
            following: str | None = self._root + address
            while following is not None and not found.enough:
                if pages == PAGES or found.full:
                    raise Unreadable(TOO_MANY)
                page = await self._page(following, token, source.denied)
                found.add(page)
                following, pages = self._next(page), pages + 1

    def _next(self, page: Record) -> str | None:
        """The address of the next page."""
        following = page.get("@odata.nextLink")
        if following is None:
            return None
        if not isinstance(following, str) or origin(following) != self._origin:
            log.event(Event.GRAPH_FAILED, logging.ERROR)
            raise Unavailable
        return following

    async def _page(self, address: str, token: str, denied: str) -> Record:
        failure: AssistantError = Unavailable()
        for attempt in range(TRIES):
            try:
                return await self._get(address, token, denied)
            except Unavailable as error:
                failure = error
                wish = error.retry_after
            if attempt + 1 < TRIES:
                await self._pause(BACKOFF * 2**attempt if wish is None else wish.total_seconds())
        raise failure

    async def _get(self, address: str, token: str, denied: str) -> Record:
        """One request. Raises `Unavailable` where another try may help."""
        try:
            async with self._session.get(
                URL(address, encoded=True),
                headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=REQUEST),
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.event(Event.GRAPH_FAILED, logging.WARNING, error=error)
            raise Unavailable from None
        if response.status != 200:
            log.event(Event.GRAPH_FAILED, logging.WARNING, status=response.status)
            raise refusal(response.status, response.headers.get("Retry-After", ""), denied)
        return parsed(body)


class Found:
    """The messages met so far that lie in the window, each once."""

    def __init__(self, window: Window, own: str, spot: Spot) -> None:
        self._window = window
        self._own = own
        self._spot = spot
        self._items: dict[str, tuple[Moment, Post | Omitted]] = {}
        self._met = 0
        self.enough = False
        """Whether everything older lies outside the window."""

    @property
    def full(self) -> bool:
        """Whether no more are taken."""
        return self._met >= MOST

    def add(self, page: Record) -> None:
        """Take in a page of records, newest first, or the one record that a root is."""
        records = entries(page)
        self._met += len(records)
        for record in filter(self._inside, records):
            self._items[str(record.get("id"))] = (order(record), post(record, self._own, self._spot))
        since, last = self._window.since, self._window.last
        oldest = min(map(time_of, records), default=None) if "value" in page else None
        passed = since is not None and oldest is not None and oldest < since
        # One more than asked for, because the root came first and is the oldest.
        self.enough = passed or (last is not None and self._posts() > last)

    def newest(self) -> Sequence[Post | Omitted]:
        """Oldest first: the newest `last` posts, and what was left out among them."""
        items = [item for _, item in sorted(self._items.values(), key=lambda found: found[0])]
        posts = [place for place, item in enumerate(items) if isinstance(item, Post)]
        last = self._window.last
        return items[posts[-last] :] if last and len(posts) > last else items

    def _inside(self, record: Record) -> bool:
        since, until, time = self._window.since, self._window.until, time_of(record)
        return (since is None or time >= since) and (until is None or time < until)

    def _posts(self) -> int:
        return sum(isinstance(item, Post) for _, item in self._items.values())


def entries(page: Record) -> Sequence[Record]:
    """The records of a page."""
    found = page.get("value", [page])
    return [record for record in found if isinstance(record, dict)] if isinstance(found, list) else []


def source_of(person: Person, place: Place) -> Source:
    """Where the messages of a place are read. Raises `Unreadable`."""
    if place.kind is PlaceKind.GROUP:
        chat = f"/chats/{escaped(place.conversation)}/messages?$top=50&$orderby=createdDateTime%20desc"
        return Source((chat,), CHAT_DENIED, Spot(place.conversation, person.tenant))
    if place.kind is not PlaceKind.CHANNEL:
        raise Unreadable(PERSONAL)
    if not (place.team and place.channel and place.thread):
        raise Unreadable(NO_TEAM)
    root = f"/teams/{escaped(place.team)}/channels/{escaped(place.channel)}/messages/{escaped(place.thread)}"
    spot = Spot(place.channel, person.tenant, place.team, place.thread)
    return Source((root, f"{root}/replies?$top=50"), CHANNEL_DENIED, spot)


def escaped(part: str) -> str:
    """A part of a path that cannot leave its place. Ids come from outside; `.` and `..` would climb."""
    if part.strip(".") == "":
        raise Unreadable
    return quote(part, safe="")


def refusal(status: int, retry_after: str, denied: str) -> AssistantError:
    """Our error for a status of Graph's."""
    if status == 403:
        return Unreadable(denied)
    if status in (404, 410):
        return Unreadable(GONE)
    if status in (400, 422):
        return Unreadable()
    seconds = int(retry_after) if retry_after.isascii() and retry_after.isdigit() and len(retry_after) < 6 else None
    return Unavailable(retry_after=None if seconds is None else timedelta(seconds=min(seconds, REQUEST)))


def parsed(body: bytes) -> dict[str, Any]:
    """The JSON object in a body."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Unavailable from None
    if not isinstance(found, dict):
        raise Unavailable
    return found
