"""How a person is forgotten, and how what they change in Teams is followed: statements of a transaction.

Floor 6. The transaction is the fence before a legal hold: its first statement keeps anybody from placing one meanwhile, and
every other one does nothing where there is one. So all of it is deleted, or nothing.
"""

from collections.abc import Mapping

from bot.store.changes import Frame, Written
from bot.store.keys import key
from bot.store.owned import OWNED, WHOSE
from bot.store.pool import Run
from bot.store.spending import till
from bot.store.statements import CHANNEL, KEY, Statement, statement
from dialogs.changes import Amended, Forgotten

FREE = "NOT EXISTS (SELECT FROM legal_holds WHERE tenant = %(tenant)s::text AND person = %(person)s::text)"
"""No hold keeps it."""
CHATS = f"""
    conversation IN (SELECT chat FROM people WHERE {WHOSE} AND chat <> '' UNION ALL SELECT %(chat)s::text WHERE %(chat)s <> '')
"""  # noqa: S608
"""In a one-to-one conversation of the person: everything there is theirs."""
BY = "tenant = %(tenant)s::text AND by = %(person)s::text"

LOCK_HOLDS = statement("LOCK TABLE legal_holds IN SHARE ROW EXCLUSIVE MODE")
"""Nobody places a hold before the transaction ends, and no other erasure begins."""

HELD = statement(f"SELECT 1 FROM legal_holds WHERE {WHOSE}")  # noqa: S608
LOCK_PERSON = statement(f"SELECT 1 FROM people WHERE {WHOSE} FOR UPDATE")  # noqa: S608
"""Whoever writes down what is kept of the person waits for it, and then finds nobody."""

LOCK_LANES = statement(f"""
    SELECT 1 FROM lanes
    WHERE tenant = %(tenant)s::text AND {FREE} AND (
        conversation IN (SELECT conversation FROM inbox WHERE {WHOSE} AND open AND due IS NULL) OR {CHATS}
    )
    ORDER BY tenant, conversation FOR NO KEY UPDATE
""")  # noqa: S608
"""The lanes before the asks in them, as everywhere; that of the person's own chat too, so that nothing arrives in it while it
goes. The ask that forgets holds a lane already, so that a heartbeat or an
errand that ripens may wait for it while this waits for them: PostgreSQL then ends one of the two within a second, and
either may simply be done again."""

CALL_OFF = statement(f"""
    WITH gone AS (
        DELETE FROM inbox WHERE {FREE} AND (tenant, conversation, activity) IN (
            SELECT tenant, conversation, activity FROM inbox WHERE {WHOSE}
            UNION
            SELECT tenant, conversation, activity FROM inbox WHERE tenant = %(tenant)s::text AND {CHATS}
        )
        RETURNING conversation, open AND due IS NULL AS waits, person, held, held_on
    ), fewer AS (
        SELECT DISTINCT conversation FROM gone WHERE waits
    ), rung AS (
        SELECT pg_notify('{CHANNEL}', '')::text FROM (SELECT FROM fewer LIMIT 1) AS any_of_them
    ), freed AS (
        UPDATE lanes l SET fence = nextval('numbers'), owner = NULL, until = NULL, due = NULL
        FROM fewer f WHERE l.tenant = %(tenant)s::text AND l.conversation = f.conversation
    ), given_back AS (
        UPDATE tills t SET held = greatest(0, t.held - g.tokens) FROM (
            SELECT held_on, {till("person")} AS till, sum(held) AS tokens FROM gone WHERE held > 0 GROUP BY 1, 2
        ) AS g WHERE t.tenant = %(tenant)s::text AND t.day = g.held_on AND t.till = g.till
    ), told AS (
        SELECT set_config('parley.called_off', (SELECT coalesce(array_agg(conversation), '{{}}') FROM fewer)::text, true)
    )
    SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM rung), told.* FROM told
""")  # noqa: S608
"""All asks of the person, and what was set aside for them. Whoever is at work in such a lane may be at work on one of them,
wherever it stands: a new fence, and nothing of it is written any more. Another person's is then begun again."""

RECOUNT = statement("""
    UPDATE lanes l SET pending = (
        SELECT count(*) FROM inbox i
        WHERE i.tenant = l.tenant AND i.conversation = l.conversation AND i.open AND i.due IS NULL
    )
    WHERE l.tenant = %(tenant)s::text AND l.conversation = ANY (current_setting('parley.called_off')::text[])
""")
"""A statement of its own, because only now are those lanes held: what arrived while they were waited for is counted too, and
nothing else arrives."""

ADD_TO_NOBODY = statement(f"""
    WITH gone AS (
        DELETE FROM usage WHERE {WHOSE} AND person <> '' AND {FREE}
        RETURNING day, model, calls, input, output, cached, estimated
    ), added AS (
        INSERT INTO usage AS u (tenant, conversation, person, day, model, calls, input, output, cached, estimated)
        SELECT
            %(tenant)s::text, '', '', day, model, sum(calls), sum(input), sum(output), sum(cached), bool_or(estimated)
        FROM gone GROUP BY day, model ORDER BY day, model
        ON CONFLICT (tenant, person, day, model, conversation) DO UPDATE SET
            calls = u.calls + excluded.calls, input = u.input + excluded.input, output = u.output + excluded.output,
            cached = u.cached + excluded.cached, estimated = u.estimated OR excluded.estimated
    )
    SELECT count(*) FROM gone
""")  # noqa: S608
"""What the company has used stays true."""


def deleting(table: str, whose: str = WHOSE) -> Statement:
    """Deletes all that is a person's from a table, and says how much that was."""
    gone = f"DELETE FROM {table} WHERE {whose} AND {FREE} RETURNING 1"  # noqa: S608
    return statement(f"WITH gone AS ({gone}) SELECT count(*) FROM gone")  # noqa: S608


ABOUT = "tenant = %(tenant)s::text AND %(person)s::text IN (person, about)"
"""Of documents also those that were made of them for somebody else."""
APART = ("people", "inbox", "usage")
DELETES: Mapping[str, Statement] = {
    owned.name: deleting(owned.name, ABOUT if owned.name == "exports" else WHOSE)
    for owned in OWNED
    if owned.erased and owned.name not in APART
}
DROP_LANES = deleting(
    "lanes",
    f"""tenant = %(tenant)s::text AND {CHATS} AND NOT EXISTS (
        SELECT FROM inbox i WHERE i.tenant = lanes.tenant AND i.conversation = lanes.conversation AND i.open
    )""",
)
"""A message that has arrived in the meantime keeps its lane."""
UNSIGNED = (
    statement(f"UPDATE rules SET by = '' WHERE {BY} AND {FREE}"),  # noqa: S608
    statement(f"UPDATE legal_holds SET by = '' WHERE {BY} AND {FREE}"),  # noqa: S608
)

ERASURE: tuple[tuple[str, Statement], ...] = (
    ("", LOCK_HOLDS),
    ("", LOCK_PERSON),
    ("", LOCK_LANES),
    ("inbox", CALL_OFF),
    ("", RECOUNT),
    ("usage", ADD_TO_NOBODY),
    *DELETES.items(),
    *(("", each) for each in UNSIGNED),
    ("", DROP_LANES),
    ("people", deleting("people")),
)
"""The statements in their order, each with the table whose rows it counts. The person's own row goes last: until then it
says which conversation is theirs."""

LINE = f"""
    {KEY} AND person = %(person)s::text AND activity = %(amends)s::text AND %(amends)s::text <> '' AND {FREE}
"""
REWRITE = statement(f"UPDATE history SET text = %(text)s::bytea WHERE {LINE} AND role = 'user'")  # noqa: S608
WIPE = statement(f"DELETE FROM history WHERE {LINE}")  # noqa: S608
UNFILE = statement(f"DELETE FROM files WHERE {LINE}")  # noqa: S608
"""With a message goes what was sent along with it."""
BURY = statement(f"""
    UPDATE inbox SET outcome = 'dropped', body = '' WHERE {LINE} AND NOT open AND outcome = 'dead'
""")  # noqa: S608
"""What was said in a message that was deleted is not to be tried again."""


def erased(tenant: str, person: str, chat: str = "") -> Written:
    """Forgets a person. `chat` is a one-to-one conversation with them that is known besides what is kept of them."""
    values = {"tenant": key(tenant), "person": key(person), "chat": key(chat)}
    return [(one, values) for _, one in ERASURE] if person else []


async def kept(run: Run, change: Forgotten, frame: Frame) -> bool:
    """Whether a legal hold keeps whom an ask would forget; none is placed any more before the transaction ends."""
    await run(LOCK_HOLDS)
    return bool(await run(HELD, tenant=frame.claim.tenant, person=key(change.person or frame.person)))


def forgotten(change: Forgotten, frame: Frame) -> Written:
    """Forgets whom an ask says, after it is closed. Somebody who asks for themselves does so in their own chat."""
    own = change.person in ("", frame.person)
    return erased(frame.claim.tenant, change.person or frame.person, frame.claim.conversation if own else "")


def amended(change: Amended, frame: Frame) -> Written:
    """Follows what a person did with a message of theirs in Teams."""
    claim, person = frame.claim, key(frame.person)
    line = {
        "tenant": claim.tenant,
        "conversation": claim.conversation,
        "person": person,
        "amends": key(change.activity),
    }
    if not change.text:
        return [(WIPE, line), (UNFILE, line), (BURY, line)]
    text = change.text.encode("utf-8", "replace")
    sealed = frame.ring.seal(text, "history", "text", claim.tenant, claim.conversation, person)
    return [(REWRITE, line | {"text": sealed})]
