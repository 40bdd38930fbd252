"""Brings the database up to date: the files of `migrations`, in the order of their names, each once.

Floor 6.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import AsyncConnection, errors

from bot.store import sessions
from bot.store.away import Address, translated
from bot.store.rows import Outdated

MIGRATIONS = Path(__file__).parent / "migrations"
UNPERMITTED = (
    "the database is not up to date, and its login may not change it: run app.py migrate with the login that owns the "
    f"tables; it needs the right to create roles, or somebody who has it runs CREATE ROLE {sessions.ROLE} before"
)


async def migrate(address: Address, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """Applies what is missing and returns the names of it. Processes that start together wait for one another.

    Whose login does not own the tables may start all the same where nothing is missing. Raises `Outdated` where something is,
    and `StoreAway`; what was applied until then stays applied.
    """
    files = read(folder)
    with translated(), _permitted():
        async with await address.connect() as connection:
            if not await _missing(connection, files):
                return ()
            await connection.execute(sessions.MIGRATIONS_LOCK)
            await connection.execute(sessions.MIGRATIONS_TABLE)
            await connection.execute(sessions.MIGRATIONS_FENCE)
            missing = await _missing(connection, files)
            for name in missing:
                await _apply(connection, name, files[name])
            return missing


async def missing(address: Address, folder: Path = MIGRATIONS) -> tuple[str, ...]:
    """The names of the migrations that were not applied yet; changes nothing. Raises `StoreAway`."""
    with translated(), _permitted():
        async with await address.connect() as connection:
            return await _missing(connection, read(folder))


def read(folder: Path) -> dict[str, bytes]:
    """The migrations of a folder by name, in their order."""
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.sql"))}


async def _missing(connection: AsyncConnection, files: Iterable[str]) -> tuple[str, ...]:
    found = await connection.execute(sessions.MIGRATIONS_EXIST)
    if await found.fetchone() == (None,):
        return tuple(files)
    applied = {name async for (name,) in await connection.execute(sessions.MIGRATIONS_APPLIED)}
    return tuple(name for name in files if name not in applied)


@contextmanager
def _permitted() -> Iterator[None]:
    """Says what to do where the login has not the right."""
    try:
        yield
    except errors.InsufficientPrivilege:
        raise Outdated(UNPERMITTED) from None


async def _apply(connection: AsyncConnection, name: str, text: bytes) -> None:
    """One file in one transaction, together with the note that it was applied."""
    async with connection.transaction():
        await connection.execute(text)
        await connection.execute(sessions.MIGRATIONS_NOTE, (name,))
