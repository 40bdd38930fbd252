"""Somebody who reads from the Graph double, on a clock of their own."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from bot.graph.pages import Budget
from bot.graph.threads import GraphThreads
from dialogs.errors import AssistantError
from dialogs.talk import Omitted, Person, Place, PlaceKind, Post, Window
from tests.world.graph import GraphDouble
from tests.world.people import ADA, APP, BRUNO, CHANNEL, GROUP, TEAM, TENANT

PERSON = Person(ADA.id, TENANT)
EVERYTHING = Window()
CHAT = Place(PlaceKind.GROUP, GROUP.conversation)
WHOLE = Place(PlaceKind.CHANNEL, CHANNEL.conversation, TEAM, CHANNEL.channel)

Item = Post | Omitted


@dataclass
class Reader:
    """Reads from a double and keeps how long it was made to wait; its clock goes only while it waits."""

    graph: GraphDouble
    session: aiohttp.ClientSession
    budget: Budget = field(default_factory=Budget)
    tokens: Sequence[str] = ("the bot's",)
    waits: list[float] = field(default_factory=list)
    now: float = 0.0

    async def _tokens(self, person: Person) -> Sequence[str]:
        return self.tokens

    async def _pause(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    def threads(self) -> GraphThreads:
        return GraphThreads(
            self.session,
            self.graph.url,
            self._tokens,
            APP,
            pause=self._pause,
            clock=lambda: self.now,
            budget=self.budget,
        )

    async def batches(self, place: Place, window: Window = EVERYTHING) -> list[Sequence[Item]]:
        return [batch async for batch in self.threads().read(PERSON, place, window)]

    async def read(self, place: Place, window: Window = EVERYTHING) -> list[Item]:
        """Everything, oldest first; what is no post stands where its batch had it."""
        return ordered(await self.batches(place, window))

    async def partly(self, place: Place, window: Window = EVERYTHING) -> tuple[list[str], AssistantError]:
        """The texts that came before the failure."""
        batches: list[Sequence[Item]] = []
        with pytest.raises(AssistantError) as failed:
            async for batch in self.threads().read(PERSON, place, window):
                batches += [batch]
        return texts(ordered(batches)), failed.value


@asynccontextmanager
async def reading() -> AsyncIterator[Reader]:
    """A reader and an empty Graph."""
    async with GraphDouble() as graph, aiohttp.ClientSession() as session:
        yield Reader(graph, session)


def ordered(batches: Iterable[Sequence[Item]]) -> list[Item]:
    """The batches in the order of their first posts, one after the other."""

    def begin(batch: Sequence[Item]) -> str:
        return min((item.id for item in batch if isinstance(item, Post)), default="")

    return [item for batch in sorted(batches, key=begin) for item in batch]


def texts(items: Iterable[Item]) -> list[str]:
    return [item.text if isinstance(item, Post) else item.reason for item in items]


def posts(items: Iterable[Item]) -> list[Post]:
    return [item for item in items if isinstance(item, Post)]


def thread(root: str) -> Place:
    """The thread under a root."""
    return Place(PlaceKind.CHANNEL, CHANNEL.at(root).conversation, TEAM, CHANNEL.channel, root)


def talk(graph: GraphDouble, replies: int, first: str = "0") -> Place:
    """A thread of a root and so many numbered replies."""
    root = graph.post(CHANNEL.conversation, ADA, first)
    for number in range(1, replies + 1):
        graph.post(CHANNEL.at(root).conversation, BRUNO, str(number))
    return thread(root)
