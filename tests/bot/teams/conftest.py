"""The doubles that Teams' rooms are tested against."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.teams.invoke import Invokes
from bot.teams.line import open_session
from tests.bot.teams.clock import Clock
from tests.bot.teams.invoking import Book, a_house
from tests.bot.teams.speech import Speech, speech
from tests.bot.teams.stage import Stage
from tests.world.chat import Shown
from tests.world.login import LoginDouble
from tests.world.teams import TeamsDouble
from tests.world.userlogin import TokenServiceDouble


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


@pytest.fixture
async def users() -> AsyncIterator[TokenServiceDouble]:
    async with TokenServiceDouble() as users:
        yield users


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def spoken(session: aiohttp.ClientSession, clock: Clock, teams: TeamsDouble, users: TokenServiceDouble) -> Speech:
    return speech(session, clock, teams.url, users.url)


@pytest.fixture
def invokes(spoken: Speech, clock: Clock, book: Book) -> Invokes:
    return a_house(spoken, clock, book)
