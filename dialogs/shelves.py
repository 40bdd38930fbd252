"""What a dialog may look at of what is kept: a person's own chats, prompts and records, and an administrator's reports.

Floor 2, beside `dialogs.ports`. Everything here reads; what changes anything is a part of the answer (`dialogs.changes`).
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from dialogs.attachments import Handed, Handover
from dialogs.cards import Row

COUNTED = 1_000
"""Lines of a chat are counted up to this; it may have more."""
PROMPTS_MOST = 50
"""Prompts that one person may save."""
STAYS = frozenset({"audit", "legal_holds"})
"""What is kept of a person and not deleted with them: it tells who somebody was only as long as the rest of them is known."""


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat of a person in a conversation. `at` is when something was last said, `lines` how much, `open` the present one.

    `title` is the one the person gave it, else how it begins.
    """

    number: int
    title: str
    at: datetime
    lines: int
    open: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """Chats in which something was found, the newest first. `whole`: all there is was looked through."""

    chats: tuple[Chat, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Saved:
    """A prompt somebody saved. `mine`: it is the asker's own; `team` is the Graph id of the team it is shared with."""

    id: str
    name: str
    text: str
    mine: bool = True
    team: str = ""


class Shelf(Protocol):
    """The chats of the person who asks, in the conversation they ask in, and the prompts they may use there."""

    async def chats(self, limit: int, skip: int = 0) -> tuple[Chat, ...]:
        """The person's chats here, the newest first."""

    async def search(self, words: str, limit: int) -> Hits:
        """The chats whose title or messages hold all the words."""

    async def prompts(self, team: str | None = None) -> tuple[Saved, ...]:
        """The person's own prompts, and those shared with a team, whose member the person must be; by name."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What is kept of a person, of one kind: how many rows, since when, and when the first and last of them expire.

    `kind` is the name of the table. Without `last`, something of it stays until it is deleted.
    """

    kind: str
    rows: int
    oldest: datetime | None = None
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """Tokens used and left today, and what was used on each of the last days, oldest first."""

    used: int
    limit: int
    days: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Upload:
    """Where Teams wants a document that the person has agreed to. `address` bears the right to write there: a secret."""

    key: str
    name: str
    address: str
    link: str
    id: str
    type: str


class Records(Protocol):
    """What is kept of the person who asks."""

    async def holdings(self) -> tuple[Holding, ...]:
        """What is kept, by kind; kinds of which there is nothing are left out."""

    def export(self) -> AsyncIterator[int | Handover]:
        """Writes down everything that is kept; how many rows by now, and at the end the documents. Raises `Unavailable`."""

    async def hand_over(self, upload: Upload) -> Handed:
        """Sends a document where Teams wants it. Raises `Vanished`, `NotAllowed` or `Unavailable`."""

    async def spending(self, days: int) -> Spending:
        """What the person has used."""

    async def held(self) -> bool:
        """Whether a legal hold keeps anything of the person from being deleted."""

    async def halt(self) -> int:
        """Stops whatever is under way for the person elsewhere; how much still is."""

    async def left(self) -> bool:
        """Whether the person removed the assistant and has not turned to it since."""


@dataclass(frozen=True, slots=True)
class Report:
    """A table for an administrator; `rows` begin with their head."""

    title: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


class Office(Protocol):
    """What administrators and auditors may look at. Nothing in it is content."""

    async def report(self, name: str, arguments: Sequence[str]) -> Report:
        """The report of that name. Raises `NotUnderstood`, or `Senseless` with the reason.

        `overview`, `usage`, `audit`, `dead`, `rules`, `filters`, `feedback`, `holds`; `find`: how much is kept of a person.
        """

    async def check(self, name: str, arguments: Sequence[str]) -> None:
        """Raises `Senseless` with the reason where a change would make no sense, and `OnHold` where a legal hold forbids it.

        `rule`, `erase`, `export`, `hold`, `lift`, `dead`.
        """

    async def halt(self, person: str) -> int:
        """Stops whatever is under way for somebody; how much still is."""

    def export(self, person: str) -> AsyncIterator[int | Handover]:
        """Writes down everything that is kept of somebody, as `Records.export` does."""
