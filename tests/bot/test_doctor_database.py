"""The doctor and the database: reached, encrypted, new enough, with room, in time, and with its fences up."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bot.store.away import Address
from bot.store.condition import Condition, Fences, condition, hosts
from bot.store.rows import Outdated, StoreAway
from bot.store.schema import migrate
from tests.bot.doctoring import FENCES, Ward, clock, server, ward
from tests.world.database import fresh, run

__all__ = ["ward"]

FAR = "postgresql://parley@db.contoso.example/parley?sslmode=require"
OWNER, CLERK, STRANGER = "doctor_owner", "doctor_clerk", "doctor_stranger"


def of(found: Condition) -> Callable[[], Awaitable[Condition]]:
    async def probe() -> Condition:
        return found

    return probe


def fails(error: Exception) -> Callable[[], Awaitable[Any]]:
    async def probe() -> Any:
        raise error

    return probe


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (StoreAway("OperationalError"), "FAIL nothing was seen (OperationalError). Cure: look at DATABASE_URL"),
        (ConnectionError("password=canary"), "FAIL nothing was seen (ConnectionError). Cure: look at DATABASE_URL"),
        (Outdated("told"), "FAIL reached, and not to be used with this login. Cure: run app.py migrate"),
        (StoreAway("Unavailable"), "FAIL nothing was seen (Unavailable). Cure: first cure the token"),
    ],
)
async def test_a_database_that_is_away_fails_by_the_kind_of_its_error(ward: Ward, error: Exception, line: str) -> None:
    ward.probes |= {"missing": fails(error), "condition": fails(error)}
    found = await ward.seen()
    assert found["database"].startswith(line) and "canary" not in found["database"]
    assert "database server" not in found and found["channel keys"].startswith("ok ")


async def test_a_database_that_answers_only_the_half_of_it_is_not_all_right(ward: Ward) -> None:
    ward.probes["condition"] = fails(StoreAway("TooManyConnections"))
    found = await ward.seen()
    assert found["database"].startswith("ok ") and "database role" not in found
    assert found["database server"].startswith(
        "FAIL nothing was seen of it, nor of its role and clock (TooManyConnections)"
    )


async def test_missing_migrations_are_a_warning_and_what_they_bring_is_not_missed_besides(ward: Ward) -> None:
    async def two() -> tuple[str, ...]:
        return ("0001", "0002")

    ward.probes |= {"missing": two, "condition": of(Condition(server(), replace(FENCES, known=False, member=False)))}
    found = await ward.seen()
    assert found["database"].startswith("warn reached, 2 of its migrations are missing. Cure: run app.py")
    assert "database role" not in found


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "ok   PostgreSQL 17, TLSv1.3, 88 of 100 connections free"),
        ({"version": 15}, "FAIL PostgreSQL 15, TLSv1.3, 88 of 100 connections free. Cure: upgrade the server"),
        ({"tls": ""}, "FAIL PostgreSQL 17, not encrypted, 88 of 100 connections free. Cure: add ?sslmode=require"),
        ({"taken": 90}, "warn PostgreSQL 17, TLSv1.3, 10 of 100 connections free. Cure: give it more connections"),
    ],
)
async def test_the_server_is_told_by_version_encryption_and_room(
    ward: Ward, changes: dict[str, Any], line: str
) -> None:
    ward.environ["DATABASE_URL"] = FAR
    ward.probes["condition"] = of(Condition(server(**changes), None))
    assert (await ward.seen())["database server"].startswith(line)


async def test_a_database_on_this_machine_needs_no_encryption(ward: Ward) -> None:
    ward.probes["condition"] = of(Condition(server(tls=""), FENCES))
    assert (await ward.seen())["database server"].startswith("ok   PostgreSQL 17, on this machine")


@pytest.mark.parametrize(("off", "state"), [(5, "ok"), (60, "warn"), (-60, "warn"), (600, "FAIL")])
async def test_a_database_whose_clock_is_off_is_found(ward: Ward, off: int, state: str) -> None:
    ward.probes["condition"] = of(Condition(server(at=clock() + timedelta(seconds=off)), None))
    assert (await ward.seen())["database clock"].startswith(state)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"known": False, "member": False}, "FAIL there is no parley_app. Cure: run app.py migrate"),
        ({"member": False}, "FAIL the login may not act as parley_app. Cure: GRANT parley_app TO"),
        ({"unbound": True}, "FAIL parley_app passes by every fence. Cure: ALTER ROLE"),
        ({"rewrites": True}, "FAIL parley_app can change the audit. Cure: REVOKE"),
        ({"asleep": 2}, "FAIL 2 guards of the audit are gone or switched off"),
        ({"unfenced": 1}, "FAIL 1 tables show every tenant's rows"),
        ({"owns": True}, "FAIL parley_app owns something"),
        ({"superuser": True, "owner": True}, "warn the login is a superuser"),
        ({"owner": True}, "warn the login owns the tables and can take their fences down"),
        ({"logs_in": True}, "warn somebody may log in as parley_app itself"),
        ({"makes": True}, "warn parley_app can make tables of its own"),
        ({"large": True}, "warn parley_app can make large objects"),
        ({}, "ok   parley_app can change nothing of the audit"),
    ],
)
async def test_each_fence_that_is_down_has_its_line(ward: Ward, changes: dict[str, bool], line: str) -> None:
    ward.probes["condition"] = of(Condition(server(), replace(FENCES, **changes)))
    assert (await ward.seen())["database role"].startswith(line)


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("postgresql://parley@db.example/parley", ("db.example",)),
        ("postgresql://parley@/parley?host=/var/run/postgresql", ()),
        ("postgresql:///parley?host=a.example,b.example", ("a.example", "b.example")),
        ("nonsense", ()),
    ],
)
def test_the_hosts_of_a_database_are_those_that_libpq_would_go_to(url: str, named: tuple[str, ...]) -> None:
    assert hosts(url) == named


@pytest.fixture
def owned(postgres: str) -> Iterator[str]:
    """A migrated database that belongs to somebody who is no superuser; a clerk may serve it, a stranger only log in."""
    with fresh(postgres, "template0") as conninfo:
        for name in (OWNER, CLERK, STRANGER):
            run(conninfo, sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        run(conninfo, sql.SQL("GRANT parley_app TO {}, {}").format(sql.Identifier(CLERK), sql.Identifier(OWNER)))
        database = sql.Identifier(str(conninfo_to_dict(conninfo)["dbname"]))
        run(conninfo, sql.SQL("ALTER DATABASE {} OWNER TO {}").format(database, sql.Identifier(OWNER)))
        run(conninfo, sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))
        try:
            yield conninfo
        finally:
            for name in (OWNER, CLERK, STRANGER):
                run(conninfo, sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
            run(conninfo, sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(database))
            for name in (OWNER, CLERK, STRANGER):
                run(conninfo, sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def by(conninfo: str, login: str) -> Address:
    return Address(make_conninfo(conninfo, user=login))


async def fences(conninfo: str, login: str) -> Fences:
    found = (await condition(by(conninfo, login))).fences
    assert found is not None
    return found


async def test_a_clerk_of_a_well_kept_database_is_held_by_every_fence(owned: str) -> None:
    await migrate(by(owned, OWNER))
    assert replace(await fences(owned, CLERK), large=False) == FENCES


async def test_an_owner_and_a_stranger_are_told_apart(owned: str) -> None:
    await migrate(by(owned, OWNER))
    owner, stranger = await fences(owned, OWNER), await fences(owned, STRANGER)
    assert owner.owner and owner.member and not owner.superuser
    assert not stranger.member and not stranger.owner and stranger.known


async def test_a_database_without_a_table_is_looked_at_all_the_same(owned: str) -> None:
    found = await fences(owned, CLERK)
    assert found.member and found.unfenced == 0 and not found.rewrites


BREAKING = {
    "rewrites": "GRANT UPDATE ON audit TO parley_app",
    "asleep": "ALTER TABLE audit DISABLE TRIGGER ALL",
    "unfenced": "ALTER TABLE history NO FORCE ROW LEVEL SECURITY",
    "makes": "GRANT CREATE ON SCHEMA public TO parley_app",
    "owns": "CREATE TABLE own (); ALTER TABLE own OWNER TO parley_app",
}


TURNS = {
    "rewrites": "GRANT UPDATE (at) ON audit TO parley_app",
    "asleep": "DROP TRIGGER audit_kept ON audit; ALTER TABLE seals ENABLE REPLICA TRIGGER seals_kept",
}
"""The same, less openly."""


@pytest.mark.parametrize("fence", TURNS)
async def test_a_fence_that_was_gone_round_is_seen(owned: str, fence: str) -> None:
    await migrate(by(owned, OWNER))
    for each in TURNS[fence].split("; "):
        run(owned, sql.SQL(each))  # type: ignore[arg-type]
    assert getattr(await fences(owned, CLERK), fence) == (2 if fence == "asleep" else True)


@pytest.mark.parametrize("fence", BREAKING)
async def test_a_fence_that_somebody_took_down_is_seen(owned: str, fence: str) -> None:
    await migrate(by(owned, OWNER))
    for each in BREAKING[fence].split("; "):
        run(owned, sql.SQL(each))  # type: ignore[arg-type]
    assert getattr(await fences(owned, CLERK), fence)


async def test_a_server_is_told_as_it_is(database: str) -> None:
    found = (await condition(Address(database))).server
    assert found.version >= 16 and found.tls == "" and abs(found.at - clock()) < timedelta(seconds=5)
    assert 0 < found.taken < found.most == 200


async def test_a_database_that_is_not_there_is_away(postgres: str) -> None:
    with pytest.raises(StoreAway):
        await condition(Address(make_conninfo(postgres, dbname="nowhere")))
