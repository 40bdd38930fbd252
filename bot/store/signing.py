"""The statements of signing in: asks that wait for it, cards that stand, what happens once, and a company's rules.

Floor 6. An ask may be parked in the very moment in which its person signs in. Both then pass by the person's row in
`signings`: whoever comes second sees the first. `PARK` finds a number there that is newer than its claim and does not wait;
`SIGNED` waits for a `PARK` under way, and the `UNPARK` after it is a statement of its own, which sees what was parked.
"""

from bot.store.spending import LENT, SETTLED, SPENT
from bot.store.statements import CHANNEL, KEY, LEAVE, NEXT, statement

OWN = "tenant = %(tenant)s::text AND person = %(person)s::text"

PARK = statement(f"""
    WITH lane AS (
        {LEAVE}
    ), signed AS (
        INSERT INTO signings AS s (tenant, person, number, expires)
        SELECT tenant, person, 0, now() + interval '1 day'
        FROM lane, inbox WHERE {KEY} AND activity = %(activity)s
        ON CONFLICT (tenant, person) DO UPDATE SET number = s.number, expires = excluded.expires
        RETURNING number
    ), {LENT}, parked AS (
        UPDATE inbox SET
            parked = true,
            held = 0,
            woken = signed.number > %(fence)s::bigint,
            due = CASE WHEN stopped OR signed.number > %(fence)s::bigint THEN now() ELSE %(due)s::timestamptz END
        FROM signed, lent WHERE {KEY} AND activity = %(activity)s
        RETURNING due
    ), spent AS (
        {SPENT}
    ), {SETTLED}, rung AS (
        SELECT pg_notify('{CHANNEL}', '')::text FROM parked WHERE due <= now()
    )
    SELECT lane.pending, lane.fence, lane.chat, next.* FROM lane LEFT JOIN rung ON true {NEXT}
""")  # noqa: S608 - our own pieces
"""Takes an ask out of its lane. Not to wait is also for what was stopped while it was found that nobody had signed in."""

SIGNED = statement(f"""
    WITH signed AS (
        INSERT INTO signings AS s (tenant, person, number, expires)
        VALUES (%(tenant)s::text, %(person)s::text, nextval('numbers'), now() + interval '1 day')
        ON CONFLICT (tenant, person) DO UPDATE SET
            number = greatest(s.number, excluded.number), expires = excluded.expires
    )
    DELETE FROM offers WHERE {OWN}
""")  # noqa: S608

UNPARK = statement(f"""
    WITH waiting AS (
        SELECT ctid AS place FROM inbox
        WHERE {OWN} AND person <> '' AND open AND parked AND due > clock_timestamp()
        FOR UPDATE SKIP LOCKED
    ), due AS (
        UPDATE inbox SET due = now(), woken = true WHERE ctid = ANY (ARRAY (SELECT place FROM waiting))
        RETURNING 1
    )
    SELECT asks, pg_notify('{CHANNEL}', '')::text FROM (SELECT count(*) AS asks FROM due) AS woken WHERE asks > 0
""")  # noqa: S608
"""Rows are found again by where they stand, which is locked: by their keys, the plan of an empty table would go through all of
the tenant's. What somebody else holds is due already: it ripens, is stopped, or is woken by the same person's other client."""

STOP_PARKED = statement(f"""
    WITH stopped AS (
        UPDATE inbox SET stopped = true, due = CASE WHEN due IS NOT NULL THEN now() END
        WHERE {KEY} AND open AND parked AND phase IN ('accepted', 'placed') AND person = %(person)s AND person <> ''
        RETURNING 1
    ), noted AS (
        INSERT INTO inbox (tenant, conversation, activity, at, person, body, open, phase, outcome, expires)
        SELECT
            %(tenant)s::text, %(conversation)s::text, %(activity)s, %(at)s, %(person)s, '', false, 'finished', 'ok',
            %(forget)s
        WHERE EXISTS (SELECT FROM stopped)
        ON CONFLICT DO NOTHING
    )
    SELECT pg_notify('{CHANNEL}', '')::text FROM stopped LIMIT 1
""")  # noqa: S608
"""Follows `STOP`, which saw only what is in the lane. It holds no lane, because `RIPEN` waits for one with such an ask in
its hands."""

OFFERED = statement("""
    INSERT INTO offers AS o (tenant, person, conversation, activity, until)
    VALUES (%(tenant)s, %(person)s, %(conversation)s, %(activity)s, %(until)s)
    ON CONFLICT (tenant, person, conversation) DO UPDATE SET activity = excluded.activity, until = excluded.until
    WHERE o.until <= now() OR o.activity = excluded.activity OR NOT EXISTS (
        SELECT FROM inbox i
        WHERE i.tenant = o.tenant AND i.conversation = o.conversation AND i.activity = o.activity
            AND (i.open OR i.outcome IN ('ok', 'refused'))
    )
    RETURNING 1
""")
"""A card stands while the ask that showed it waits, and after one that said all it had to: one that ended otherwise could not
show it, or was stopped. An ask that offers again died before it was parked, and nobody knows whether its card was shown."""

EXCHANGED = statement("""
    INSERT INTO exchanges (tenant, person, key, at, expires)
    VALUES (%(tenant)s, %(person)s, %(key)s, now(), now() + interval '1 day')
    ON CONFLICT DO NOTHING
    RETURNING 1
""")

RULES = statement("SELECT name, value FROM rules WHERE tenant = %(tenant)s")
