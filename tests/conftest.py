"""What every folder of tests shares: one PostgreSQL server for the whole run, and two processes' stores on it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme

from bot.store.away import Address
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.store import Store
from tests.bot.store.stores import SEALED
from tests.world.bots import BotProcess
from tests.world.database import database, postgres
from tests.world.nursery import Nursery

__all__ = ["database", "ledger", "other", "pool", "postgres", "store"]


def pytest_configure(config: pytest.Config) -> None:
    """Bots are forked: hundreds are started, and to read the program takes three seconds of a core.

    Clients trust one authority that vouches for nobody: to read the hundred of the machine takes 40 ms for each client.
    """
    BotProcess.nursery = Nursery()
    home = TemporaryDirectory(prefix="parley-tests-")
    config.add_cleanup(home.cleanup)
    nobody = Path(home.name) / "nobody.pem"
    trustme.CA().cert_pem.write_to_path(str(nobody))
    os.environ["SSL_CERT_FILE"] = str(nobody)


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
