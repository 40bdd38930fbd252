"""What is known where somebody asks, in one statement: who they are, the newest of their chat, and whether it holds files.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.rings import Rings
from bot.store import sealing
from bot.store.keys import key
from bot.store.people import NOBODY, Known, People, found
from bot.store.pool import Pool
from bot.store.rows import Claim
from bot.store.statements import statement
from dialogs.talk import Message

NEWEST = 40
"""Lines of a chat that are recalled; an answer is given from no more."""

OWN = "tenant = %(tenant)s::text AND person = %(person)s::text"
HERE = f"conversation = %(conversation)s::text AND {OWN}"
WHO = "p.alias, p.settings, p.department, p.gone, p.looked, p.chat"
CHAT = "chat.files, chat.roles, chat.texts, chat.scopes, chat.cites"
PERSON, HOME = 5, 5
"""How many columns of a row say who it is, and which one is their one-to-one conversation. Those of the chat follow."""


def lately(chat: str) -> str:
    """The newest lines of a chat, the oldest first, in one row of lists; and whether it holds files."""
    return f"""
        SELECT
            EXISTS (SELECT FROM files WHERE {HERE} AND chat = {chat} AND expires > now()) AS files,
            array_agg(role ORDER BY seq) AS roles, array_agg(text ORDER BY seq) AS texts,
            array_agg(scope ORDER BY seq) AS scopes, array_agg(cites ORDER BY seq) AS cites
        FROM (
            SELECT seq, role, text, scope, cites FROM history
            WHERE {HERE} AND chat = {chat} AND (expires IS NULL OR expires > now())
            ORDER BY seq DESC LIMIT {NEWEST}
        ) AS newest
    """  # noqa: S608 - our own pieces


RECALL = statement(f"""
    WITH moved AS (
        UPDATE people SET chat = %(home)s::text WHERE {OWN} AND %(home)s::text NOT IN ('', chat)
    )
    SELECT {WHO}, {CHAT} FROM people p CROSS JOIN LATERAL ({lately("%(chat)s::bigint")}) AS chat
    WHERE p.tenant = %(tenant)s::text AND p.person = %(person)s::text
""")  # noqa: S608 - our own pieces


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is known of a person in the chat of a claim: the newest `NEWEST` lines, oldest first, and whether it holds `files`."""

    known: Known = NOBODY
    lines: tuple[Message, ...] = ()
    files: bool = False


class Recall:
    """Recalls people. Raises `StoreAway`."""

    def __init__(self, pool: Pool, rings: Rings, people: People) -> None:
        self._pool = pool
        self._rings = rings
        self._people = people

    async def of(self, claim: Claim, person: str, home: str = "") -> Recalled:
        """The person, who is known from now on; `home` is their one-to-one conversation where they write there."""
        if not person:
            return Recalled()
        told = claim.recalled
        if not told or home not in ("", told[HOME]):
            values = {**_own(claim, person), "chat": claim.chat, "home": key(home)}
            told = next(iter(await self._pool.run(RECALL, **values)), ())
        if not told:
            return Recalled(await self._people.known(claim.tenant, person, home))
        files, *columns = told[HOME + 1 :]
        return Recalled(found(*told[:PERSON]), await self._lines(claim, person, columns), files)

    async def _lines(self, claim: Claim, person: str, columns: Sequence[Sequence[Any] | None]) -> tuple[Message, ...]:
        _, texts, _, cites = (column or () for column in columns)
        ring = await self._rings.ring(claim.tenant, *texts, *cites)
        return sealing.lines(
            ring, tuple(_own(claim, person).values()), zip(*(each or () for each in columns), strict=True)
        )


def _own(claim: Claim, person: str) -> dict[str, str]:
    return {"tenant": claim.tenant, "conversation": claim.conversation, "person": key(person)}
