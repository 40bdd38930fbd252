"""What people think of answers: a thumb for each, and the words they wrote with it.

Floor 6. Teams names the message that was rated. An answer of several messages bears its thumbs under its last one, while the
inbox knows the first: message ids are times (milliseconds since 1970), and what is answered in a conversation is answered
one after the other, so the answer is the last one that was begun before. A client that names no message means the newest
answer of the person. Finished asks are remembered for days only: what is rated later is kept without its model.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rings import Ring, Rings
from bot.store.keys import key
from bot.store.pool import Pool
from bot.store.statements import statement


@dataclass(frozen=True, slots=True)
class Opinion:
    """`message` is the id of the Teams message, "" where the client did not name it; `text` what was written, or "".

    `person` is the Entra id of who rates, who need not be the one who asked; it expires like all that is kept of them.
    """

    tenant: str
    person: str
    conversation: str
    message: str
    liked: bool
    text: str
    at: datetime
    expires: datetime


NUMBER = "'^[0-9]{1,18}$'"
"""What an id of Teams looks like that is a time."""
FIRST = "split_part(placeholder, ' ', 1)"
"""The first message of an answer; the ids of further ones stand behind it."""

RATED = statement(f"""
    SELECT activity, model, coalesce(outcome, ''), coalesce({FIRST}, '') FROM inbox
    WHERE tenant = %(tenant)s AND conversation = %(conversation)s AND phase IN ('answered', 'finished')
        AND placeholder <> '' AND CASE
            WHEN %(message)s::text = '' THEN person = %(person)s
            WHEN {FIRST} IN (%(message)s::text, 'targeted:' || %(message)s::text) THEN true
            WHEN {FIRST} ~ {NUMBER} AND %(message)s::text ~ {NUMBER} THEN ({FIRST})::bigint < %(message)s::text::bigint
        END
    ORDER BY
        {FIRST} IN (%(message)s::text, 'targeted:' || %(message)s::text) DESC,
        CASE WHEN {FIRST} ~ {NUMBER} THEN ({FIRST})::bigint END DESC NULLS LAST,
        place DESC
    LIMIT 1
""")  # noqa: S608 - our own piece
"""The answer that a message belongs to."""

KEEP = statement("""
    INSERT INTO feedback AS f (
        tenant, person, conversation, message, activity, model, outcome, liked, at, expires, text
    ) VALUES (
        %(tenant)s, %(person)s, %(conversation)s, %(message)s, %(activity)s, %(model)s, %(outcome)s, %(liked)s, %(at)s,
        %(expires)s, %(text)s
    )
    ON CONFLICT (tenant, person, conversation, message) DO UPDATE SET
        liked = excluded.liked, at = excluded.at, expires = excluded.expires, text = excluded.text,
        activity = coalesce(nullif(excluded.activity, ''), f.activity),
        model = coalesce(nullif(excluded.model, ''), f.model),
        outcome = coalesce(nullif(excluded.outcome, ''), f.outcome)
    WHERE excluded.at >= f.at
""")
"""Whoever changes their mind is believed; what was found out about the answer when it was newer stays."""


class Opinions:
    """Keeps opinions. `rings` are the keys that their words are sealed with."""

    def __init__(self, pool: Pool, rings: Rings) -> None:
        self._pool = pool
        self._rings = rings

    async def keep(self, opinion: Opinion) -> None:
        """The last word of a person on an answer. Raises `StoreAway`."""
        who = {"tenant": key(opinion.tenant), "person": key(opinion.person)}
        where = {**who, "conversation": key(opinion.conversation)}
        rows = await self._pool.run(RATED, **where, message=key(opinion.message))
        activity, model, outcome, first = rows[0] if rows else ("", "", "", "")
        row = {**where, "message": key(opinion.message or first)}
        await self._pool.run(
            KEEP,
            **row,
            activity=activity,
            model=model,
            outcome=outcome,
            liked=opinion.liked,
            at=opinion.at,
            expires=opinion.expires,
            text=await self._sealed(opinion, row),
        )

    async def _sealed(self, opinion: Opinion, row: dict[str, Any]) -> bytes | None:
        if not opinion.text:
            return None
        ring = await self._rings.ring(opinion.tenant)
        return sealed(ring, opinion.text, row)


def sealed(ring: Ring, text: str, row: dict[str, Any]) -> bytes:
    """The words as they stand in this row."""
    place = (row["tenant"], row["person"], row["conversation"], row["message"])
    return ring.seal(text.encode("utf-8", "replace"), "feedback", "text", *place)
