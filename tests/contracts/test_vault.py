"""What the vault promises: nothing in the plain, rows of older programs are read, and one key for one house."""

import asyncio
import secrets
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.store.resealing import CONTENT
from bot.store.rows import Locked, Planned, Record, StoreAway
from bot.store.vault import FRESH_SECONDS, REST_SECONDS
from bot.wrapping import KeyFile
from dialogs.cards import Card
from dialogs.talk import Answer, Cite, Message, Place, PlaceKind, Shared
from tests.bot.store.stores import ENTRY, NOW, TENANT, arrival, ask, done, expire, record, taken
from tests.contracts.vaults import Process, one, process, two

__all__ = ["one", "two"]
LATER = datetime.now(UTC) + timedelta(days=1)
CANARY = "a canary of 2026"
NOT_CONTENT = {("data_keys", "wrapped"), ("seals", "hash"), ("seals", "previous"), ("seals", "digest")}


# nothing in the plain


def whole() -> Record:
    """A record with words of somebody in everything it can hold."""
    place = Place(PlaceKind.CHANNEL, "19:c", "team", "19:c", name=CANARY)
    answer = Answer(CANARY, cards=(Card(CANARY, (CANARY,)),))
    errand = Planned(replace(arrival("2", "other chat", due=LATER), body=CANARY.encode()))
    left = record(CANARY, CANARY, expires=LATER, audit=ENTRY)
    cited = (left.history[0], replace(left.history[1], cites=(Cite(1, CANARY, CANARY, CANARY),)))
    return replace(left, history=cited, shared=Shared(answer, place, (CANARY,)), key="k", errands=(errand,))


async def found(database: str) -> list[str]:
    """The columns of all tables that hold the canary, as text or as bytes."""
    places = await ask(
        database, "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    )
    there = []
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        for table, column in places:
            text = sql.SQL("SELECT 1 FROM {} WHERE {c}::text LIKE %s OR {c}::text LIKE %s LIMIT 1")
            query = text.format(sql.Identifier(table), c=sql.Identifier(column))
            if await (await connection.execute(query, (f"%{CANARY}%", f"%{CANARY.encode().hex()}%"))).fetchone():
                there.append(f"{table}.{column}")
    return there


async def test_nothing_anybody_said_stands_in_the_database_in_the_plain(one: Process, database: str) -> None:
    claim = taken(await one.store.accept(replace(arrival(), body=CANARY.encode())))
    await one.store.answered(claim, CANARY.encode())
    under_way = await found(database)
    await one.store.finish(claim, whole())
    assert (under_way, await found(database)) == ([], [])


async def test_the_search_for_it_finds_what_stands_there(one: Process, database: str) -> None:
    await one.store.accept(arrival())
    await ask(database, "UPDATE inbox SET body = %s, placeholder = %s", CANARY.encode(), CANARY)
    assert sorted(await found(database)) == ["inbox.body", "inbox.placeholder"]


async def test_every_column_of_bytes_is_known_to_be_content_or_not(database: str) -> None:
    columns = await ask(
        database,
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'bytea'",
    )
    assert set(columns) == {(content.table, content.column) for content in CONTENT} | NOT_CONTENT


async def test_what_was_sealed_is_read_by_every_process(two: tuple[Process, Process], database: str) -> None:
    one, other = two
    await done(one.store, whole())
    assert [line.text for line in await other.store.history(TENANT, "chat", "anna", 0, 10)] == [CANARY, CANARY]
    kept = await other.store.shared(TENANT, "anna", "k", NOW)
    assert kept is not None and (kept.answer.text, kept.audience) == (CANARY, (CANARY,))


async def test_an_ask_that_another_process_takes_over_is_opened(two: tuple[Process, Process], database: str) -> None:
    one, other = two
    claim = taken(await one.store.accept(arrival()))
    await one.store.answered(claim, b"answer")
    await expire(database)
    assert [(heir.body, heir.answer) for heir in await other.store.claim(10)] == [(b"body 1", b"answer")]


# rows of older programs


async def test_what_an_older_program_left_is_worked_on(one: Process, database: str) -> None:
    first = taken(await one.store.accept(arrival("1")))
    await one.store.accept(arrival("2"))
    await ask(database, "UPDATE inbox SET body = 'as it was', answer = 'an answer'")
    second = await one.store.finish(first, record())
    assert second is not None and (second.body, second.answer) == (b"as it was", b"an answer")


async def test_what_an_older_program_kept_is_read(one: Process, database: str) -> None:
    await done(one.store, whole())
    await ask(database, "UPDATE history SET text = 'as it was', cites = NULL")
    await ask(database, """UPDATE shares SET sealed = NULL, audience = '["anna"]'""")
    lines = await one.store.history(TENANT, "chat", "anna", 0, 10)
    kept = await one.store.shared(TENANT, "anna", "k", NOW)
    assert lines == (Message("user", "as it was"), Message("assistant", "as it was"))
    assert kept is not None and kept.audience == ("anna",)


async def test_what_a_later_program_sealed_is_not_shown_as_text(one: Process, database: str) -> None:
    await done(one.store, record("question", "answer"))
    await ask(database, r"UPDATE history SET text = '\x02aabb' WHERE role = 'user'")
    assert await one.store.history(TENANT, "chat", "anna", 0, 10) == (Message("assistant", "answer"),)


async def test_a_line_that_was_moved_to_somebody_else_is_not_shown(one: Process, database: str) -> None:
    await done(one.store, record("secret"))
    await ask(database, "UPDATE history SET person = 'bert'")
    assert await one.store.history(TENANT, "chat", "bert", 0, 10) == ()


# the first key


async def test_all_who_begin_at_once_have_one_key(two: tuple[Process, Process], database: str) -> None:
    rings = await asyncio.gather(*(each.vault.ring(TENANT) for each in two for _ in range(10)))
    assert len({ring.keys[1] for ring in rings}) == 1
    assert await ask(database, "SELECT tenant, number FROM data_keys ORDER BY tenant") == [("", 1), (TENANT, 1)]


async def test_tenants_have_keys_of_their_own(one: Process) -> None:
    assert (await one.vault.ring("a")).keys != (await one.vault.ring("b")).keys


async def test_a_key_is_unwrapped_once_however_many_wait_for_it(two: tuple[Process, Process]) -> None:
    one, other = two
    await one.vault.ring(TENANT)
    await asyncio.gather(*(other.vault.ring(TENANT) for _ in range(20)))
    assert other.wrapper.unwrapped == 1


async def test_a_missing_key_file_is_not_made_anew_for_a_database_that_was_sealed(
    one: Process, database: str, tmp_path: Path
) -> None:
    await one.vault.check()
    stranger = process(one.pool, tmp_path / "elsewhere" / "key")
    with pytest.raises(Locked):
        await stranger.vault.check()
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("tenant", [TENANT, "a new tenant"])
async def test_with_another_key_file_nothing_is_written(
    one: Process, database: str, tmp_path: Path, tenant: str
) -> None:
    await done(one.store, record("question", "answer"))
    before = await ask(database, "SELECT count(*) FROM data_keys"), await ask(database, "SELECT count(*) FROM inbox")
    await KeyFile(tmp_path / "another", secrets.token_bytes).begin()
    stranger = process(one.pool, tmp_path / "another")
    with pytest.raises(Locked):
        await stranger.store.accept(arrival("9", tenant=tenant))
    assert before == (
        await ask(database, "SELECT count(*) FROM data_keys"),
        await ask(database, "SELECT count(*) FROM inbox"),
    )


async def test_with_another_key_file_nothing_is_claimed(one: Process, database: str, tmp_path: Path) -> None:
    await one.store.accept(arrival(), lease=False)
    await KeyFile(tmp_path / "another", secrets.token_bytes).begin()
    with pytest.raises(Locked):
        await process(one.pool, tmp_path / "another").store.claim(10)
    assert await ask(database, "SELECT owner FROM lanes") == [(None,)]


async def test_who_cannot_reach_the_wrapping_key_accepts_nothing(one: Process, database: str) -> None:
    one.wrapper.error = StoreAway("away")
    with pytest.raises(StoreAway):
        await one.store.accept(arrival())
    assert await ask(database, "SELECT count(*) FROM inbox") == [(0,)]


async def test_an_attempt_that_failed_is_not_repeated_by_everybody_at_once(two: tuple[Process, Process]) -> None:
    one, other = two
    await one.vault.check()
    other.wrapper.error = StoreAway("away")
    await asyncio.gather(*(other.vault.check() for _ in range(20)), return_exceptions=True)
    assert other.wrapper.unwrapped == 1
    other.wrapper.error, other.clock.seconds = None, REST_SECONDS + 1
    await other.vault.check()


async def test_who_has_the_keys_needs_the_wrapping_key_no_more(one: Process) -> None:
    await one.vault.ring(TENANT)
    one.wrapper.error, one.clock.seconds = StoreAway("away"), FRESH_SECONDS * 2
    assert (await one.store.accept(arrival())).new
