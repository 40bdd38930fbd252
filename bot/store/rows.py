"""The values that go into the store and come out of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.audit import Entry, Outcome
from dialogs.talk import Message, Usage


class Phase(StrEnum):
    """How far an accepted activity has come."""

    ACCEPTED = "accepted"
    PLACED = "placed"
    ANSWERED = "answered"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An activity to keep. `body` is its JSON as received; `due` lies in the future for scheduled work."""

    tenant: str
    conversation: str
    activity: str
    body: bytes
    at: datetime
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on one activity, for as long as the lane's fence is unchanged.

    `placeholder` is the id of the Teams message that an earlier life showed, `answer` the text (JSON) that one
    completed, `shown` how many messages of it stand in the chat already. `chat` labels the history to read and write.
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


@dataclass(frozen=True, slots=True)
class Accepted:
    """The store's promise. `new` is False for a redelivery; `claim` is the work that now falls to this process."""

    new: bool
    claim: Claim | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What one turn leaves behind, written in one transaction with the closing of the ask."""

    at: datetime
    outcome: Outcome
    history: tuple[Message, ...] = ()
    new_chat: bool = False
    person: str = ""
    usage: tuple[Usage, ...] = ()
    audit: Entry | None = None
    expires: datetime | None = None


class StoreAway(Exception):
    """The database did not commit. Nothing was accepted or changed."""


class LeaseLost(Exception):
    """Another process has taken the conversation over; whoever reads this must stop at once."""
