"""How much waits, as those who watch the house are told."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from bot.chores import planned
from bot.store.backlog import Waiting, waiting
from bot.store.pool import Pool
from bot.store.rows import Arrival
from bot.store.store import Store

NOW = datetime.now(UTC)


def arrival(number: int, conversation: str = "a:ada", at: datetime = NOW) -> Arrival:
    return Arrival("tenant", conversation, str(number), b"{}", at, person="ada")


async def waited(database: str, conversation: str, minutes: int) -> None:
    """The lane's newest ask came so long ago."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(
            "UPDATE lanes SET at = now() - make_interval(mins => %s) WHERE conversation = %s", (minutes, conversation)
        )


async def test_nothing_waits_where_nothing_was_accepted(store: Store, pool: Pool) -> None:
    assert await waiting(pool) == Waiting(0, 0.0)


async def test_what_somebody_works_on_is_not_answered_and_waits_for_nobody(
    store: Store, pool: Pool, database: str
) -> None:
    await store.accept(arrival(1))
    await waited(database, "a:ada", 2)
    found = await waiting(pool)
    assert (found.lanes, round(found.age)) == (0, 120)


async def test_what_nobody_works_on_is_counted_by_its_lane(store: Store, pool: Pool, database: str) -> None:
    for number, conversation in ((1, "a:ada"), (2, "a:ada"), (3, "a:bob")):
        await store.accept(arrival(number, conversation, datetime.now(UTC) - timedelta(minutes=5)), lease=False)
    found = await waiting(pool)
    assert found.lanes == 2 and found.age == pytest.approx(300, abs=30)


async def test_a_scheduled_ask_waits_since_it_was_due_and_not_since_it_was_planned(store: Store, pool: Pool) -> None:
    yesterday = NOW - timedelta(days=1)
    await store.accept(Arrival("tenant", "a:ada", "digest:1:2", b"{}", yesterday, NOW - timedelta(seconds=1)))
    before = await waiting(pool)
    await store.claim(10)
    after = await waiting(pool)
    assert before == Waiting(0, 0.0) and after.age < 60


async def test_chores_do_not_count(store: Store, pool: Pool) -> None:
    await store.accept(planned(NOW, NOW - timedelta(hours=1)))
    await store.claim(10)
    assert await waiting(pool) == Waiting(0, 0.0)


async def test_a_claim_knows_when_its_ask_was_accepted(store: Store) -> None:
    at = NOW - timedelta(minutes=1)
    await store.accept(arrival(1, at=at), lease=False)
    (claim,) = await store.claim(1)
    assert claim.at == at


async def test_so_does_one_that_comes_with_the_acceptance(store: Store) -> None:
    claim = (await store.accept(arrival(1))).claim
    assert claim is not None and claim.at == NOW
