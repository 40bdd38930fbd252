"""Rows of every kind that retention knows, written past the store, and rules that say how long they are kept."""

from datetime import datetime, timedelta

from psycopg import AsyncConnection, sql

from bot.rulebook import Rules
from dialogs.talk import PlaceKind

RULES = Rules(
    guests=False,
    places=frozenset(PlaceKind),
    off=frozenset(),
    models=frozenset(),
    person_tokens=1_000,
    tenant_tokens=10_000,
    requests=10,
    queue=10,
    history=timedelta(days=30),
    audit=timedelta(days=365),
    dead=timedelta(days=14),
    feedback=timedelta(days=90),
    usage=timedelta(days=400),
    gone=timedelta(days=30),
)
VALUES = {
    "text": "'x'",
    "bytea": "'\\x00'",
    "bigint": "0",
    "integer": "0",
    "smallint": "0",
    "boolean": "false",
    "date": "current_date",
    "timestamp with time zone": "now()",
}
COLUMNS = """
    SELECT column_name, data_type FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = %s AND column_default IS NULL AND is_nullable = 'NO'
        AND is_identity = 'NO'
"""


async def put(database: str, table: str, **values: object) -> None:
    """A row of a table, with something harmless in every column that must have a value and is not named."""
    async with await AsyncConnection.connect(database, autocommit=True) as connection:
        needed = await (await connection.execute(COLUMNS, (table,))).fetchall()
        usual = {name: sql.SQL(VALUES[kind]) for name, kind in needed}
        every: dict[str, sql.Composable] = usual | {name: sql.Literal(value) for name, value in values.items()}
        await connection.execute(
            sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, every)),
                sql.SQL(", ").join(every.values()),
            )
        )


def before(now: datetime, days: float) -> datetime:
    """A time so many days ago."""
    return now - timedelta(days=days)
