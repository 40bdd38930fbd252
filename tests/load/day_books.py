"""What is kept behind the simulated day: rows of a month ago that go, people who are forgotten, and what stands at the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

import psycopg
from psycopg import sql

from bot.audit import Action, Actor, Entry, Outcome
from bot.store.estate import Estate
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.seals import Seals
from tests.bot.store.kept import RULES
from tests.bot.store.stores import SEALED
from tests.load.day_company import TENANT

FORMER: LiteralString = """
    INSERT INTO history (tenant, conversation, person, activity, chat, role, at, expires, text)
    SELECT
        'company', 'a:' || number %% %(people)s, 'former', number, 0, 'user', %(day)s - interval '30 days',
        %(day)s + number * (interval '1 day' / %(rows)s), convert_to(repeat('word ', 120), 'UTF8')
    FROM generate_series(1, %(rows)s) AS number
"""
"""The lines of the same day a month ago, whose time is over in the course of this one."""
RIPE: LiteralString = "UPDATE inbox SET due = now() WHERE open AND due > now() AND due <= %s"
"""What is due by the simulated clock is due by the database's, which is what `RIPEN` asks."""
TABLES: LiteralString = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
SIZE = "SELECT count(*), pg_total_relation_size({0}) FROM {1}"


@dataclass(frozen=True, slots=True)
class Table:
    """What stands in a table at the end: its rows, its bytes as it stands, and those of a row when it is packed."""

    name: str
    rows: int
    size: int
    packed: float


@dataclass(slots=True)
class Books:
    """The chores of a day, and the look behind the store's back."""

    conninfo: str
    pool: Pool
    swept: int = 0
    sealed: int = 0

    async def former(self, rows: int, people: int, day: datetime) -> None:
        """What was said a month ago."""
        await self._run(FORMER, {"rows": rows, "people": people, "day": day})

    async def ripen(self, now: datetime) -> None:
        """Lets be due what is due by the simulated clock."""
        await self._run(RIPE, (now,))

    async def hourly(self, now: datetime) -> None:
        """Retention, as the chore does it."""
        async for swept in Ledger(self.pool).sweeping(now, 1_000, TENANT, RULES):
            self.swept += swept

    async def seal(self, now: datetime) -> None:
        """Seals what was written to the audit."""
        while count := await Seals(self.pool).seal(now):
            self.sealed += count

    async def sound(self) -> str:
        """Whether the audit's chain holds and every row of it is sealed, and what was found where it does not."""
        (chain,) = await Seals(self.pool).verify(TENANT)
        sound = chain.ok and chain.unsealed == 0
        return f"audit sound and sealed: {sound}" + ("" if sound else f", {chain}")

    async def forget(self, person: str, now: datetime) -> int:
        """Erases somebody; how many rows it were."""
        entry = Entry(now, TENANT, "", "personal", "", Action.ERASE, Outcome.OK, actor=Actor.OPERATOR, subject=person)
        return sum((await Estate(self.pool, SEALED).erase(TENANT, person, entry)).values())

    async def open(self) -> int:
        """How many asks are not closed."""
        async with await psycopg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
            found = await (await connection.execute("SELECT count(*) FROM inbox WHERE open")).fetchone()
        return int(found[0]) if found else 0

    async def tables(self) -> list[Table]:
        """All that is not empty, the largest first."""
        async with await psycopg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
            names = [name for (name,) in await (await connection.execute(TABLES)).fetchall()]
            before = {name: await _size(connection, name) for name in names}
            await connection.execute("VACUUM FULL")
            after = {name: await _size(connection, name) for name in names}
        found = [Table(name, rows, size, after[name][1] / rows) for name, (rows, size) in before.items() if rows]
        return sorted(found, key=lambda table: -table.size)

    async def _run(self, text: LiteralString, values: Mapping[str, object] | Sequence[object]) -> None:
        async with await psycopg.AsyncConnection.connect(self.conninfo, autocommit=True) as connection:
            await connection.execute(text, values)


async def _size(connection: psycopg.AsyncConnection[tuple[int, ...]], name: str) -> tuple[int, int]:
    query = sql.SQL(SIZE).format(sql.Literal(name), sql.Identifier(name))
    found = await (await connection.execute(query)).fetchone()
    return (found[0], found[1]) if found else (0, 0)
