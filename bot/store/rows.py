"""The values that go into the store and come out of it.

Floor 5. What the rooms that keep, and those that ask them, have in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.audit import Entry, Outcome
from dialogs.changes import Change
from dialogs.talk import Digest, Message, Shared, Usage, Visit


class Phase(StrEnum):
    """How far an accepted activity has come."""

    ACCEPTED = "accepted"
    PLACED = "placed"
    ANSWERED = "answered"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An activity to keep. `body` is its JSON as received; `due` lies in the future for scheduled work.

    `person` is the Entra id of who asked: only they stop it.
    """

    tenant: str
    conversation: str
    activity: str
    body: bytes
    at: datetime
    due: datetime | None = None
    person: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one activity, for as long as the lane's fence is unchanged.

    `placeholder` is the id of the Teams message that an earlier life showed, with those of further ones that it
    began behind it, `answer` the text (JSON) that one completed, `shown` how many messages of it stand in the chat
    already. `chat` labels the history to read and write. `stopped`: the person does not want the answer any more.
    `parked`: it waited for its person to sign in. `lacking`: since when tries of it have failed that did not count.
    `woken`: its person signed in while it was parked. `crowded`: as many of theirs waited there before it as may.
    `at`: when it was accepted, by the clock of the process that did.
    """

    tenant: str
    conversation: str
    activity: str
    fence: int
    chat: int
    body: bytes
    phase: Phase
    attempts: int
    placeholder: str | None = None
    answer: bytes | None = None
    shown: int = 0
    stopped: bool = False
    parked: bool = False
    lacking: datetime | None = None
    woken: bool = False
    crowded: bool = False
    at: datetime | None = None
    recalled: Sequence[Any] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The store's promise. `new` is False for a redelivery; `claim` is the work that now falls to this process."""

    new: bool
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be used: tokens a day by one person and by the whole company, and asks of one person a minute."""

    person: int
    company: int
    requests: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """Tokens that were set aside. `used` and `held` are all of the person's on that day (UTC), these included.

    `warned`: the person has been told on that day that it gets scarce.
    """

    day: date
    used: int
    held: int
    warned: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """An errand as the ask that it will be, at once where it has no `due`. `home`: it tells the digest of that place."""

    arrival: Arrival
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What one turn leaves behind, written in one transaction with the closing of the ask.

    `shared` is kept under `key` for a day; `posted` is the key of what everybody sees by now. `renews`: the ask was itself a digest's errand, so its digests and their errands
    are written only if it is still the one that is waited for. `changes` of anything else that is kept are written with it.
    """

    at: datetime
    outcome: Outcome
    history: tuple[Message, ...] = ()
    new_chat: bool = False
    person: str = ""
    usage: tuple[Usage, ...] = ()
    audit: Entry | None = None
    expires: datetime | None = None
    visit: Visit | None = None
    shared: Shared | None = None
    key: str = ""
    posted: str = ""
    digests: tuple[Digest, ...] = ()
    errands: tuple[Planned, ...] = ()
    renews: bool = False
    changes: tuple[Change, ...] = ()

    @property
    def more(self) -> bool:
        """Whether it leaves behind more than a usual turn does."""
        scoped = any(line.scope or line.cites for line in self.history)
        return bool(scoped or self.visit or self.shared or self.posted or self.digests or self.errands)


@dataclass(frozen=True, slots=True)
class Rule:
    """A decision of a company. `by` is the Entra object id of who made it, or says that it was an operator."""

    name: str
    value: str
    at: datetime
    by: str


class StoreAway(Exception):
    """The database did not commit. Nothing was accepted or changed."""


class Locked(StoreAway):
    """The keys of what is kept are not to be had, for a reason that waiting does not cure. Nothing was read or written."""


class VaultAway(StoreAway):
    """What the keys are wrapped by does not answer, or not with sense. The database itself may be well."""


class Outdated(StoreAway):
    """The database does not fit this program, and its login may not change that: the text says who may, and how."""


class LeaseLost(Exception):
    """Another process has taken the conversation over; whoever reads this must stop at once."""
