"""The real database for tests: one embedded server for the whole run, one database that every test finds empty.

Import the fixtures into a conftest: `from tests.world.database import database, postgres`. Both give a conninfo.
"""

import asyncio
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bot.store.away import Address
from bot.store.embedded import Cluster, start, stop
from bot.store.schema import migrate

TEMPLATE = "parley_template"
SHARED = "parley_shared"
FAST = ("fsync=off", "full_page_writes=off", "max_connections=200")
"""What a test may do without: surviving a power cut."""

TABLES = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'migrations'
"""
UNGUARDED = "SET session_replication_role = replica"
"""Switches off what keeps the audit from being emptied."""
OTHERS_OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""

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
def fresh(postgres: str, template: str = TEMPLATE) -> Iterator[str]:
    """A new migrated database on a server that `serving` runs; it is dropped at the end, whoever still uses it."""
    name = f"parley_{next(_numbers)}"
    create(postgres, name, template)
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


def empty(conninfo: str) -> None:
    """Empties a migrated database. Whoever an earlier test left connected is thrown out first."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(OTHERS_OUT)
        connection.execute(UNGUARDED)
        for (table,) in connection.execute(TABLES).fetchall():
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The conninfo of the run's one server; its own database holds no tables."""
    # Not in pytest's directory: a second run of pytest closes that to the user whom the server runs as under root.
    with (
        TemporaryDirectory(prefix="parley-tests-", ignore_cleanup_errors=True) as home,
        serving(Path(home)) as conninfo,
    ):
        create(conninfo, SHARED, template=TEMPLATE)
        yield conninfo


@pytest.fixture
def database(postgres: str) -> str:
    """The conninfo of a migrated database that holds nothing."""
    conninfo = make_conninfo(postgres, dbname=SHARED)
    empty(conninfo)
    return conninfo
