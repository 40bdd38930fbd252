from datetime import timedelta

import pytest

from bot.audit import Outcome
from tests.bot.operator import NOW, Desk, desk, settings
from tests.bot.store.stores import ask
from tests.world.people import ADA, BRUNO, TENANT

__all__ = ["desk"]
OTHER = "0f2c9b1e-6a57-4c7d-9d5e-3b8f4a1c7e90"


async def test_a_rule_that_nobody_has_set_holds_as_it_is(desk: Desk) -> None:
    row, *_ = await desk.rows("rules")
    assert row == {
        "name": "guests",
        "value": "refuse",
        "default": "refuse",
        "at": None,
        "by": "",
        "wrong": "",
        "meaning": "Whether guests of the company, and people of other tenants, are answered.",
    }


async def test_a_rule_that_is_set_holds_for_that_company_alone(desk: Desk) -> None:
    assert await desk.run("rules", "set", "guests", "allow") == (0, ["guests: allow"])
    row, *_ = await desk.rows("rules", "list", "--tenant", TENANT)
    assert (row["value"], row["default"], row["at"], row["by"]) == ("allow", "refuse", NOW.isoformat(), "operator")
    assert [await desk.store.rules(each) for each in (TENANT, OTHER)] == [{"guests": "allow"}, {}]


async def test_a_company_is_known_however_its_id_is_written(desk: Desk) -> None:
    await desk.run("rules", "set", "guests", "allow", "--tenant", TENANT.upper())
    assert await desk.store.rules(TENANT) == {"guests": "allow"}


async def test_where_there_are_several_companies_one_must_be_named(desk: Desk) -> None:
    desk.settings = settings(ALLOWED_TENANTS=f"{TENANT},{OTHER}")
    assert await desk.run("rules", "set", "guests", "allow") == (2, [])
    assert "--tenant" in desk.warned[0]


async def test_a_rule_that_is_unset_holds_as_before(desk: Desk) -> None:
    await desk.run("rules", "set", "guests", "allow")
    assert await desk.run("rules", "unset", "guests") == (0, ["guests: refuse"])
    assert await desk.store.rules(TENANT) == {}


async def test_a_change_of_a_rule_stands_in_the_audit(desk: Desk) -> None:
    await desk.run("rules", "set", "queue", "4")
    (row,) = await desk.rows("audit")
    assert (row["action"], row["rule"], row["actor"], row["person"]) == ("rule", "queue", "operator", "")
    assert (row["tenant"], row["outcome"]) == (TENANT, "ok")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("pets", "allow"), "There is no rule pets. There are: guests"),
        (("guests", "maybe"), "guests can be: refuse, allow."),
        (("budget.person", "99999999999"), "may not be above budget.tenant"),
        (("retention.audit", "10"), "may not be below"),
    ],
)
async def test_a_rule_that_makes_no_sense_is_refused_with_the_reason(
    desk: Desk, given: tuple[str, str], words: str
) -> None:
    assert await desk.run("rules", "set", *given) == (2, [])
    assert words in desk.warned[0]
    assert (await desk.store.rules(TENANT), await desk.rows("audit")) == ({}, [])


async def test_a_rule_that_no_longer_makes_sense_is_told_of_and_its_default_holds(desk: Desk) -> None:
    await ask(desk.database, "INSERT INTO rules VALUES (%s, 'models', 'removed', now(), 'operator')", TENANT)
    row = next(row for row in await desk.rows("rules") if row["name"] == "models")
    assert row["value"] == "all" and row["wrong"].startswith("removed: models names at least one of: all")
    assert desk.warned[0].startswith("models is not gone by.")


async def test_a_rule_that_nobody_knows_can_be_taken_back(desk: Desk) -> None:
    await ask(desk.database, "INSERT INTO rules VALUES (%s, 'pets', 'allow', now(), 'operator')", TENANT)
    assert "pets" in {row["name"] for row in await desk.rows("rules")}
    assert (await desk.run("rules", "unset", "pets"))[0] == 0
    assert await desk.store.rules(TENANT) == {}


async def test_retention_shows_the_days_of_every_class(desk: Desk) -> None:
    await desk.run("rules", "set", "retention.dead", "3")
    found = {row["rule"]: row["days"] for row in await desk.rows("retention")}
    assert (found["retention.dead"], found["retention.history"], found["retention.audit"]) == (3, 30, 365)


@pytest.mark.parametrize("command", [("retention", "run"), ("sweep",)])
async def test_a_sweep_deletes_what_is_past_its_time(desk: Desk, command: tuple[str, ...]) -> None:
    await desk.happened("19:a", expires=NOW - timedelta(seconds=1))
    await desk.happened("19:b", expires=NOW + timedelta(days=1))
    code, (words,) = await desk.run(*command)
    assert (code, words) == (0, "2 rows deleted")
    assert len(await desk.store.history(TENANT, "19:b", ADA.id, 0, 5)) == 2


async def test_a_sweep_stands_in_the_audit(desk: Desk) -> None:
    await desk.happened("19:a", expires=NOW - timedelta(seconds=1))
    await desk.run("retention", "run")
    row, *_ = await desk.rows("audit")
    assert (row["action"], row["actor"]) == ("sweep", "operator")


async def test_a_sweep_goes_by_the_rules_as_they_are_now(desk: Desk) -> None:
    await desk.meet(ADA.id)
    await desk.happened("19:a", Outcome.DEAD)
    await ask(desk.database, "UPDATE inbox SET at = now() - interval '10 days', expires = NULL")
    await desk.run("rules", "set", "retention.dead", "9")
    await desk.run("sweep")
    assert await desk.rows("dead", "list") == []


async def test_what_a_legal_hold_keeps_is_not_swept(desk: Desk) -> None:
    await desk.meet(ADA.id, BRUNO.id)
    for person in (ADA, BRUNO):
        await desk.happened(f"19:{person.id}", expires=NOW - timedelta(seconds=1), person=person.id)
    await desk.run("hold", "--person", ADA.id)
    await desk.run("sweep")
    assert await ask(desk.database, "SELECT DISTINCT person FROM history") == [(ADA.id,)]
