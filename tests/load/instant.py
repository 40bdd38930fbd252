"""The bot itself with a model that answers at once: what remains is the path of a message.

Configured by the environment like `app.py`, which it is except for the model and for Teams' limits of pace: they would
be all that is measured.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial

from app import MACHINE
from bot.house import Replaced
from bot.running import serving
from bot.settings import read
from bot.teams.pacing import NONE
from bot.teams.reach import Reach
from bot.telemetry import configure
from dialogs.ports import Model
from dialogs.prompt import Prompt
from dialogs.talk import Ask, Omitted, Person, Place, Post, Usage, Window
from dialogs.terms import Offer


class Instant:
    """Answers at once."""

    name = "instant"
    window = 100_000
    writes = True
    sees = False

    def __init__(self, meter: Callable[[Usage], None]) -> None:
        self._meter = meter

    def count(self, text: str) -> int:
        """A guess."""
        return len(text) // 3 + 1

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """One piece."""
        yield "At once."
        self._meter(Usage(self.name, 10, 2))


class Silence:
    """Threads in which nobody has written: reading them takes no time."""

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        """Nothing."""
        nothing: tuple[Sequence[Post], ...] = ()
        for batch in nothing:
            yield batch


def make(ask: Ask, offer: Offer | None, meter: Callable[[Usage], None]) -> Model:
    """The model of a turn."""
    return Instant(meter)


if __name__ == "__main__":
    configure(partial(print, end="", flush=True))
    sys.exit(
        asyncio.run(
            serving(read(os.environ, local=False), MACHINE, Replaced(make, Reach(lambda roster: Silence()), NONE))
        )
    )
