"""What a database is asked by its administrator, on a connection of its own."""

from typing import Any

import psycopg

Row = tuple[Any, ...]


async def asked(conninfo: str, query: str, *values: object) -> list[Row]:
    """The rows of the answer."""
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        return await (await connection.execute(query.encode(), values)).fetchall()
