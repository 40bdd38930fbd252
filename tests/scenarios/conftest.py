"""One world, one database and one bot for all scenarios: real processes, real signatures, real SQL."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.scenarios.stage import Stage
from tests.world.bots import BotProcess, url
from tests.world.database import fresh
from tests.world.faults import refused
from tests.world.teams import streams
from tests.world.world import World

__all__ = ["database_url", "other", "stage", "whole", "world"]


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


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def other(stage: Stage) -> AsyncIterator[BotProcess]:
    """A second process of the same bot."""
    environ = stage.world.environ(DATABASE_URL=stage.database_url, REQUIRE_SIGN_IN="false")
    async with BotProcess(environ) as bot:
        yield bot


@pytest.fixture(scope="module")
def whole(world: World) -> Iterator[None]:
    """Teams takes no streams for a while: answers come whole, and nobody waits a second for each."""
    refusal = refused(403, "ContentStreamNotAllowed", "Content stream is not allowed")
    world.teams.faults.add(refusal, when=streams, times=None)
    yield
    world.teams.faults.clear()
