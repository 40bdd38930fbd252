"""The SQL statements by which an activity is kept and its lane is taken.

Floor 6. Their rules are those of `statements`.
"""

from bot.store.recall import CHAT, WHO, lately
from bot.store.statements import CHANNEL, FREE, KEY, statement

ACCEPT = statement(f"""
    WITH new AS (
        INSERT INTO inbox (tenant, conversation, activity, at, person, body)
        VALUES (%(tenant)s::text, %(conversation)s::text, %(activity)s, %(at)s, %(person)s::text, %(body)s)
        ON CONFLICT DO NOTHING
        RETURNING place
    ), lane AS (
        INSERT INTO lanes AS l (tenant, conversation, pending, fence, owner, until, at)
        SELECT %(tenant)s::text, %(conversation)s::text, 1, place, %(owner)s, now() + %(lease)s::interval, now()
        FROM new
        ON CONFLICT (tenant, conversation) DO UPDATE SET
            pending = l.pending + 1,
            at = excluded.at,
            lost = {FREE} AND l.until IS NOT NULL,
            before = l.fence,
            fence = CASE WHEN {FREE} THEN excluded.fence ELSE l.fence END,
            owner = CASE WHEN {FREE} THEN excluded.owner ELSE l.owner END,
            until = CASE WHEN {FREE} THEN excluded.until ELSE l.until END,
            due = CASE WHEN {FREE} THEN NULL ELSE l.due END
        RETURNING pending, fence, chat, lost, before
    ), taken AS (
        SELECT
            pending, fence, chat, lost, fence = place AS taken,
            fence = place AND pending = 1 AND before IS NOT DISTINCT FROM (SELECT fence FROM lanes WHERE {KEY}) AS fresh
        FROM lane, new
    )
    SELECT t.pending, t.fence, t.chat, t.lost, t.taken, t.fresh AND p.person IS NOT NULL, {WHO}, {CHAT}
    FROM taken t
    LEFT JOIN people p ON t.fresh AND p.tenant = %(tenant)s::text AND p.person = %(person)s::text
    LEFT JOIN LATERAL ({lately("t.chat")}) AS chat ON p.person IS NOT NULL
""")  # noqa: S608 - our own pieces
"""The lane was taken if its fence is the number of the row that has just been put in.

Whoever takes it for this very ask recalls its person in the same breath, unless the lane's last ask was finished while this
statement waited for the lane: what that left behind it cannot see. `before` tells, the fence that it met in the lane.
"""

ACCEPT_ONLY = statement(f"""
    WITH new AS (
        INSERT INTO inbox (tenant, conversation, activity, at, person, body)
        VALUES (%(tenant)s::text, %(conversation)s::text, %(activity)s, %(at)s, %(person)s, %(body)s)
        ON CONFLICT DO NOTHING
        RETURNING place
    ), lane AS (
        INSERT INTO lanes AS l (tenant, conversation, pending, fence, at)
        SELECT %(tenant)s::text, %(conversation)s::text, 1, place, now()
        FROM new
        ON CONFLICT (tenant, conversation) DO UPDATE SET pending = l.pending + 1, at = excluded.at
        RETURNING pending
    )
    SELECT pending, pg_notify('{CHANNEL}', '')::text FROM lane
""")  # noqa: S608

SCHEDULE = statement("""
    INSERT INTO inbox (tenant, conversation, activity, at, person, body, due)
    VALUES (%(tenant)s, %(conversation)s, %(activity)s, %(at)s, %(person)s, %(body)s, %(due)s)
    ON CONFLICT DO NOTHING
    RETURNING place
""")
"""A scheduled ask is not in its lane before it is due, so it holds nothing up."""
