"""In what condition the database is, for the doctor: its server, its clock, its room, and whether its fences stand.

Floor 6. It looks as the login does, before the role that serves: what is asked is of the server's own tables, of nobody's rows.
"""

from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import class_row

from bot.store.away import Address, translated
from bot.store.rows import StoreAway
from bot.store.sessions import ROLE

OLDEST = 16
"""The oldest PostgreSQL that the statements run on."""

SERVER = """
    SELECT
        current_setting('server_version_num')::int / 10000 AS version,
        clock_timestamp() AS at,
        coalesce((SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl), '') AS tls,
        current_setting('max_connections')::int AS most,
        (
            SELECT sum(numbackends)::int + current_setting('superuser_reserved_connections')::int
                + coalesce(current_setting('reserved_connections', true)::int, 0) FROM pg_stat_database
        ) AS taken
"""
"""What any login may ask, of a server of any age."""

GUARDS = "'audit_kept', 'audit_expired', 'seals_kept', 'seals_expired'"
"""The triggers by which the audit is only ever added to (`migrations/0007_append_only.sql`)."""

FENCES = f"""
    WITH own AS (
        SELECT * FROM pg_roles WHERE rolname = '{ROLE}'
    ), login AS (
        SELECT * FROM pg_roles WHERE rolname = session_user
    ), tables AS (
        SELECT c.oid, c.relname, c.relowner, c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
            SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'fence'
        ) AS fenced
        FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace AND EXISTS (
            SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant' AND NOT a.attisdropped
        )
    ), kept AS (
        SELECT * FROM tables WHERE relname IN ('audit', 'seals')
    )
    SELECT
        EXISTS (SELECT FROM own) AS known,
        coalesce((SELECT pg_has_role(session_user, oid, 'SET') FROM own), false) AS member,
        coalesce((SELECT rolsuper OR rolbypassrls FROM own), false) AS unbound,
        coalesce((SELECT rolcanlogin FROM own), false) AS logs_in,
        coalesce((
            SELECT bool_or(
                has_any_column_privilege(own.oid, kept.oid, 'UPDATE') OR has_table_privilege(own.oid, kept.oid, 'DELETE')
                OR has_table_privilege(own.oid, kept.oid, 'TRUNCATE')
            ) FROM own, kept
        ), false) AS rewrites,
        (
            SELECT count(*)::int FROM unnest(ARRAY[{GUARDS}]) AS guard WHERE NOT EXISTS (
                SELECT FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM kept) AND tgname = guard AND tgenabled IN ('O', 'A')
            )
        ) AS asleep,
        (SELECT count(*)::int FROM tables WHERE NOT fenced) AS unfenced,
        EXISTS (SELECT FROM pg_class c, own WHERE c.relowner = own.oid) AS owns,
        coalesce((
            SELECT has_schema_privilege(oid, current_schema(), 'CREATE')
                OR has_database_privilege(oid, current_database(), 'CREATE') FROM own
        ), false) AS makes,
        coalesce((SELECT has_function_privilege(oid, 'lo_create(oid)', 'EXECUTE') FROM own), false) AS large,
        (SELECT rolsuper FROM login) AS superuser,
        EXISTS (SELECT FROM tables WHERE pg_has_role(session_user, relowner, 'USAGE')) AS owner
"""  # noqa: S608 - our own name
"""What the role that serves may do, and whether the tables' fences are up. `SET` is a right of PostgreSQL 16."""


@dataclass(frozen=True, slots=True)
class Server:
    """The server: its major version, its clock, the TLS version of the connection ("" for none), and its connections: how
    many there may be at `most`, and how many are `taken` or reserved."""

    version: int
    at: datetime
    tls: str
    most: int
    taken: int


@dataclass(frozen=True, slots=True)
class Fences:
    """What holds the role that serves. Of it: there is one (`known`), the login may take it on (`member`), no row is hidden from
    it (`unbound`), somebody may log in as it (`logs_in`), it can change what stands in the audit (`rewrites`), it owns something
    (`owns`), or could make tables (`makes`) or large objects (`large`).

    `asleep` are triggers of the audit that are gone or switched off, `unfenced` tables without a fence around each tenant's rows. The
    login itself is a superuser (`superuser`), or owns the tables (`owner`).
    """

    known: bool
    member: bool
    unbound: bool
    logs_in: bool
    rewrites: bool
    asleep: int
    unfenced: int
    owns: bool
    makes: bool
    large: bool
    superuser: bool
    owner: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """The server, and the fences where it is new enough to be asked for them."""

    server: Server
    fences: Fences | None


async def condition(address: Address) -> Condition:
    """Looks, and changes nothing. Raises `StoreAway`."""
    with translated():
        async with await address.connect() as connection:
            server = await (await connection.cursor(row_factory=class_row(Server)).execute(SERVER)).fetchone()
            if server is None:  # a SELECT without FROM has its one row
                raise StoreAway("no answer")
            if server.version < OLDEST:
                return Condition(server, None)
            fences = await (await connection.cursor(row_factory=class_row(Fences)).execute(FENCES)).fetchone()
            return Condition(server, fences)


def hosts(conninfo: str) -> tuple[str, ...]:
    """The hosts that a database's address names, in their order; none for a socket on this machine."""
    try:
        known = conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        return ()
    named = str(known.get("hostaddr") or known.get("host") or "").split(",")
    return tuple(name for name in dict.fromkeys(named) if name and not name.startswith(("/", "@")))
