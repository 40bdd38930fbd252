import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo

from bot.store.away import Address
from bot.store.rows import StoreAway
from bot.store.schema import MIGRATIONS, migrate, missing
from tests.bot.store.stores import ask
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
