"""What every folder of tests shares: one PostgreSQL server for the whole run, and two processes' stores on it."""

from collections.abc import AsyncIterator, Iterable

import pytest

from bot.store.away import Address
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.store import Store
from tests.bot.store.stores import SEALED
from tests.world.bots import BotProcess
from tests.world.database import database, postgres
from tests.world.nursery import Nursery

__all__ = ["database", "ledger", "other", "pool", "postgres", "store"]


TOGETHER = ("tests/scenarios", "tests/drill", "tests/structure", "tests/load", "tests/package")
"""Folders in which a file's tests share what is dear: a bot, a world, the parsed source."""


def pytest_configure() -> None:
    """Bots are forked: hundreds are started, and to read the program takes three seconds of a core."""
    BotProcess.nursery = Nursery()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Say which tests belong to one process where several run them; the page's all belong to one, in their order."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        if file.startswith("tests/browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
        elif file.startswith(TOGETHER):
            item.add_marker(pytest.mark.xdist_group(file))


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """Connections to this test's database."""
    async with Pool(Address(database)) as pool:
        yield pool


@pytest.fixture
def store(pool: Pool) -> Store:
    """The store of one process."""
    return Store(pool, "one", SEALED)


@pytest.fixture
async def other(database: str) -> AsyncIterator[Store]:
    """The store of another process."""
    async with Pool(Address(database)) as pool:
        yield Store(pool, "other", SEALED)


@pytest.fixture
def ledger(pool: Pool) -> Ledger:
    """The operator's view."""
    return Ledger(pool)
