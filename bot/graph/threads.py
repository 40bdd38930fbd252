"""Reads what people wrote in a channel, a thread or a group chat from Microsoft Graph, at the moment they are asked for.

Floor 6. Nothing of it is stored. Graph hands out the newest messages first, so what a failure half way has cost are the
oldest; what was read before it is given, and then the failure is raised. Behind it stand `bot.graph.pages` (one page),
`bot.graph.pace` (how often), `bot.graph.source` (where) and `bot.graph.found` (what of it is wanted).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from copy import copy
from dataclasses import replace
from datetime import datetime

import aiohttp

from bot.graph.found import Found, Item, Placed, entries, latest, oldest, sequence
from bot.graph.pace import Clock, Pace, Pause
from bot.graph.pages import Budget, Line, Pages
from bot.graph.source import Source, escaped, own_source_of, source_of
from bot.posts import Record, Spot
from dialogs.errors import AssistantError, Unavailable
from dialogs.slices import in_slices
from dialogs.talk import Person, Place, Window

AT_ONCE = 4
"""Long threads of a channel that are read on at the same time; a team's rate."""
TOO_SLOW = (
    "Reading took too long; the oldest messages were not read. "
    "Ask for a shorter time, such as **since Monday**, or for **the last 500 messages**."
)

Tokens = Callable[[Person], Awaitable[Sequence[str]]]
"""The tokens to read with for a person, the best first."""
Batch = Sequence[Item]


class GraphThreads:
    """The channels, threads and chats that a token may read; `dialogs.ports.Threads`."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        address: str,
        tokens: Tokens,
        own: str,
        *,
        pause: Pause = asyncio.sleep,
        clock: Clock = time.monotonic,
        budget: Budget | None = None,
    ) -> None:
        """`address` is Graph's without a version; `own` is the application id of this bot."""
        self._line = Line(session, f"{address}/v1.0", Pace(clock, pause), clock, pause)
        self._tokens = tokens
        self._source = source_of
        self._own = own
        self._budget = budget or Budget()

    @property
    def line(self) -> Line:
        """The way to Graph, with the rates that all who use it share."""
        return self._line

    def abroad(self, own: Callable[[Person], Awaitable[str]]) -> "GraphThreads":
        """The same for who reads with their own token alone; where that is refused, it raises `NeedsSignIn`."""

        async def tokens(person: Person) -> Sequence[str]:
            return (await own(person),)

        twin = copy(self)
        twin._tokens, twin._source = tokens, own_source_of
        return twin

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Batch]:
        """Every message of the window once, in batches, each oldest first; those of a channel's thread together.

        With `window.last` in one batch. Raises `Unreadable` or `Unavailable`, after what was read.
        """
        batches: asyncio.Queue[Batch | None] = asyncio.Queue()
        # In a task of its own, because a time limit must not strike whoever is busy with a batch, and so that reading
        # goes on meanwhile.
        reading = asyncio.create_task(self._read(person, place, window, batches))
        try:
            while (batch := await batches.get()) is not None:
                yield batch
            await reading
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def _read(self, person: Person, place: Place, window: Window, batches: asyncio.Queue[Batch | None]) -> None:
        found = Found(window, self._own, self._budget.messages)
        try:
            async with asyncio.timeout(self._budget.seconds):
                source = self._source(person, place, window)
                pages = Pages(self._line, source, await self._tokens(person), self._budget)
                await Reading(self._line, pages, source, found, batches.put_nowait).run()
        except TimeoutError:
            raise Unavailable(TOO_SLOW if found.any else "") from None
        finally:
            if newest := found.newest():
                batches.put_nowait(newest)
            batches.put_nowait(None)


class Reading:
    """One ask's way through the pages. What fails is remembered, and the rest goes on."""

    def __init__(self, line: Line, pages: Pages, source: Source, found: Found, give: Callable[[Batch], object]) -> None:
        self._line = line
        self._pages = pages
        self._source = source
        self._found = found
        self._give = give
        self._failures: list[AssistantError] = []
        self._group = asyncio.TaskGroup()
        self._few = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        """Read everything that is wanted. Raises the first failure, after all the rest."""
        async with self._group:
            for address in self._source.streams:
                self._start(self._walk(self._line.root + address))
        if self._failures:
            raise self._failures[0]

    def _start(self, work: Coroutine[None, None, None]) -> None:
        self._group.create_task(self._noted(work))

    async def _noted(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except AssistantError as failure:
            self._failures.append(failure)

    async def _walk(self, address: str) -> None:
        page: Record | None = await self._pages.page(address)
        while page is not None:
            page = await self._step(page)

    async def _step(self, page: Record) -> Record | None:
        """Take a page in while the next one is fetched; where only so many are wanted, before."""
        if self._found.counts:
            await self._take(page)
            return await self._after(page)
        taken, following = await asyncio.gather(self._take(page), self._after(page), return_exceptions=True)
        for result in (taken, following):
            if isinstance(result, BaseException):
                raise result
        return following if isinstance(following, dict) else None

    async def _after(self, page: Record) -> Record | None:
        """The page that follows; None where nothing more is wanted."""
        following = self._following(page, latest(page, self._found.enough) if self._source.roots else oldest(page))
        return await self._pages.page(following) if following else None

    def _following(self, page: Record, bound: datetime | None) -> str | None:
        return None if self._found.over(bound) else self._pages.next(page)

    async def _take(self, page: Record) -> None:
        if self._source.roots:
            for root in entries(page):
                await self._chain(root)
        else:
            with self._batch() as items:
                await self._add(entries(page), self._source.spot, items)

    async def _chain(self, root: Record) -> None:
        """A root with its replies, which may be too many to come along."""
        spot = replace(self._source.spot, thread=str(root.get("id")))
        more = self._pages.next(root, "replies@odata.nextLink")
        if more is None and "replies" not in root:
            more = f"{self._line.root}{self._source.home}/{escaped(spot.thread)}/replies?$top=50"
        if more is not None:
            self._start(self._longer(root, spot, more))
            return
        with self._batch() as items:
            await self._add((root, *entries(root, "replies")), spot, items)

    async def _longer(self, root: Record, spot: Spot, more: str | None) -> None:
        with self._batch() as items:
            await self._add((root, *entries(root, "replies")), spot, items)
            async with self._few:
                while more is not None:
                    page = await self._pages.page(more)
                    await self._add(entries(page), spot, items)
                    more = self._following(page, oldest(page))

    async def _add(self, records: Sequence[Record], spot: Spot, items: list[Placed]) -> None:
        """Turn records into posts without keeping the event loop for long."""
        await in_slices(self._taken(records, spot, items), self._line.ration)

    def _taken(self, records: Sequence[Record], spot: Spot, items: list[Placed]) -> Iterator[None]:
        """Each is put in at once, so that an end in the middle keeps what there is."""
        for record in records:
            placed = self._found.take(record, spot)
            if placed is not None:
                items.append(placed)
            yield

    @contextmanager
    def _batch(self) -> Iterator[list[Placed]]:
        """Gives on what was put in, also when the putting in ends early."""
        items: list[Placed] = []
        try:
            yield items
        finally:
            if items and self._found.counts:
                self._found.keep(items)
            elif items:
                self._give(sequence(items))
