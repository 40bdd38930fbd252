"""The embedded server through what a person does to it: stop, start, start twice, kill, run out of path."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from bot.store.away import Address
from bot.store.embedded import Cluster, embedded, start, stop
from bot.store.pool import Pool
from bot.store.rows import StoreAway
from bot.store.schema import migrate
from bot.store.statements import PING, statement
from bot.store.store import Store
from tests.bot.store.stores import SEALED, arrival

FAST = ("fsync=off",)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A directory that the server's user can always reach."""
    with TemporaryDirectory(prefix="parley-tests-", ignore_cleanup_errors=True) as place:
        yield Path(place)


@pytest.fixture
def home(place: Path) -> Path:
    """Where a server lives that was stopped before, except for the first time."""
    return place / "home"


@contextmanager
def running(cluster: Cluster) -> Iterator[str]:
    users = start(cluster)
    try:
        yield cluster.conninfo
    finally:
        stop(cluster, users)


REFUSED = (
    statement("INSERT INTO people (tenant, person) VALUES (%(tenant)s, 'x'), (%(tenant)s, 'x')"),
    statement("INSERT INTO people (tenant, person) VALUES (%(tenant)s || 'x', %(text)s)"),
    statement("SELECT 1 / (length(%(value)s::bytea) - 8) WHERE %(tenant)s::text <> ''"),
    statement("UPDATE audit SET person = %(text)s WHERE tenant = %(tenant)s"),
    statement("SELECT %(text)s::text::jsonb WHERE %(tenant)s::text <> ''"),
)
"""Twice the same, another tenant's, no number, not permitted, no JSON."""


def kill(cluster: Cluster) -> None:
    """Ends the server as a kill -9 does, and leaves its pid file behind."""
    os.kill(int((cluster.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)


def answers(conninfo: str) -> bool:
    try:
        with psycopg.connect(conninfo):
            return True
    except psycopg.OperationalError:
        return False


async def test_what_was_accepted_is_there_after_a_restart(home: Path) -> None:
    async with embedded(Cluster(home)) as conninfo, Pool(Address(conninfo)) as pool:
        await migrate(Address(conninfo))
        await Store(pool, "one", SEALED).accept(arrival("1"))
    async with embedded(Cluster(home)) as conninfo, Pool(Address(conninfo)) as pool:
        assert not (await Store(pool, "two", SEALED).accept(arrival("1"))).new


async def test_a_killed_server_is_away_and_nothing_accepted_is_lost(home: Path) -> None:
    cluster = Cluster(home)
    with running(cluster) as conninfo:
        await migrate(Address(conninfo))
        async with Pool(Address(conninfo)) as pool:
            store = Store(pool, "one", SEALED)
            await store.ping()
            kill(cluster)
            accepted = await until_away(store)
            with running(cluster):
                assert accepted <= await until_back(store)


async def until_away(store: Store) -> set[str]:
    """What was still accepted while the killed server's children went on for a moment."""
    accepted: set[str] = set()
    async with asyncio.timeout(10):
        while True:
            name = f"chat {len(accepted)}"
            try:
                await store.accept(arrival("1", name), lease=False)
            except StoreAway:
                return accepted
            accepted.add(name)


async def until_back(store: Store) -> set[str]:
    """What is claimed as soon as the store has come back by itself."""
    async with asyncio.timeout(10):
        while True:
            try:
                return {claim.conversation for claim in await store.claim(1_000)}
            except StoreAway:
                await asyncio.sleep(0)


def test_the_last_of_two_users_stops_the_server(home: Path) -> None:
    cluster = Cluster(home, FAST)
    with running(cluster) as conninfo:
        with running(cluster):
            pass
        assert answers(conninfo)
    assert not answers(conninfo)


def test_a_start_that_was_cut_off_half_way_is_made_good(place: Path) -> None:
    home = place / "cut off"
    (home / "tmpcutoff" / "new").mkdir(parents=True)
    (home / "tmpcutoff" / "new" / "PG_VERSION").write_text("18")
    with running(Cluster(home, FAST)) as conninfo:
        assert answers(conninfo)


def test_a_server_that_a_killed_process_left_running_is_taken_over(home: Path) -> None:
    cluster = Cluster(home, FAST)
    os.close(start(cluster))
    with running(cluster) as conninfo:
        assert answers(conninfo)
    assert not answers(conninfo)


def test_a_path_too_long_for_a_socket_does(place: Path) -> None:
    with running(Cluster(place / ("deep" * 20), FAST)) as conninfo:
        assert answers(conninfo)


async def test_the_servers_log_quotes_nobody(home: Path) -> None:
    cluster = Cluster(home, FAST)
    with running(cluster) as conninfo, psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("CREATE TEMPORARY TABLE keys (name text PRIMARY KEY)")
        for _ in range(2):
            refused = insert(connection, "a secret")
        assert refused and "a secret" not in (cluster.data / "server.log").read_text()


async def test_the_servers_log_does_not_quote_whom_a_statement_failed_for(home: Path) -> None:
    cluster = Cluster(home, FAST)
    with running(cluster) as conninfo:
        await migrate(Address(conninfo))
        async with Pool(Address(conninfo)) as pool:
            for refused in REFUSED:
                with pytest.raises(StoreAway):
                    await pool.run(refused, tenant="a secret", value=b"a secret", text="a secret")
        log = (cluster.data / "server.log").read_text()
    assert log.count("ERROR") >= len(REFUSED) and "a secret" not in log


def insert(connection: psycopg.Connection, name: str) -> bool:
    """Whether it was refused."""
    try:
        connection.execute("INSERT INTO keys VALUES (%s)", (name,))
    except psycopg.errors.UniqueViolation:
        return True
    return False


async def test_it_listens_on_no_network_address(home: Path) -> None:
    async with embedded(Cluster(home, FAST)) as conninfo, Pool(Address(conninfo)) as pool:
        assert await pool.run(PING) == [(1,)]
        assert not answers("host=127.0.0.1 port=5432 user=postgres dbname=postgres")
