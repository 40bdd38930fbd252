"""What administrators look at and decide: figures of groups, never of a few; holds; and every decision in the audit."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.audit import Action, Actor, Entry, Outcome, where
from bot.rings import Ring
from bot.store.changes import Frame, Written
from bot.store.ledger import Filtered, Ledger, Liked, Used
from bot.store.pool import Pool
from bot.store.rows import Claim, Phase
from bot.store.rulings import buried, erased, exported, held, ruled
from bot.store.store import Store
from dialogs.changes import Buried, Exported, Forgotten, Held, Ruled
from dialogs.talk import Finding, PlaceKind
from tests.bot.store.audits import TODAY, aged, known
from tests.bot.store.stores import ENTRY, arrival, ask, record, taken

CLAIM = Claim("tenant", "admins", "1", 0, 0, b"", Phase.ACCEPTED, 0)
FRAME = Frame(CLAIM, "ada", TODAY, Ring({}))
OPERATED = Entry(TODAY, "tenant", "", "", "", Action.HOLD, Outcome.OK, actor=Actor.OPERATOR, subject="bob")


async def used(database: str, department: str, *people: str, model: str = "large", day: int = 0) -> None:
    """Each of the people of a department has used ten tokens."""
    for person in people:
        await ask(
            database,
            """INSERT INTO people (tenant, person, department) VALUES ('tenant', %s, %s) ON CONFLICT DO NOTHING""",
            person,
            department,
        )
        await ask(
            database,
            "INSERT INTO usage VALUES ('tenant', %s, (now() AT TIME ZONE 'UTC')::date - %s, %s, 'chat', 1, 10, 1, 0, false)",
            person,
            day,
            model,
        )


def people(letter: str, count: int) -> list[str]:
    return [f"{letter}{number}" for number in range(count)]


async def shown(ledger: Ledger) -> Mapping[str | None, int]:
    return {row.group: row.people for row in await ledger.used(30, "department")}


async def test_use_is_told_by_department_and_model(ledger: Ledger, database: str) -> None:
    await used(database, "sales", *people("s", 5))
    await used(database, "sales", *people("s", 5), model="small")
    assert set(await ledger.used(30, "department")) == {
        Used("tenant", "sales", "large", 5, 5, 50, 5, 0, False),
        Used("tenant", "sales", "small", 5, 5, 50, 5, 0, False),
    }


async def test_small_groups_are_told_together(ledger: Ledger, database: str) -> None:
    await used(database, "sales", *people("s", 6))
    await used(database, "law", *people("l", 3))
    await used(database, "board", *people("b", 2))
    assert await shown(ledger) == {"sales": 6, None: 5}


async def test_small_groups_that_are_too_few_together_take_a_larger_one_with_them(
    ledger: Ledger, database: str
) -> None:
    await used(database, "sales", *people("s", 9))
    await used(database, "works", *people("w", 5))
    await used(database, "board", *people("b", 2))
    assert await shown(ledger) == {"sales": 9, None: 7}


async def test_the_same_few_on_several_days_are_still_too_few(ledger: Ledger, database: str) -> None:
    for day in (1, 2, 3):
        await used(database, "sales", *people("s", 2), day=day)
    await used(database, "sales", *people("s", 6))
    assert {row.group: row.people for row in await ledger.used(30, "day")} == {None: 6}


async def test_of_a_company_of_a_few_nothing_is_told(ledger: Ledger, database: str) -> None:
    await used(database, "sales", *people("s", 4))
    for by in ("day", "model", "department"):
        assert await ledger.used(30, by) == ()


async def test_those_who_were_forgotten_do_not_make_a_group(ledger: Ledger, database: str) -> None:
    await used(database, "sales", *people("s", 4), "")
    assert await ledger.used(30, "model") == ()


async def test_use_is_told_by_day(ledger: Ledger, database: str) -> None:
    await used(database, "sales", *people("s", 5))
    await used(database, "sales", *people("s", 6), day=1)
    today = datetime.now(UTC).date()
    assert {row.group: row.people for row in await ledger.used(2, "day")} == {
        str(today): 5,
        str(today - timedelta(days=1)): 6,
    }
    assert len(await ledger.used(1, "day")) == 1


async def test_what_the_filter_found_is_counted_by_category(store: Store, ledger: Ledger) -> None:
    hate = Finding("prompt", "hate", "high")
    await store.write(replace(aged(ENTRY, TODAY), findings=(hate,), outcome=Outcome.BLOCKED))
    await store.write(replace(aged(ENTRY, TODAY), findings=(hate, Finding("completion", "violence", "low"))))
    await store.write(replace(aged(ENTRY, TODAY), outcome=Outcome.BLOCKED))
    await store.write(aged(ENTRY, TODAY))
    await store.write(replace(aged(ENTRY, TODAY - timedelta(days=40)), findings=(hate,)))
    assert set(await ledger.filters(30, "tenant")) == {
        Filtered("tenant", TODAY.date(), "prompt.hate=high", 2),
        Filtered("tenant", TODAY.date(), "completion.violence=low", 1),
        Filtered("tenant", TODAY.date(), "blocked", 2),
    }


async def test_ratings_are_counted_by_model(ledger: Ledger, database: str) -> None:
    for message, liked, text in (("1", True, None), ("2", False, b"bad"), ("3", False, None)):
        await ask(
            database,
            "INSERT INTO feedback VALUES ('tenant', 'anna', 'chat', %s, 'a', 'large', 'ok', %s, now(), now(), %s)",
            message,
            liked,
            text,
        )
    assert await ledger.feedback(1) == (Liked("tenant", datetime.now(UTC).date(), "large", 1, 2, 1),)


async def test_a_hold_is_placed_once_and_lifted_once_and_both_are_in_the_audit(ledger: Ledger, database: str) -> None:
    await known(database, "bob")
    lifted = replace(OPERATED, action=Action.LIFT)
    assert [await ledger.hold("tenant", "bob", on=True, entry=OPERATED) for _ in range(2)] == [True, False]
    assert [(hold.person, hold.by) for hold in await ledger.holds("tenant")] == [("bob", "operator")]
    assert await ledger.held("tenant", "bob") and not await ledger.held("tenant", "anna")
    assert [await ledger.hold("tenant", "bob", on=False, entry=lifted) for _ in range(2)] == [True, False]
    assert (await ledger.holds(), await ledger.audit_rows(10)) == ((), (lifted, OPERATED))


async def test_the_audit_names_a_person_until_they_are_forgotten(store: Store, ledger: Ledger, database: str) -> None:
    await known(database, "anna")
    await store.write(ENTRY)
    assert (await ask(database, "SELECT length(person) FROM audit")) == [(32,)]
    assert [row.person for row in await ledger.audit_rows(1)] == ["anna"]
    await ask(database, "DELETE FROM people")
    (row,) = await ledger.audit_rows(1)
    assert row.person not in ("anna", "")


async def test_whom_nobody_knows_the_audit_does_not_name(store: Store, ledger: Ledger, database: str) -> None:
    await store.write(ENTRY)
    assert await ask(database, "SELECT person FROM audit") == [("",)]


async def test_the_rows_of_another_company_are_not_told(store: Store, ledger: Ledger) -> None:
    await store.write(ENTRY)
    await store.write(replace(ENTRY, tenant="other"))
    assert [row.tenant for row in await ledger.audit_rows(10, "other")] == ["other"]


async def write(pool: Pool, written: Written) -> None:
    async with pool.transaction() as run:
        for statement, values in written:
            await run(statement, **values)


async def test_a_hold_from_a_chat_is_written_with_its_audit_row(pool: Pool, ledger: Ledger, database: str) -> None:
    await known(database, "ada", "bob")
    await write(pool, held(Held("bob"), FRAME))
    await write(pool, held(Held("bob"), FRAME))
    (row,) = await ledger.audit_rows(10)
    assert (row.actor, row.person, row.action, row.subject) == (Actor.ADMIN, "ada", Action.HOLD, "bob")
    assert [hold.by for hold in await ledger.holds()] == ["ada"]
    await write(pool, held(Held("bob", on=False), FRAME))
    assert await ledger.holds() == ()


async def test_a_rule_from_a_chat_is_written_with_its_audit_row(pool: Pool, ledger: Ledger) -> None:
    await write(pool, ruled(Ruled("guests", "allow"), FRAME))
    assert [(rule.name, rule.value, rule.by) for rule in await ledger.rules("tenant")] == [("guests", "allow", "ada")]
    await write(pool, ruled(Ruled("guests", None), FRAME))
    assert await ledger.rules("tenant") == ()
    assert [(row.action, row.rule) for row in await ledger.audit_rows(10)] == [(Action.RULE, "guests")] * 2


async def test_an_export_and_an_erasure_from_a_chat_are_noted_with_whom_they_are_about(
    pool: Pool, ledger: Ledger, database: str
) -> None:
    await known(database, "ada", "bob")
    await write(pool, exported(Exported("bob"), FRAME))
    await write(pool, erased(Forgotten("bob"), FRAME))
    rows = await ledger.audit_rows(10)
    assert [(row.actor, row.person, row.subject) for row in rows] == [(Actor.ADMIN, "ada", "bob")] * 2
    assert {row.action for row in rows} == {Action.EXPORT, Action.ERASE}


def test_who_forgets_themselves_is_no_administrator() -> None:
    assert erased(Forgotten(), FRAME) == []


@pytest.fixture
async def dead(store: Store, ledger: Ledger) -> str:
    """The key of a dead letter."""
    await store.finish(taken(await store.accept(arrival("1"))), record(outcome=Outcome.DEAD))
    (letter,) = await ledger.dead(10, "tenant")
    return letter.key


async def test_a_dead_letter_is_tried_again_by_its_key(dead: str, pool: Pool, store: Store, ledger: Ledger) -> None:
    await write(pool, buried(Buried(dead, again=True), FRAME))
    (claim,) = await store.claim(10)
    assert (claim.activity, claim.body, await ledger.dead(10)) == ("1", b"body 1", ())
    assert [row.action for row in await ledger.audit_rows(10)] == [Action.RETRY]


async def test_a_dead_letter_is_emptied_by_its_key(dead: str, pool: Pool, ledger: Ledger, database: str) -> None:
    await write(pool, buried(Buried(dead, again=False), FRAME))
    assert (await ask(database, "SELECT body FROM inbox"), await ledger.dead(10)) == ([(b"",)], ())
    assert [row.action for row in await ledger.audit_rows(10)] == [Action.DROP]


async def test_a_dead_letter_that_a_legal_hold_keeps_is_not_emptied(
    dead: str, pool: Pool, ledger: Ledger, database: str
) -> None:
    await ask(database, "INSERT INTO legal_holds VALUES ('tenant', 'anna', now(), 'x')")
    await write(pool, buried(Buried(dead, again=False), FRAME))
    assert (len(await ledger.dead(10)), await ledger.audit_rows(10)) == (1, ())


@pytest.mark.parametrize("frame", [replace(FRAME, claim=replace(CLAIM, tenant="other")), FRAME])
async def test_of_what_is_no_dead_letter_of_the_company_nothing_is_changed(
    dead: str, frame: Frame, pool: Pool, ledger: Ledger
) -> None:
    key = dead if frame is not FRAME else "0" * 12
    await write(pool, buried(Buried(key, again=True), frame))
    assert (len(await ledger.dead(10)), await ledger.audit_rows(10)) == (1, ())


def test_no_column_of_a_decision_is_content() -> None:
    ((_, values),) = ruled(Ruled("guests", "allow"), FRAME)
    found: dict[str, Any] = dict(values)
    assert found["audit_findings"] == "" and found["audit_rule"] == "guests"


def test_one_to_one_a_conversation_has_no_name_in_the_audit() -> None:
    ((_, values),) = ruled(Ruled("guests", "allow"), FRAME)
    assert (values["audit_place"], values["audit_conversation"]) == ("personal", "")
    assert where(PlaceKind.PERSONAL, "a:1") == "" != where(PlaceKind.GROUP, "19:x")
