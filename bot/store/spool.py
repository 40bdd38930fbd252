"""Documents on their way to a person, in sealed pieces, for an hour.

Floor 6. Each verb raises `StoreAway`. A piece is only kept while the person whom it is about is known: of somebody who is
being forgotten nothing is written down any more.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rings import Rings, Unopened
from bot.store.keys import key
from bot.store.pool import Pool
from bot.store.statements import statement
from dialogs.errors import Vanished

LASTS = timedelta(hours=1)
PIECE = 64 * 1024
"""Bytes of every piece but the last, which has fewer or as many."""

OWN = "tenant = %(tenant)s::text AND person = %(person)s::text AND key = %(key)s::text"
CLEAR = statement(f"DELETE FROM exports WHERE {OWN}")  # noqa: S608
KEEP = statement("""
    WITH known AS (
        SELECT FROM people WHERE tenant = %(tenant)s::text AND person = %(about)s::text FOR KEY SHARE
    )
    INSERT INTO exports (tenant, person, key, number, about, expires, piece)
    SELECT
        %(tenant)s::text, %(person)s::text, %(key)s::text, %(number)s::int, %(about)s::text, %(expires)s::timestamptz,
        %(piece)s::bytea
    FROM known
    ON CONFLICT (tenant, person, key, number) DO UPDATE SET
        about = excluded.about, expires = excluded.expires, piece = excluded.piece
    RETURNING 1
""")
"""An erasure locks the person's row first: what waits for it here then finds nobody."""
FETCH = statement(f"SELECT piece FROM exports WHERE {OWN} AND number = %(number)s::int AND expires > %(now)s")  # noqa: S608
LAST = statement(f"SELECT number, piece FROM exports WHERE {OWN} AND expires > %(now)s ORDER BY number DESC LIMIT 1")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Spool:
    """The documents of everybody, by the tenant, the person who is to get it, and its key."""

    pool: Pool
    rings: Rings

    async def drop(self, tenant: str, person: str, document: str) -> None:
        """Throws a document away, and what was written of one that never became whole."""
        await self.pool.run(CLEAR, **_own(tenant, person, document))

    async def keep(
        self, tenant: str, person: str, document: str, number: int, piece: bytes, *, about: str, now: datetime
    ) -> None:
        """Keeps the piece of that number, counted from 0. Raises `Vanished` where nobody knows `about` any more."""
        own = _own(tenant, person, document)
        ring = await self.rings.ring(tenant)
        sealed = ring.seal(piece, *_place(own, number))
        more = {"number": number, "about": key(about), "expires": now + LASTS, "piece": sealed}
        if not await self.pool.run(KEEP, **own, **more):
            raise Vanished

    async def size(self, tenant: str, person: str, document: str, now: datetime) -> int:
        """How many bytes a document has. Raises `Vanished` where it is no longer kept."""
        own = _own(tenant, person, document)
        rows = await self.pool.run(LAST, **own, now=now)
        if not rows:
            raise Vanished
        number, sealed = rows[0]
        return int(number) * PIECE + len(await self._opened(own, number, sealed))

    async def pieces(
        self, tenant: str, person: str, document: str, size: int, now: datetime
    ) -> AsyncGenerator[bytes, None]:
        """The pieces of a document of that size, one after the other. Raises `Vanished` where one is missing."""
        own, number = _own(tenant, person, document), 0
        while size > 0:
            rows = await self.pool.run(FETCH, **own, number=number, now=now)
            if not rows:
                raise Vanished
            piece = await self._opened(own, number, rows[0][0])
            yield piece
            size -= len(piece)
            number += 1

    async def _opened(self, own: dict[str, str], number: int, sealed: bytes) -> bytes:
        ring = await self.rings.ring(own["tenant"], sealed)
        try:
            return ring.open(sealed, *_place(own, number))
        except Unopened:
            raise Vanished from None


def _own(tenant: str, person: str, document: str) -> dict[str, str]:
    return {"tenant": key(tenant), "person": key(person), "key": key(document)}


def _place(own: dict[str, str], number: int) -> tuple[str, ...]:
    return ("exports", "piece", *own.values(), str(number))
