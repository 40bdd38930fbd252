"""Brings the database up to date: the files of `migrations`, in the order of their names, each once.

Floor 6.
"""

from pathlib import Path

from psycopg import AsyncConnection

from bot.store import statements
from bot.store.away import Address, translated

MIGRATIONS = Path(__file__).parent / "migrations"


async def migrate(address: Address, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """Applies what is missing and returns the names of it. Processes that start together wait for one another.

    Raises `StoreAway`; what was applied until then stays applied.
    """
    files = read(folder)
    with translated():
        async with await address.connect() as connection:
            await connection.execute(statements.MIGRATIONS_LOCK)
            await connection.execute(statements.MIGRATIONS_TABLE)
            applied = {name async for (name,) in await connection.execute(statements.MIGRATIONS_APPLIED)}
            missing = tuple(name for name in files if name not in applied)
            for name in missing:
                await _apply(connection, name, files[name])
            return missing


async def missing(address: Address, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """The names of the migrations that were not applied yet; changes nothing. Raises `StoreAway`."""
    with translated():
        async with await address.connect() as connection:
            found = await connection.execute(statements.MIGRATIONS_EXIST)
            if await found.fetchone() == (None,):
                return tuple(read(folder))
            applied = {name async for (name,) in await connection.execute(statements.MIGRATIONS_APPLIED)}
            return tuple(name for name in read(folder) if name not in applied)


def read(folder: Path) -> dict[str, bytes]:
    """The migrations of a folder by name, in their order."""
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.sql"))}


async def _apply(connection: AsyncConnection, name: str, text: bytes) -> None:
    """One file in one transaction, together with the note that it was applied."""
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute(statements.MIGRATIONS_NOTE, (name,))
