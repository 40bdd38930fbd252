"""Two resources of Azure OpenAI in two regions, a real bot before them, and people who ask it all at once."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from dialogs.queue import KEPT
from tests.faults.ailments import ANSWER, Ailment
from tests.world.activities import message
from tests.world.bots import BotProcess, url
from tests.world.chat import Chat
from tests.world.database import fresh
from tests.world.openai import ModelDouble
from tests.world.people import PEOPLE, Room, personal
from tests.world.world import MODELS, World

WAITS = 150.0
"""Seconds after which nobody is waited for any more."""
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person saw in the end, whether it was all that stood there, and when, in seconds after they asked.

    `told`: when they first read an answer, an apology or that they must wait. `over`: how long after the first resource the
    second was asked.
    """

    text: str
    alone: bool
    told: float
    ended: float
    over: float | None
    note: str = ""


@dataclass(slots=True)
class Regions:
    """The bot and both resources, and when each was first asked each question."""

    world: World
    bot: BotProcess
    first: ModelDouble
    second: ModelDouble
    first_asked: dict[str, float] = field(default_factory=dict)
    second_asked: dict[str, float] = field(default_factory=dict)

    async def warm(self) -> None:
        """Somebody asks for help, for which no model is needed: the bot has met Teams then."""
        room = _room()
        await self.world.post(message(room, room.members[0], "help"), bot=self.bot.url)
        await self.world.teams.settled(room.conversation, timeout=WAITS)

    async def wave(self, people: int, ends: str = ANSWER) -> list[Seen]:
        """So many ask at the same moment, each in a chat of their own."""
        return list(await asyncio.gather(*(self.ask(ends) for _ in range(people))))

    async def ask(self, ends: str = ANSWER) -> Seen:
        """Somebody asks, and waits for what it is to end with: what was streamed stands there until it is written over."""
        room, question = _room(), f"What is a lease, for the {next(_numbers)}th time?"
        began, chat = time.monotonic(), self.world.teams.chat(room.conversation)
        status, _ = await self.world.post(message(room, room.members[0], question), bot=self.bot.url)
        assert status == 202
        told = await self._read(chat, _says)
        note = chat.last.text if chat.messages and chat.last.text.startswith(KEPT) else ""
        ended = await self._read(chat, lambda chat: chat.last.text == ends and not chat.last.streaming)
        text = chat.last.text
        return Seen(text, len(chat) == 1, told - began, ended - began, self._over(question), note)

    async def heal(self, after: float) -> None:
        """All is well again after so many seconds."""
        await asyncio.sleep(after)
        for double in (self.first, self.second):
            double.faults.clear()
            double.answer = ANSWER

    def _over(self, question: str) -> float | None:
        """Seconds between asking the first and asking the second; None where only one was asked, or the second before."""
        one, two = self.first_asked.get(question), self.second_asked.get(question)
        return two - one if one is not None and two is not None and two > one else None

    async def _read(self, chat: Chat, stands: Callable[[Chat], bool]) -> float:
        """When that stands there; never, where it takes too long."""
        try:
            await self.world.teams.until(lambda: stands(chat), WAITS)
        except AssertionError:
            return math.inf
        return chat.last.at


def _says(chat: Chat) -> bool:
    """Whether anything is finished there; a stream that was left in the middle says nothing yet."""
    found = chat.finals
    text = found[-1].text.strip() if found else ""
    begun = text != ANSWER and ANSWER.startswith(text)
    return len(found) == len(chat) and not begun and not text.startswith("Thinking")


def _room() -> Room:
    number = next(_numbers)
    own = personal(PEOPLE[number % len(PEOPLE)])
    return replace(own, conversation=f"{own.conversation}-{number:06d}")


@asynccontextmanager
async def _started(environ: Mapping[str, str]) -> AsyncIterator[BotProcess]:
    """A bot, however long it takes to start on a machine that does other things too."""
    bot = BotProcess(environ)
    try:
        await bot.start()
        for last in (False, False, True):
            try:
                await bot.ready()
                break
            except TimeoutError:
                if last:
                    raise
        yield bot
    finally:
        await bot.end()


@asynccontextmanager
async def regions(postgres: str, first: Ailment, second: Ailment) -> AsyncIterator[Regions]:
    """Both resources, ailing so, on a database of their own."""
    with fresh(postgres) as conninfo:
        async with World() as world:
            known = world.login.knows(MODELS)
            async with ModelDouble(ANSWER, token=known) as one, ModelDouble(ANSWER, token=known) as two:
                environ = world.environ(
                    DATABASE_URL=url(conninfo),
                    REQUIRE_SIGN_IN="false",
                    AZURE_OPENAI_ENDPOINTS=f"{one.url},{two.url}",
                )
                async with _started(environ) as bot:
                    found = Regions(world, bot, one, two)
                    await found.warm()
                    first(one, partial(_noted, found.first_asked))
                    second(two, partial(_noted, found.second_asked))
                    yield found


def _noted(asked: dict[str, float], question: str) -> None:
    asked.setdefault(question, time.monotonic())
