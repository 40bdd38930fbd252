"""The SQL statements of the promise, by name. Those of accepting are in `accepting`, those of the ledger in `books`, those of
what is kept for one person in `keeping`, those of signing in in `signing`.

Floor 6. A statement is a transaction of its own (autocommit, READ COMMITTED), so each one has to be right alone.
Three rules keep them so:

- A turn's statements name tenant and conversation, and touch the lane before anything else of that conversation. The
  row lock that this takes is what orders them; where PostgreSQL waited for it, it looks at the newest row again.
- A number from `numbers` is never given twice. A claim is known by the one in `lanes.fence`; every taking, finishing
  and giving up of a lane sets a new one, so an old claim can never write again, nor the same claim finish twice.
- Statements that hold several lanes lock them in the order of their keys, or skip what is locked.

And they stand behind two fences that hold where one of them is wrong. They are run as a role that may do what they do and
nothing else. And each says whose rows it is about, before it runs: of any other tenant the database then neither shows nor
takes a row, whatever the statement names (row-level security; `Line` sends it along, and only when it changes).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.store.keys import MARK, key
from bot.store.notes import AUDIT_COLUMNS, AUDIT_VALUES
from bot.store.spending import LENT, SETTLED, SPENT

CHANNEL = "parley"
"""Where a process tells the others that it left work behind."""


HOUSE = "*"
"""The fence of a statement that is of all tenants."""
OWNERS = ("tenant", "tenants", "audit_tenant")
"""The parameters that name whose rows a statement is about, the first of them that it has."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A statement and the names of its parameters, in the order of their numbers.

    `owner` is the one of `OWNERS` that it has. One that has none is `house`, which is of all tenants, or reaches no rows.
    """

    text: bytes
    names: tuple[str, ...]
    owner: str | None
    house: bool = False

    def fence(self, values: Mapping[str, Any]) -> str | None:
        """Whose rows it may reach: `=` and the tenant, several between marks, or `HOUSE`.

        None where it reaches no rows, so that the fence may stay as it is.
        """
        if self.owner is None:
            return HOUSE if self.house else None
        whose = values[self.owner]
        if type(whose) is str:
            return "=" + key(whose)
        names = sorted({*map(key, whose)})
        return "=" + names[0] if len(names) == 1 else MARK + "".join(name + MARK for name in names)


def statement(text: str, *, house: bool = False) -> Statement:
    """Writes `%(name)s` as the `$1` that PostgreSQL wants."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        name = found[1]
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    numbered = re.sub(r"%\((\w+)\)s", number, text).encode()
    owner = None if house else next((name for name in OWNERS if name in names), None)
    return Statement(numbered, tuple(names), owner, house)


FENCE = statement("SELECT set_config('parley.tenant', %(whose)s, false)")
"""Behind which fence the session stands until another is set."""


FREE = "(l.until IS NULL OR l.until < now()) AND (l.due IS NULL OR l.due <= now())"
"""Nobody works in the lane `l`, and it is not waiting for a time. `now()` is one and the same all through a statement."""

KEY = "tenant = %(tenant)s::text AND conversation = %(conversation)s::text"

RIPEN = statement(
    """
    WITH ripe AS (
        SELECT tenant, conversation, activity, place, parked FROM inbox
        WHERE open AND due <= now()
        ORDER BY due, place LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    ), ordered AS (
        SELECT tenant, conversation, activity, CASE WHEN parked THEN place ELSE nextval('numbers') END AS place FROM ripe
    ), moved AS (
        UPDATE inbox i SET due = NULL, place = r.place FROM ordered r
        WHERE i.tenant = r.tenant AND i.conversation = r.conversation AND i.activity = r.activity
        RETURNING i.tenant, i.conversation
    )
    INSERT INTO lanes AS l (tenant, conversation, pending, fence, at)
    SELECT tenant, conversation, count(*), nextval('numbers'), now() FROM moved
    GROUP BY tenant, conversation ORDER BY tenant, conversation
    ON CONFLICT (tenant, conversation) DO UPDATE SET pending = l.pending + excluded.pending, at = excluded.at
""",
    house=True,
)
"""What was parked keeps its place: it is answered before whatever was said after it. All else comes at the end, in the order
in which it was due; the numbers are given before the update, which goes through its rows in any order."""

CLAIM = statement(
    f"""
    WITH ripe AS (
        SELECT tenant, conversation, min(place) AS place FROM inbox
        WHERE open AND due IS NULL
        GROUP BY tenant, conversation
    ), free AS (
        SELECT l.tenant, l.conversation, l.until IS NOT NULL AS lost
        FROM lanes l JOIN ripe r ON l.tenant = r.tenant AND l.conversation = r.conversation
        WHERE l.pending > 0 AND {FREE}
        ORDER BY r.place LIMIT %(limit)s FOR UPDATE OF l SKIP LOCKED
    )
    UPDATE lanes l SET
        owner = %(owner)s, until = now() + %(lease)s::interval, due = NULL, lost = f.lost, fence = nextval('numbers')
    FROM free f
    WHERE l.tenant = f.tenant AND l.conversation = f.conversation
    RETURNING l.tenant, l.conversation, l.fence, l.chat, l.lost
""",  # noqa: S608
    house=True,
)
"""Only lanes: which ask is the oldest must be read afterwards, because this statement may have looked at the inbox
before the lane's last owner finished one."""

OLDEST = statement("""
    UPDATE inbox i SET attempts = i.attempts + t.lost::int
    FROM unnest(%(tenants)s::text[], %(conversations)s::text[], %(lost)s::bool[]) AS t (tenant, conversation, lost),
    LATERAL (
        SELECT o.activity FROM inbox o
        WHERE o.tenant = t.tenant AND o.conversation = t.conversation AND o.open AND o.due IS NULL
        ORDER BY o.place LIMIT 1
    ) AS first
    WHERE i.tenant = t.tenant AND i.conversation = t.conversation AND i.activity = first.activity
    RETURNING
        i.tenant, i.conversation, i.activity, i.body, i.phase, i.attempts, i.placeholder, i.answer, i.shown, i.stopped,
        i.parked, i.lacking, i.woken, i.crowded, i.at
""")
"""What is to be done in lanes that were just taken. One that was lost to a crash counts as an attempt, so that an ask
which ends its process every time does not go round for ever."""

LOCKED = f"WITH lane AS (SELECT FROM lanes WHERE {KEY} AND fence = %(fence)s FOR NO KEY UPDATE)"

SOON = "set_config('synchronous_commit', 'off', true)"
"""Ends the statement without waiting for the disk. Should the database itself crash within the next half second, the ask
falls back a phase and is composed again; every other crash loses nothing."""

PLACED = statement(f"""
    {LOCKED} UPDATE inbox SET
        phase = CASE WHEN phase = 'answered' THEN phase ELSE 'placed' END, placeholder = %(placeholder)s
    FROM lane WHERE {KEY} AND activity = %(activity)s RETURNING {SOON}
""")  # noqa: S608
"""What is answered before anything stands in the chat stays answered."""

ANSWERED = statement(f"""
    {LOCKED} UPDATE inbox SET
        phase = 'answered', answer = %(answer)s, placeholder = coalesce(%(placeholder)s::text, placeholder)
    FROM lane WHERE {KEY} AND activity = %(activity)s RETURNING stopped, {SOON}
""")  # noqa: S608
"""From here on the ask cannot be stopped any more, and here it is told whether it was."""

SHOWN = statement(f"""
    {LOCKED} UPDATE inbox SET shown = %(shown)s
    FROM lane WHERE {KEY} AND activity = %(activity)s RETURNING {SOON}
""")  # noqa: S608

SAID = """
    INSERT INTO history (tenant, conversation, person, chat, activity, role, at, expires, text)
    SELECT
        %(tenant)s::text, %(conversation)s::text, %(person)s::text, %(chat)s::bigint, %(activity)s::text, line.role, %(at)s,
        %(expires)s, line.text
    FROM lane, unnest(%(roles)s::text[], %(texts)s::bytea[]) WITH ORDINALITY AS line (role, text, number)
    ORDER BY line.number
"""

LEAVE = f"""
    UPDATE lanes SET
        pending = pending - 1,
        chat = CASE WHEN %(new_chat)s::bool THEN nextval('numbers') ELSE chat END,
        fence = nextval('numbers'),
        owner = CASE WHEN pending > 1 THEN owner END,
        until = CASE WHEN pending > 1 THEN now() + %(lease)s::interval END
    WHERE {KEY} AND fence = %(fence)s
    RETURNING pending, fence, chat
"""  # noqa: S608
"""One ask fewer in a lane, which goes on with the next or is given up."""

NEXT = f"""
    LEFT JOIN LATERAL (
        SELECT activity, body, phase, attempts, placeholder, answer, shown, stopped, parked, lacking, woken, crowded, at
        FROM inbox
        WHERE lane.pending > 0 AND {KEY} AND open AND due IS NULL AND activity <> %(activity)s
        ORDER BY place LIMIT 1
    ) AS next ON true
"""  # noqa: S608
"""The lane's next ask. It is missing, though it is pending, when it was accepted after the statement took its view of the
inbox: see `OLDEST`."""


def finishing(said: str, more: str = "", beside: str = "") -> Statement:
    """Closes an ask: writes its lines by `said`, does what the further pieces do, and finds the lane's next ask.

    Everything hangs on the lane's row: with a stale fence there is none, and nothing at all is written. The id of the message
    stays for who rates it; a dead ask that is revived begins with a message of its own.
    """
    return statement(f"""
        WITH lane AS (
            {LEAVE}
        ), {LENT}, done AS (
            UPDATE inbox SET
                open = false, phase = 'finished', outcome = %(outcome)s, model = %(model)s, answer = NULL, held = 0,
                placeholder = CASE WHEN %(keep)s::bool THEN NULL ELSE placeholder END,
                body = CASE WHEN %(keep)s::bool THEN body ELSE '' END, expires = %(forget)s
            FROM lent WHERE {KEY} AND activity = %(activity)s
        ), said AS (
            {said}
        ), spent AS (
            {SPENT}
        ), {SETTLED}, noted AS (
            INSERT INTO audit ({AUDIT_COLUMNS}) SELECT {AUDIT_VALUES} FROM lane WHERE %(audited)s::bool
        ){more}
        SELECT lane.pending, lane.fence, lane.chat, next.* FROM lane {beside} {NEXT}
    """)  # noqa: S608


FINISH = finishing(SAID)

POSTPONE = statement(f"""
    WITH lane AS (
        UPDATE lanes SET owner = NULL, until = NULL, due = now() + %(wait)s::interval, fence = nextval('numbers')
        WHERE {KEY} AND fence = %(fence)s
        RETURNING 1
    ), {LENT}, spent AS (
        {SPENT}
    ), {SETTLED}
    UPDATE inbox SET
        held = 0,
        attempts = attempts + %(counted)s::bool::int,
        lacking = CASE WHEN %(counted)s::bool THEN lacking ELSE coalesce(lacking, %(at)s::timestamptz) END
    FROM lent WHERE {KEY} AND activity = %(activity)s RETURNING 1
""")  # noqa: S608

BEFORE = statement(f"""
    SELECT count(*)::int
    FROM inbox mine JOIN inbox i ON i.tenant = mine.tenant AND i.place < mine.place AND i.open AND i.due IS NULL
    WHERE mine.{KEY.replace("AND ", "AND mine.")} AND mine.activity = %(activity)s
        AND i.tenant = %(tenant)s::text AND i.conversation <> mine.conversation
""")  # noqa: S608
"""How much of other conversations was accepted before an ask and is open still: it reads what is open and nothing more."""

MINE = statement(f"SELECT 1 FROM lanes WHERE {KEY} AND fence = %(fence)s FOR NO KEY UPDATE")  # noqa: S608
"""The lane is held for the rest of a transaction; no row where it is not ours any more."""

RECKONED = statement(f"""
    WITH waiting AS (
        SELECT count(*)::int AS asks FROM inbox WHERE {KEY} AND open AND due IS NULL
    ), lane AS (
        UPDATE lanes SET
            pending = asks,
            owner = CASE WHEN asks > 0 THEN owner END,
            until = CASE WHEN asks > 0 THEN until END
        FROM waiting WHERE {KEY} AND fence = %(fence)s
        RETURNING pending, fence, chat
    )
    SELECT lane.pending, lane.fence, lane.chat, next.* FROM lane {NEXT}
""")  # noqa: S608
"""What follows after asks were deleted, by who holds the lane since before: nobody else adds to it meanwhile. No row where
the lane is gone too."""

BEGIN = statement("BEGIN")
COMMIT = statement("COMMIT")

BEAT = statement("""
    WITH mine AS (
        SELECT l.tenant, l.conversation, b.activity
        FROM lanes l JOIN unnest(%(tenants)s::text[], %(conversations)s::text[], %(activities)s::text[])
            AS b (tenant, conversation, activity) ON l.tenant = b.tenant AND l.conversation = b.conversation
        WHERE l.owner = %(owner)s
        ORDER BY l.tenant, l.conversation FOR NO KEY UPDATE OF l
    ), kept AS (
        UPDATE lanes l SET until = now() + %(lease)s::interval FROM mine m
        WHERE l.tenant = m.tenant AND l.conversation = m.conversation
    )
    SELECT i.tenant, i.conversation, i.activity FROM mine m JOIN inbox i
        ON i.tenant = m.tenant AND i.conversation = m.conversation AND i.activity = m.activity
    WHERE i.open AND i.stopped
""")

STOP = statement(f"""
    WITH known AS (
        SELECT FROM inbox WHERE {KEY} AND activity = %(activity)s
    ), lane AS (
        SELECT FROM lanes WHERE {KEY} FOR NO KEY UPDATE
    ), meant AS (
        SELECT activity FROM lane, inbox
        WHERE {KEY} AND open AND due IS NULL AND phase IN ('accepted', 'placed')
            AND person = %(person)s AND person <> '' AND NOT EXISTS (SELECT FROM known)
            AND activity NOT IN (SELECT errand FROM digests WHERE tenant = %(tenant)s::text AND person = %(person)s)
        FOR UPDATE OF inbox SKIP LOCKED
    ), stopped AS (
        UPDATE inbox SET stopped = true WHERE {KEY} AND activity IN (SELECT activity FROM meant)
        RETURNING place
    ), noted AS (
        INSERT INTO inbox (tenant, conversation, activity, at, person, body, open, phase, outcome, expires)
        SELECT
            %(tenant)s::text, %(conversation)s::text, %(activity)s, %(at)s, %(person)s, '', false, 'finished', 'ok',
            %(forget)s
        WHERE EXISTS (SELECT FROM stopped)
        ON CONFLICT DO NOTHING
    ), hurried AS (
        UPDATE lanes SET due = NULL
        WHERE {KEY} AND due IS NOT NULL AND EXISTS (
            SELECT FROM stopped WHERE place = (SELECT min(place) FROM inbox WHERE {KEY} AND open AND due IS NULL)
        )
    )
    (SELECT pg_notify('{CHANNEL}', '')::text FROM stopped LIMIT 1) UNION ALL SELECT NULL FROM known
""")  # noqa: S608
"""A redelivery of the same word stops nothing: what it meant was stopped by then. Nor does a word that is meant for another
ask stop a digest, which would not plan its next one and never come again. A lane that waits for another try of
what is now stopped need not wait. What somebody holds who has no lane was parked meanwhile, which this statement may not
see: to wait for `RIPEN` with a lane in hand would be a deadlock, and `STOP_PARKED` reaches it."""

RELEASE = statement(
    f"""
    WITH mine AS (
        SELECT tenant, conversation FROM lanes WHERE owner = %(owner)s
        ORDER BY tenant, conversation FOR NO KEY UPDATE
    ), free AS (
        UPDATE lanes l SET owner = NULL, until = NULL, fence = nextval('numbers') FROM mine m
        WHERE l.tenant = m.tenant AND l.conversation = m.conversation
        RETURNING 1
    )
    SELECT pg_notify('{CHANNEL}', '')::text FROM (SELECT count(*) AS lanes FROM free) AS given WHERE lanes > 0
""",  # noqa: S608
    house=True,
)

ENDED = statement(f"""
    SELECT 1 FROM inbox WHERE {KEY} AND activity = %(activity)s AND person = %(person)s AND person <> '' AND NOT open
""")  # noqa: S608

HISTORY = statement(f"""
    SELECT role, text, scope, cites FROM history
    WHERE {KEY} AND person = %(person)s AND chat = %(chat)s AND (expires IS NULL OR expires > now())
    ORDER BY seq DESC LIMIT %(limit)s
""")  # noqa: S608

WRITE = statement(f"INSERT INTO audit ({AUDIT_COLUMNS}) VALUES ({AUDIT_VALUES})")  # noqa: S608

PING = statement("SELECT 1")
