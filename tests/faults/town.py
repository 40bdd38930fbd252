"""Bots on one database, and people who write to them at a steady pace."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from tests.faults.asks import Bot, Question, ask, delivered, place
from tests.world.bots import BotProcess, url
from tests.world.world import World

ROOMS = 30


def settings(world: World) -> dict[str, str]:
    """What all bots have in common: nobody signs in, and nobody's allowance is used up."""
    free = {"DAILY_TOKENS_PER_PERSON": "100000000", "DAILY_TOKENS_TENANT": "1000000000"}
    return world.environ(REQUIRE_SIGN_IN="false", **free)


def made(world: World, database: str) -> BotProcess:
    """A bot on this database, not started."""
    return BotProcess({**settings(world), "DATABASE_URL": url(database)})


async def started(world: World, database: str, number: int, stack: AsyncExitStack) -> list[BotProcess]:
    """So many bots, ready; they end with the stack."""
    bots = [made(world, database) for _ in range(number)]
    await asyncio.gather(*(stack.enter_async_context(bot) for bot in bots))
    return bots


@dataclass(slots=True)
class Crowd:
    """What was asked, and the deliveries that are still tried. `bots` may change while it writes."""

    world: World
    bots: Sequence[Bot]
    chance: random.Random
    numbers: Iterator[int] = field(default_factory=count)
    questions: list[Question] = field(default_factory=list)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def write(self, rate: float) -> None:
        """So many messages a second, in personal and group chats, until cancelled."""
        while True:
            number = next(self.numbers)
            room = place(("personal", "group")[number % 2], number % ROOMS)
            self.send(ask(self.world, number, room))
            await asyncio.sleep(1 / rate)

    def send(self, question: Question) -> None:
        """Deliver a question, to any bot first and then to others, until it is accepted."""
        self.questions.append(question)
        task = asyncio.create_task(delivered(self.world, question, self.chance.sample(self.bots, len(self.bots))))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def delivered(self) -> None:
        """Wait until all that was asked is accepted."""
        await asyncio.gather(*self.under_way)


@asynccontextmanager
async def crowd(world: World, bots: Sequence[Bot], rate: float, seed: int) -> AsyncIterator[Crowd]:
    """People write as long as this lasts; when it is left, all they wrote has been accepted."""
    people = Crowd(world, bots, random.Random(seed))
    writing = asyncio.create_task(people.write(rate))
    try:
        yield people
    finally:
        writing.cancel()
        await asyncio.wait({writing})
    await people.delivered()
