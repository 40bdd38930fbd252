"""Everything that is kept of a person, over all tables: counted, read out, deleted, and looked for afterwards.

Floor 6. Each verb raises `StoreAway`.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from psycopg import AsyncConnection, sql

from bot.audit import Entry
from bot.exporting import Kept
from bot.rings import Rings
from bot.store import erasure, owned
from bot.store.away import translated
from bot.store.keys import key
from bot.store.notes import noted
from bot.store.pool import Pool, Rows
from bot.store.reading import kept
from bot.store.statements import CHANNEL, WRITE, statement
from bot.store.sweeps import FREE
from dialogs.errors import OnHold
from dialogs.shelves import Holding

KNOWN = statement(f"SELECT 1 FROM people WHERE {owned.WHOSE}")  # noqa: S608
STAYED_AWAY = """
    gone <= %(since)s::timestamptz AND NOT EXISTS (
        SELECT FROM history h WHERE h.tenant = people.tenant AND h.person = people.person AND h.at > people.gone
    )
"""
LEFT = statement(f"SELECT 1 FROM people WHERE {owned.WHOSE} AND {STAYED_AWAY}")  # noqa: S608
GONE = statement(f"""
    SELECT person FROM people WHERE tenant = %(tenant)s::text AND {STAYED_AWAY} AND NOT EXISTS (
        SELECT FROM inbox i WHERE i.tenant = people.tenant AND i.person = people.person AND i.open AND i.due IS NULL
    ) {FREE}
    ORDER BY gone LIMIT %(limit)s::bigint
""")  # noqa: S608
HALT = statement(f"""
    WITH meant AS (
        SELECT conversation, activity FROM inbox
        WHERE {owned.WHOSE} AND person <> '' AND open AND due IS NULL AND NOT stopped
            AND conversation <> %(conversation)s::text
        FOR UPDATE SKIP LOCKED
    ), stopped AS (
        UPDATE inbox i SET stopped = true FROM meant m
        WHERE i.tenant = %(tenant)s::text AND i.conversation = m.conversation AND i.activity = m.activity
        RETURNING 1
    )
    SELECT pg_notify('{CHANNEL}', '')::text FROM (SELECT count(*) AS asks FROM stopped) AS those WHERE asks > 0
""")  # noqa: S608
"""Holds no lane, like `STOP_PARKED`. What somebody else holds is found at work by `AT_WORK`."""
AT_WORK = statement(f"""
    SELECT count(*) FROM lanes l CROSS JOIN LATERAL (
        SELECT person FROM inbox i
        WHERE i.tenant = l.tenant AND i.conversation = l.conversation AND i.open AND i.due IS NULL
        ORDER BY i.place LIMIT 1
    ) AS first
    WHERE l.tenant = %(tenant)s::text AND l.until >= now() AND first.person = %(person)s::text
        AND l.conversation <> %(conversation)s::text
        AND l.conversation IN (SELECT conversation FROM inbox WHERE {owned.WHOSE} AND open AND due IS NULL)
""")  # noqa: S608

PURSES = "3 days"
"""How long what is left of a day's allowance is kept, about."""

BREATH = 20
"""Rows that are opened and written down in one go."""

SEARCHING = "SELECT set_config('parley.tenant', %(fence)s, false), set_config('statement_timeout', '0', false)"
"""Behind the tenant's fence, for as long as it takes."""
COLUMNS = """
    SELECT
        table_name, array_agg(column_name::text ORDER BY column_name),
        array_agg(data_type = 'bytea' ORDER BY column_name)
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
    GROUP BY table_name ORDER BY table_name
"""


@dataclass(frozen=True, slots=True)
class Estate:
    """The tables of one database. `rings` open what is sealed."""

    pool: Pool
    rings: Rings

    async def holdings(self, tenant: str, person: str, usage: timedelta) -> tuple[Holding, ...]:
        """What is kept, by table; tables in which there is nothing are left out. `usage` is how long that is kept."""
        lasting = {"usage": f"{usage.total_seconds()} seconds", "purses": PURSES}
        rows = await self.pool.run(owned.HOLDINGS, **_own(tenant, person), **lasting)
        return tuple(Holding(*row) for row in rows if row[1])

    async def rows(self, tenant: str, person: str) -> AsyncGenerator[Kept, None]:
        """Everything that is kept, opened, a table after the other; read a little at a time.

        It is no picture of one moment: what is written or deleted meanwhile may be in it or not.
        """
        for table in owned.OWNED:
            async for page in self._pages(table, tenant, person):
                ring = await self.rings.ring(tenant, *_sealed(table, page))
                for row in page:
                    read = partial(kept, table, row, key(tenant), key(person), ring)
                    yield await asyncio.to_thread(read) if table.packed else read()

    async def known(self, tenant: str, person: str) -> bool:
        """Whether the person is known, and not forgotten."""
        return bool(await self.pool.run(KNOWN, **_own(tenant, person)))

    async def held(self, tenant: str, person: str) -> bool:
        """Whether there is a legal hold."""
        return bool(await self.pool.run(erasure.HELD, **_own(tenant, person)))

    async def halt(self, tenant: str, person: str, conversation: str) -> int:
        """Stops all of the person's asks in other conversations than that; how many of them are being worked on."""
        where = {**_own(tenant, person), "conversation": key(conversation)}
        await self.pool.run(HALT, **where)
        found = await self.pool.run(AT_WORK, **where)
        return int(found[0][0])

    async def left(self, tenant: str, person: str, since: datetime) -> bool:
        """Whether the person removed the assistant, by that time at the latest, and has not asked anything afterwards."""
        return bool(await self.pool.run(LEFT, **_own(tenant, person), since=since))

    async def gone(self, tenant: str, since: datetime, limit: int) -> tuple[str, ...]:
        """Those of whom `left` is true, whom no legal hold keeps and who are not being answered just now; at most so many."""
        rows = await self.pool.run(GONE, tenant=key(tenant), since=since, limit=limit)
        return tuple(person for (person,) in rows)

    async def erase(self, tenant: str, person: str, entry: Entry) -> Mapping[str, int]:
        """Forgets a person and writes the audit row of it; how many rows of each table it were. Raises `OnHold`."""
        own, counts = _own(tenant, person), Counter[str]()
        async with self.pool.transaction() as run:
            await run(erasure.LOCK_HOLDS)
            if await run(erasure.HELD, **own):
                raise OnHold
            await run(WRITE, **noted(entry))
            for table, one in erasure.ERASURE:
                rows = await run(one, **own, chat="")
                counts[table] += rows[0][0] if rows and table else 0
        return {table: rows for table, rows in counts.items() if rows}

    async def find(self, tenant: str, needle: str) -> Mapping[str, int]:
        """Where an id stands: how many rows of the tenant have it in which column (`table.column`), whatever its case.

        Looks through every column of every table, in tables without a tenant through all rows. It takes its time.
        """
        with translated():
            async with await self.pool.address.serve() as connection:
                await connection.execute(SEARCHING, {"fence": "=" + key(tenant)})
                tables = await (await connection.execute(COLUMNS)).fetchall()
                found = [await _searched(connection, tenant, needle, *table) for table in tables]
        return {name: rows for table in found for name, rows in table.items() if rows}

    async def _pages(self, table: owned.Owned, tenant: str, person: str) -> AsyncGenerator[Rows, None]:
        """The rows of one table, a few at a time: others have their turn before the next."""
        own = _own(tenant, person)
        if table.name in owned.ALONE:
            yield await self.pool.run(owned.ALONE[table.name], **own)
            return
        first, onward = owned.PAGES[table.name]
        rows = await self.pool.run(first, **own, limit=table.batch)
        while rows:
            for start in range(0, len(rows), BREATH):
                yield rows[start : start + BREATH]
                await asyncio.sleep(0)
            if len(rows) < table.batch:
                return
            after = {f"after_{name}": value for name, value in zip(table.keys, rows[-1], strict=False)}
            rows = await self.pool.run(onward, **own, **after, limit=table.batch)


def _sealed(table: owned.Owned, page: Rows) -> list[bytes]:
    """All that is sealed in a page, for the ring to have its keys."""
    places = [table.columns.index(name) for name in table.sealed]
    return [row[place] for row in page for place in places if row[place]]


async def _searched(
    connection: AsyncConnection, tenant: str, needle: str, table: str, columns: list[str], binary: list[bool]
) -> dict[str, int]:
    """How many rows of one table have the needle in each of its columns."""
    counted = [
        sql.SQL("count(*) FILTER (WHERE strpos(lower({}), lower(%(needle)s)) > 0)").format(
            sql.SQL("encode({}, 'escape')" if bytes_ else "{}::text").format(sql.Identifier(column))
        )
        for column, bytes_ in zip(columns, binary, strict=True)
    ]
    query = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(counted), sql.Identifier(table))
    if "tenant" in columns:
        query += sql.SQL(" WHERE tenant = %(tenant)s")
    cursor = await connection.execute(query, {"needle": needle, "tenant": key(tenant)})
    row = await cursor.fetchone() or ()
    return {f"{table}.{column}": rows for column, rows in zip(columns, row, strict=True)}


def _own(tenant: str, person: str) -> dict[str, str]:
    return {"tenant": key(tenant), "person": key(person)}
