"""A database that hangs, has forgotten its connections, has been relieved, is full, or lets nobody in."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from bot.limits import LEASE
from bot.store.away import Address
from bot.store.line import SILENCE_SECONDS
from bot.store.pool import Bounds, Pool
from bot.store.rows import Outdated, StoreAway
from bot.store.sessions import SESSION, STATEMENT_SECONDS, session
from bot.store.statements import PING, statement
from bot.store.store import Store
from tests.bot.store.stores import SEALED, arrival, ask
from tests.world.database import fresh
from tests.world.pipe import Pipe

SLEEP = statement("SELECT pg_backend_pid(), pg_sleep(%(seconds)s::float8)::text")
RELIEVED = statement("SET default_transaction_read_only = on")
WRITE = statement("INSERT INTO people (tenant, person) VALUES (%(tenant)s, 'anna')")
LOCK = statement("SELECT pg_advisory_xact_lock(%(number)s::bigint)::text")
FULL = """
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION full_disk();
"""
HASTY = Bounds(wait=0.5, pause=0, silence=0.5)
LOGGED_IN = (
    b"R\0\0\0\x08\0\0\0\0"
    b"S\0\0\0\x14server_version\x0018\0"
    b"S\0\0\0\x26default_transaction_read_only\0off\0"
    b"S\0\0\0\x17in_hot_standby\0off\0"
    b"Z\0\0\0\x05I"
)
"""Welcome, and that it takes what is given to it."""


@pytest.fixture
async def pipe(database: str) -> AsyncIterator[Pipe]:
    async with Pipe(database) as pipe:
        yield pipe


@pytest.fixture
def apart(postgres: str) -> Iterator[str]:
    """A database that may be changed."""
    with fresh(postgres) as conninfo:
        yield conninfo


def told(conninfo: str, text: str) -> None:
    """As the owner."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(text.encode())


@asynccontextmanager
async def mute() -> AsyncIterator[str]:
    """A server that lets everybody in and says nothing more."""

    async def welcome(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(LOGGED_IN)
        with suppress(OSError):
            await reader.read(-1)
        writer.close()
        left.set()

    left = asyncio.Event()
    async with await asyncio.start_server(welcome, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"host=127.0.0.1 port={port} user=a dbname=a sslmode=disable gssencmode=disable"
        await left.wait()


def test_the_server_gives_up_before_we_do_and_we_before_the_lease_ends() -> None:
    assert STATEMENT_SECONDS < SILENCE_SECONDS < LEASE / timedelta(seconds=1)


async def test_the_server_ends_a_statement_that_takes_too_long(database: str) -> None:
    async with Pool(Address(database, session=session(0.05)), 1) as pool, asyncio.timeout(5):
        with pytest.raises(StoreAway, match=r"^QueryCanceled$"):
            await pool.run(SLEEP, seconds="30")
        assert await pool.run(PING) == [(1,)]


async def test_an_answer_that_does_not_come_is_given_up(pipe: Pipe) -> None:
    async with Pool(Address(pipe.conninfo), 1, HASTY) as pool, asyncio.timeout(5):
        await pool.run(PING)
        pipe.hold()
        with pytest.raises(StoreAway, match=r"^Silent$"):
            await pool.run(PING)


async def test_what_one_silent_connection_has_met_no_other_has_to_meet(pipe: Pipe) -> None:
    async with Pool(Address(pipe.conninfo), 4, HASTY) as pool, asyncio.timeout(5):
        await asyncio.gather(*(pool.run(SLEEP, seconds="0.01") for _ in range(4)))
        pipe.forget()
        with pytest.raises(StoreAway):
            await pool.run(PING)
        assert [await pool.run(PING) for _ in range(4)] == [[(1,)]] * 4


async def test_nobody_waits_for_as_long_as_a_server_that_hangs_keeps_a_connection_from_opening(pipe: Pipe) -> None:
    pipe.hold()
    async with Pool(Address(pipe.conninfo), bounds=HASTY) as pool, asyncio.timeout(2):
        answers = await asyncio.gather(*(pool.run(PING) for _ in range(100)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {StoreAway}


async def test_a_server_that_hangs_after_the_welcome_does_not_keep_the_connection(database: str) -> None:
    async with mute() as conninfo, asyncio.timeout(2):
        with pytest.raises(psycopg.OperationalError):
            await Address(conninfo, patience=0.05).serve()


async def test_one_tries_whether_the_database_is_back_and_all_others_hear_at_once_that_it_is_away(pipe: Pipe) -> None:
    async with Pool(Address(pipe.conninfo), bounds=HASTY) as pool, asyncio.timeout(5):
        await pipe.refuse()
        with pytest.raises(StoreAway):
            await pool.run(PING)
        await pipe.accept()
        pipe.hold()
        trying = asyncio.create_task(pool.run(PING))
        while not pipe.opened:
            await asyncio.sleep(0)
        others = await asyncio.gather(*(pool.run(PING) for _ in range(50)), return_exceptions=True)
        assert not trying.done()
        await asyncio.wait([trying])
    assert {type(other) for other in others} == {StoreAway} and pipe.opened == 1


async def test_whoever_tries_first_after_the_database_is_back_is_served(pipe: Pipe) -> None:
    async with Pool(Address(pipe.conninfo), bounds=HASTY) as pool, asyncio.timeout(5):
        await pipe.refuse()
        with pytest.raises(StoreAway):
            await pool.run(PING)
        await pipe.accept()
        assert await pool.run(PING) == [(1,)]


async def test_no_right_to_a_connection_is_ever_lost(pipe: Pipe) -> None:
    async with Pool(Address(pipe.conninfo), 4, Bounds(wait=5, pause=0, silence=0.5)) as pool, asyncio.timeout(30):
        for trouble in (pipe.drop, pipe.forget, pipe.hold, pipe.drop):
            await asyncio.gather(*(pool.run(SLEEP, seconds="0.01") for _ in range(9)), return_exceptions=True)
            waiting = [asyncio.create_task(pool.run(SLEEP, seconds="0.02")) for _ in range(9)]
            waiting[0].cancel()
            await asyncio.sleep(0)
            waiting[5].cancel()
            trouble()
            await asyncio.gather(*waiting, return_exceptions=True)
            pipe.release()
        while not isinstance((await asyncio.gather(pool.run(PING), return_exceptions=True))[0], list):
            continue
        found = await asyncio.gather(*(pool.run(SLEEP, seconds="0.05") for _ in range(4)))
    assert len({rows[0][0] for rows in found}) == 4


async def test_a_server_that_takes_nothing_any_more_is_left_so_that_the_next_connection_may_find_the_primary(
    pipe: Pipe,
) -> None:
    async with Pool(Address(pipe.conninfo), 1, HASTY) as pool:
        await pool.run(RELIEVED)
        with pytest.raises(StoreAway, match=r"^ReadOnlySqlTransaction$"):
            await pool.run(WRITE, tenant="tenant")
        await pool.run(WRITE, tenant="tenant")
    assert pipe.opened == 2


async def test_a_server_that_only_reads_is_away(apart: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(apart)["dbname"]
    told(apart, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    async with Pool(Address(apart)) as pool:
        with pytest.raises(StoreAway):
            await pool.ping()


async def test_a_database_that_is_not_up_to_date_yet_is_no_longer_away_once_it_is(apart: str) -> None:
    async with Pool(Address(apart, session=b"SET ROLE parley_late")) as pool:
        with pytest.raises(Outdated):
            await pool.run(PING)
        told(apart, "CREATE ROLE parley_late")
        try:
            assert await pool.run(PING) == [(1,)]
        finally:
            pool.close()
            told(apart, "DROP ROLE parley_late")


async def test_where_the_server_has_no_connection_left_those_that_there_are_serve_all(apart: str) -> None:
    told(apart, "CREATE ROLE parley_narrow LOGIN CONNECTION LIMIT 1 IN ROLE parley_app")
    try:
        async with Pool(Address(make_conninfo(apart, user="parley_narrow")), 4) as pool:
            sleeping = asyncio.create_task(pool.run(SLEEP, seconds="0.1"))
            while not await ask(apart, "SELECT 1 FROM pg_stat_activity WHERE usename = 'parley_narrow'"):
                await asyncio.sleep(0)
            answers = await asyncio.gather(*(pool.run(PING) for _ in range(9)))
            await sleeping
    finally:
        told(apart, "DROP ROLE parley_narrow")
    assert answers == [[(1,)]] * 9


async def test_of_two_that_wait_for_each_other_one_is_taken_back_and_its_connection_serves_on(database: str) -> None:
    async def both(first: int, second: int) -> None:
        async with pool.transaction() as run:
            await run(LOCK, number=first)
            await met.wait()
            await run(LOCK, number=second)

    async with Pool(Address(database, session=b"SET deadlock_timeout = '10ms';" + SESSION), 2) as pool:
        met = asyncio.Barrier(2)
        ends = await asyncio.gather(both(1, 2), both(2, 1), return_exceptions=True)
        assert await pool.run(PING) == [(1,)]
    assert sorted(str(end) for end in ends) == ["DeadlockDetected", "None"]


async def test_a_database_with_a_full_disk_is_not_ready_until_it_takes_something_again(apart: str) -> None:
    async with Pool(Address(apart), 1) as pool:
        store = Store(pool, "one", SEALED)
        told(apart, FULL)
        with pytest.raises(StoreAway, match=r"^DiskFull$"):
            await store.accept(arrival("1"))
        with pytest.raises(StoreAway, match=r"^DiskFull$"):
            await store.ping()
        told(apart, "DROP TRIGGER full_disk ON inbox")
        await store.ping()
        assert await ask(apart, "SELECT count(*) FROM inbox") == [(0,)]


async def test_a_closed_pool_opens_nothing_for_those_who_still_wait(pipe: Pipe) -> None:
    pipe.hold()
    async with asyncio.timeout(1):
        async with Pool(Address(pipe.conninfo), 1) as pool:
            waiting = asyncio.create_task(pool.run(PING))
            await asyncio.sleep(0)
        with pytest.raises(StoreAway):
            await waiting
