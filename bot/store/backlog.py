"""How much waits to be answered, and for how long: two figures of all tenants, for those who watch the house.

Floor 6.
"""

from dataclasses import dataclass

from bot.store.pool import Pool
from bot.store.statements import statement

MOST = 20_000
"""Open asks that are looked at; where more are open, these say enough."""

BACKLOG = statement(
    """
    WITH asks AS (
        SELECT tenant, conversation, activity, at, parked FROM inbox
        WHERE open AND due IS NULL AND tenant <> '' LIMIT %(most)s
    ), oldest AS (
        SELECT tenant, conversation, min(at) FILTER (WHERE NOT parked AND left(activity, 7) NOT IN ('digest:', 'forget:')) AS at
        FROM asks GROUP BY tenant, conversation
    )
    SELECT
        (count(*) FILTER (WHERE l.until IS NULL OR l.until < now()))::int,
        coalesce(extract(epoch FROM now() - min(CASE WHEN l.pending = 1 THEN l.at ELSE coalesce(o.at, l.at) END)), 0)::float8
    FROM oldest o JOIN lanes l ON l.tenant = o.tenant AND l.conversation = o.conversation
""",
    house=True,
)
"""It reads the index of what is open, like `CLAIM`. An ask that is alone in its lane waits since it came there: what is scheduled
was written down long before, and what was parked before its person signed in. Chores are nobody's and do not count."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Conversations with an ask on which nobody works, and seconds since the oldest ask came that is not answered."""

    lanes: int
    age: float


async def waiting(pool: Pool) -> Waiting:
    """What waits now. Raises `StoreAway`."""
    lanes, age = (await pool.run(BACKLOG, most=MOST))[0]
    return Waiting(lanes, max(0.0, age))
