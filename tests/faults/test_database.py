"""The database goes away while somebody writes to a real bot, and comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import aiohttp
import pytest

from tests.world.activities import message
from tests.world.bots import BotProcess, url
from tests.world.completion import Asked, Reply
from tests.world.database import fresh
from tests.world.people import ADA, BRUNO, GROUP
from tests.world.pipe import Pipe
from tests.world.world import World

ROOM = replace(GROUP, conversation="19:away@thread.v2")
PATIENCE = 20


@dataclass(frozen=True, slots=True)
class House:
    """A bot, its world, and the way to its database."""

    world: World
    bot: BotProcess
    pipe: Pipe

    async def ask(self, text: str) -> int:
        """The door's answer."""
        return (await self.world.post(message(ROOM, ADA, text)))[0]

    async def readiness(self) -> tuple[int, dict[str, str]]:
        """What /readyz says."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.bot.url}/readyz") as response:
            return response.status, await response.json()

    async def accepted(self, text: str) -> None:
        """Somebody's message is delivered, as often as it takes."""
        activity = message(ROOM, ADA, text)
        async with asyncio.timeout(PATIENCE):
            while (await self.world.post(activity))[0] != 202:
                await asyncio.sleep(0.05)

    async def until(self, come: Callable[[], bool]) -> None:
        await self.world.teams.until(come, PATIENCE)

    @property
    def chat(self) -> list[str]:
        """What stands in the chat."""
        return self.world.teams.chat(ROOM.conversation).texts


@pytest.fixture
async def house(postgres: str) -> AsyncIterator[House]:
    with fresh(postgres) as database:
        async with World() as world, Pipe(database) as pipe:
            world.teams.roster.admit(ROOM.conversation, ADA)
            world.graph.post(ROOM.conversation, BRUNO, "Good morning.")
            environ = world.environ(DATABASE_URL=url(pipe.conninfo), REQUIRE_SIGN_IN="false")
            async with BotProcess(environ) as bot:
                world.bot = bot.url
                yield House(world, bot, pipe)


async def test_while_the_database_is_away_nothing_is_accepted_and_afterwards_everything_is_answered(
    house: House,
) -> None:
    await house.pipe.refuse()
    assert (await house.ask("first"), (await house.readiness())) == (503, (503, {"database": "does not answer"}))
    await house.pipe.accept()
    await house.accepted("second")
    await house.until(lambda: house.chat == ["Hello."])
    assert (await house.readiness())[0] == 200


async def test_an_answer_under_way_outlives_an_absence_of_the_database_and_is_said_once(house: House) -> None:
    began, released = asyncio.Event(), asyncio.Event()

    async def pause(number: int) -> None:
        began.set()
        await released.wait()

    def slow(asked: Asked) -> Reply:
        return Reply("It took a while.", pause=pause)

    house.world.model.next(slow)
    await house.accepted("take your time")
    await asyncio.wait_for(began.wait(), PATIENCE)
    await house.until(lambda: len(house.chat) == 1)
    await house.pipe.refuse()
    released.set()
    await asyncio.sleep(0.3)
    await house.pipe.accept()
    await house.until(lambda: house.chat == ["It took a while."])


@asynccontextmanager
async def beginner() -> AsyncIterator[BotProcess]:
    """A bot in local mode that has never run here."""
    with TemporaryDirectory(prefix="parley-tests-", ignore_cleanup_errors=True) as home:
        async with BotProcess({"DATA_DIR": str(Path(home) / "data")}, "--local") as bot:
            yield bot


async def test_whoever_asks_at_the_first_start_whether_it_is_ready_does_not_make_it_think_the_database_is_away() -> (
    None
):
    async with beginner() as bot:
        assert json.load(await asyncio.to_thread(urlopen, f"{bot.url}/readyz")) == {}
    before_the_end = takewhile(lambda event: event != "draining", (line["event"] for line in bot.log))
    assert "store away" not in [*before_the_end]
