import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from bot.store.away import Address
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.rows import StoreAway
from bot.store.schema import MIGRATIONS, migrate, missing
from bot.store.store import Store
from dialogs.talk import Message
from tests.bot.store.stores import SEALED, arrival, ask, record
from tests.world.database import fresh

GOOD = "CREATE TABLE one (id int)"
BAD = "CREATE TABLE two (id int); SELECT 1 / 0"


@pytest.fixture
def blank(postgres: str) -> Iterator[str]:
    """A database without a table."""
    with fresh(postgres, "template0") as conninfo:
        yield conninfo


async def test_four_processes_that_start_at_once_migrate_once(blank: str) -> None:
    applied = await asyncio.gather(*(migrate(Address(blank)) for _ in range(4)))
    assert sorted(applied, key=len) == [(), (), (), tuple(path.stem for path in sorted(MIGRATIONS.glob("*.sql")))]


async def test_what_is_missing_is_known_beforehand(blank: str) -> None:
    before = await missing(Address(blank))
    assert before == await migrate(Address(blank)) and await missing(Address(blank)) == ()


async def test_a_migration_that_fails_leaves_nothing_of_itself(blank: str, tmp_path: Path) -> None:
    (tmp_path / "0001_good.sql").write_text(GOOD)
    (tmp_path / "0002_bad.sql").write_text(BAD)
    with pytest.raises(StoreAway):
        await migrate(Address(blank), tmp_path)
    tables = await ask(blank, "SELECT relname FROM pg_stat_user_tables ORDER BY relname")
    assert tables == [("migrations",), ("one",)]


async def test_a_database_that_is_not_there_cannot_be_migrated(postgres: str) -> None:
    with pytest.raises(StoreAway):
        await migrate(Address(make_conninfo(postgres, dbname="nowhere")))


FIRST = """
    INSERT INTO lanes (tenant, conversation, pending, fence, at) VALUES ('tenant', 'chat', 2, 1, now());
    INSERT INTO inbox (tenant, conversation, activity, at, body) VALUES ('tenant', 'chat', '1', now(), 'body 1');
    INSERT INTO inbox (tenant, conversation, activity, at, body) VALUES ('tenant', 'chat', '2', now(), 'body 2');
    INSERT INTO inbox (tenant, conversation, activity, at, body, due)
        VALUES ('tenant', 'chat', 'due', now(), 'later', now() + interval '1 hour');
    INSERT INTO history (tenant, conversation, chat, role, at, text) VALUES ('tenant', 'chat', 0, 'user', now(), 'hello');
    INSERT INTO audit (
        tenant, at, person, place, conversation, action, outcome, model, input_tokens, output_tokens, sources, millis
    ) VALUES ('tenant', now(), 'anna', 'personal', 'hash', 'answer', 'ok', 'large', 10, 20, 3, 400)
"""
"""What a process of the first program left behind."""


@pytest.fixture
async def first(blank: str, tmp_path: Path) -> str:
    """A database of the first program, with work under way, brought up to date."""
    (tmp_path / "0001_store.sql").write_bytes((MIGRATIONS / "0001_store.sql").read_bytes())
    await migrate(Address(blank), tmp_path)
    await ask(blank, FIRST)
    await migrate(Address(blank))
    return blank


async def test_what_an_earlier_program_accepted_is_worked_on_after_the_update(first: str) -> None:
    async with Pool(Address(first)) as pool:
        store = Store(pool, "one", SEALED)
        (claim,) = await store.claim(10)
        second = await store.finish(claim, record())
        assert second is not None
        found = [claim, second, await store.finish(second, record())]
    assert [one and (one.activity, one.stopped) for one in found] == [("1", False), ("2", False), None]


async def test_what_an_earlier_program_wrote_is_read_after_the_update(first: str) -> None:
    async with Pool(Address(first)) as pool:
        (entry,) = await Ledger(pool).audit_rows(10)
        assert (entry.millis, entry.dropped) == (400, 0)


async def test_what_was_accepted_before_the_update_is_nobodys_to_stop(first: str) -> None:
    async with Pool(Address(first)) as pool:
        assert not await Store(pool, "one", SEALED).stop(arrival("stop"))


SECOND = """
    INSERT INTO inbox (tenant, conversation, activity, at, body, person) VALUES ('tenant', 'chat', '3', now(), 'body 3', 'anna');
    INSERT INTO inbox (tenant, conversation, activity, at, body, person, due)
        VALUES ('tenant', 'chat', 'digest', now(), 'later', 'anna', now() + interval '1 hour');
    INSERT INTO history (tenant, conversation, chat, role, at, text)
        VALUES ('tenant', 'chat', 0, 'user', now(), decode('01', 'hex') || 'odd');
    UPDATE lanes SET pending = pending + 1
"""
"""What a process of the second program left behind, besides."""


@pytest.fixture
async def second(blank: str, tmp_path: Path) -> str:
    """A database of the second program, with work under way, brought up to date."""
    for name in ("0001_store.sql", "0002_summaries.sql"):
        (tmp_path / name).write_bytes((MIGRATIONS / name).read_bytes())
    await migrate(Address(blank), tmp_path)
    await ask(blank, FIRST)
    await ask(blank, SECOND)
    assert "0003_identity" in await migrate(Address(blank))
    return blank


async def test_what_the_second_program_accepted_has_not_waited_for_a_sign_in(second: str) -> None:
    async with Pool(Address(second)) as pool:
        store = Store(pool, "one", SEALED)
        (claim,) = await store.claim(10)
        found = [claim.parked]
        while (following := await store.finish(claim, record())) is not None:
            claim = following
            found.append(claim.parked)
        assert found == [False, False, False]


async def test_what_was_said_before_the_update_belongs_to_the_one_who_asked_there(second: str) -> None:
    async with Pool(Address(second)) as pool:
        assert await Store(pool, "one", SEALED).history("tenant", "chat", "anna", 0, 10) == (
            Message("user", "hello"),
            Message("user", " \x01odd"),
        )


async def test_what_nobody_could_have_said_is_gone_after_the_update(first: str) -> None:
    assert await ask(first, "SELECT count(*) FROM history") == [(0,)]


async def test_the_audit_of_an_earlier_program_names_nobody_after_the_update(first: str) -> None:
    known = await ask(first, "SELECT p.person FROM audit a JOIN people p ON a.tenant = p.tenant AND a.person = p.alias")
    assert known == [("anna",)]


async def test_what_the_second_program_planned_is_not_woken_by_a_sign_in(second: str) -> None:
    async with Pool(Address(second)) as pool:
        assert await Store(pool, "one", SEALED).resume("tenant", "anna") == 0


async def test_looking_for_what_is_due_reads_nothing_but_what_is_due(first: str) -> None:
    """Ten thousand digests wait for tomorrow; a look for work comes every few seconds."""
    many = "INSERT INTO inbox (tenant, conversation, activity, at, body, due) "
    await ask(
        first, many + "SELECT 't', 'c' || n, 'x', now(), '', now() + interval '1 day' FROM generate_series(1, 10000) n"
    )
    await ask(first, "ANALYZE inbox")
    for select in ("SELECT 1 FROM inbox WHERE open AND due <= now()", "SELECT 1 FROM inbox WHERE open AND due IS NULL"):
        plan = await ask(first, "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + select)
        top = plan[0][0][0]["Plan"]
        assert top["Shared Hit Blocks"] + top["Shared Read Blocks"] < 20


async def test_what_was_said_in_a_group_before_lines_had_an_owner_is_given_to_nobody(
    blank: str, tmp_path: Path
) -> None:
    for name in ("0001_store.sql", "0002_summaries.sql"):
        (tmp_path / name).write_bytes((MIGRATIONS / name).read_bytes())
    await migrate(Address(blank), tmp_path)
    for conversation in ("a:1", "19:group@thread.v2"):
        await ask(
            blank,
            """INSERT INTO inbox (tenant, conversation, activity, at, body, person)
            VALUES ('tenant', %s, '1', now(), '', 'anna')""",
            conversation,
        )
        await ask(
            blank,
            """INSERT INTO history (tenant, conversation, chat, role, at, text)
            VALUES ('tenant', %s, 0, 'user', now(), 'hello')""",
            conversation,
        )
    await migrate(Address(blank))
    assert await ask(blank, "SELECT conversation, person FROM history") == [("a:1", "anna")]
