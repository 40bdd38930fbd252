"""The real database for tests: one embedded server for the whole run, one fresh migrated database for each test.

Import the fixtures into a conftest: `from tests.world.database import database, postgres`. Both give a conninfo.
"""

import asyncio
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bot.store.away import Address
from bot.store.embedded import Cluster, start, stop
from bot.store.schema import migrate

TEMPLATE = "parley_template"
FAST = ("fsync=off", "full_page_writes=off", "max_connections=200")
"""What a test may do without: surviving a power cut."""

_numbers = itertools.count(1)


@contextmanager
def serving(home: Path, settings: tuple[str, ...] = FAST) -> Iterator[str]:
    """A running server's conninfo; it holds a migrated template, from which `fresh` copies."""
    cluster = Cluster(home, settings)
    users = start(cluster)
    try:
        create(cluster.conninfo, TEMPLATE)
        migrated(make_conninfo(cluster.conninfo, dbname=TEMPLATE))
        yield cluster.conninfo
    finally:
        stop(cluster, users)


@contextmanager
def fresh(postgres: str) -> Iterator[str]:
    """A new migrated database on a server that `serving` runs; it is dropped at the end, whoever still uses it."""
    name = f"parley_{next(_numbers)}"
    create(postgres, name, template=TEMPLATE)
    try:
        yield make_conninfo(postgres, dbname=name)
    finally:
        run(postgres, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def create(postgres: str, name: str, template: str = "template0") -> None:
    """A new database."""
    text = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    run(postgres, text.format(sql.Identifier(name), sql.Identifier(template)))


def run(conninfo: str, text: sql.Composed) -> None:
    """One statement, on a connection of its own."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(text)


def migrated(conninfo: str) -> None:
    """Runs the migrations, in a thread so that no event loop of the tests is touched."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(migrate(Address(conninfo)))).result()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The conninfo of the run's one server; its own database is empty."""
    with serving(tmp_path_factory.mktemp("cluster")) as conninfo:
        yield conninfo


@pytest.fixture
def database(postgres: str) -> Iterator[str]:
    """The conninfo of a clean, migrated database of this test's own."""
    with fresh(postgres) as conninfo:
        yield conninfo
