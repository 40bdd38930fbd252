"""Attacks on the store, by who got hold of a connection of the bot's or of the words that it stores.

The attacker logs in as one who is the serving role and nothing else, as a company sets it up that separates the two. What the
audit holds, what stands there, and other tenants' rows are out of reach; words are never read as SQL.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from bot.audit import Action, Entry, Outcome
from bot.store.away import Address
from bot.store.ledger import Ledger
from bot.store.line import Line
from bot.store.pool import Pool
from bot.store.rows import Arrival, Record
from bot.store.sessions import ROLE
from bot.store.statements import BEGIN, Statement, statement
from bot.store.store import Store
from dialogs.talk import Message
from tests.attacks.report import Report
from tests.bot.store.every import statements
from tests.bot.store.kept import put
from tests.bot.store.stores import SEALED
from tests.world.database import create, migrated, serving
from tests.world.database import run as execute

CLERK = "parley_clerk"
VICTIM, ATTACKER, NOBODY = "victim", "attacker", "nobody"
FENCES = (f"={ATTACKER}", f"\x1f{ATTACKER}\x1f{NOBODY}\x1f")
"""Behind which the attacker stands: one company's, and that of two."""
NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)

FORBIDDEN = (
    *(f"UPDATE {table} SET tenant = tenant" for table in ("audit", "seals")),
    *(f"DELETE FROM {table}" for table in ("audit", "seals", "data_keys", "migrations")),
    *(f"TRUNCATE {table}" for table in ("audit", "seals", "inbox", "people")),
    *(f"DROP TABLE {table}" for table in ("audit", "seals", "inbox", "migrations")),
    *(f"BEGIN; LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE" for table in ("audit", "seals")),
    *(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY" for table in ("audit", "inbox", "history")),
    *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in ("audit", "seals", "people")),
    *(f"DROP POLICY fence ON {table}" for table in ("audit", "inbox")),
    *(f"DROP TRIGGER audit_{name} ON audit" for name in ("kept", "expired")),
    "ALTER TABLE audit ADD COLUMN more text",
    "ALTER TABLE audit OWNER TO CURRENT_USER",
    "CREATE POLICY open ON audit USING (true)",
    "CREATE RULE quiet AS ON INSERT TO audit DO INSTEAD NOTHING",
    "CREATE TRIGGER quiet BEFORE INSERT ON audit FOR EACH ROW EXECUTE FUNCTION refuse()",
    "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "ALTER FUNCTION expire_audit(text, tid[]) SECURITY INVOKER",
    "DROP FUNCTION expire_seals(text, tid[])",
    "UPDATE people SET alias = 'another'",
    "UPDATE people SET person = 'another'",
    "UPDATE migrations SET at = now()",
    "INSERT INTO migrations (name) VALUES ('9999_mine')",
    "ALTER SEQUENCE numbers RESTART",
    "SELECT setval('numbers', 1)",
    "CREATE TABLE mine (id int)",
    "CREATE TEMPORARY TABLE audit (id int)",
    "CREATE VIEW mine AS SELECT 1",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE DATABASE mine",
    "CREATE ROLE mine",
    "DROP EXTENSION plpgsql",
    f"ALTER ROLE {ROLE} BYPASSRLS",
    f"ALTER ROLE {CLERK} SUPERUSER",
    f"GRANT postgres TO {CLERK}",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    "SET log_statement = 'all'",
    "SET log_min_error_statement = 'error'",
    "ALTER SYSTEM SET log_statement = 'all'",
    "SELECT pg_read_file('/etc/hostname')",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY audit FROM '/etc/hostname'",
    "SELECT rolpassword FROM pg_authid",
    "SELECT lo_import('/etc/hostname')",
    *("SELECT lo_create(0)", "SELECT lo_creat(-1)", "SELECT lo_from_bytea(0, 'x')"),
    *("SELECT lo_put(1, 0, 'x')", "SELECT lowrite(0, 'x')"),
    "SET row_security = off; SELECT * FROM inbox",
    "SET row_security = off; SELECT * FROM data_keys",
)
"""What the role may not do, whoever gets it to say so."""

HOSTILE = (
    *("'; DROP TABLE audit; --", "' OR '1'='1", "x' UNION SELECT wrapped FROM data_keys --", "\\'; SELECT 1; --"),
    *("$1", "$$", "%(tenant)s", "%s", "{}", "{tenant}", '{"a","b"}', "NULL", "DEFAULT", "\\x27", "E'\\047'", "''", '"'),
    *("*", "=", "=victim", "*', '=victim", "'=' || tenant", "victim' --", "/* */", "--", ";", "\n;\n", "\u02bc; --"),
    *("\uff07 OR 1=1", "now()", "current_user", "' || pg_sleep(9) || '", "U&'\\0027'", "\\", "\\\\", "'" * 400),
)
"""Words that are SQL somewhere, or ours."""

VALUES: dict[str, Any] = {
    "text": "x",
    "bytea": b"x",
    "bigint": 0,
    "integer": 0,
    "smallint": 0,
    "boolean": True,
    "double precision": 1.0,
    "date": NOW.date(),
    "timestamp with time zone": datetime.now(UTC) + timedelta(days=1),
    "interval": "1 hour",
    "tid[]": ["(0,1)"],
}
BEFORE: dict[str, Any] = {"text": "", "bigint": -1, "integer": -1, "date": NOW.date() - timedelta(days=9)}
MANY = {"limit", "batch", "stroke", "days"}
ANOTHER = statement("SELECT pg_current_xact_id_if_assigned()::text")
"""Whether the transaction has written or locked anything."""
ROWS: dict[str, dict[str, object]] = {
    "inbox": {"person": "x", "placeholder": "x", "parked": True, "due": NOW},
    "history": {"person": "x", "activity": "x"},
    "prompts": {"team": "x"},
    "people": {"chat": "x", "gone": NOW},
    "seals": {"expires": datetime.now(UTC) + timedelta(days=1)},
    "legal_holds": {"person": "somebody else", "by": "x"},
}
"""What makes the victim's rows those that statements look for."""


@contextmanager
def attacked() -> Iterator[tuple[str, str]]:
    """A database of its own: as its owner, and as who serves it. Not a copy: what was taken from all is not copied along."""
    with (
        TemporaryDirectory(prefix="parley-attacks-", ignore_cleanup_errors=True) as home,
        serving(Path(home)) as postgres,
    ):
        create(postgres, "attacked")
        owner = make_conninfo(postgres, dbname="attacked")
        migrated(owner)
        execute(owner, sql.SQL("CREATE ROLE {} LOGIN IN ROLE {}").format(sql.Identifier(CLERK), sql.Identifier(ROLE)))
        yield owner, make_conninfo(owner, user=CLERK)


async def planted(owner: str) -> dict[str, list[tuple[Any, ...]]]:
    """A row of the victim in every table; all of them as they are."""
    with psycopg.connect(owner, autocommit=True) as connection:
        known = [table for table in tables(connection) if "migrations" not in table]
        for table in known:
            if not connection.execute(sql.SQL("SELECT FROM {}").format(sql.Identifier(table))).fetchall():
                await put(owner, table, tenant=VICTIM, **ROWS.get(table, {}))
    return standing(owner)


def tables(connection: psycopg.Connection) -> list[str]:
    """The names of all tables."""
    found = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
    return [name for (name,) in found]


def standing(owner: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with psycopg.connect(owner) as connection:
        query = sql.SQL("SELECT * FROM {} AS one ORDER BY one::text")
        return {name: connection.execute(query.format(sql.Identifier(name))).fetchall() for name in tables(connection)}


def refused(clerk: str) -> Iterator[tuple[str, bool]]:
    """What is forbidden, and whether it was refused for that."""
    for text in FORBIDDEN:
        with psycopg.connect(clerk, autocommit=True) as connection:
            try:
                connection.execute(text.encode())
            except (errors.InsufficientPrivilege, errors.InvalidParameterValue):
                yield text, True
            except psycopg.Error:
                yield text, False
            else:
                yield text, False


def expired(clerk: str) -> int:
    """How many rows of the audit go that are not yet to go, when the one way to delete them is shown all of them."""
    gone = 0
    with psycopg.connect(clerk, autocommit=True) as connection:
        connection.execute("SELECT set_config('parley.tenant', '*', false)")
        for table in ("audit", "seals"):
            query = sql.SQL("SELECT {}(tenant, array_agg(ctid)) FROM {} WHERE expires > now() GROUP BY tenant")
            for (count,) in connection.execute(
                query.format(sql.Identifier(f"expire_{table}"), sql.Identifier(table))
            ).fetchall():
                gone += count
    return gone


@asynccontextmanager
async def transaction(conninfo: str) -> AsyncIterator[Line]:
    """A line in a transaction that never ends well."""
    line = Line(await Address(conninfo).serve())
    try:
        await line.run(BEGIN, [])
        yield line
    finally:
        line.close()


async def reached(clerk: str, one: Statement, kinds: list[str], tenant: str, fence: str) -> tuple[Any, ...] | None:
    """What a statement about a tenant's rows answers behind a fence, and whether it touched any; None where refused."""
    values: list[Any] = [valued(name, kind, tenant) for name, kind in zip(one.names, kinds, strict=True)]
    async with transaction(clerk) as line:
        try:
            rows = await line.run(one, values, fence)
        except psycopg.Error:
            return None
        return rows, await line.run(ANOTHER, []) != [(None,)]


def valued(name: str, kind: str, tenant: str) -> Any:
    """Something for a parameter, which finds the victim's rows where it can."""
    if name in ("tenant", "audit_tenant"):
        return tenant
    if name in ("tenants", "errand_tenants"):
        return [tenant]
    if name in MANY:
        return 10
    if name.startswith("after_"):
        return BEFORE[kind]
    return VALUES[kind] if kind in VALUES else [VALUES[kind.removesuffix("[]")]]


def kinds_of(connection: psycopg.Connection, one: Statement) -> list[str]:
    """The types of a statement's parameters."""
    connection.execute("DEALLOCATE ALL; SET parley.called_off = '{}'")
    connection.execute(b"PREPARE one AS " + one.text)
    found = connection.execute("SELECT parameter_types::text[] FROM pg_prepared_statements").fetchone()
    return list(found[0]) if found else []


async def across(owner: str, clerk: str) -> AsyncIterator[tuple[str, bool, bool]]:
    """Every statement about a tenant: whether it reaches the victim behind their own fence, and behind others'."""
    known = statements()
    with psycopg.connect(owner, autocommit=True, prepare_threshold=None) as connection:
        kinds_by_name = {name: kinds_of(connection, one) for name, one in known.items() if one.owner is not None}
    for name, kinds in kinds_by_name.items():
        one = known[name]
        own = await reached(clerk, one, kinds, VICTIM, f"={VICTIM}")
        none = await reached(clerk, one, kinds, NOBODY, FENCES[0])
        others = [await reached(clerk, one, kinds, VICTIM, fence) for fence in FENCES]
        yield name, own != none, any(_leaks(other, none) for other in others)


def _leaks(other: tuple[Any, ...] | None, none: tuple[Any, ...] | None) -> bool:
    """Whether what was answered about the victim behind others' fence is more than is answered about nobody."""
    return other is not None and (other[1] or (none is not None and other[0] != none[0]))


async def verbatim(store: Store, ledger: Ledger, word: str) -> tuple[bool, ...]:
    """A word in every place that takes one: whether it comes back as it was, place by place."""
    arrival = Arrival(word, word, word, word.encode(), NOW, None, word)
    claim = (await store.accept(arrival)).claim
    if claim is None:
        return (False,)
    await store.placed(claim, word)
    await store.answered(claim, word.encode(), word)
    entry = Entry(NOW, word, word, "personal", word, Action.RULE, Outcome.OK, word, rule=word)
    lines = (Message("user", word),)
    await store.finish(claim, Record(NOW, Outcome.OK, lines, person=word, audit=entry))
    said = await store.history(word, word, word, claim.chat, 10)
    ruled = await ledger.set_rule(word, word, word, entry) and await ledger.rules(word)
    noted = await ledger.audit_rows(10, word)
    return (
        (claim.tenant, claim.conversation, claim.activity, claim.body) == (word, word, word, word.encode()),
        said == lines,
        bool(ruled) and [(rule.name, rule.value) for rule in ruled or ()] == [(word, word)],
        len(noted) == 2 and {(row.tenant, row.model, row.rule) for row in noted} == {(word, word, word)},
        await store.ended(word, word, word, word),
    )


async def words(clerk: str) -> list[bool]:
    """Every hostile word in every place."""
    async with Pool(Address(clerk)) as pool:
        store, ledger = Store(pool, "one", SEALED), Ledger(pool)
        return [kept for word in HOSTILE for kept in await verbatim(store, ledger, word)]


async def run(report: Report) -> None:
    """All of it, in a database of its own."""
    with attacked() as (owner, clerk):
        before = await planted(owner)
        told = list(refused(clerk))
        report.count("the serving role oversteps", len(told), sum(not kept for _, kept in told))
        report.count("the audit is made to expire", 2, expired(clerk))
        found = [each async for each in across(owner, clerk)]
        report.count("rows of another tenant", len(found), sum(leak for _, _, leak in found))
        report.count(
            "rows that changed by it", len(before), sum(standing(owner)[name] != rows for name, rows in before.items())
        )
        kept = await words(clerk)
        report.count("words that are SQL", len(kept), sum(not one for one in kept))


if __name__ == "__main__":
    shown = Report()
    asyncio.run(run(shown))
    print(shown.table())
