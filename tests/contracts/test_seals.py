"""The chain of seals over the audit: what was changed, taken out or put in shows, and retention does not look like it."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from psycopg import errors

from bot.audit import Actor
from bot.store.away import Address
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.seals import Chain, Seals
from bot.store.store import Store
from dialogs.talk import Finding
from tests.bot.store.audits import TODAY, aged, known, unguarded, written
from tests.bot.store.stores import ENTRY, ask

ALL = replace(
    ENTRY,
    actor=Actor.GUEST,
    team="hash",
    version="gpt-5",
    region="swedencentral",
    residency="DataZoneStandard",
    cached_tokens=7,
    cost=0.1 + 0.2,
    findings=(Finding("completion", "violence", "medium"), Finding("prompt", "hate", "low")),
    links_removed=2,
    request="5f-1",
    app="2.0",
    rule='größe \\ "€"\n',
)


@pytest.fixture
def seals(pool: Pool) -> Seals:
    return Seals(pool)


@pytest.fixture
async def others(database: str) -> AsyncIterator[Seals]:
    async with Pool(Address(database)) as pool:
        yield Seals(pool)


async def chain(seals: Seals) -> Chain:
    (found,) = await seals.verify("tenant")
    return found


async def sealed(store: Store, seals: Seals, count: int) -> None:
    await written(store, count)
    assert await seals.seal(TODAY) == count


async def ids(database: str) -> list[int]:
    return [id for (id,) in await ask(database, "SELECT id FROM audit ORDER BY id")]


async def test_what_was_sealed_and_left_alone_is_sound(store: Store, seals: Seals) -> None:
    await sealed(store, seals, 5)
    found = await chain(seals)
    assert (found.ok, found.sound, found.head, len(found.hash), found.unsealed) == (True, 5, 5, 64, 0)


async def test_every_column_of_a_row_is_under_its_seal(store: Store, seals: Seals, database: str) -> None:
    await known(database, "anna")
    await store.write(aged(ALL, TODAY))
    await seals.seal(TODAY)
    assert (await chain(seals)).sound == 1
    columns = await ask(
        database,
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'audit' AND column_name NOT IN ('tenant', 'id')",
    )
    for name, kind in columns:
        await tampered(seals, database, name, kind)


async def tampered(seals: Seals, database: str, name: str, kind: str) -> None:
    """A column of the only row is changed, found out, and put back."""
    changed = {"text": "||'x'", "timestamp with time zone": "+ interval '1 us'"}.get(kind, "+ 1")
    back = {"text": "", "timestamp with time zone": "- interval '1 us'"}.get(kind, "- 1")
    other = f"rtrim({name}, 'x')" if kind == "text" else f"{name} {back}"
    await unguarded(database, f"UPDATE audit SET {name} = {name} {changed}")
    found = await chain(seals)
    assert not found.ok and found.changed, name
    await unguarded(database, f"UPDATE audit SET {name} = {other}")
    if name != "cost":
        assert (await chain(seals)).ok, name
    else:
        await unguarded(database, "UPDATE audit SET cost = 0.1::float8 + 0.2::float8")


async def test_a_changed_row_is_named(store: Store, seals: Seals, database: str) -> None:
    await sealed(store, seals, 5)
    row = (await ids(database))[2]
    await unguarded(database, "UPDATE audit SET outcome = 'refused' WHERE id = %s", row)
    found = await chain(seals)
    assert (found.changed, found.sound, found.ok) == ((row,), 4, False)


async def test_a_row_that_is_taken_out_is_named(store: Store, seals: Seals, database: str) -> None:
    await sealed(store, seals, 5)
    row = (await ids(database))[2]
    await unguarded(database, "DELETE FROM audit WHERE id = %s", row)
    found = await chain(seals)
    assert (found.missing, found.sound, found.ok) == ((row,), 4, False)


async def test_a_row_that_is_taken_out_with_its_seal_leaves_a_gap(store: Store, seals: Seals, database: str) -> None:
    await sealed(store, seals, 5)
    row = (await ids(database))[2]
    await unguarded(database, "DELETE FROM audit WHERE id = %s", row)
    await unguarded(database, "DELETE FROM seals WHERE audit = %s", row)
    assert (await chain(seals)).gaps == (4,)


async def test_a_chain_that_is_cut_at_its_beginning_shows_it(store: Store, seals: Seals, database: str) -> None:
    await sealed(store, seals, 5)
    await unguarded(database, "DELETE FROM audit WHERE id IN (SELECT audit FROM seals WHERE number <= 2)")
    await unguarded(database, "DELETE FROM seals WHERE number <= 2")
    assert (await chain(seals)).gaps == (3,)


async def test_a_cut_that_pretends_to_have_been_due_is_found_out(store: Store, seals: Seals, database: str) -> None:
    await sealed(store, seals, 5)
    await unguarded(database, "DELETE FROM audit WHERE id IN (SELECT audit FROM seals WHERE number <= 2)")
    await unguarded(database, "DELETE FROM seals WHERE number = 1")
    await unguarded(database, "UPDATE seals SET expires = now() - interval '1 day' WHERE number = 2")
    assert (await chain(seals)).broken == (2,)


async def test_who_seals_a_changed_row_anew_breaks_the_chain_behind_it(
    store: Store, seals: Seals, database: str
) -> None:
    await sealed(store, seals, 3)
    await unguarded(database, "UPDATE audit SET outcome = 'refused' WHERE id = (SELECT min(id) FROM audit)")
    await unguarded(database, "DELETE FROM seals WHERE number = 1")
    await unguarded(
        database, "INSERT INTO seals SELECT 'tenant', 1, now(), min(id), '\\x00', 1, now(), '\\x00', '' FROM audit"
    )
    assert not (await chain(seals)).ok


async def test_a_seal_that_was_changed_is_named(store: Store, seals: Seals, database: str) -> None:
    await sealed(store, seals, 3)
    await unguarded(database, "UPDATE seals SET hash = sha256('x') WHERE number = 2")
    assert (await chain(seals)).broken == (2, 3)


async def test_a_row_that_is_not_sealed_yet_is_counted_and_no_fault(store: Store, seals: Seals) -> None:
    await sealed(store, seals, 2)
    await store.write(aged(ENTRY, TODAY))
    found = await chain(seals)
    assert (found.unsealed, found.overdue, found.ok) == (1, 0, True)


async def test_a_row_that_should_long_have_been_sealed_is_a_fault(store: Store, seals: Seals) -> None:
    await store.write(aged(ENTRY, TODAY - timedelta(hours=2)))
    found = await chain(seals)
    assert (found.unsealed, found.overdue, found.ok) == (1, 1, False)


async def test_a_row_that_was_put_in_long_after_its_time_is_named(store: Store, seals: Seals, database: str) -> None:
    await store.write(aged(ENTRY, TODAY - timedelta(hours=4)))
    await seals.seal(TODAY - timedelta(hours=3))
    await store.write(aged(ENTRY, TODAY - timedelta(hours=2)))
    await seals.seal(TODAY)
    found = await chain(seals)
    assert (found.ok, found.sound, found.belated) == (False, 1, tuple((await ids(database))[1:]))


async def test_what_was_there_before_anybody_sealed_is_no_fault(store: Store, seals: Seals) -> None:
    for days in (30, 20):
        await store.write(aged(ENTRY, TODAY - timedelta(days=days)))
    while await seals.seal(TODAY, 1):
        continue
    assert (await chain(seals)).ok


async def test_who_finds_another_process_sealing_leaves_it_to_that(store: Store, seals: Seals, database: str) -> None:
    await written(store, 1)
    async with await psycopg.AsyncConnection.connect(database) as another:
        await another.execute("SELECT pg_advisory_xact_lock(7275397002)")
        assert await seals.seal(TODAY) == 0
    assert await seals.seal(TODAY) == 1


async def test_rows_are_sealed_a_batch_at_a_time_in_one_chain(store: Store, seals: Seals) -> None:
    await written(store, 5)
    assert [await seals.seal(TODAY, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert (await chain(seals)).sound == 5


async def test_a_chain_longer_than_a_batch_is_walked_to_its_end(store: Store, seals: Seals, database: str) -> None:
    await written(store, 1)
    await ask(
        database,
        """INSERT INTO audit (tenant, at, person, place, conversation, action, outcome, model, input_tokens, output_tokens,
            sources, millis) SELECT 'tenant', now(), '', '', '', 'answer', 'ok', '', 0, 0, 0, 0 FROM generate_series(1, 600)""",
    )
    while await seals.seal(TODAY):
        continue
    assert (await chain(seals)).sound == 601


async def test_a_row_that_was_committed_late_is_sealed_all_the_same(store: Store, seals: Seals, database: str) -> None:
    async with await psycopg.AsyncConnection.connect(database) as late:
        await late.execute(
            """INSERT INTO audit (tenant, at, person, place, conversation, action, outcome, model, input_tokens,
            output_tokens, sources, millis) VALUES ('tenant', now(), '', '', '', 'answer', 'ok', '', 0, 0, 0, 0)"""
        )
        await sealed(store, seals, 2)
    assert await seals.seal(TODAY) == 1
    assert (await chain(seals)).ok


async def test_what_was_committed_very_late_is_sealed_when_everything_is_looked_at(seals: Seals, database: str) -> None:
    await numbered(database, 10_000_000)
    await seals.seal(TODAY)
    await numbered(database, 5_000_000)
    assert await seals.seal(TODAY) == 0
    assert await seals.seal_all(TODAY) == 1
    assert (await chain(seals)).ok


async def numbered(database: str, number: int) -> None:
    await ask(
        database,
        """INSERT INTO audit (tenant, id, at, person, place, conversation, action, outcome, model, input_tokens,
        output_tokens, sources, millis) OVERRIDING SYSTEM VALUE
        VALUES ('tenant', %s, now(), '', '', '', 'answer', 'ok', '', 0, 0, 0, 0)""",
        number,
    )


async def test_processes_that_seal_at_once_make_one_chain(store: Store, seals: Seals, others: Seals) -> None:
    await written(store, 20)
    for _ in range(10):
        await asyncio.gather(seals.seal(TODAY, 3), others.seal(TODAY, 3))
    while await seals.seal(TODAY):
        continue
    found = await chain(seals)
    assert (found.ok, found.sound, found.head) == (True, 20, 20)


async def test_the_companies_have_a_chain_each(store: Store, seals: Seals) -> None:
    await written(store, 2)
    await written(store, 3, tenant="other")
    assert await seals.seal(TODAY) == 5
    assert [(one.tenant, one.head) for one in await seals.verify()] == [("other", 3), ("tenant", 2)]


async def test_retention_does_not_look_like_tampering(store: Store, seals: Seals, ledger: Ledger) -> None:
    for days in range(370, 360, -1):
        await store.write(aged(ENTRY, TODAY - timedelta(days=days)))
    await seals.seal(TODAY)
    while await ledger.sweep(TODAY, 2):
        assert (await chain(seals)).ok
    found = await chain(seals)
    assert (found.ok, found.sound, found.expired, found.head) == (True, 4, 1, 10)


async def test_a_row_that_stays_longer_than_those_after_it_keeps_the_chain_whole(
    store: Store, seals: Seals, ledger: Ledger, database: str
) -> None:
    await known(database, "anna", "bob")
    await ask(database, "INSERT INTO legal_holds VALUES ('tenant', 'bob', now(), '')")
    for person in ("anna", "bob", "anna"):
        await store.write(replace(aged(ENTRY, TODAY - timedelta(days=400)), person=person))
    await seals.seal(TODAY)
    while await ledger.sweep(TODAY, 100):
        continue
    found = await chain(seals)
    assert (found.ok, found.sound, found.expired) == (True, 1, 2)


async def test_the_head_is_told_to_the_log(store: Store, seals: Seals, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "bot.store.seals")
    await sealed(store, seals, 3)
    (line,) = [json.loads(json.dumps(each.line)) for each in caplog.records if hasattr(each, "line")]
    found = await chain(seals)
    assert (line["event"], line["count"], line["seal"]) == ("audit sealed", found.head, found.hash)


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE audit SET outcome = 'ok'",
        "UPDATE audit SET outcome = 'ok' WHERE false",
        "DELETE FROM audit",
        "TRUNCATE audit",
        "UPDATE seals SET hash = ''",
        "DELETE FROM seals",
        "TRUNCATE seals",
        "INSERT INTO audit (tenant, id, at, person, place, conversation, action, outcome, model, input_tokens, output_tokens, "
        "sources, millis) OVERRIDING SYSTEM VALUE SELECT tenant, id, at, '', '', '', '', '', '', 0, 0, 0, 0 FROM audit "
        "ON CONFLICT (tenant, at, id) DO UPDATE SET outcome = 'ok'",
    ],
)
async def test_nothing_of_the_audit_is_changed_or_deleted(store: Store, seals: Seals, database: str, text: str) -> None:
    await sealed(store, seals, 1)
    with pytest.raises(errors.InsufficientPrivilege, match="only ever added to"):
        await ask(database, text)
    assert (await chain(seals)).ok


async def test_a_role_of_the_application_needs_no_more_than_to_add_and_to_delete(
    store: Store, seals: Seals, database: str
) -> None:
    await ask(database, "DROP ROLE IF EXISTS application")
    await ask(database, "CREATE ROLE application")
    try:
        await ask(database, "GRANT SELECT, INSERT, DELETE ON audit, seals TO application")
        async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
            await connection.execute("SET ROLE application")
            with pytest.raises(errors.InsufficientPrivilege, match="permission denied"):
                await connection.execute("UPDATE audit SET outcome = 'ok'")
    finally:
        await ask(database, "DROP OWNED BY application")
        await ask(database, "DROP ROLE application")


async def test_a_row_goes_when_it_has_expired(store: Store, database: str) -> None:
    await store.write(replace(ENTRY, expires=TODAY - timedelta(days=1)))
    await ask(database, "DELETE FROM audit")
    assert await ids(database) == []
