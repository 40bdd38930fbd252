"""Who belongs to a conversation, asked of Teams at the moment of use; who cannot tell, denies.

Floor 6. Source: the connector's roster (`members/{id}`, `pagedmembers`). A channel is asked for by its own id, because
shared and private channels have other members than their team.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from bot.teams.errors import Rejected
from dialogs.errors import Busy, Gone, NotAdded, NotMember, Unavailable
from dialogs.ports import Member, Threads
from dialogs.streams import closing
from dialogs.talk import Omitted, Person, Place, Post, Window

T = TypeVar("T")
MOST = 10_000
"""People in places that are remembered."""
KEEP = timedelta(minutes=10)
"""How long it is remembered whether somebody is a guest."""


class Clients(Protocol):
    """Where connector clients come from; see `bot.teams.connector`."""

    def client(self, service_url: str) -> Any:
        """The client of a service address; its `conversations` are `bot.teams.conversations`."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The conversations of one service address as one person asks for them; `bot` is the bot's own account (28:…)."""

    connectors: Clients
    service_url: str
    person: Person
    tenant: str
    bot: str

    async def of(self, place: Place) -> tuple[Member, ...]:
        """Everybody of a channel or chat. Raises `NotMember`, `Unreadable` or `Unavailable`."""
        found = await _asked(self._conversations.everybody(place.home))
        return tuple(_member(one, self.tenant) for one in found)

    async def holds(self, place: Place) -> None:
        """Raises `NotMember` unless the person belongs to it now; `Unreadable` or `Unavailable` where nobody can tell."""
        person = self.person
        found = await _asked(self._conversations.member(place.home, person.account or person.id))
        # Without an Entra id a person is nobody: two empty ids are not the same somebody.
        if not person.id or not _same(_entra(found), person.id):
            raise NotMember

    async def footing(self, place: Place) -> "Footing":
        """As what the person belongs to it. Raises as `holds` does."""
        found = await _asked(self._conversations.member(place.home, self.person.account))
        tenant = str(found.get("tenantId") or "")
        return Footing(_is_guest(found) or not _entra(found) or not tenant, tenant)

    async def alone(self) -> str:
        """The one-to-one conversation with the person, opened where there is none. Raises `NotReached`."""
        person = self.person
        id: str = await self._conversations.take_aside(person.account or person.id, self.tenant, self.bot)
        return id

    @property
    def _conversations(self) -> Any:
        return self.connectors.client(self.service_url).conversations


@dataclass(frozen=True, slots=True)
class Footing:
    """As what somebody belongs to a conversation. `tenant` is their own; a `guest` is one of the conversation's tenant."""

    guest: bool
    tenant: str


class Guests:
    """Who is a guest where, and of which tenant. It is asked with every message and hardly ever changes, so it is remembered for a while.

    What may be read does not hang on it: that is asked at use, by `Admitted`.
    """

    def __init__(self, now: Callable[[], datetime], most: int = MOST, keep: timedelta = KEEP) -> None:
        self._now = now
        self._most = most
        self._keep = keep
        self._known: dict[tuple[str, str, str], tuple[Footing, datetime]] = {}

    async def footing(self, roster: Roster, place: Place) -> Footing:
        """As what the roster's person belongs there. Raises as `Roster.holds` does."""
        key = (roster.tenant, place.home, roster.person.account)
        known = self._known.get(key)
        if known is not None and known[1] > self._now():
            return known[0]
        found = await roster.footing(place)
        self._known.pop(key, None)
        if len(self._known) >= self._most:
            del self._known[next(iter(self._known))]
        self._known[key] = (found, self._now() + self._keep)
        return found

    def remembered(self, tenant: str, place: Place, account: str) -> bool:
        """Whether somebody is known to be a guest there, without asking anybody."""
        known = self._known.get((tenant, place.home, account))
        return known is not None and known[0].guest


class Gate(Protocol):
    """Says who may come in; see `Roster`."""

    async def holds(self, place: Place) -> None:
        """Raises unless the person who asks belongs to the place."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What people wrote, for those who belong there at the moment of reading."""

    threads: Threads
    roster: Gate

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        """As the threads underneath, and nothing before Teams has said that the person belongs to the place."""
        await self.roster.holds(place)
        async with closing(self.threads.read(person, place, window)) as batches:
            async for batch in batches:
                yield batch


async def _asked(question: Awaitable[T]) -> T:
    """The answer to a question about members; every refusal as a reason for people."""
    try:
        return await question
    except Gone:
        raise NotAdded() from None
    except Rejected as refused:
        raise (NotAdded() if refused.status == 403 else NotMember()) from None
    except Busy as busy:
        raise Unavailable(retry_after=busy.retry_after) from None


def _member(entry: Mapping[str, Any], tenant: str) -> Member:
    """An entry of the roster. Whoever is not known to be of the tenant is outside."""
    entra = _entra(entry)
    outside = _is_guest(entry) or not entra or not _same(str(entry.get("tenantId", "")), tenant)
    return Member(entra or str(entry.get("id", "")), outside)


def _is_guest(entry: Mapping[str, Any]) -> bool:
    return str(entry.get("userRole", "")).casefold() in ("guest", "anonymous")


def _entra(entry: Mapping[str, Any]) -> str:
    """The Entra object id, under either of the names it has had."""
    return str(entry.get("aadObjectId") or entry.get("objectId") or "")


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
