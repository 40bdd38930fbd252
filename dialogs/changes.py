"""What an ask changes of what is kept: written in one transaction with its closing, or not at all.

Floor 1. A dialog yields a change like any other part; the person it belongs to is always the one who asks, unless it names
another.
"""

from dataclasses import dataclass

from dialogs.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Preferred:
    """How the person wants to be answered from now on."""

    preferences: Preferences


@dataclass(frozen=True, slots=True)
class Opened:
    """The conversation goes on with an earlier chat."""

    chat: int


@dataclass(frozen=True, slots=True)
class Titled:
    """A chat has a new title."""

    chat: int
    title: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """These chats of the conversation are deleted."""

    chats: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prompted:
    """A saved prompt, new or changed. `team` is the Graph id of the team whose members may use it too."""

    id: str
    name: str
    text: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class Unprompted:
    """A saved prompt is deleted."""

    id: str


@dataclass(frozen=True, slots=True)
class Amended:
    """The person changed a message of theirs in Teams; without a text, deleted it: then the answer to it goes too."""

    activity: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """The person removed the assistant."""


@dataclass(frozen=True, slots=True)
class Returned:
    """The person added it again."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Nothing of a person is kept: of who asks, or of the one with that Entra id."""

    person: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """Everything of a person, by their Entra id, was written down for an administrator: the audit alone says so."""

    person: str


@dataclass(frozen=True, slots=True)
class Held:
    """A legal hold on what is kept of a person: placed, or lifted."""

    person: str
    on: bool = True


@dataclass(frozen=True, slots=True)
class Ruled:
    """The company decides something for itself; without a value, no longer."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Buried:
    """A dead letter (by the key that the list shows) is tried again, or emptied."""

    key: str
    again: bool


Change = (
    Preferred
    | Opened
    | Titled
    | Dropped
    | Prompted
    | Unprompted
    | Amended
    | Left
    | Returned
    | Forgotten
    | Exported
    | Held
    | Ruled
    | Buried
)
