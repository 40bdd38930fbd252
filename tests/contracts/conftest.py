"""What the contracts of what is kept of a person share."""

import pytest

from bot.store.estate import Estate
from bot.store.pool import Pool
from bot.store.spool import Spool
from bot.store.store import Store
from tests.bot.store.stores import SEALED
from tests.contracts.estates import ADA, BOB, HOME, filled


@pytest.fixture
def estate(pool: Pool) -> Estate:
    return Estate(pool, SEALED)


@pytest.fixture
def spool(pool: Pool) -> Spool:
    return Spool(pool, SEALED)


@pytest.fixture
async def both(store: Store, pool: Pool, database: str) -> None:
    """Two people, each with something in every table; they talk in the same group."""
    await filled(store, pool, database, ADA, HOME)
    await filled(store, pool, database, BOB, "a:bob")
