"""The voice of a turn, as a turn needs it; `bot.teams.speaker` is one.

Floor 5.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from dialogs.talk import Answer, Part


class Voice(Protocol):
    """One growing message in the chat; see `bot.teams.speaker`. It may be closed without having been opened."""

    @property
    def stopped(self) -> bool:
        """Whether the person pressed Teams' own Stop."""

    async def open(self, note: str) -> str:
        """Show a first message; its id."""

    async def add(self, part: Part) -> None:
        """Show one more part when the pace allows; never waits."""

    async def close(
        self, answer: Answer, shown: int = 0, on_shown: Callable[[int], Awaitable[None]] | None = None
    ) -> None:
        """Show the complete answer in place of all before."""

    async def hold(self) -> None:
        """Say that the person is being signed in, where another life of the ask will write the answer over it."""

    async def offer(self) -> None:
        """Show the person, and nobody else, how to sign in."""
