"""What the doctor sees of the database: its migrations, its server and clock, and whether the fences behind the statements stand.

Floor 7, of the family of `bot.doctor`. What the role that serves may do, and how it is given: docs/operations.md.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

from bot.drift import WORTH_A_WORD
from bot.findings import Check, Probes, State, Topic, Watch
from bot.limits import CLOCK_LEEWAY
from bot.settings import Settings, is_local_database
from bot.store.condition import OLDEST, Fences, Server
from bot.store.pool import SIZE
from bot.store.rows import Outdated, StoreAway
from bot.store.sessions import ROLE

PAGE = "docs/operations.md"
MIGRATE = "run app.py migrate with the login that owns the tables, or just start"
FIRST = "first cure the token"
AWAY = "look at DATABASE_URL and the server"
AGAIN = "run the doctor again; if it stays, look at the server's connections and its log"


async def look_at_database(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The database answers, is up to date, and keeps its fences."""
    watch = Watch()
    missing = asyncio.ensure_future(probes.missing())
    condition = asyncio.ensure_future(probes.condition()) if probes.condition else None
    await asyncio.wait([each for each in (missing, condition) if each])
    yield dated(missing, watch.lap())
    if condition is None:
        return
    if (error := condition.exception()) is not None:
        # A database that is away has its line already.
        if missing.exception() is None:
            words = f"nothing was seen of it, nor of its role and clock ({kind(error)})"
            yield Check(Topic.SERVER, State.FAIL, words, AGAIN)
        return
    found = condition.result()
    for check in served(settings, found.server):
        yield check
    # Where migrations are missing they bring the role and its fences; that has its line already.
    if found.fences is not None and not (missing.exception() or missing.result()):
        for check in bound(settings, found.fences):
            yield check
    yield moment(probes, found.server)


def dated(missing: "asyncio.Future[tuple[str, ...]]", millis: int) -> Check:
    """Whether it is up to date."""
    error = missing.exception()
    if isinstance(error, Outdated):
        return Check(Topic.DATABASE, State.FAIL, "reached, and not to be used with this login", MIGRATE, millis=millis)
    if error is not None:
        why = kind(error)
        cure = FIRST if why == "Unavailable" else AWAY
        return Check(Topic.DATABASE, State.FAIL, f"nothing was seen ({why})", cure, millis=millis)
    if lacking := missing.result():
        words = f"reached, {len(lacking)} of its migrations are missing"
        return Check(Topic.DATABASE, State.WARN, words, MIGRATE, millis=millis)
    return Check(Topic.DATABASE, State.OK, "reached, up to date", millis=millis)


def kind(error: BaseException) -> str:
    """What is told of an error: `StoreAway` holds another's kind, and nothing else."""
    return str(error) if type(error) is StoreAway else type(error).__name__


def served(settings: Settings, server: Server) -> Iterator[Check]:
    """What the server is, and how much room it has."""
    sealed = server.tls or ("on this machine" if here(settings) else "not encrypted")
    words = f"PostgreSQL {server.version}, {sealed}, {server.most - server.taken} of {server.most} connections free"
    if server.version < OLDEST:
        yield Check(Topic.SERVER, State.FAIL, words, f"upgrade the server to PostgreSQL {OLDEST} or newer")
    elif not server.tls and not here(settings):
        yield Check(Topic.SERVER, State.FAIL, words, "add ?sslmode=require to DATABASE_URL")
    elif server.most - server.taken < SIZE:
        cure = f"give it more connections, or serve with fewer processes: each opens up to {SIZE}"
        yield Check(Topic.SERVER, State.WARN, words, cure)
    else:
        yield Check(Topic.SERVER, State.OK, words)


def here(settings: Settings) -> bool:
    """Whether the database is on this machine."""
    return settings.local or is_local_database(settings.database_url)


def moment(probes: Probes, server: Server) -> Check:
    """Leases and due times go by the database's clock, tokens and lines in the log by this machine's."""
    off: timedelta = abs(probes.now() - server.at)
    state = State.FAIL if off > CLOCK_LEEWAY else State.WARN if off >= WORTH_A_WORD else State.OK
    cure = "" if state is State.OK else "set this machine's clock by NTP; a server of Azure's keeps time by itself"
    return Check(Topic.DATABASE_CLOCK, state, f"{off.total_seconds():.0f} seconds apart from this machine's", cure)


def bound(settings: Settings, found: Fences) -> Iterator[Check]:
    """Whether the role that serves is held as it should be; one line for each thing that is not."""
    faults = [*broken(found), *(unwise(found) if not settings.local else ())]
    for state, seen, cure in faults:
        yield Check(Topic.ROLE, state, seen, cure)
    if not faults:
        words = "can change nothing of the audit, and sees one tenant's rows at a time"
        yield Check(Topic.ROLE, State.OK, f"{ROLE} {words}")


def broken(found: Fences) -> Iterator[tuple[State, str, str]]:
    """What must not be."""
    ways = (
        (not found.known, "there is no parley_app", "run app.py migrate"),
        (found.known and not found.member, "the login may not act as parley_app", 'GRANT parley_app TO "the bot\'s login"'),
        (found.unbound, "parley_app passes by every fence", "ALTER ROLE parley_app NOSUPERUSER NOBYPASSRLS"),
        (found.rewrites, "parley_app can change the audit", "REVOKE UPDATE, DELETE, TRUNCATE ON audit, seals FROM parley_app"),
        (bool(found.asleep), f"{found.asleep} guards of the audit are gone or switched off", "ALTER TABLE … ENABLE TRIGGER USER on audit and seals; how they are made: bot/store/migrations/0007_append_only.sql"),
        (bool(found.unfenced), f"{found.unfenced} tables show every tenant's rows", "run app.py migrate; if that finds nothing, ENABLE and FORCE ROW LEVEL SECURITY"),
        (found.owns, "parley_app owns something", "REASSIGN OWNED BY parley_app TO the login that owns the tables"),
    )  # fmt: skip
    return ((State.FAIL, seen, cure) for wrong, seen, cure in ways if wrong)


def unwise(found: Fences) -> Iterator[tuple[State, str, str]]:
    """What would better not be."""
    ways = (
        (found.superuser, "the login is a superuser, whom nothing holds", f"serve with a login of its own ({PAGE})"),
        (found.owner and not found.superuser, "the login owns the tables and can take their fences down", f"serve with a login of its own ({PAGE})"),
        (found.logs_in, "somebody may log in as parley_app itself", "ALTER ROLE parley_app NOLOGIN"),
        (found.makes, "parley_app can make tables of its own", "REVOKE CREATE ON the schema and the database FROM PUBLIC"),
        (found.large, "parley_app can make large objects", f"let a superuser take that away ({PAGE})"),
    )  # fmt: skip
    return ((State.WARN, seen, cure) for wrong, seen, cure in ways if wrong)
