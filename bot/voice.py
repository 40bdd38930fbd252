"""What a turn speaks with, and what it keeps of that, as it needs them; `bot.teams.speaker` and `bot.store.store` are such.

Floor 5.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from bot.store.rows import Claim, Record
from dialogs.talk import Answer, Ask, Event, Part

FENCE = re.compile(r"(`{3,})[^`]*|(~{3,}).*")
"""What opens a block of code. One that is indented stands in a list, and ends with that."""


class Voice(Protocol):
    """One growing message in the chat; see `bot.teams.speaker`. It may be closed without having been opened."""

    @property
    def stopped(self) -> bool:
        """Whether the person pressed Teams' own Stop."""

    @property
    def removed(self) -> int:
        """How many links of the answer were not shown; known when it is closed."""

    async def located(self, ask: Ask) -> Ask:
        """The ask with all that its conversation tells of its place, which may take as long as Teams does."""

    async def open(self, note: str) -> str:
        """Show a first message; its id."""

    async def add(self, part: Part) -> None:
        """Show one more part when the pace allows; never waits."""

    async def close(
        self,
        answer: Answer,
        shown: int = 0,
        on_shown: Callable[[int], Awaitable[None]] | None = None,
        on_begun: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """Show the complete answer in place of all before.

        `on_begun` is told what to keep instead of the first message's id, before a further message says anything.
        """

    async def hold(self) -> None:
        """Say that the person is being signed in, where another life of the ask will write the answer over it."""

    async def defer(self, words: str) -> None:
        """Say why the answer waits where it will stand; another life of the ask will write it over that."""

    async def offer(self) -> None:
        """Show the person, and nobody else, how to sign in."""


class Phases(Protocol):
    """The verbs of the store that a turn lives by; each raises `LeaseLost` when the lane belongs to somebody else."""

    async def placed(self, claim: Claim, placeholder: str) -> None:
        """A first message with this id stands in the chat."""

    async def answered(self, claim: Claim, answer: bytes, placeholder: str | None = None) -> bool:
        """The answer is complete; with `placeholder`, that message stands in the chat and was not told of before.

        False where the person stopped the ask before.
        """

    async def shown(self, claim: Claim, count: int) -> None:
        """So many messages of the answer stand in the chat."""

    async def finish(self, claim: Claim, record: Record) -> Claim | None:
        """Close the ask; what the lane holds next, if anything."""

    async def postpone(self, claim: Claim, at: datetime, record: Record | None = None, *, counted: bool = True) -> None:
        """Try the ask again then; of the record, what this attempt took is kept. Not every attempt is `counted`."""

    async def before(self, claim: Claim) -> int:
        """How much of others was accepted before the ask and waits still."""

    async def park(self, claim: Claim, until: datetime, record: Record) -> Claim | None:
        """Keep the ask out of its lane until its person has signed in, or until then; what the lane holds next."""


def speaks_first(ask: Ask) -> bool:
    """Whether something is said before the answer is there.

    Nobody waits for a digest, and it may have nothing to say; a post may be refused, which is nobody's business.
    """
    return ask.event not in (Event.DIGEST, Event.POST) and not is_silent(ask)


def is_silent(ask: Ask) -> bool:
    """Whether nothing is ever said of it: it follows something that the person did, and that was no question."""
    return ask.event in (Event.AMEND, Event.LEFT, Event.FORGET)


def shows(answer: Answer, ask: Ask) -> bool:
    """Whether there is something to be seen in the end."""
    said = answer.text or answer.cards or answer.handovers or answer.handed
    return not is_silent(ask) and (bool(said) or speaks_first(ask))


def aside(ask: Ask) -> Ask:
    """The ask as its refusal is told: that of a post to who asked for it alone."""
    return replace(ask, alone=True) if ask.event is Event.POST else ask


def heading(answer: Answer) -> str:
    """The first line of an answer: what a notification shows of it."""
    return answer.text.strip().partition("\n")[0] or next((card.title for card in answer.cards), "")


def halved(answer: Answer, words: str) -> Answer:
    """What was said of an answer until it was stopped, and below it the words that say so; nothing else comes of it.

    A block of code that was begun is closed, or the words would stand in it.
    """
    fence = f"\n{mark}" if (mark := _opened(answer.text)) else ""
    text = f"{answer.text}{fence}\n\n{words}" if answer.text.strip() else words
    return Answer(text, ai=answer.ai, cites=answer.cites, links=answer.links, dropped=answer.dropped)


def _opened(text: str) -> str:
    """The mark of the block of code that a text leaves open, "" for none: it is closed by as many of the same sign, or more."""
    mark = ""
    for line in text.split("\n"):
        if mark:
            found = line.strip()
            mark = "" if len(found) >= len(mark) and set(found) == {mark[0]} else mark
        elif opening := FENCE.fullmatch(line):
            mark = opening[1] or opening[2]
    return mark
