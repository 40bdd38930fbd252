"""What was kept for the person of a turn, as its dialog may look at it.

Floor 7. A member of the room of `bot.teams.desk`.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.audit import Entry
from bot.rulebook import Rules
from bot.store.people import People
from bot.store.recall import NEWEST
from bot.store.rows import Claim
from bot.store.store import Store
from dialogs.changes import Forgotten, Preferred
from dialogs.talk import Digest, Message, Part, Person, Shared

MOST = 10_000
"""People whose language is remembered."""


@dataclass(frozen=True, slots=True)
class Chat:
    """The history of one person's open chat, bound to the claim whose lane it belongs to. Within a turn nothing is added."""

    store: Store
    claim: Claim
    person: str
    newest: tuple[Message, ...] = ()
    """As many lines as `NEWEST`, or all that there are."""

    async def recent(self, limit: int) -> tuple[Message, ...]:
        """The newest messages, oldest first."""
        if limit <= NEWEST:
            return self.newest[-limit:]
        claim = self.claim
        return await self.store.history(claim.tenant, claim.conversation, self.person, claim.chat, limit)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept for one person."""

    store: Store
    claim: Claim
    person: Person
    now: datetime

    async def visited(self, home: str) -> datetime | None:
        """Until when the person knows a channel or chat."""
        return await self.store.visited(self.claim.tenant, self.person.id, home)

    async def digests(self) -> tuple[Digest, ...]:
        """What the person wants to be told of."""
        return await self.store.digests(self.claim.tenant, self.person.id)

    async def shared(self, key: str) -> Shared | None:
        """An answer the person may post."""
        return await self.store.shared(self.claim.tenant, self.person.id, key, self.now)


@dataclass(frozen=True, slots=True)
class Book:
    """What invokes leave behind. Audit rows are kept for as long as the company's rules say."""

    store: Store
    people: People
    rules: Callable[[str], Awaitable[Rules]]

    async def write(self, entry: Entry) -> None:
        """Keep an audit row, of somebody who is known by then: who signs in may not have been answered yet."""
        rules = await self.rules(entry.tenant)
        await self.people.known(entry.tenant, entry.person)
        await self.store.write(replace(entry, expires=entry.at + rules.audit))

    async def exchanged(self, tenant: str, person: str, key: str) -> bool:
        """Whether this sign-in of the person is heard of for the first time."""
        return await self.store.exchanged(tenant, person, key)

    async def resume(self, tenant: str, person: str) -> int:
        """Have everything answered that waits for this person to sign in; how much that is."""
        return await self.store.resume(tenant, person)


class Tongues:
    """In which language people want to be spoken to, as far as they have said so and were met lately.

    For what is said before anything was looked up: "Thinking…", and why there is no answer.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, str], str] = OrderedDict()

    def met(self, person: Person, language: str) -> None:
        """The person has wished for a language, or for none ("")."""
        self._known.pop((person.tenant, person.id), None)
        if language:
            self._known[person.tenant, person.id] = language
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def heard(self, person: Person, part: Part) -> None:
        """Part of what the person is answered: it may change what they wish for, or have all of theirs forgotten."""
        match part:
            case Preferred(preferences):
                self.met(person, preferences.language)
            case Forgotten(""):
                self.met(person, "")

    def of(self, person: Person) -> str:
        """The language they have wished for, "" for none."""
        return self._known.get((person.tenant, person.id), "")
