"""What a dialog may use of the outside world.

Floor 2. A dialog is handed one frozen `Desk` and reaches nothing else.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dialogs.prompt import Prompt
from dialogs.talk import Ask, Message, Omitted, Part, Person, Place, Post


@dataclass(frozen=True, slots=True)
class Window:
    """Which messages are meant: those in [since, until), and of these the newest `last`."""

    since: datetime | None = None
    until: datetime | None = None
    last: int | None = None


class Model(Protocol):
    """A language model. Its errors are `AssistantError`s; closing the iterator stops it."""

    @property
    def name(self) -> str:
        """What people may know it by."""

    @property
    def window(self) -> int:
        """How many tokens a prompt may take."""

    @property
    def writes(self) -> bool:
        """False where the model only quotes."""

    def count(self, text: str) -> int:
        """At most how many tokens a text takes."""

    def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The answer, piece by piece."""


class History(Protocol):
    """What was said in this chat before."""

    async def recent(self, limit: int) -> tuple[Message, ...]:
        """The newest messages, oldest first."""


class Threads(Protocol):
    """What people wrote in a channel's thread or a group chat."""

    def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Post | Omitted]:
        """Every message once, oldest first. Raises `Unreadable`, `Unavailable` or `NotAllowed`, also half way."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The company's terms that people are told about."""

    retention_days: int
    local: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """All that one dialog may use."""

    model: Model
    history: History
    threads: Threads
    terms: Terms
    now: datetime


Dialog = Callable[[Ask, Desk], AsyncIterator[Part]]
"""Everything the assistant does has this one shape."""
