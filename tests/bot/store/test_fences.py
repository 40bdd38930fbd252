"""The two fences behind the statements: the role that serves, and whose rows a session may reach."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bot.store.away import Address
from bot.store.line import Line
from bot.store.pool import Pool
from bot.store.rows import Outdated, StoreAway
from bot.store.schema import MIGRATIONS, migrate, missing
from bot.store.sessions import ROLE
from bot.store.statements import statement
from bot.store.store import Store
from tests.bot.store.every import statements
from tests.bot.store.stores import SEALED, arrival, ask, record, taken
from tests.world.database import fresh, run

OWNER, CLERK, STRANGER = "fences_owner", "fences_clerk", "fences_stranger"
KNOWN = statement("SELECT person FROM people WHERE tenant = %(tenant)s::text")
EVERYBODY = statement("SELECT person FROM people ORDER BY person", house=True)
UNMARKED = statement("SELECT person FROM people ORDER BY person")
STANDING = statement("SELECT current_setting('parley.tenant', true) WHERE %(tenant)s::text <> ''")
BROKEN = statement("SELECT 1 / %(zero)s::int FROM people WHERE tenant = %(tenant)s::text")

FENCED = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
        SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'fence' AND p.polcmd = '*' AND p.polroles = '{0}'
    )
    FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
GRANTED = """
    SELECT table_name, array_agg(privilege_type::text ORDER BY privilege_type) FROM information_schema.role_table_grants
    WHERE grantee = 'parley_app' GROUP BY 1
"""
ALL = ["DELETE", "INSERT", "SELECT", "UPDATE"]
LESS = {
    "audit": ["INSERT", "SELECT"],
    "seals": ["INSERT", "SELECT"],
    "people": ["DELETE", "INSERT", "SELECT"],
    "data_keys": ["INSERT", "SELECT", "UPDATE"],
    "migrations": ["SELECT"],
}
"""Where the role may do less than everything with rows. Some columns of `people` it may change."""


@pytest.fixture
def blank(postgres: str) -> Iterator[str]:
    """A database without a table that belongs to somebody who is no superuser, and two more who may log in."""
    with fresh(postgres, "template0") as conninfo:
        for name in (OWNER, CLERK, STRANGER):
            made = sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name))
            run(conninfo, made)
        run(conninfo, sql.SQL("GRANT {} TO {}").format(sql.Identifier(ROLE), sql.Identifier(CLERK)))
        run(conninfo, sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(sql.Identifier(ROLE), sql.Identifier(OWNER)))
        run(conninfo, sql.SQL("GRANT CREATE, USAGE ON SCHEMA public TO {}").format(sql.Identifier(OWNER)))
        yield conninfo
        for name in (OWNER, CLERK, STRANGER):
            run(conninfo, sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
            run(conninfo, sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
async def line(database: str) -> AsyncIterator[Line]:
    """A session that was behind no fence yet; two tenants know somebody."""
    await ask(database, "INSERT INTO people (tenant, person) VALUES ('one', 'anna'), ('two', 'ben'), ('', 'nobody')")
    line = Line(await Address(database).serve())
    yield line
    line.close()


def by(conninfo: str, name: str) -> Address:
    return Address(make_conninfo(conninfo, user=name))


async def test_every_table_with_a_tenant_is_fenced(database: str) -> None:
    assert {name for name, fenced in await ask(database, FENCED) if not fenced} == {"migrations"}


async def test_the_role_may_do_no_more_than_the_statements_do(database: str) -> None:
    granted = dict(await ask(database, GRANTED))
    assert {name: has for name, has in granted.items() if has != ALL} == LESS


async def test_an_alias_is_not_among_the_columns_that_change(database: str) -> None:
    columns = await ask(
        database,
        "SELECT column_name FROM information_schema.column_privileges"
        " WHERE grantee = 'parley_app' AND table_name = 'people' AND privilege_type = 'UPDATE' ORDER BY 1",
    )
    assert [name for (name,) in columns] == ["chat", "department", "gone", "looked", "settings"]


async def test_a_session_that_says_nothing_reaches_nothing(line: Line) -> None:
    assert await line.run(UNMARKED, []) == []


async def test_of_another_tenant_nothing_is_reached(line: Line) -> None:
    assert await line.run(KNOWN, ["one"], "=two") == []


async def test_a_tenant_without_a_name_is_a_tenant_like_any_other(line: Line) -> None:
    assert await line.run(UNMARKED, [], "=") == [("nobody",)]


async def test_the_fence_follows_the_statements(line: Line) -> None:
    found = [await line.run(KNOWN, [tenant], f"={tenant}") for tenant in ("one", "two", "one")]
    assert found == [[("anna",)], [("ben",)], [("anna",)]]


async def test_the_house_reaches_all(line: Line) -> None:
    assert [person for (person,) in await line.run(EVERYBODY, [], "*")] == ["anna", "ben", "nobody"]


async def test_a_fence_goes_along_with_its_statement_and_costs_no_wait(line: Line) -> None:
    await line.run(KNOWN, ["one"], "=one")
    first = line.run(KNOWN, ["two"], "=two")
    first.send(None)  # up to the one time that it waits
    assert line.busy
    first.close()
    line.close()


async def test_a_fence_that_was_taken_back_with_its_statement_is_put_up_again(line: Line) -> None:
    await line.run(KNOWN, ["one"], "=one")
    with pytest.raises(psycopg.errors.DivisionByZero):
        await line.run(BROKEN, [0, "two"], "=two")
    assert await line.run(KNOWN, ["two"], "=two") == [("ben",)]


async def test_statements_of_several_tenants_that_follow_one_another_stay_behind_their_own_fences(line: Line) -> None:
    tenants = [("one", "two")[number * number % 7 % 2] for number in range(60)]
    found = await asyncio.gather(
        *(
            line.run(BROKEN, [0, tenant], f"={tenant}") if number % 3 else line.run(STANDING, [tenant], f"={tenant}")
            for number, tenant in enumerate(tenants)
        ),
        return_exceptions=True,
    )
    assert found[::3] == [[(f"={tenant}",)] for tenant in tenants[::3]]
    assert {type(one) for number, one in enumerate(found) if number % 3} == {psycopg.errors.DivisionByZero}
    assert await line.run(STANDING, ["two"], "=two") == [("=two",)]


async def test_a_fence_that_another_statement_has_moved_meanwhile_is_put_up_again(line: Line) -> None:
    found = await asyncio.gather(*(line.run(STANDING, [tenant], f"={tenant}") for tenant in ("one", "two", "one")))
    assert found == [[("=one",)], [("=two",)], [("=one",)]]
    assert await line.run(STANDING, ["two"], "=two") == [("=two",)]


async def test_who_is_cancelled_takes_no_fence_from_those_behind(line: Line) -> None:
    await line.run(STANDING, ["one"], "=one")
    moving = asyncio.create_task(line.run(STANDING, ["two"], "=two"))
    await asyncio.sleep(0)
    behind = asyncio.create_task(line.run(STANDING, ["one"], "=one"))
    moving.cancel()
    assert await behind == [("=one",)]


async def test_a_row_for_another_tenant_is_refused(line: Line) -> None:
    into = statement("INSERT INTO people (tenant, person) VALUES (%(tenant)s::text, 'eve')")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        await line.run(into, ["one"], "=two")


async def test_a_login_that_owns_nothing_serves(blank: str) -> None:
    await migrate(by(blank, OWNER))
    assert await migrate(by(blank, CLERK)) == () == await missing(by(blank, CLERK))
    async with Pool(by(blank, CLERK)) as pool:
        store = Store(pool, "one", SEALED)
        await store.finish(taken(await store.accept(arrival("1"))), record("hello"))
        assert [line.text for line in await store.history("tenant", "chat", "anna", 0, 9)] == ["hello"]


async def test_the_tables_owner_serves_behind_the_same_fences(blank: str) -> None:
    await migrate(by(blank, OWNER))
    await ask(blank, "INSERT INTO people (tenant, person) VALUES ('one', 'anna')")
    async with Pool(by(blank, OWNER)) as pool:
        assert await pool.run(KNOWN, tenant="one") == [("anna",)]
        with pytest.raises(StoreAway, match="InsufficientPrivilege"):
            await pool.run(statement("DELETE FROM audit", house=True))


async def test_the_owner_himself_is_fenced(blank: str) -> None:
    await migrate(by(blank, OWNER))
    await ask(blank, "INSERT INTO people (tenant, person) VALUES ('one', 'anna')")
    assert await ask(by(blank, OWNER).conninfo, "SELECT person FROM people") == []


async def test_a_login_without_rights_is_told_who_has_them(blank: str) -> None:
    with pytest.raises(Outdated, match=r"run app\.py migrate"):
        await migrate(by(blank, CLERK))


async def test_one_who_may_not_be_that_role_is_told_how(blank: str) -> None:
    await migrate(by(blank, OWNER))
    async with Pool(by(blank, STRANGER)) as pool:
        with pytest.raises(Outdated, match=f"GRANT {ROLE} TO it"):
            await pool.run(KNOWN, tenant="one")


async def test_a_database_of_the_time_before_is_fenced_with_all_that_is_in_it(blank: str, tmp_path: Path) -> None:
    for path in MIGRATIONS.glob("*.sql"):
        if path.stem < "0009":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    await migrate(by(blank, OWNER), tmp_path)
    await ask(blank, "INSERT INTO people (tenant, person) VALUES ('one', 'anna')")
    assert await migrate(by(blank, OWNER)) == tuple(
        path.stem for path in sorted(MIGRATIONS.glob("*.sql")) if path.stem >= "0009"
    )
    async with Pool(by(blank, CLERK)) as pool:
        assert await pool.run(KNOWN, tenant="one") == [("anna",)]


def test_what_the_owner_does_for_the_role_is_what_a_statement_asks_for() -> None:
    made = set(re.findall(r"CREATE FUNCTION (\w+)", (MIGRATIONS / "0009_fences.sql").read_text()))
    assert made == {name for one in statements().values() for name in re.findall(r"expire_\w+", one.text.decode())}


SEVERAL = statement("SELECT person FROM people WHERE tenant = ANY (%(tenants)s::text[]) OR true ORDER BY person")


def test_a_statement_says_all_the_tenants_that_it_names() -> None:
    names: tuple[list[str], ...] = (["a"], ["a", "a"], ["b", "a"], [])
    assert [SEVERAL.fence({"tenants": each}) for each in names] == ["=a", "=a", "\x1fa\x1fb\x1f", "\x1f"]


@pytest.mark.parametrize(
    ("tenants", "reached"),
    [(["one", "two"], ["anna", "ben"]), (["two", ""], ["ben", "nobody"]), (["one", "three"], ["anna"]), ([], [])],
)
async def test_of_a_third_tenant_a_statement_of_two_reaches_nothing(
    database: str, line: Line, tenants: list[str], reached: list[str]
) -> None:
    """Whatever it asks for."""
    async with Pool(Address(database)) as pool:
        assert [person for (person,) in await pool.run(SEVERAL, tenants=tenants)] == reached


@pytest.mark.parametrize("tenant", ["x\x1fone\x1fy", "\x1fone\x1f"])
async def test_a_tenant_whose_name_looks_like_several_is_none_of_them(database: str, line: Line, tenant: str) -> None:
    async with Pool(Address(database)) as pool:
        assert [await pool.run(SEVERAL, tenants=names) for names in ([tenant], [tenant, "three"])] == [[], []]


@pytest.mark.parametrize("before", ["old", None])
async def test_who_is_cancelled_just_when_it_failed_leaves_no_belief_behind(
    database: str, line: Line, before: str | None
) -> None:
    """The database has taken the fence back with the statement, and nobody has heard of it."""
    async with Pool(Address(database), 1) as pool:
        await (pool.run(EVERYBODY) if before is None else pool.run(KNOWN, tenant=before))
        await asyncio.gather(
            pool.run(BROKEN, zero=0, tenant="one"), return_exceptions=True
        )  # from now on it is prepared
        await (pool.run(EVERYBODY) if before is None else pool.run(KNOWN, tenant=before))
        task, used = asyncio.ensure_future(pool.run(BROKEN, zero=0, tenant="two")), pool.idle[0]
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            while used.busy:
                await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        assert pool.idle == [used] and await pool.run(STANDING, tenant="two") == [("=two",)]


async def test_a_transaction_with_a_failure_that_was_passed_over_is_not_taken_for_done(
    database: str, line: Line
) -> None:
    async with Pool(Address(database), 1) as pool:
        with pytest.raises(StoreAway, match="a statement of it failed"):
            async with pool.transaction() as transaction:
                await asyncio.gather(transaction(BROKEN, zero=0, tenant="one"), return_exceptions=True)
        assert await pool.run(STANDING, tenant="two") == [("=two",)]


def test_a_tenant_cannot_be_called_what_the_house_is_called() -> None:
    assert KNOWN.fence({"tenant": "*"}) == "=*"
