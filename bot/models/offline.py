"""The offline engine: a model that only quotes. Deterministic, the standard library alone, nothing leaves the process.

Floor 6. It answers in the same form as a language model, so that everything around it is the same.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable

from bot.models.extract import summary
from bot.models.replies import reply
from dialogs.errors import NoEyes
from dialogs.prompt import Prompt, Purpose, messages
from dialogs.talk import Usage

NAME = "offline engine"
WINDOW = 4_000_000
"""Tokens: no model's limit, but a bound on the work of one turn."""
TOKEN = 3
"""Characters that are counted as one token."""

Pause = Callable[[], Awaitable[None]]
"""Waits between two words, so that an answer is seen to grow."""


async def no_pause() -> None:
    """Lets others run, no more."""
    await asyncio.sleep(0)


class OfflineModel:
    """Quotes the best lines of what it is given. One per turn; `meter` is told what the turn took."""

    name = NAME
    window = WINDOW
    writes = False
    sees = False

    def __init__(self, meter: Callable[[Usage], None], pause: Pause = no_pause) -> None:
        self._meter = meter
        self._pause = pause

    def count(self, text: str) -> int:
        """A guess from the length."""
        return len(text) // TOKEN + 1

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The answer word by word; a summary as JSON in one piece. Raises `NoEyes` for pictures."""
        if prompt.pictures:
            raise NoEyes
        asked = said = 0
        try:
            pieces, asked = await asyncio.to_thread(self._answer, prompt)
            for piece in pieces:
                said += len(piece)
                yield piece
                await self._pause()
        finally:
            self._meter(Usage(NAME, asked, said // TOKEN + 1, estimated=True))

    def _answer(self, prompt: Prompt) -> tuple[list[str], int]:
        """The answer's pieces, and how many tokens were asked: in a thread, for both go over all of the prompt."""
        return _pieces(prompt), sum(self.count(message.text) for message in messages(prompt))


def _pieces(prompt: Prompt) -> list[str]:
    if prompt.purpose is Purpose.SUMMARY:
        return [json.dumps(summary(prompt.posts, prompt.focus), ensure_ascii=False)]
    return re.findall(r"\s*\S+\s*", reply(prompt))
