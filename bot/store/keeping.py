"""What is kept for one person beyond the conversation: visits, digests, answers to be shared, and errands.

Floor 6. All of it is written with the closing of the ask that it comes from, by a statement of its own: most asks leave
nothing of the kind behind, and theirs stays the short one. Whoever holds a lane may not wait for another lane, so an errand
is put in as due and takes its lane when it is claimed; and what such a claim holds already is left to it (SKIP LOCKED).
"""

from bot.store.statements import CHANNEL, KEY, finishing, statement

OWN = "tenant = %(tenant)s::text AND person = %(person)s::text"

VISITED = """
    visited AS (
        INSERT INTO visits AS v (tenant, person, home, at, expires)
        SELECT %(tenant)s::text, %(person)s::text, %(visit_home)s::text, %(visit_at)s::timestamptz, %(expires)s
        FROM lane WHERE %(visit_home)s::text IS NOT NULL
        ON CONFLICT (tenant, person, home) DO UPDATE SET at = greatest(v.at, excluded.at), expires = excluded.expires
    )
"""

SHARED = """
    shared AS (
        INSERT INTO shares (tenant, person, key, place, sealed, answer, expires)
        SELECT
            %(tenant)s::text, %(person)s::text, %(share_key)s::text, %(share_place)s::text, %(share_audience)s::bytea,
            %(share_answer)s::bytea, %(share_expires)s::timestamptz
        FROM lane WHERE %(share_key)s::text IS NOT NULL
        ON CONFLICT (tenant, person, key) DO UPDATE SET
            place = excluded.place, sealed = excluded.sealed, answer = excluded.answer, expires = excluded.expires
    )
"""

POSTED = f"""
    posted AS (
        UPDATE shares SET posted = true FROM lane WHERE {OWN} AND key = %(posted)s::text
    )
"""  # noqa: S608

TOLD = f"""
    wished AS (
        SELECT wish.* FROM lane, unnest(
            %(digest_homes)s::text[], %(digest_schedules)s::text[], %(digest_chats)s::text[],
            %(digest_places)s::text[], %(digest_sinces)s::timestamptz[], %(digest_errands)s::text[]
        ) AS wish (home, schedule, chat, place, since, errand)
    ), was AS (
        SELECT home, chat, errand FROM digests
        WHERE {OWN} AND home IN (SELECT home FROM wished) AND (NOT %(renews)s::bool OR errand = %(activity)s::text)
        ORDER BY home FOR UPDATE
    ), told AS (
        INSERT INTO digests (tenant, person, home, schedule, chat, errand, place, since, at)
        SELECT
            %(tenant)s::text, %(person)s::text, home, w.schedule, w.chat, w.errand, w.place, w.since, %(at)s
        FROM wished w LEFT JOIN was USING (home)
        WHERE w.schedule IS NOT NULL AND (NOT %(renews)s::bool OR was.errand IS NOT NULL)
        ORDER BY home
        ON CONFLICT (tenant, person, home) DO UPDATE SET
            schedule = excluded.schedule, chat = excluded.chat, errand = excluded.errand, place = excluded.place,
            since = excluded.since, at = excluded.at
        RETURNING home
    ), ended AS (
        DELETE FROM digests d USING was JOIN wished w USING (home)
        WHERE {OWN} AND d.home = was.home AND w.schedule IS NULL
    ), stale AS (
        SELECT i.conversation, i.activity
        FROM was JOIN inbox i ON i.conversation = was.chat AND i.activity = was.errand
        WHERE i.tenant = %(tenant)s::text AND i.open AND i.due IS NOT NULL
            AND i.activity <> ALL (%(digest_errands)s::text[])
        FOR UPDATE OF i SKIP LOCKED
    ), called_off AS (
        DELETE FROM inbox i USING stale s
        WHERE i.tenant = %(tenant)s::text AND i.conversation = s.conversation AND i.activity = s.activity
    )
"""  # noqa: S608
"""A digest is put in, changed or ended, and with it the errand that tells it next. An ask that is itself such an errand
only renews what still waits for it: it may have been called off or changed while it was read for."""

SENT = f"""
    sent AS (
        INSERT INTO inbox (tenant, conversation, activity, at, person, body, due)
        SELECT
            errand.tenant, errand.conversation, errand.activity, errand.at, errand.person, errand.body,
            coalesce(errand.due, now())
        FROM lane, unnest(
            %(errand_tenants)s::text[], %(errand_conversations)s::text[], %(errand_activities)s::text[],
            %(errand_times)s::timestamptz[], %(errand_people)s::text[], %(errand_bodies)s::bytea[],
            %(errand_dues)s::timestamptz[], %(errand_homes)s::text[]
        ) AS errand (tenant, conversation, activity, at, person, body, due, home)
        WHERE errand.home IS NULL OR errand.home IN (SELECT home FROM told)
        ORDER BY errand.conversation, errand.activity
        ON CONFLICT DO NOTHING
        RETURNING due
    ), rung AS (
        SELECT pg_notify('{CHANNEL}', '')::text FROM (SELECT FROM sent WHERE due <= now() LIMIT 1) AS ready
    )
"""  # noqa: S608
"""`home` is that of the digest an errand tells, and NULL for any other."""

SAID = """
    INSERT INTO history (tenant, conversation, person, chat, activity, role, at, expires, text, scope, cites)
    SELECT
        %(tenant)s::text, %(conversation)s::text, %(person)s::text, %(chat)s::bigint, %(activity)s::text, line.role, %(at)s,
        %(expires)s, line.text, line.scope, line.cites
    FROM lane, unnest(%(roles)s::text[], %(texts)s::bytea[], %(scopes)s::text[], %(cites)s::bytea[])
        WITH ORDINALITY AS line (role, text, scope, cites, number)
    ORDER BY line.number
"""

FINISH_MORE = finishing(SAID, f", {VISITED}, {SHARED}, {POSTED}, {TOLD}, {SENT}", "LEFT JOIN rung ON true")

VISIT = statement(f"SELECT at FROM visits WHERE {OWN} AND home = %(home)s AND (expires IS NULL OR expires > now())")  # noqa: S608

DIGESTS = statement(f"SELECT place, schedule, chat, since FROM digests WHERE {OWN} ORDER BY home")  # noqa: S608

SHARE = statement(f"""
    SELECT answer, sealed, place, audience, posted FROM shares WHERE {OWN} AND key = %(key)s AND expires > %(now)s
""")  # noqa: S608

OPENED = statement(f"""
    UPDATE lanes SET chat = %(chat)s::bigint WHERE {KEY} AND EXISTS (
        SELECT FROM history WHERE {KEY} AND person = %(person)s::text AND chat = %(chat)s::bigint
    )
""")  # noqa: S608
