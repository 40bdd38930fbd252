"""Houses with something wrong in them, each put together so: a walk that finds nothing in one of these would find nothing at all."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from bot.rulebook import Rules
from bot.store.recall import Recall, Recalled
from bot.store.rows import Claim
from bot.teams.connector import Connectors
from bot.teams.desk import Cupboards
from bot.teams.members import Admitted, Roster
from dialogs.attachments import Attachment, Handover
from dialogs.documents import Document, Picture
from dialogs.ports import Files, Form, Model, Words
from dialogs.prompt import Prompt
from dialogs.talk import Ask, Cite, Message, Place, Usage
from dialogs.terms import Offer
from tests.attacks.premises import Wanted

Line = tuple[str, str, str, int]


def unasked(wanted: Wanted) -> Wanted:
    """Nobody asks Teams who belongs to a conversation."""
    return replace(wanted, admitted=lambda threads, roster: threads)


def remembering(wanted: Wanted) -> Wanted:
    """Who belonged to a conversation once may read it ever after."""
    known: set[tuple[str, str, str]] = set()
    return replace(wanted, admitted=lambda threads, roster: Admitted(threads, Remembered(roster, known)))


def mixed(wanted: Wanted) -> Wanted:
    """The history of a chat is looked up under the key that was asked for before."""

    def cupboards(within: Cupboards) -> Cupboards:
        return replace(within, recall=Mixed(within.recall))

    return replace(wanted, rooms=lambda rooms: replace(rooms, cupboards=cupboards(rooms.cupboards)))


def overheard(wanted: Wanted) -> Wanted:
    """A model is given what another was given before."""
    before: list[Message] = []

    def make(ask: Ask, offer: Offer | None, meter: Callable[[Usage], None]) -> Model:
        return Overhearing(wanted.model(ask, offer, meter), before)

    return replace(wanted, model=make)


def misfiled(wanted: Wanted) -> Wanted:
    """The files that a chat knows are looked up under the key of the chat before."""
    before: list[Files] = []

    def cupboards(within: Cupboards) -> Cupboards:
        def lent(some: bool, claim: Claim, ask: Ask, words: Words, rules: Rules, service_url: str) -> Lent:
            return Lent(within.files(some, claim, ask, words, rules, service_url), before)

        return replace(within, files=lent)

    return replace(wanted, rooms=lambda rooms: replace(rooms, cupboards=cupboards(rooms.cupboards)))


def unwarned(wanted: Wanted) -> Wanted:
    """An answer for one pair of eyes is posted before whoever belongs to the conversation by then."""
    return replace(wanted, rooms=lambda rooms: replace(rooms, connectors=Settled(rooms.connectors)))


@dataclass(frozen=True, slots=True)
class Lent:
    """The files of an ask, but for those that its chat knows: these are the ones of the ask before."""

    files: Files
    before: list[Files]

    async def read(self, attachment: Attachment) -> Document:
        return await self.files.read(attachment)

    async def look(self, attachment: Attachment) -> Picture:
        return await self.files.look(attachment)

    async def kept(self) -> tuple[Document, ...]:
        asked = (self.before or [self.files])[-1]
        self.before[:] = [self.files]
        return await asked.kept()

    async def posted(self) -> tuple[Attachment, ...]:
        return await self.files.posted()

    async def write(self, text: str, cites: Sequence[Cite], form: Form) -> Handover:
        return await self.files.write(text, cites, form)


class Settled(Connectors):
    """Connectors that remember who belonged to a conversation when everybody of it was asked for the first time."""

    def __init__(self, connectors: Connectors) -> None:
        self._connectors = connectors
        self._known: dict[tuple[str, str], Sequence[Mapping[str, Any]]] = {}

    def client(self, service_url: str) -> Any:
        found = self._connectors.client(service_url)
        return SimpleNamespace(conversations=First(found.conversations, service_url, self._known))


@dataclass(frozen=True, slots=True)
class First:
    """The conversations of a service address, whose rosters never change."""

    conversations: Any
    service_url: str
    known: dict[tuple[str, str], Sequence[Mapping[str, Any]]]

    async def everybody(self, home: str) -> Sequence[Mapping[str, Any]]:
        key = (self.service_url, home)
        if key not in self.known:
            self.known[key] = await self.conversations.everybody(home)
        return self.known[key]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.conversations, name)


@dataclass(frozen=True, slots=True)
class Remembered:
    """Asks Teams about a person and a place once."""

    roster: Roster
    known: set[tuple[str, str, str]]

    async def holds(self, place: Place) -> None:
        key = (self.roster.tenant, self.roster.person.id, place.home)
        if key not in self.known:
            await self.roster.holds(place)
            self.known.add(key)


class Mixed(Recall):
    """Recalls people with the lines of who was recalled before."""

    def __init__(self, recall: Recall) -> None:
        self.__dict__.update(recall.__dict__)
        self._before: tuple[Claim, str] | None = None

    async def of(self, claim: Claim, person: str, home: str = "") -> Recalled:
        own, before = await super().of(claim, person, home), self._before or (claim, person)
        self._before = claim, person
        return replace(own, lines=(await super().of(*before)).lines)


@dataclass(frozen=True, slots=True)
class Overhearing:
    """A model whose prompts begin with the question of the one before."""

    model: Model
    before: list[Message] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def window(self) -> int:
        return self.model.window

    @property
    def writes(self) -> bool:
        return self.model.writes

    @property
    def sees(self) -> bool:
        return self.model.sees

    def count(self, text: str) -> int:
        return self.model.count(text)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        heard = replace(prompt, history=(*self.before, *prompt.history))
        self.before[:] = [Message("user", prompt.question)]
        async for piece in self.model.stream(heard):
            yield piece


HOLES: Sequence[Callable[[Wanted], Wanted]] = (unasked, remembering, mixed, overheard, misfiled, unwarned)
