"""The statements of the ledger: what the operator asks, and decides.

Floor 6. `tenants` are those that are asked about, so that every one of them is found through its index.
"""

from bot.store.notes import AUDIT_COLUMNS, AUDIT_READ, AUDIT_VALUES
from bot.store.statements import CHANNEL, Statement, statement
from bot.store.sweeps import FREE

SINCE = "(now() AT TIME ZONE 'UTC')::date - %(days)s::int"
"""The days after this one are the last so many, today included."""
DIED = "NOT open AND outcome = 'dead'"
NAMED = "left(encode(sha256(convert_to(tenant || ' ' || conversation || ' ' || activity, 'UTF8')), 'hex'), 12)"
"""`Dead.key` in SQL."""

DEAD = statement(f"""
    SELECT tenant, conversation, activity, at, attempts FROM inbox
    WHERE tenant = ANY(%(tenants)s::text[]) AND {DIED}
    ORDER BY at LIMIT %(limit)s
""")  # noqa: S608 - our own pieces


def reviving(which: str, beside: str = "") -> Statement:
    """Has the dead asks that `which` names begin again, at the end of their lanes; writes what is `beside` of each."""
    return statement(f"""
        WITH back AS (
            UPDATE inbox SET
                open = true, phase = 'accepted', attempts = 0, shown = 0, stopped = false, parked = false,
                woken = false, lacking = NULL, outcome = NULL, expires = NULL, place = nextval('numbers')
            WHERE tenant = %(tenant)s::text AND {DIED} AND {which}
            RETURNING conversation, place
        ), lane AS (
            INSERT INTO lanes AS l (tenant, conversation, pending, fence, at)
            SELECT %(tenant)s::text, conversation, 1, place, now() FROM back
            ON CONFLICT (tenant, conversation) DO UPDATE SET pending = l.pending + 1, at = excluded.at
            RETURNING pending
        ){beside}
        SELECT pending, pg_notify('{CHANNEL}', '')::text FROM lane
    """)  # noqa: S608


def dropping(which: str, beside: str = "") -> Statement:
    """Empties the dead asks that `which` names and no legal hold keeps; writes what is `beside` of each."""
    return statement(f"""
        WITH back AS (
            UPDATE inbox SET outcome = 'dropped', body = '', expires = %(forget)s
            WHERE tenant = %(tenant)s::text AND {DIED} AND {which} {FREE}
            RETURNING 1
        ){beside}
        SELECT 1 FROM back
    """)  # noqa: S608


ONE = "conversation = %(conversation)s::text AND activity = %(activity)s"
REVIVE = reviving(ONE)
DROP = dropping(ONE)

NOTED = f", noted AS (INSERT INTO audit ({AUDIT_COLUMNS}) SELECT {AUDIT_VALUES} FROM back)"  # noqa: S608
BURY = {True: reviving(f"{NAMED} = %(key)s", NOTED), False: dropping(f"{NAMED} = %(key)s", NOTED)}
"""By whether it is tried again."""

USAGE = statement(f"""
    SELECT
        tenant, person, day, model, sum(calls)::bigint, sum(input)::bigint, sum(output)::bigint, sum(cached)::bigint,
        bool_or(estimated)
    FROM usage
    WHERE tenant = ANY(%(tenants)s::text[]) AND day > {SINCE}
    GROUP BY tenant, person, day, model
    ORDER BY day DESC, tenant, person, model
""")  # noqa: S608


def using(group: str) -> Statement:
    """Usage by what `group` gives of a row of `usage` and its person's department, and by model.

    A group of fewer than `few` people is put together with the other small ones of the same model. Where these are still
    too few, the next larger one joins them, or else what is missing from the whole would give them away. Whoever is in several
    of them is counted once, in the first.
    """
    return statement(f"""
        WITH one AS (
            SELECT u.tenant, u.person, {group} AS name, u.model, u.calls, u.input, u.output, u.cached, u.estimated
            FROM usage u LEFT JOIN people p ON p.tenant = u.tenant AND p.person = u.person
            WHERE u.tenant = ANY(%(tenants)s::text[]) AND u.day > {SINCE}
        ), sized AS (
            SELECT tenant, model, name, count(DISTINCT nullif(person, '')) AS people FROM one GROUP BY tenant, model, name
        ), placed AS (
            SELECT *, row_number() OVER (PARTITION BY tenant, model ORDER BY people, name) AS place FROM sized
        ), firsts AS (
            SELECT tenant, model, first AS place, count(*) AS people FROM (
                SELECT o.tenant, o.model, min(p.place) AS first
                FROM one o JOIN placed p ON p.tenant = o.tenant AND p.model = o.model AND p.name = o.name
                WHERE o.person <> '' GROUP BY o.tenant, o.model, o.person
            ) AS each GROUP BY tenant, model, first
        ), summed AS (
            SELECT p.*, coalesce(sum(f.people) OVER (
                PARTITION BY p.tenant, p.model ORDER BY p.place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
            ), 0) AS smaller
            FROM placed p LEFT JOIN firsts f ON f.tenant = p.tenant AND f.model = p.model AND f.place = p.place
        ), shown AS (
            SELECT tenant, model, name FROM summed
            WHERE people >= %(few)s::int AND (smaller = 0 OR smaller >= %(few)s::int)
        )
        SELECT
            o.tenant, s.name, o.model, count(DISTINCT nullif(o.person, '')), sum(o.calls)::bigint, sum(o.input)::bigint,
            sum(o.output)::bigint, sum(o.cached)::bigint, bool_or(o.estimated)
        FROM one o LEFT JOIN shown s ON s.tenant = o.tenant AND s.model = o.model AND s.name = o.name
        GROUP BY o.tenant, s.name, o.model
        HAVING count(DISTINCT nullif(o.person, '')) >= %(few)s::int
        ORDER BY s.name DESC NULLS LAST, o.tenant, o.model
    """)  # noqa: S608


USED = {
    "day": using("u.day::text"),
    "model": using("u.model"),
    "department": using("coalesce(p.department, '')"),
}

FILTERS = statement(f"""
    WITH one AS (
        SELECT tenant, (at AT TIME ZONE 'UTC')::date AS day, findings, outcome FROM audit
        WHERE tenant = ANY(%(tenants)s::text[]) AND at >= (({SINCE}) + 1)::timestamp AT TIME ZONE 'UTC'
            AND (findings <> '' OR outcome = 'blocked')
    )
    SELECT tenant, day, finding, count(*) FROM one, LATERAL (
        SELECT unnest(string_to_array(findings, ' ')) UNION ALL SELECT 'blocked' WHERE outcome = 'blocked'
    ) AS found (finding)
    GROUP BY tenant, day, finding
    ORDER BY day DESC, tenant, count(*) DESC, finding
""")  # noqa: S608

FEEDBACK = statement(f"""
    SELECT
        tenant, (at AT TIME ZONE 'UTC')::date AS day, model, count(*) FILTER (WHERE liked),
        count(*) FILTER (WHERE NOT liked), count(text)
    FROM feedback
    WHERE tenant = ANY(%(tenants)s::text[]) AND at >= (({SINCE}) + 1)::timestamp AT TIME ZONE 'UTC'
    GROUP BY tenant, day, model
    ORDER BY day DESC, tenant, model
""")  # noqa: S608

READ = ", ".join(
    {"person": "coalesce(p.person, a.person)", "subject": "coalesce(s.person, a.subject)"}.get(name, f"a.{name}")
    for name in AUDIT_READ
)
AUDIT = statement(f"""
    WITH newest AS (
        SELECT a.* FROM unnest(%(tenants)s::text[]) AS asked (tenant), LATERAL (
            SELECT * FROM audit WHERE tenant = asked.tenant ORDER BY at DESC, id DESC LIMIT %(limit)s
        ) AS a
        ORDER BY a.at DESC, a.id DESC LIMIT %(limit)s
    )
    SELECT {READ} FROM newest a
    LEFT JOIN people p ON p.tenant = a.tenant AND p.alias = a.person
    LEFT JOIN people s ON s.tenant = a.tenant AND s.alias = a.subject
    ORDER BY a.at DESC, a.id DESC
""")  # noqa: S608


def decided(change: str) -> Statement:
    """Decides something by `change` and, where that changed anything, notes it."""
    return statement(f"""
        WITH decided AS (
            {change} RETURNING 1
        )
        INSERT INTO audit ({AUDIT_COLUMNS}) SELECT {AUDIT_VALUES} FROM decided RETURNING 1
    """)  # noqa: S608


SET_RULE = decided("""
    INSERT INTO rules (tenant, name, value, at, by)
    VALUES (%(tenant)s::text, %(name)s, %(value)s, %(audit_at)s::timestamptz, %(by)s)
    ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value, at = excluded.at, by = excluded.by
""")
UNSET_RULE = decided("DELETE FROM rules WHERE tenant = %(tenant)s::text AND name = %(name)s")
RULES = statement("SELECT name, value, at, by FROM rules WHERE tenant = %(tenant)s ORDER BY name")

HOLD = decided("""
    INSERT INTO legal_holds (tenant, person, at, by)
    VALUES (%(tenant)s::text, %(person)s::text, %(audit_at)s::timestamptz, %(by)s)
    ON CONFLICT DO NOTHING
""")
LIFT = decided("DELETE FROM legal_holds WHERE tenant = %(tenant)s::text AND person = %(person)s::text")
HELD = statement("SELECT 1 FROM legal_holds WHERE tenant = %(tenant)s AND person = %(person)s")
HOLDS = statement("SELECT tenant, person, at, by FROM legal_holds WHERE tenant = ANY(%(tenants)s::text[]) ORDER BY at")
