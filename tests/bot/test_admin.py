import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.admin import COMMANDS, arguments
from bot.telemetry import hashed
from dialogs.talk import Finding
from tests.bot.operator import CANARY, MODEL, NOW, Desk, buried, desk
from tests.bot.store.stores import ask
from tests.world.people import ADA, BRUNO, PEOPLE, TENANT

__all__ = ["buried", "desk"]
ROOT = Path(__file__).parents[2]
DAY = NOW.date().isoformat()


async def test_dead_letters_are_listed_without_ids_and_content(buried: Desk) -> None:
    _, said = await buried.run("dead", "list")
    assert said[0].split() == ["key", "at", "tenant", "conversation", "attempts"]
    assert [hashed("19:a") in said[1], hashed("19:b") in said[2], len(said)] == [True, True, 3]
    assert "19:a" not in "".join(said) and CANARY not in "".join(said)


async def test_an_empty_list_says_so(desk: Desk) -> None:
    assert await desk.run("dead", "list") == (0, ["none"])


async def test_a_dead_letter_that_is_retried_is_work_again(buried: Desk) -> None:
    first, _ = await buried.keys()
    assert await buried.run("dead", "retry", first) == (0, [f"{first} will be answered"])
    assert [claim.conversation for claim in await buried.store.claim(5)] == ["19:a"]


async def test_dead_letters_that_are_dropped_are_no_more(buried: Desk) -> None:
    assert (await buried.run("dead", "drop", "--all", "--yes"))[0] == 0
    assert await buried.keys() == []
    assert await buried.store.claim(5) == []


async def test_all_dead_letters_are_dropped_only_by_who_says_how_many_they_are(buried: Desk) -> None:
    buried.answers += ["yes", "2"]
    assert (await buried.run("dead", "drop", "--all"))[0] == 1
    assert len(await buried.keys()) == 2
    assert (await buried.run("dead", "drop", "--all"))[0] == 0
    assert await buried.keys() == []


async def test_a_key_that_is_not_there_is_said_and_the_others_are_done(buried: Desk) -> None:
    _, second = await buried.keys()
    assert (await buried.run("dead", "retry", "000000000000", second))[0] == 1
    assert [claim.conversation for claim in await buried.store.claim(5)] == ["19:b"]


@pytest.mark.parametrize("verb", ["retry", "drop"])
async def test_what_is_done_with_a_dead_letter_stands_in_the_audit(buried: Desk, verb: str) -> None:
    first, _ = await buried.keys()
    await buried.run("dead", verb, first)
    row, *_ = await buried.rows("audit")
    assert (row["action"], row["actor"], row["tenant"]) == (verb, "operator", TENANT)


async def test_use_is_shown_by_day_and_model_without_anybody_s_name(desk: Desk) -> None:
    for number, person in enumerate(PEOPLE):
        await desk.happened(f"19:{number}", person=person.id)
    _, said = await desk.run("usage", "--days", "2")
    assert said[0].split()[:4] == ["day", "tenant", "model", "people"]
    assert not any(person.id in line for line in said for person in PEOPLE)


async def test_use_by_person_is_shown_to_who_asks_for_it(buried: Desk) -> None:
    _, said = await buried.run("usage", "--days", "2", "--by", "person")
    assert said[1].split() == [TENANT, ADA.id, MODEL, "3", "2700", "30", "240", "no", "–"]


async def test_use_costs_what_the_company_says_it_does(buried: Desk) -> None:
    await buried.run("rules", "set", f"price.{MODEL}", "1/10", "EUR")
    (row,) = await buried.rows("usage", "--by", "person")
    assert (row["cost"], row["currency"]) == (pytest.approx((2700 * 1 + 240 * 10) / 1e6), "EUR")


async def test_without_a_price_no_cost_is_made_up(buried: Desk) -> None:
    (row,) = await buried.rows("usage", "--by", "person")
    assert (row["cost"], row["currency"]) == (None, "")


async def test_use_by_person_adds_up_the_days(buried: Desk) -> None:
    values = (TENANT, ADA.id, MODEL)
    await ask(
        buried.database, "INSERT INTO usage VALUES (%s, %s, current_date - 1, %s, '', 4, 1, 1, 1, false)", *values
    )
    (row,) = await buried.rows("usage", "--by", "person")
    assert (row["person"], row["calls"], "day" in row) == (ADA.id, 7, False)


@pytest.mark.parametrize("by", ["day", "model", "department"])
async def test_groups_of_few_people_are_not_shown(buried: Desk, by: str) -> None:
    assert await buried.rows("usage", "--by", by) == []


async def test_a_department_of_many_is_shown_and_one_of_few_is_not(desk: Desk) -> None:
    for number, person in enumerate(PEOPLE):
        await desk.meet(person.id, department="Sales" if number else "Board")
        await desk.happened(f"19:{number}", person=person.id)
    rows = await desk.rows("usage", "--by", "department")
    assert {row["department"] for row in rows} <= {"Sales", None} and "Board" not in str(rows)


async def test_a_company_is_shown_without_the_others(buried: Desk) -> None:
    other = "0f2c9b1e-6a57-4c7d-9d5e-3b8f4a1c7e90"
    assert [await buried.rows(name, "--tenant", other) for name in ("usage", "audit", "filters", "feedback")] == [
        []
    ] * 4
    assert await buried.rows("dead", "list", "--tenant", other) == []


async def test_the_audit_shows_as_many_rows_as_asked_for_and_no_content(buried: Desk) -> None:
    _, said = await buried.run("audit", "--limit", "2", "--json")
    assert [json.loads(line)["outcome"] for line in said] == ["ok", "dead"]
    assert CANARY not in "".join(said)


async def test_the_audit_shows_how_many_points_were_dropped(buried: Desk) -> None:
    row, *_ = await buried.rows("audit", "--limit", "1")
    assert (row["dropped"], row["person"], row["actor"]) == (7, ADA.id, "user")


async def test_an_audit_that_nobody_touched_is_verified(buried: Desk) -> None:
    code, said = await buried.run("audit", "verify")
    assert (code, "FAULT" in "".join(said)) == (0, False)


async def test_an_audit_that_somebody_changed_is_found(buried: Desk) -> None:
    await buried.seal()
    await ask(
        buried.database,
        "SET session_replication_role = replica; UPDATE audit SET outcome = 'ok' WHERE outcome = 'dead'",
    )
    code, said = await buried.run("audit", "verify")
    assert (code, "FAULT" in said[1]) == (1, True)


async def test_the_content_filter_is_counted_by_what_it_found(desk: Desk) -> None:
    await desk.happened("19:a", findings=(Finding("prompt", "hate", "low"),))
    await desk.happened("19:b", findings=(Finding("prompt", "hate", "low"),))
    (row,) = await desk.rows("filters")
    assert (row["day"], row["finding"], row["turns"]) == (DAY, "prompt.hate=low", 2)


async def test_feedback_is_counted_and_not_quoted(desk: Desk) -> None:
    for number, liked in enumerate((True, True, False)):
        await ask(
            desk.database,
            "INSERT INTO feedback VALUES (%s, %s, 'c', %s, 'a', %s, 'ok', %s, now(), now() + interval '1 day', %s)",
            *(TENANT, BRUNO.id, str(number), MODEL, liked, None if liked else CANARY.encode()),
        )
    _, said = await desk.run("feedback")
    assert said[1].split() == [DAY, TENANT, MODEL, "2", "1", "1"]
    assert CANARY not in "".join(said)


async def test_a_table_is_handed_to_a_spreadsheet(buried: Desk) -> None:
    _, said = await buried.run("usage", "--by", "person", "--csv")
    assert said[0] == "tenant,person,model,calls,input,cached,output,estimated,cost,currency"
    assert said[1] == f"{TENANT},{ADA.id},{MODEL},3,2700,30,240,False,,"


@pytest.mark.parametrize(
    "given",
    [
        ["dead", "retry"],
        ["dead", "drop", "x", "--all"],
        ["dead"],
        ["usage", "--days", "0"],
        ["usage", "--by", "name"],
        ["usage", "--json", "--csv"],
        ["audit", "--limit", "x"],
        ["audit", "burn"],
        ["nothing"],
        [],
        ["rules", "list", "guests"],
        ["rules", "set"],
        ["rules", "set", "guests"],
        ["rules", "set", "guests", "allow", "--tenant", "contoso.com"],
        ["rules", "unset", "guests", "allow"],
        ["rules", "unset"],
        ["erase"],
        ["erase", "--person", "Ada"],
        ["export", "--person", ADA.id],
        ["find"],
        ["hold"],
        ["keys", "burn"],
        ["keys", "destroy"],
    ],
)
def test_a_command_that_makes_no_sense_ends_with_words(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments(given)
    assert ended.value.code == 2
    assert "usage: python -m bot.admin" in capsys.readouterr().err


def test_a_command_reaches_the_app_that_reads_the_environment(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "bot.admin", "usage"]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environ, timeout=60)
    assert ran.returncode == 2
    assert ran.stderr.startswith("DATABASE_URL is missing")


def test_local_mode_is_asked_for_before_the_command() -> None:
    assert arguments(["--local", "usage"]).local


def test_the_module_explains_itself_without_an_environment() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "bot.admin", "--help"], capture_output=True, text=True, cwd=ROOT, env={}
    )
    assert ran.returncode == 0
    assert COMMANDS.keys() <= set(ran.stdout.split())
    assert "exit codes: 0 done" in ran.stdout
