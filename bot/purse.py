"""The allowance of one turn: tokens are set aside before each call of a model, or the model is not called.

Floor 6. What is set aside for an ask is settled where the ask ends, in the store's own statements; nothing here gives back.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from bot.limits import PICTURE_TOKENS
from bot.rulebook import Rules
from bot.store.rows import Claim, Limits, Reserved, StoreAway
from dialogs.ports import Model
from dialogs.prompt import Prompt, cost, messages
from dialogs.slices import Ration, in_slices
from dialogs.streams import closing
from dialogs.talk import Post, Usage

SCARCE = 80
"""Percent of a day's allowance at which a person is told, once a day."""
FRAME = 60
"""Tokens around the text of a post, for engines that only quote: theirs cost nothing, and counting is work too."""


class Allowance(Protocol):
    """Where tokens are set aside; see `bot.store.purses`. Each verb raises `StoreAway`."""

    async def reserve(
        self, claim: Claim, tokens: int, limits: Limits, now: datetime, *, anew: bool = False
    ) -> Reserved:
        """Set tokens aside. Raises `OverBudget`, `CompanyOverBudget`, `TooMany` or `LeaseLost`."""

    async def warn(self, claim: Claim, person: str, day: date) -> bool:
        """Whether the person is to be told now that it gets scarce."""


class Purse:
    """What one life of an ask may take. `person` is the Entra id of who asks."""

    def __init__(
        self, allowance: Allowance, claim: Claim, person: str, limits: Limits, now: Callable[[], datetime]
    ) -> None:
        self._allowance = allowance
        self._claim = claim
        self._person = person
        self._limits = limits
        self._now = now
        self._one = asyncio.Lock()
        self._last: Reserved | None = None
        self._took = 0

    async def reserve(self, tokens: int) -> None:
        """Set tokens aside for a call. Raises `OverBudget`, `CompanyOverBudget`, `TooMany`, `LeaseLost` or `StoreAway`."""
        async with self._one:  # only the first may give back what an earlier life had set aside
            self._last = await self._allowance.reserve(
                self._claim, tokens, self._limits, self._now(), anew=self._last is None
            )

    def metered(self, meter: Callable[[Usage], None]) -> Callable[[Usage], None]:
        """The meter, with what it is told counted here too."""

        def told(usage: Usage) -> None:
            self._took += usage.input + usage.output
            meter(usage)

        return told

    async def warning(self) -> int | None:
        """Percent of the day's allowance used by now, where the person is to be told: once a day. For the end of a turn."""
        if self._last is None or self._last.warned or self._limits.person <= 0:
            return None
        percent = (self._last.used + self._took) * 100 // self._limits.person
        if percent < SCARCE:
            return None
        with suppress(StoreAway):  # a courtesy, for which no answer is lost
            return min(percent, 100) if await self._allowance.warn(self._claim, self._person, self._last.day) else None
        return None


class Budgeted:
    """A model that is called when its prompt and the longest reply have been set aside, and not otherwise."""

    def __init__(self, model: Model, purse: Purse, spare: int = 0) -> None:
        """`spare` is what a call may take beyond the prompt's reply, in tokens: for reasoning."""
        self._model = model
        self._purse = purse
        self._spare = spare
        self._ration = Ration()
        self.name = model.name
        self.window = model.window
        self.writes = model.writes
        self.sees = model.sees

    def count(self, text: str) -> int:
        """At most how many tokens a text takes."""
        return self._model.count(text)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The answer, piece by piece. Raises `OverBudget` or `TooMany`, and then what the model does."""
        await self._purse.reserve(await self._most(prompt))
        async with closing(self._model.stream(prompt)) as pieces:
            async for piece in pieces:
                yield piece

    async def _most(self, prompt: Prompt) -> int:
        """What the call takes at most."""
        posts = await in_slices(map(self._post, prompt.posts), self._ration)
        told = sum(self.count(message.text) for message in messages(replace(prompt, posts=())))
        return told + sum(posts) + len(prompt.pictures) * PICTURE_TOKENS + prompt.reply + self._spare

    def _post(self, post: Post) -> int:
        return cost(post, self.count) if self.writes else self.count(post.text) + FRAME


def limits(rules: Rules) -> Limits:
    """What a company's rules allow."""
    return Limits(rules.person_tokens, rules.tenant_tokens, rules.requests)
