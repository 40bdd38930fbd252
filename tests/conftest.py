"""What every folder of tests shares: one PostgreSQL server for the whole run, and two processes' stores on it."""

from collections.abc import AsyncIterator

import pytest

from bot.store.away import Address
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.store import Store
from tests.bot.store.stores import SEALED
from tests.world.database import database, postgres

__all__ = ["database", "ledger", "other", "pool", "postgres", "store"]


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
