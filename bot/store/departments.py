"""In which departments people work, as their company's directory says.

Floor 6. It is asked for each person once a week, by whichever process comes first.
"""

from datetime import datetime

from bot.store.keys import key, plain
from bot.store.people import WEEK
from bot.store.pool import Pool
from bot.store.statements import SOON, statement

OWN = "tenant = %(tenant)s::text AND person = %(person)s::text"

DUE = statement(f"""
    UPDATE people SET looked = %(now)s::timestamptz
    WHERE {OWN} AND (looked IS NULL OR looked <= %(old)s::timestamptz OR looked > %(now)s::timestamptz + interval '1 day')
    RETURNING {SOON}
""")  # noqa: S608 - our own pieces
"""A time that lies ahead comes from a clock that was wrong, and must not last."""

SET = statement(f"UPDATE people SET department = %(department)s::text WHERE {OWN} RETURNING {SOON}")  # noqa: S608


class Departments:
    """The departments of people who are known. Each verb raises `StoreAway`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def due(self, tenant: str, person: str, now: datetime) -> bool:
        """Whether the directory is to be asked now; nobody else is told so for a week, however that ends."""
        values = {"tenant": key(tenant), "person": key(person)}
        return bool(await self._pool.run(DUE, **values, now=now, old=now - WEEK))

    async def write(self, tenant: str, person: str, department: str) -> None:
        """What the directory said; of nobody who is not known, or no longer."""
        values = {"tenant": key(tenant), "person": key(person)}
        await self._pool.run(SET, **values, department=plain(department))
