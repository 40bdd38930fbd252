"""Every column that holds content, and how old rows come to be sealed with the newest key, a batch at a time.

Floor 6. Rows are changed one by one: each change waits for one lock only and so takes part in no deadlock. A row that
changed meanwhile is left as it is, because whoever changed it sealed it anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.rings import Ring, Unopened
from bot.store.pool import Pool
from bot.store.statements import Statement, statement


@dataclass(frozen=True, slots=True)
class Content:
    """A column of content. `place`: the columns after the table's name that its seal is bound to; `key`: those of its row.

    `most` is how many rows are read in one go, however many are asked for.
    """

    table: str
    column: str
    place: tuple[str, ...]
    more: tuple[str, ...] = ()
    most: int = 10_000

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the primary key."""
        return (*self.place, *self.more)


CONTENT = (
    Content("inbox", "body", ("tenant", "conversation", "activity")),
    Content("inbox", "answer", ("tenant", "conversation", "activity")),
    Content("history", "text", ("tenant", "conversation", "person"), ("chat", "seq")),
    Content("history", "cites", ("tenant", "conversation", "person"), ("chat", "seq")),
    Content("files", "body", ("tenant", "conversation", "person", "chat", "activity", "number"), most=4),
    Content("titles", "title", ("tenant", "conversation", "person", "chat")),
    Content("prompts", "name", ("tenant", "person", "id")),
    Content("prompts", "text", ("tenant", "person", "id")),
    Content("feedback", "text", ("tenant", "person", "conversation", "message")),
    Content("exports", "piece", ("tenant", "person", "key", "number")),
    Content("shares", "answer", ("tenant", "person", "key")),
    Content("shares", "sealed", ("tenant", "person", "key")),
)
"""A structure test holds this against the database: every bytea column is here, but for those of keys and hashes."""
NUMBERS = frozenset({"chat", "seq", "number"})
"""The columns among the keys that are not text."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far a pass over the columns has come: which column, and the key of the last row that was looked at."""

    column: int = 0
    after: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Steps:
    """The statements for one column: the first batch, one after a key, and the change of a row."""

    content: Content
    begin: Statement
    go_on: Statement
    change: Statement


def steps(content: Content) -> Steps:
    """Those of a column. The names in them are our own."""
    table, column, names = content.table, content.column, ", ".join(content.key)
    old = f"""
        SELECT {names}, {column} FROM {table}
        WHERE tenant = %(tenant)s AND {column} <> '' AND substring({column} FROM 1 FOR 5) <> %(head)s
    """  # noqa: S608
    ordered = f"ORDER BY {names} LIMIT least(%(batch)s::bigint, {content.most})"
    after = ", ".join(map(_parameter, content.key))
    own = " AND ".join(f"{name} = {_parameter(name)}" for name in content.key)
    return Steps(
        content,
        statement(f"{old} {ordered}"),
        statement(f"{old} AND ({names}) > ({after}) {ordered}"),
        statement(f"UPDATE {table} SET {column} = %(sealed)s WHERE {own} AND {column} = %(was)s RETURNING 1"),  # noqa: S608
    )


def _parameter(name: str) -> str:
    return f"%({name})s::{'bigint' if name in NUMBERS else 'text'}"


STEPS = tuple(map(steps, CONTENT))


async def reseal(pool: Pool, ring: Ring, tenant: str, batch: int, reached: Reached) -> tuple[int, Reached]:
    """At most `batch` rows; how many were sealed anew, and where to go on. 0 ends the pass."""
    while reached.column < len(STEPS):
        present = STEPS[reached.column]
        rows = await _old(pool, present, ring, tenant, batch, reached.after)
        sealed = [await _changed(pool, present, ring, row) for row in rows]
        reached = Reached(reached.column, rows[-1][:-1]) if rows else Reached(reached.column + 1)
        if any(sealed):
            return sum(sealed), reached
    return 0, Reached()


async def _old(
    pool: Pool, present: Steps, ring: Ring, tenant: str, batch: int, after: tuple[Any, ...]
) -> list[tuple[Any, ...]]:
    values = {"tenant": tenant, "head": ring.head, "batch": batch}
    if not after:
        return await pool.run(present.begin, **values)
    return await pool.run(present.go_on, **dict(zip(present.content.key, after, strict=True)) | values)


async def _changed(pool: Pool, present: Steps, ring: Ring, row: Sequence[Any]) -> bool:
    """Seals one row. What nobody can open, because its key was destroyed, stays as it is."""
    content, keys = present.content, dict(zip(present.content.key, row, strict=False))
    place = (content.table, content.column, *(str(keys[name]) for name in content.place))
    try:
        text = ring.open(row[-1], *place)
    except Unopened:
        return False
    return bool(await pool.run(present.change, **keys, was=row[-1], sealed=ring.seal(text, *place)))
