"""People who write while a database is destroyed, and Teams, which delivers again what was not accepted."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from tests.faults.asks import MARK, Bot, Question, Tally, ask, place, tally
from tests.world.world import World

ROOMS = 24
RATE = 4.0
"""Messages a second."""
AGAIN = 1.0
"""Seconds until what was not accepted comes again."""
LOOK = 0.1
PATIENCE = 180.0
"""Seconds until all that can be answered is: a restored database still holds the leases of processes that are gone."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that the door said 202 to, and when it did (`time.monotonic`)."""

    question: Question
    at: float

    @property
    def activity(self) -> str:
        """Its id, by which the database knows it."""
        return str(self.question.activity["id"])


@dataclass(slots=True)
class People:
    """All who write. `bots` may be others later; `refused` counts deliveries that were told to come again, or told nothing."""

    world: World
    bots: Sequence[Bot]
    accepted: list[Accepted] = field(default_factory=list)
    refused: int = 0
    _numbers: Iterator[int] = field(default_factory=count)
    _sending: set[asyncio.Task[None]] = field(default_factory=set)
    _writing: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """From now on somebody writes all the time."""
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())

    async def pause(self) -> None:
        """Nobody begins another message."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait({self._writing})
            self._writing = None

    async def end(self) -> None:
        """Nobody writes, and nothing is delivered any more."""
        await self.pause()
        for sending in self._sending:
            sending.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)

    def send(self, kind: str = "") -> asyncio.Task[None]:
        """One message; the task ends when it is accepted."""
        number = next(self._numbers)
        question = ask(self.world, number, place(("personal", "group")[number % 2], number % ROOMS), kind)
        sending = asyncio.create_task(self._deliver(question, number))
        self._sending.add(sending)
        sending.add_done_callback(self._sending.discard)
        return sending

    async def delivered(self) -> None:
        """Wait until all that was written is accepted."""
        await asyncio.wait_for(asyncio.gather(*self._sending), PATIENCE)

    @property
    def standing(self) -> dict[str, float]:
        """What stands answered in the chats, and since when."""
        rooms = {each.question.room.conversation for each in self.accepted}
        finals = [shown for room in rooms for shown in self.world.teams.chat(room).finals]
        return {name: shown.at for shown in finals for _, name in MARK.findall(shown.text)}

    def tally(self, but: Iterable[str]) -> Tally:
        """What people see of what was accepted, leaving out these."""
        left = set(but)
        return tally(self.world, [each.question for each in self.accepted if each.question.name not in left])

    async def answered(self, but: Iterable[str]) -> Tally:
        """The same, once nothing is missing or the patience is at its end."""
        ends = time.monotonic() + PATIENCE
        while (found := self.tally(but)).lost and time.monotonic() < ends:
            await asyncio.sleep(LOOK)
        return found

    async def _write(self) -> None:
        while True:
            self.send()
            await asyncio.sleep(1 / RATE)

    async def _deliver(self, question: Question, turn: int) -> None:
        while not await self._taken(question, self.bots[turn % len(self.bots)]):
            turn += 1
            self.refused += 1
            await asyncio.sleep(AGAIN)
        self.accepted.append(Accepted(question, time.monotonic()))

    async def _taken(self, question: Question, bot: Bot) -> bool:
        with suppress(aiohttp.ClientError):
            return (await self.world.post(question.activity, bot=bot.url))[0] == 202
        return False
