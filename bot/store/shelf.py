"""The chats of one person in one conversation, and the prompts they may use there.

Floor 6. What people wrote is sealed: to search it means to open it, a few lines at a time, so that nobody else waits.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rings import Ring, Rings, Unopened
from bot.store import shelving
from bot.store.keys import key
from bot.store.pool import Pool, Rows
from bot.store.rows import Claim
from dialogs.plain import cut, line
from dialogs.shelves import Chat, Hits, Saved

TITLE = 60
"""Characters of the title of a chat that is known by how it begins."""
BEGINNING = 1_000
"""Characters of a line that are looked at for it."""
MOST = 20_000
"""Lines that one search goes through."""
BREATH = 20
"""Lines that are opened before others have their turn."""
ABOVE = (2**63 - 1, 2**63 - 1)
"""Chat and line above all that there are."""


@dataclass(frozen=True, slots=True)
class Finds:
    """Which of the words that are looked for a chat has not held so far."""

    wanted: frozenset[str]
    missing: dict[int, frozenset[str]] = field(default_factory=dict)

    def read(self, chat: int, text: str) -> None:
        """One more line of a chat, or its title."""
        said = text.casefold()
        left = self.missing.get(chat, self.wanted)
        self.missing[chat] = frozenset(word for word in left if word not in said)

    def has(self, chat: int) -> bool:
        """Whether a chat has held all of them."""
        return not self.missing.get(chat, self.wanted)

    @property
    def chats(self) -> list[int]:
        """The chats that have."""
        return [chat for chat in self.missing if self.has(chat)]


@dataclass(frozen=True, slots=True)
class Shelf:
    """What belongs to `person` (their Entra id) in the conversation of a claim, whose chat is the open one."""

    pool: Pool
    rings: Rings
    claim: Claim
    person: str
    now: datetime

    async def chats(self, limit: int, skip: int = 0) -> tuple[Chat, ...]:
        """The person's chats here, the newest first. Raises `StoreAway`, as everything here does."""
        rows = await self.pool.run(shelving.CHATS, **self._own, now=self.now, limit=limit, skip=skip)
        return await self._chats(rows)

    async def search(self, words: str, limit: int) -> Hits:
        """The chats whose title or lines hold all the words. The newest lines are looked at first, and not without end."""
        finds = Finds(frozenset(words.casefold().split()))
        if not finds.wanted:
            return Hits(())
        titles = await self.pool.run(shelving.TITLES, **self._own)
        ring = await self._ring([title for _, title in titles])
        for chat, title in titles:
            finds.read(chat, self._title(ring, chat, title))
        whole = await self._look(finds)
        values = {"chats": finds.chats, "now": self.now, "limit": limit, "skip": 0}
        return Hits(await self._chats(await self.pool.run(shelving.FOUND, **self._own, **values)), whole)

    async def prompts(self, team: str | None = None) -> tuple[Saved, ...]:
        """The person's own prompts, and those shared with a team, whose member the person must be; by name."""
        tenant, me = self.claim.tenant, key(self.person)
        rows = await self.pool.run(shelving.PROMPTS, tenant=tenant, person=me, team=key(team or ""))
        ring = await self._ring([sealed for row in rows for sealed in row[3:]])
        found = [
            Saved(
                id,
                opened(ring, name, "prompts", "name", tenant, person, id),
                opened(ring, text, "prompts", "text", tenant, person, id),
                mine=person == me,
                team=shared,
            )
            for id, person, shared, name, text in rows
        ]
        return tuple(sorted((each for each in found if each.text), key=lambda each: (each.name.casefold(), each.id)))

    async def _look(self, finds: Finds) -> bool:
        """Goes through the lines; whether through all of them. The rest of a chat that has everything is passed over."""
        chat, seq = ABOVE
        for _ in range(0, MOST, shelving.BATCH):
            rows = await self.pool.run(shelving.LINES, **self._own, now=self.now, chat=chat, seq=seq)
            await self._read(rows, finds)
            if len(rows) < shelving.BATCH:
                return True
            chat, seq, _ = rows[-1]
            seq = 0 if finds.has(chat) else seq
        return False

    async def _read(self, rows: Rows, finds: Finds) -> None:
        ring = await self._ring([text for _, _, text in rows])
        for number, (chat, _, text) in enumerate(rows):
            if number % BREATH == 0:
                await asyncio.sleep(0)
            if not finds.has(chat):
                finds.read(chat, self._line(ring, text))

    async def _chats(self, rows: Rows) -> tuple[Chat, ...]:
        ring = await self._ring([sealed for row in rows for sealed in row[3:]])
        return tuple(self._chat(ring, *row) for row in rows)

    def _chat(
        self, ring: Ring, number: int, at: datetime, lines: int, title: bytes | None, opening: bytes | None
    ) -> Chat:
        known = self._title(ring, number, title) or cut(line(self._line(ring, opening)[:BEGINNING]), TITLE)
        return Chat(number, known, at, lines, open=number == self.claim.chat)

    def _title(self, ring: Ring, chat: int, sealed: bytes | None) -> str:
        return opened(ring, sealed, "titles", "title", *self._own.values(), str(chat))

    def _line(self, ring: Ring, sealed: bytes | None) -> str:
        return opened(ring, sealed, "history", "text", *self._own.values())

    async def _ring(self, sealed: Sequence[bytes | None]) -> Ring:
        return await self.rings.ring(self.claim.tenant, *sealed)

    @property
    def _own(self) -> dict[str, Any]:
        return {"tenant": self.claim.tenant, "conversation": self.claim.conversation, "person": key(self.person)}


def opened(ring: Ring, sealed: bytes | None, *place: str) -> str:
    """What was sealed; "" where there is nothing, and for what cannot be opened any more: the others are still shown."""
    try:
        return ring.open(sealed, *place).decode(errors="replace") if sealed else ""
    except Unopened:
        return ""
