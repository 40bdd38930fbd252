"""The statements of the ledger: what the operator asks, and the clearing out of the old.

Floor 6.
"""

from bot.store.statements import AUDIT_COLUMNS, AUDIT_VALUES, CHANNEL, KEY, statement

DEAD = statement("""
    SELECT tenant, conversation, activity, at, attempts FROM inbox
    WHERE NOT open AND outcome = 'dead'
    ORDER BY at LIMIT %(limit)s
""")

REVIVE = statement(f"""
    WITH back AS (
        UPDATE inbox SET
            open = true, phase = 'accepted', attempts = 0, shown = 0, stopped = false, parked = false,
            woken = false, lacking = NULL, outcome = NULL, expires = NULL, place = nextval('numbers')
        WHERE {KEY} AND activity = %(activity)s AND NOT open AND outcome = 'dead'
        RETURNING place
    ), lane AS (
        INSERT INTO lanes AS l (tenant, conversation, pending, fence, at)
        SELECT %(tenant)s::text, %(conversation)s::text, 1, place, now() FROM back
        ON CONFLICT (tenant, conversation) DO UPDATE SET pending = l.pending + 1, at = excluded.at
        RETURNING pending
    )
    SELECT pending, pg_notify('{CHANNEL}', '')::text FROM lane
""")  # noqa: S608

DROP = statement(f"""
    UPDATE inbox SET outcome = 'dropped', body = '', expires = %(forget)s
    WHERE {KEY} AND activity = %(activity)s AND NOT open AND outcome = 'dead'
    RETURNING 1
""")  # noqa: S608

USAGE = statement("""
    SELECT
        tenant, person, day, model, sum(calls)::bigint, sum(input)::bigint, sum(output)::bigint, sum(cached)::bigint,
        bool_or(estimated)
    FROM usage
    WHERE day > (now() AT TIME ZONE 'UTC')::date - %(days)s::int
    GROUP BY tenant, person, day, model
    ORDER BY day DESC, tenant, person, model
""")

AUDIT = statement(f"SELECT {AUDIT_COLUMNS} FROM audit ORDER BY at DESC, id DESC LIMIT %(limit)s")  # noqa: S608

SWEEP_HISTORY = statement("""
    WITH old AS (
        SELECT tenant, conversation, chat, seq FROM history WHERE expires <= %(now)s LIMIT %(batch)s
    )
    DELETE FROM history h USING old o
    WHERE h.tenant = o.tenant AND h.conversation = o.conversation AND h.chat = o.chat AND h.seq = o.seq
    RETURNING 1
""")

SWEEP_INBOX = statement("""
    WITH old AS (
        SELECT tenant, conversation, activity FROM inbox WHERE expires <= %(now)s AND NOT open LIMIT %(batch)s
    )
    DELETE FROM inbox i USING old o
    WHERE i.tenant = o.tenant AND i.conversation = o.conversation AND i.activity = o.activity
        AND NOT i.open AND i.expires <= %(now)s
    RETURNING 1
""")

SWEEP_AUDIT = statement("""
    WITH old AS (
        SELECT tenant, at, id FROM audit WHERE at <= %(old)s LIMIT %(batch)s
    )
    DELETE FROM audit a USING old o
    WHERE a.tenant = o.tenant AND a.at = o.at AND a.id = o.id
    RETURNING 1
""")

SWEEP_LANES = statement("""
    WITH old AS (
        SELECT tenant, conversation FROM lanes l
        WHERE at < %(idle)s AND pending = 0 AND until IS NULL
            AND NOT EXISTS (SELECT FROM history h WHERE h.tenant = l.tenant AND h.conversation = l.conversation)
        LIMIT %(batch)s
    )
    DELETE FROM lanes l USING old o
    WHERE l.tenant = o.tenant AND l.conversation = o.conversation AND l.pending = 0 AND l.until IS NULL
    RETURNING 1
""")
"""A lane that is made anew begins at chat 0 again, so one with a history stays."""

SWEEP_VISITS = statement("""
    WITH old AS (
        SELECT tenant, person, home FROM visits WHERE expires <= %(now)s LIMIT %(batch)s
    )
    DELETE FROM visits v USING old o
    WHERE v.tenant = o.tenant AND v.person = o.person AND v.home = o.home AND v.expires <= %(now)s
    RETURNING 1
""")

SWEEP_SHARES = statement("""
    WITH old AS (
        SELECT tenant, person, key FROM shares WHERE expires <= %(now)s LIMIT %(batch)s
    )
    DELETE FROM shares s USING old o
    WHERE s.tenant = o.tenant AND s.person = o.person AND s.key = o.key
    RETURNING 1
""")

SWEEP_SIGNINGS = statement("""
    WITH old AS (
        SELECT tenant, person FROM signings WHERE expires <= %(now)s LIMIT %(batch)s
    )
    DELETE FROM signings s USING old o
    WHERE s.tenant = o.tenant AND s.person = o.person AND s.expires <= %(now)s
    RETURNING 1
""")

SWEEP_OFFERS = statement("""
    WITH old AS (
        SELECT tenant, person, conversation FROM offers WHERE until <= %(now)s LIMIT %(batch)s
    )
    DELETE FROM offers f USING old o
    WHERE f.tenant = o.tenant AND f.person = o.person AND f.conversation = o.conversation AND f.until <= %(now)s
    RETURNING 1
""")

SWEEP_EXCHANGES = statement("""
    WITH old AS (
        SELECT tenant, person, key FROM exchanges WHERE expires <= %(now)s LIMIT %(batch)s
    )
    DELETE FROM exchanges e USING old o
    WHERE e.tenant = o.tenant AND e.person = o.person AND e.key = o.key
    RETURNING 1
""")

SWEEPS = (
    SWEEP_HISTORY,
    SWEEP_INBOX,
    SWEEP_AUDIT,
    SWEEP_LANES,
    SWEEP_VISITS,
    SWEEP_SHARES,
    SWEEP_SIGNINGS,
    SWEEP_OFFERS,
    SWEEP_EXCHANGES,
)
"""Each deletes `batch` rows at most. Lanes after the history that keeps them."""

SET_RULE = statement(f"""
    WITH ruled AS (
        INSERT INTO rules (tenant, name, value, at, by)
        VALUES (%(tenant)s::text, %(name)s, %(value)s, %(audit_at)s::timestamptz, %(audit_person)s::text)
        ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value, at = excluded.at, by = excluded.by
        RETURNING 1
    )
    INSERT INTO audit ({AUDIT_COLUMNS}) SELECT {AUDIT_VALUES} FROM ruled WHERE %(audited)s::bool RETURNING 1
""")  # noqa: S608

UNSET_RULE = statement(f"""
    WITH ruled AS (
        DELETE FROM rules WHERE tenant = %(tenant)s::text AND name = %(name)s RETURNING 1
    )
    INSERT INTO audit ({AUDIT_COLUMNS}) SELECT {AUDIT_VALUES} FROM ruled WHERE %(audited)s::bool RETURNING 1
""")  # noqa: S608

RULES = statement("SELECT name, value, at, by FROM rules WHERE tenant = %(tenant)s ORDER BY name")
