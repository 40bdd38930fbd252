from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from bot.audit import Outcome
from bot.office import CHECKS, REPORTS, Office, Rooms
from bot.store.rows import Claim, Phase
from bot.store.spool import Spool
from dialogs.attachments import Handover
from dialogs.errors import NotUnderstood, OnHold, Senseless
from dialogs.ports import Words
from dialogs.shelves import Report
from dialogs.talk import Finding, Person
from tests.bot.operator import CANARY, MODEL, NOW, Desk, buried, desk
from tests.bot.store.stores import ask
from tests.dialogs.desk import English
from tests.world.catalogue import catalogue
from tests.world.people import ADA, BRUNO, PEOPLE, TENANT

__all__ = ["buried", "desk"]
ADMIN = "a0000000-0000-4000-8000-0000000000ff"
CLAIM = Claim(TENANT, "a:admin", "1", 1, 0, b"", Phase.ACCEPTED, 0)
TODAY = English().day(NOW.date())
Opens = Callable[[Desk], Office]


def office(desk: Desk, tenant: str = TENANT, words: Words | None = None) -> Office:
    spool = Spool(desk.pool, desk.vault)
    rooms = Rooms(desk.settings, desk.ledger, desk.estate, spool, lambda: NOW)
    claim = Claim(tenant, "a:admin", "1", 1, 0, b"", Phase.ACCEPTED, 0)
    return Office(rooms, claim, Person(ADMIN, tenant), words or English())


async def report(desk: Desk, name: str, *arguments: str) -> Report:
    return await office(desk).report(name, arguments)


def cells(found: Report) -> list[tuple[str, ...]]:
    return [row.cells for row in found.rows if not row.head]


def figures(found: Report) -> dict[str, str]:
    return {row[0]: row[1] for row in cells(found)}


async def everybody(desk: Desk) -> None:
    """Six people of two departments have each asked something."""
    for number, person in enumerate(PEOPLE):
        await desk.meet(person.id, department="Sales")
        await desk.happened(f"19:{number}", person=person.id)


async def test_the_overview_says_how_things_stand(desk: Desk) -> None:
    await everybody(desk)
    await desk.happened("19:x", Outcome.DEAD, findings=(Finding("prompt", "hate", "low"),))
    await desk.run("rules", "set", f"price.{MODEL}", "1/10", "EUR")
    await desk.run("hold", "--person", ADA.id)
    found = figures(await report(desk, "overview"))
    assert found == {
        "Tokens today": "6,860",
        "Tokens in 7 days": "6,860",
        "Cost of 7 days": "0.01 EUR",
        "Found by the content filter in 7 days": "1",
        "Feedback in 7 days": "0 liked, 0 disliked",
        "Messages that could not be answered": "1",
        "Legal holds": "1",
        "Rules that make no sense any more": "0",
    }


async def test_figures_are_written_as_the_administrator_writes_them(desk: Desk) -> None:
    await everybody(desk)
    await desk.run("rules", "set", f"price.{MODEL}", "1/10", "EUR")
    german = office(desk, words=catalogue().wording("de", UTC))
    overview, use = await german.report("overview", ()), await german.report("usage", ("7", "model"))
    assert (cells(overview)[0][1], cells(overview)[2][1]) == ("5.880", "0,01 EUR")
    assert cells(use) == [(MODEL, "6", "5.880", "0,01 EUR")]


async def test_days_and_what_follows_a_name_are_written_as_the_administrator_writes_them(desk: Desk) -> None:
    await everybody(desk)
    await desk.happened("19:x", Outcome.DEAD, findings=(Finding("prompt", "hate", "low"),))
    words = catalogue().wording("fr", UTC)
    use, found = [await office(desk, words=words).report(name, ("7",)) for name in ("usage", "filters")]
    assert cells(use)[0][0] == cells(found)[0][0] == words.day(NOW.date()) != TODAY
    assert use.rows[0].colon == found.rows[0].colon == "\N{NO-BREAK SPACE}: "


async def test_without_a_price_no_cost_is_made_up(desk: Desk) -> None:
    await everybody(desk)
    assert figures(await report(desk, "overview"))["Cost of 7 days"] == "–"
    found = await report(desk, "usage", "7", "model")
    assert cells(found) == [(MODEL, "6", "5,880", "–")]
    assert any("price" in note for note in found.notes)


@pytest.mark.parametrize(("by", "group"), [("day", TODAY), ("department", "Sales")])
async def test_use_is_shown_by_group(desk: Desk, by: str, group: str) -> None:
    await everybody(desk)
    assert cells(await report(desk, "usage", by, "7")) == [(group, MODEL, "6", "5,880", "–")]


@pytest.mark.parametrize("by", ["day", "model", "department"])
async def test_what_few_people_used_is_not_shown(buried: Desk, by: str) -> None:
    found = await report(buried, "usage", by)
    assert (found.rows, "There is nothing." in found.notes) == ((), True)


async def test_the_audit_is_shown_with_who_and_to_whom(desk: Desk) -> None:
    await desk.meet(ADA.id)
    await desk.happened("19:a")
    await desk.run("hold", "--person", ADA.id)
    newest, oldest = [row[1:] for row in cells(await report(desk, "audit"))]
    assert (newest, oldest) == (("operator", f"hold {ADA.id}", "ok"), (ADA.id, "answer", "ok"))


async def test_filters_feedback_and_dead_letters_are_counted(desk: Desk) -> None:
    await desk.happened("19:a", Outcome.DEAD, findings=(Finding("prompt", "hate", "low"),))
    values = (TENANT, BRUNO.id, MODEL, CANARY.encode())
    await ask(
        desk.database, "INSERT INTO feedback VALUES (%s, %s, 'c', 'm', 'a', %s, 'ok', true, now(), now(), %s)", *values
    )
    assert cells(await report(desk, "filters")) == [(TODAY, "prompt.hate=low", "1")]
    assert cells(await report(desk, "feedback", "7")) == [(TODAY, MODEL, "1", "0", "1")]
    assert [row[0] for row in cells(await report(desk, "dead"))] == await desk.keys()


async def test_the_rules_are_shown_as_they_hold(desk: Desk) -> None:
    await desk.run("rules", "set", "queue", "4")
    await ask(desk.database, "INSERT INTO rules VALUES (%s, 'models', 'removed', now(), 'operator')", TENANT)
    found = await report(desk, "rules")
    rows = {row[:2] for row in cells(found)}
    assert {("queue", "4"), ("models", "all"), (f"price.{MODEL}", "–")} <= rows
    assert found.notes[0].startswith("models is not applied: models names at least one of")


async def test_what_is_kept_of_a_person_is_counted_by_table(desk: Desk) -> None:
    await desk.meet(ADA.id)
    await desk.happened("19:a")
    rows = figures(await report(desk, "find", ADA.id))
    assert (rows["history"], rows["people"]) == ("2", "1")


@pytest.mark.parametrize("name", sorted(REPORTS))
async def test_nothing_in_a_report_is_content(buried: Desk, name: str) -> None:
    assert CANARY not in str(await report(buried, name, *([ADA.id] if name == "find" else [])))


@pytest.mark.parametrize("name", sorted(set(REPORTS) - {"overview", "rules"}))
async def test_another_companys_figures_are_not_shown(buried: Desk, name: str) -> None:
    elsewhere = office(buried, "0f2c9b1e-6a57-4c7d-9d5e-3b8f4a1c7e90")
    assert (await elsewhere.report(name, [ADA.id] if name == "find" else [])).rows == ()


async def test_a_long_report_says_that_there_is_more(desk: Desk) -> None:
    values = (TENANT, BRUNO.id)
    await ask(
        desk.database,
        "INSERT INTO legal_holds SELECT %s, %s || n, now(), 'operator' FROM generate_series(1, 50) n",
        *values,
    )
    found = await report(desk, "holds")
    assert (len(found.rows), found.notes) == (41, ("There is more: the operator's command shows all.",))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("usage", ["0"]),
        ("usage", ["401"]),
        ("usage", ["many"]),
        ("usage", ["7", "8"]),
        ("usage", ["²"]),
        ("audit", ["41"]),
        ("filters", ["-1"]),
        ("find", ["Ada"]),
    ],
)
async def test_a_report_that_makes_no_sense_is_refused_with_the_reason(
    desk: Desk, name: str, arguments: list[str]
) -> None:
    with pytest.raises(Senseless) as met:
        await office(desk).report(name, arguments)
    assert met.value.detail


async def test_a_report_nobody_knows_is_not_understood(desk: Desk) -> None:
    with pytest.raises(NotUnderstood):
        await report(desk, "salaries")


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("rule", ["queue", "many"], "queue is a whole number from 1 to 1000."),
        ("rule", ["pets"], "There is no rule pets."),
        ("erase", ["Ada"], "That is no object id."),
        ("erase", [ADMIN], "forget me"),
        ("erase", [BRUNO.id], "I keep nothing of anybody with that id."),
        ("export", [BRUNO.id], "I keep nothing of anybody with that id."),
        ("hold", ["Ada"], "That is no object id."),
        ("lift", [ADA.id], "There is no legal hold on that person."),
        ("dead", ["a1b2"], "There is no such message any more."),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused_with_the_reason(
    buried: Desk, name: str, arguments: list[str], words: str
) -> None:
    with pytest.raises(Senseless) as met:
        await office(buried).check(name, arguments)
    assert words in met.value.detail


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("rule", ["queue", "4"]),
        ("rule", ["queue"]),
        ("rule", [f"price.{MODEL}", "0.25/2.00 EUR"]),
        ("erase", [ADA.id]),
        ("export", [ADA.id]),
        ("hold", [BRUNO.id]),
    ],
)
async def test_a_change_that_makes_sense_passes(buried: Desk, name: str, arguments: list[str]) -> None:
    await office(buried).check(name, arguments)


async def test_every_change_has_its_check() -> None:
    assert set(CHECKS) == {"rule", "erase", "export", "hold", "lift", "dead"}


async def test_a_dead_letter_that_is_there_passes(buried: Desk) -> None:
    for key in await buried.keys():
        await office(buried).check("dead", [key])


async def test_what_a_legal_hold_keeps_is_not_erased(buried: Desk) -> None:
    await buried.run("hold", "--person", ADA.id)
    with pytest.raises(OnHold) as met:
        await office(buried).check("erase", [ADA.id])
    assert "that person" in met.value.text
    await office(buried).check("lift", [ADA.id])


async def test_what_is_under_way_for_somebody_is_stopped(desk: Desk) -> None:
    await desk.meet(ADA.id)
    assert await office(desk).halt(ADA.id) == 0


async def test_an_export_is_written_down_for_the_administrator(desk: Desk) -> None:
    await desk.meet(ADA.id, ADMIN)
    await desk.happened("19:a")
    found = [each async for each in office(desk).export(ADA.id)]
    files = [each for each in found if isinstance(each, Handover)]
    assert [file.name.rpartition(".")[2] for file in files] == ["html", "json"]
    kept = await ask(desk.database, "SELECT DISTINCT person, about FROM exports")
    assert kept == [(ADMIN, ADA.id)]
    assert timedelta(0) < (await ask(desk.database, "SELECT min(expires) - now() FROM exports"))[0][0]
