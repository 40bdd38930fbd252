"""One world, one database and one bot for all scenarios: real processes, real signatures, real SQL."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.scenarios.stage import Stage
from tests.world.bots import BotProcess, url
from tests.world.database import fresh
from tests.world.world import World

__all__ = ["database_url", "stage", "world"]


@pytest.fixture(scope="session")
def database_url(postgres: str) -> Iterator[str]:
    """A database of the scenarios' own, as the setting has it."""
    with fresh(postgres) as conninfo:
        yield url(conninfo)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def world() -> AsyncIterator[World]:
    """Everything around the bot."""
    async with World() as world:
        yield world


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage(world: World, database_url: str) -> AsyncIterator[Stage]:
    """The bot in its world, signing in not required."""
    async with BotProcess(world.environ(DATABASE_URL=database_url, REQUIRE_SIGN_IN="false")) as bot:
        world.bot = bot.url
        yield Stage(world, bot, database_url)
