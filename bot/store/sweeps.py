"""Retention: which rows of which table are past their time, and the statements that delete them a batch at a time.

Floor 6. What is to go is looked up in large strokes and deleted in small ones, each its own transaction: a statement that
looks for the next thousand walks past all that was deleted before, so that looking each time would grow with the square.
Rows are named by where they lie (`ctid`) and looked at again when they go: another may lie there by then.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.rulebook import Rules
from bot.store.pool import Pool, Rows
from bot.store.rows import StoreAway
from bot.store.statements import SOON, Statement, statement
from bot.telemetry import Event, Log

STROKE = 50
"""Batches that are looked up at once."""
IDLE = timedelta(days=90)
"""When a lane in which nothing happens, and of which neither history nor a file is left, is forgotten: its chats are numbered."""
SETTLED = timedelta(days=2)
"""When a day's allowance is of no use any more: no ask of that day is still under way."""
LONE = timedelta(days=1)
"""How long a chat may have a title before anything is said in it."""
log = Log("bot.store.sweeps")
NEVER = datetime(1, 1, 1, tzinfo=UTC)

FREE = "AND person NOT IN (SELECT person FROM legal_holds WHERE tenant = %(tenant)s::text)"
"""Whoever is under a legal hold keeps everything."""
ALIAS_FREE = """
    AND person NOT IN (
        SELECT p.alias FROM legal_holds h JOIN people p ON p.tenant = h.tenant AND p.person = h.person
        WHERE h.tenant = %(tenant)s::text
    )
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """Rows of a table that are `past` their time, by the names of `ends`. `free` leaves out those that are held.

    `appended`: nobody changes a row that stands there, and we may not even lock one.
    """

    table: str
    past: str
    free: str = FREE
    appended: bool = False

    @property
    def which(self) -> str:
        """The condition on a row."""
        return f"tenant = %(tenant)s::text AND {self.past} {self.free}"


EXPIRED = "expires <= %(now)s"
UNSEALED = """
    expires <= least(%(now)s, now()) AND (
        SELECT 1 FROM audit a WHERE a.tenant = seals.tenant AND a.id = seals.audit LIMIT 1
    ) IS NULL AND number + 1 < (
        SELECT coalesce(min(first.number) FILTER (WHERE first.needed), max(first.number)) FROM (
            SELECT number, expires > least(%(now)s, now()) OR (
                SELECT 1 FROM audit a WHERE a.tenant = s.tenant AND a.id = s.audit LIMIT 1
            ) IS NOT NULL AS needed
            FROM seals s WHERE tenant = %(tenant)s::text ORDER BY number LIMIT 20000
        ) AS first
    )
"""
"""Seals go from the oldest on, up to the first whose row is still there; the last one before that stays and shows that
what is missing had expired. The walk has an end, so that it never takes long."""

KINDS = (
    Kind("history", f"({EXPIRED} OR at <= %(history)s)"),
    Kind("files", f"({EXPIRED} OR at <= %(history)s)"),
    Kind(
        "titles",
        """at <= %(lone)s AND (
            SELECT 1 FROM history h WHERE h.tenant = titles.tenant AND h.conversation = titles.conversation
                AND h.person = titles.person AND h.chat = titles.chat LIMIT 1
        ) IS NULL""",
    ),
    Kind("inbox", f"NOT open AND ({EXPIRED} OR (at <= %(dead)s AND outcome = 'dead'))"),
    Kind("feedback", f"({EXPIRED} OR at <= %(feedback)s)"),
    Kind("usage", "day <= (%(usage)s::timestamptz AT TIME ZONE 'UTC')::date"),
    Kind("purses", "day <= (%(settled)s::timestamptz AT TIME ZONE 'UTC')::date"),
    Kind("tills", "day <= (%(settled)s::timestamptz AT TIME ZONE 'UTC')::date", free=""),
    Kind("exports", EXPIRED),
    Kind("shares", EXPIRED),
    Kind("visits", EXPIRED),
    Kind("signings", EXPIRED),
    Kind("offers", "until <= %(now)s"),
    Kind("exchanges", EXPIRED),
    Kind(
        "lanes",
        """at <= %(idle)s AND pending = 0 AND until IS NULL AND (
            SELECT 1 FROM history h WHERE h.tenant = lanes.tenant AND h.conversation = lanes.conversation LIMIT 1
        ) IS NULL AND (
            SELECT 1 FROM files f WHERE f.tenant = lanes.tenant AND f.conversation = lanes.conversation LIMIT 1
        ) IS NULL""",
        free="",
    ),
    Kind("audit", "expires <= least(%(now)s, now()) AND at <= %(audit)s", free=ALIAS_FREE, appended=True),
    Kind("seals", UNSEALED, free="", appended=True),
)
"""What is kept for a time. Titles and lanes after the history (and files) that keep them, seals after the rows that they are of.

An audit row goes by the database's clock too, which its trigger looks at, and never before the time that was set when it
was written: a rule that could shorten it would be a way to be rid of it. A longer rule makes it stay."""


def looking(kind: Kind) -> Statement:
    """Where the next rows of a kind lie that are past their time: one text for each batch."""
    return statement(f"""
        SELECT array_agg(place)::text FROM (
            SELECT ctid AS place, (row_number() OVER () - 1) / %(batch)s::int AS batch FROM {kind.table}
            WHERE {kind.which} LIMIT %(batch)s::int * %(stroke)s::int
        ) AS old GROUP BY batch
    """)  # noqa: S608 - our own pieces


def taking(kind: Kind) -> Statement:
    """Deletes of the rows that lie there those that are past their time. What somebody works with just now stays.

    What is only ever added to is deleted by a function of the database's owner, which looks for itself whether it may.
    """
    if kind.appended:
        old = f"SELECT ctid FROM {kind.table} WHERE ctid = ANY (%(places)s::tid[]) AND {kind.which}"  # noqa: S608
        return statement(f"SELECT expire_{kind.table}(%(tenant)s::text, ARRAY({old})), {SOON}")
    return statement(f"""
        WITH gone AS (
            DELETE FROM {kind.table} WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM {kind.table} WHERE ctid = ANY (%(places)s::tid[]) AND {kind.which} FOR UPDATE SKIP LOCKED
            )) RETURNING 1
        )
        SELECT count(*), {SOON} FROM gone
    """)  # noqa: S608


SWEEPS = tuple((looking(kind), taking(kind)) for kind in KINDS)

TENANTS = statement(
    " UNION ".join(
        f"""(
            WITH RECURSIVE each AS (
                SELECT min(tenant) AS tenant FROM {table}
                UNION ALL
                SELECT (SELECT min(tenant) FROM {table} WHERE tenant > each.tenant) FROM each WHERE tenant IS NOT NULL
            ) SELECT tenant FROM each WHERE tenant IS NOT NULL
        )"""  # noqa: S608
        for table in ("people", "legal_holds", "prompts", *(kind.table for kind in KINDS))
    ),
    house=True,
)
"""From one to the next through each table's index, not through all of its rows."""


def ends(now: datetime, rules: Rules | None, audit: timedelta) -> Mapping[str, datetime]:
    """What was written at these times or before is past its time, whatever was meant when it was written."""
    usual = {"now": now, "lone": now - LONE, "settled": now - SETTLED, "idle": now - IDLE}
    if rules is None:
        return usual | {"history": NEVER, "dead": NEVER, "feedback": NEVER, "usage": NEVER, "audit": now - audit}
    by_rule = {
        "history": now - rules.history,
        "dead": now - rules.dead,
        "feedback": now - rules.feedback,
        "usage": now - rules.usage,
        "audit": now - rules.audit,
    }
    return usual | by_rule


async def once(pool: Pool, tenant: str, ends: Mapping[str, datetime], batch: int) -> int:
    """Deletes at most one batch of each kind; how many rows it were."""
    count = 0
    for look, take in SWEEPS:
        values: dict[str, Any] = {"tenant": tenant, "batch": batch, **ends}
        for (places,) in await pool.run(look, stroke=1, **values):
            count += (await pool.run(take, places=places, **values))[0][0]
    return count


async def sweep(pool: Pool, tenant: str, ends: Mapping[str, datetime], batch: int) -> AsyncIterator[int]:
    """Deletes all that is past its time, kind by kind; yields after each batch how many rows it took."""
    values: dict[str, Any] = {"tenant": tenant, "batch": batch, **ends}
    for look, take in SWEEPS:
        with going_on(tenant):
            async for count in _swept(pool, look, take, values):
                yield count


async def _swept(pool: Pool, look: Statement, take: Statement, values: Mapping[str, Any]) -> AsyncIterator[int]:
    """One kind."""
    taken = True
    while taken:
        taken = False
        for (places,) in await _gently(pool, look, stroke=STROKE, **values):
            count = (await _gently(pool, take, places=places, **values))[0][0]
            taken = taken or count > 0
            yield count


@contextmanager
def going_on(tenant: str) -> Iterator[None]:
    """What cannot be done is told to the log, and keeps nothing else from being done."""
    try:
        yield
    except StoreAway as away:
        log.event(Event.STORE_AWAY, logging.WARNING, tenant=tenant, error=away)


async def _gently(pool: Pool, statement: Statement, **values: Any) -> Rows:
    """Rests as long as the statement took, so that half of the server is free for messages, and more where it labours."""
    clock = asyncio.get_running_loop().time
    began = clock()
    rows = await pool.run(statement, **values)
    await asyncio.sleep(clock() - began)
    return rows
