"""Audit rows for tests, and ways around what guards them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import psycopg

from bot.audit import Entry
from bot.store.store import Store
from tests.bot.store.stores import ENTRY, ask

TODAY = datetime.now(UTC)


async def known(database: str, *people: str) -> None:
    """The assistant has met these people."""
    await ask(database, "INSERT INTO people (tenant, person) SELECT 'tenant', unnest(%s::text[])", list(people))


async def written(store: Store, count: int, **fields: object) -> None:
    """So many audit rows, of a minute each."""
    for number in range(count):
        at = TODAY - timedelta(minutes=count - number)
        await store.write(replace(aged(ENTRY, at), **fields))  # type: ignore[arg-type]


def aged(entry: Entry, at: datetime) -> Entry:
    """The same, written at another time."""
    return replace(entry, at=at)


async def unguarded(database: str, text: LiteralString, *values: object) -> None:
    """What a superuser does who has switched the triggers off."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(text, values)
