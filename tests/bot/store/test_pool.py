import asyncio

import pytest

from bot.store import pool as pools
from bot.store.away import Address
from bot.store.pool import Bounds, Pool
from bot.store.rows import StoreAway
from bot.store.statements import PING, statement
from tests.bot.store.stores import ask

SLEEP = statement("SELECT pg_sleep(%(seconds)s::float8)::text")
OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley'"


async def nobody() -> str:
    raise LookupError("a secret that must not be told")


async def test_a_database_that_is_not_there_is_away() -> None:
    async with Pool(Address("host=127.0.0.1 port=1")) as pool:
        with pytest.raises(StoreAway):
            await pool.run(PING)


async def test_nobody_queues_up_for_a_database_that_is_away() -> None:
    async with Pool(Address("host=127.0.0.1 port=1"), 1) as pool, asyncio.timeout(1):
        answers = await asyncio.gather(*(pool.run(PING) for _ in range(100)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {StoreAway}


async def test_a_password_that_is_not_to_be_had_means_away(database: str) -> None:
    async with Pool(Address(database, nobody)) as pool:
        with pytest.raises(StoreAway, match=r"^LookupError$"):
            await pool.run(PING)


async def test_the_password_is_asked_for_with_every_connection(database: str) -> None:
    asked = []

    async def password() -> str:
        asked.append(1)
        return f"token {len(asked)}"

    async with Pool(Address(database, password)) as pool:
        await asyncio.gather(*(pool.run(SLEEP, seconds="0.05") for _ in range(2)))
    assert len(asked) == 2


async def test_more_statements_than_connections_take_turns(database: str) -> None:
    async with Pool(Address(database), 2) as pool:
        answers = await asyncio.gather(*(pool.run(PING) for _ in range(200)))
    assert answers == [[(1,)]] * 200


async def test_where_every_connection_is_in_use_statements_follow_one_another_in_the_same(database: str) -> None:
    async with Pool(Address(database), 1, Bounds(wait=2)) as pool:
        await pool.run(PING)
        answers = await asyncio.gather(pool.run(SLEEP, seconds="2.5"), *(pool.run(PING) for _ in range(20)))
    assert answers[1:] == [[(1,)]] * 20


async def test_a_transaction_has_its_connection_for_itself(database: str) -> None:
    async with Pool(Address(database), 1, Bounds(wait=2)) as pool:
        async with pool.transaction() as run:
            with pytest.raises(StoreAway, match="no connection was free in time"):
                await pool.run(PING)
            assert await run(PING) == [(1,)]
        assert await pool.run(PING) == [(1,)]


async def test_who_waits_for_a_transaction_is_not_overtaken_for_ever(database: str) -> None:
    async def kept() -> None:
        async with pool.transaction() as run:
            await run(PING)

    async with Pool(Address(database), 1) as pool, asyncio.timeout(10):
        await pool.run(PING)
        busy = asyncio.create_task(pool.run(SLEEP, seconds="0.05"))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(kept())
        while not waiting.done():
            await pool.run(PING)
        await busy


async def test_behind_a_statement_that_may_hang_no_other_is_sent(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "LIVELY", 0.0)
    async with Pool(Address(database), 1, Bounds(wait=2)) as pool:
        await pool.run(PING)
        slow = asyncio.create_task(pool.run(SLEEP, seconds="2.5"))
        await asyncio.sleep(0)
        with pytest.raises(StoreAway, match="no connection was free in time"):
            await pool.run(PING)
        await slow


async def test_what_fails_takes_nothing_back_of_what_follows_it(database: str) -> None:
    async with Pool(Address(database), 1) as pool:
        await pool.run(PING)
        failing = statement("SELECT 1 / %(zero)s::int")
        found = await asyncio.gather(
            *(each for _ in range(5) for each in (pool.run(failing, zero=0), pool.run(PING))), return_exceptions=True
        )
    assert [type(one) for one in found[::2]] == [StoreAway] * 5 and found[1::2] == [[(1,)]] * 5


async def test_a_statement_under_way_when_the_connection_dies_is_away(database: str) -> None:
    async with Pool(Address(database), 1) as pool:
        await pool.run(PING)
        waiting = asyncio.create_task(pool.run(SLEEP, seconds="30"))
        async with asyncio.timeout(5):
            while not await ask(database, "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"):
                await asyncio.sleep(0)
        await ask(database, OUT)
        with pytest.raises(StoreAway):
            await waiting


async def test_a_connection_that_died_while_idle_is_replaced_unseen(database: str) -> None:
    async with Pool(Address(database), 1) as pool:
        await pool.run(PING)
        await ask(database, OUT)
        async with asyncio.timeout(5):
            while not all(line.closed for line in pool.idle):
                await asyncio.sleep(0)
        assert await pool.run(PING) == [(1,)]


async def test_a_statement_that_is_cancelled_does_not_answer_the_next(database: str) -> None:
    async with Pool(Address(database), 1) as pool:
        await pool.run(PING)
        cancelled = asyncio.create_task(pool.run(SLEEP, seconds="30"))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        assert await pool.run(PING) == [(1,)]


async def test_a_statement_that_is_cancelled_just_when_it_was_prepared_is_in_nobodys_way(database: str) -> None:
    async with Pool(Address(database), 1) as pool:
        await pool.run(PING)
        line = pool.idle[0]
        cancelled = asyncio.create_task(pool.run(statement("SELECT 2")))
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            while line.busy:
                await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        assert await pool.run(statement("SELECT 3")) == [(3,)]


async def test_who_is_cancelled_while_waiting_takes_no_connection_along(database: str) -> None:
    async with Pool(Address(database), 1) as pool:
        await pool.run(PING)
        tasks = [asyncio.create_task(pool.run(PING)) for _ in range(10)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.wait(tasks)
        assert await pool.run(PING) == [(1,)]


async def test_a_refused_statement_says_nothing_of_its_values(pool: Pool) -> None:
    with pytest.raises(StoreAway) as caught:
        await pool.run(statement("SELECT %(value)s::text::int"), value="somebody's secret")
    assert (str(caught.value), caught.value.__cause__) == ("InvalidTextRepresentation", None)


async def test_a_refused_statement_leaves_its_connection_usable(database: str) -> None:
    async with Pool(Address(database), 1) as pool:
        with pytest.raises(StoreAway):
            await pool.run(statement("SELECT 1 / %(zero)s::int"), zero=0)
        assert await pool.run(PING) == [(1,)]


async def test_a_closed_pool_runs_nothing(database: str) -> None:
    async with Pool(Address(database)) as pool:
        await pool.run(PING)
    with pytest.raises(StoreAway):
        await pool.run(PING)
