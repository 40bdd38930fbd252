"""What is known where somebody asks: told by the statement that takes their lane, or asked for."""

import asyncio
from datetime import datetime

import psycopg
import pytest

from bot.store.people import People
from bot.store.pool import Pool
from bot.store.recall import NEWEST, Recall
from bot.store.rows import Claim
from bot.store.store import Store
from tests.bot.store.stores import NOW, SEALED, TENANT, arrival, ask, done, record, taken

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
async def recall(pool: Pool, database: str) -> Recall:
    """Anna is known."""
    await ask(database, "INSERT INTO people (tenant, person, department) VALUES (%s, 'anna', 'Sales')", TENANT)
    return Recall(pool, SEALED, People(pool))


async def heard(store: Store, activity: str = "2", person: str = "anna") -> Claim:
    return taken(await store.accept(arrival(activity, person=person)))


async def said(recall: Recall, claim: Claim, home: str = "") -> list[str]:
    return [line.text for line in (await recall.of(claim, "anna", home)).lines]


async def waiting(database: str, count: int) -> None:
    """So many statements wait for a lock."""
    async with asyncio.timeout(10):
        while await ask(database, WAITING) != [(count,)]:
            await asyncio.sleep(0.01)


async def test_taking_the_lane_tells_of_its_person(store: Store, recall: Recall) -> None:
    await done(store, record("What is new?", "Nothing."))
    claim = await heard(store)
    assert claim.recalled and await said(recall, claim) == ["What is new?", "Nothing."]


async def test_what_was_told_is_not_asked_for_again(store: Store, recall: Recall, database: str) -> None:
    claim = await heard(store)
    await ask(database, "UPDATE people SET department = 'Legal'")
    assert (await recall.of(claim, "anna")).known.department == "Sales"


async def test_a_claim_that_was_taken_otherwise_tells_nothing_and_the_same_is_found(
    store: Store, recall: Recall
) -> None:
    await done(store, record("What is new?", "Nothing."))
    await store.accept(arrival("2"), lease=False)
    [claim] = await store.claim(1)
    assert not claim.recalled and await said(recall, claim) == ["What is new?", "Nothing."]


async def test_what_the_last_ask_leaves_behind_while_the_next_waits_for_its_lane_is_not_missed(
    store: Store, recall: Recall, database: str
) -> None:
    claim = await heard(store, "1")
    async with await psycopg.AsyncConnection.connect(database) as other:
        await other.execute("SELECT FROM lanes FOR UPDATE")
        ending = asyncio.create_task(store.finish(claim, record("What is new?", "Nothing.")))
        await waiting(database, 1)
        coming = asyncio.create_task(heard(store))
        await waiting(database, 2)
        await other.rollback()
        await ending
        found = await coming
    assert not found.recalled and await said(recall, found) == ["What is new?", "Nothing."]


async def test_the_newest_lines_are_told_the_oldest_first(store: Store, recall: Recall) -> None:
    await done(store, record(*map(str, range(NEWEST + 2))))
    assert await said(recall, await heard(store)) == [*map(str, range(2, NEWEST + 2))]


async def test_another_chat_and_what_has_run_out_are_not_told(store: Store, recall: Recall) -> None:
    await done(store, record("of an older chat", new_chat=True))
    await done(store, record("run out", expires=datetime.fromisoformat("2020-01-01T00:00Z")), "2")
    assert await said(recall, await heard(store, "3")) == []


async def test_files_of_the_chat_are_told_of(store: Store, recall: Recall, database: str) -> None:
    claim = await heard(store, "1")
    values = (TENANT, "chat", "anna", claim.chat, "1", 0, NOW, datetime.fromisoformat("2100-01-01T00:00Z"), b"")
    await ask(
        database,
        "INSERT INTO files (tenant, conversation, person, chat, activity, number, at, expires, body) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        *values,
    )
    await store.finish(claim, record())
    assert (await recall.of(await heard(store), "anna")).files and not (await recall.of(claim, "anna")).files


async def test_where_somebody_writes_one_to_one_is_kept(store: Store, recall: Recall, database: str) -> None:
    await recall.of(await heard(store), "anna", "chat")
    assert await ask(database, "SELECT chat FROM people") == [("chat",)]


async def test_who_is_not_known_is_from_then_on(store: Store, recall: Recall, database: str) -> None:
    claim = await heard(store, person="ben")
    await recall.of(claim, "ben", "chat")
    assert await ask(database, "SELECT person, chat FROM people ORDER BY person DESC LIMIT 1") == [("ben", "chat")]


async def test_nobody_is_asked_for_who_has_no_id(store: Store, recall: Recall) -> None:
    assert not (await recall.of(await heard(store, person=""), "")).known.alias
