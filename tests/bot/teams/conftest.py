"""The doubles that Teams' rooms are tested against."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.teams.line import open_session
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.bot.teams.stage import Stage
from tests.world.chat import Shown
from tests.world.login import LoginDouble
from tests.world.teams import TeamsDouble


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with open_session() as session:
        yield session


@pytest.fixture
async def login(clock: Clock) -> AsyncIterator[LoginDouble]:
    async with LoginDouble(clock=clock.seconds) as login:
        yield login


@pytest.fixture
async def teams() -> AsyncIterator[TeamsDouble]:
    async with TeamsDouble() as teams:
        yield teams


@pytest.fixture
async def stage(clock: Clock, session: aiohttp.ClientSession) -> AsyncIterator[Stage]:
    drawn: list[Shown] = []

    def heard(conversation: str, shown: Shown) -> None:
        drawn.append(shown)

    async with TeamsDouble(clock=clock.seconds, heard=heard) as teams:
        yield Stage(teams, clock, speech(session, clock, teams.url).adapter, drawn)
