"""What was read of the files that somebody sent in a chat: their text, sealed and compressed, as long as its history.

Floor 6. A file is kept by the ask that read it and by its number among what was sent along, before that ask is answered: one
that is tried again need not fetch it anew, from an address that has run out by then.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rings import Ring, Rings, Unopened
from bot.store.documents import packed, unpacked
from bot.store.keys import key
from bot.store.parameters import lane
from bot.store.pool import Pool
from bot.store.rows import Claim, LeaseLost
from bot.store.statements import KEY, statement
from dialogs.documents import MOST_CHARACTERS, Document
from dialogs.errors import Vanished

MOST = 20
"""Files of a chat that a question knows, the newest."""
STORED = 8 * 1024 * 1024
"""Bytes of them as they are stored."""
READ = 2 * MOST_CHARACTERS
"""Characters of them, all together."""

OWN = f"{KEY} AND person = %(person)s::text"
KEEP = statement(f"""
    WITH known AS MATERIALIZED (
        SELECT FROM people WHERE tenant = %(tenant)s::text AND person = %(person)s::text FOR KEY SHARE
    ), mine AS MATERIALIZED (
        SELECT FROM known, lanes WHERE {KEY} AND fence = %(fence)s FOR NO KEY UPDATE OF lanes
    ), kept AS (
        INSERT INTO files (tenant, conversation, person, chat, activity, number, at, expires, body)
        SELECT
            %(tenant)s::text, %(conversation)s::text, %(person)s::text, %(chat)s::bigint, %(activity)s::text,
            %(number)s::int, %(at)s::timestamptz, %(expires)s::timestamptz, %(body)s::bytea
        FROM mine
        ON CONFLICT (tenant, conversation, person, chat, activity, number) DO UPDATE SET
            at = excluded.at, expires = excluded.expires, body = excluded.body
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM known), (SELECT count(*) FROM kept)
""")  # noqa: S608
"""An erasure locks the person's row first and the lane after it, and so does this: what waits here for either then finds
nobody. Whoever has lost the lane may not put back what was deleted in it meanwhile."""

FOUND = statement(f"""
    SELECT chat, activity, number, body FROM files
    WHERE {OWN} AND activity = %(activity)s::text AND number = %(number)s::int AND expires > %(now)s::timestamptz
    ORDER BY chat DESC LIMIT 1
""")  # noqa: S608
"""In whatever chat: another may be open by the time that an ask is tried again which had waited for its person to sign in."""

ALL = statement(f"""
    SELECT chat, activity, number, body FROM (
        SELECT
            chat, activity, number, body, at,
            sum(octet_length(body)) OVER (ORDER BY at DESC, activity DESC, number DESC) AS bytes
        FROM files WHERE {OWN} AND chat = %(chat)s::bigint AND expires > %(now)s::timestamptz
    ) AS newest
    WHERE bytes <= {STORED} ORDER BY at DESC, activity DESC, number DESC LIMIT {MOST}
""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Filed:
    """The files of `person` (their Entra id) in the conversation of a claim, whose chat is the open one."""

    pool: Pool
    rings: Rings
    claim: Claim
    person: str

    async def keep(self, number: int, document: Document, expires: datetime) -> None:
        """Keeps the text of the ask's file of that number; once more is the same.

        Raises `Vanished` where nobody knows the person any more, `LeaseLost` and `StoreAway`.
        """
        claim = self.claim
        where = {**lane(claim), "person": key(self.person), "chat": claim.chat, "activity": claim.activity}
        ring = await self.rings.ring(claim.tenant)
        sealed = await asyncio.to_thread(_sealed, document, ring, self._place(claim.chat, claim.activity, number))
        values = {"number": number, "at": document.at, "expires": expires, "body": sealed}
        ((known, kept),) = await self.pool.run(KEEP, **where, **values)
        if not known:
            raise Vanished
        if not kept:
            raise LeaseLost

    async def found(self, number: int, now: datetime) -> Document | None:
        """What an earlier life of this ask has read of its file of that number."""
        where = {"activity": self.claim.activity, "number": number, "now": now}
        documents = await self._read(await self.pool.run(FOUND, **self._own, **where))
        return documents[0] if documents else None

    async def all(self, now: datetime) -> tuple[Document, ...]:
        """What the open chat knows, the newest first, as many as one question can go through."""
        return await self._read(await self.pool.run(ALL, **self._own, chat=self.claim.chat, now=now))

    async def _read(self, rows: Sequence[tuple[Any, ...]]) -> tuple[Document, ...]:
        """The documents in their order; without those that nobody can read any more."""
        ring = await self.rings.ring(self.claim.tenant, *(row[-1] for row in rows))
        found: list[Document] = []
        room = READ
        for *where, sealed in rows:
            document = await asyncio.to_thread(_opened, sealed, ring, self._place(*where))
            room -= sum(len(passage.text) for passage in document.passages) if document else 0
            if room < 0:
                break
            found += [document] if document else []
        return tuple(found)

    def _place(self, chat: int, activity: str, number: int) -> tuple[str, ...]:
        return ("files", "body", *self._own.values(), str(chat), activity, str(number))

    @property
    def _own(self) -> dict[str, str]:
        return {"tenant": self.claim.tenant, "conversation": self.claim.conversation, "person": key(self.person)}


def _sealed(document: Document, ring: Ring, place: tuple[str, ...]) -> bytes:
    """In a thread, like its opposite: both go over all of the text."""
    return ring.seal(packed(document), *place)


def _opened(sealed: bytes, ring: Ring, place: tuple[str, ...]) -> Document | None:
    try:
        return unpacked(ring.open(sealed, *place))
    except Unopened:
        return None
