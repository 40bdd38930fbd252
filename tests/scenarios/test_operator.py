"""The operator's command as a process of its own, on the database that a bot serves meanwhile."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.scenarios.firm import Firm, opened
from tests.world.openai import filtered
from tests.world.people import ADA, BRUNO, CHIDI, EMRE, FATIMA, PEOPLE, TENANT, personal

pytestmark = pytest.mark.asyncio(loop_scope="session")
CANARY = "CANARY-9b41"
MODEL = "gpt-5.4-mini"
PRICE = "0.25/2.00 EUR"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str) -> AsyncIterator[Firm]:
    """Six people have asked something: five of one department, one of another."""
    async with opened(
        postgres, answer=f"Yes, {CANARY}.", REQUIRE_SIGN_IN="false", rules={f"price.{MODEL}": PRICE}
    ) as firm:
        answers = await asyncio.gather(*(firm.ask(f"Is it {CANARY}?", person) for person in PEOPLE))
        for person, told in zip(PEOPLE, answers, strict=True):
            reaction = "dislike" if person is BRUNO else "like"
            assert (
                await firm.world.hand(person).rate(told.messages[0], reaction, CANARY if person is ADA else "") == 200
            )
        firm.world.model.faults.add(filtered(), of="chat")
        await firm.ask("Something that is not allowed.", ADA)
        yield firm


async def test_use_is_shown_by_day_with_what_it_cost(firm: Firm) -> None:
    ((day, read, written),) = await firm.rows("SELECT day, sum(input), sum(output) FROM usage GROUP BY day")
    (row,) = (await firm.operator("usage", "--by", "day", "--json")).rows
    assert (row["day"], row["people"], row["input"], row["output"]) == (day.isoformat(), 6, read, written)
    assert row["cost"] == pytest.approx((float(read) * 0.25 + float(written) * 2) / 1e6) and row["currency"] == "EUR"


async def test_a_department_of_fewer_than_five_is_not_shown(firm: Firm) -> None:
    await firm.change("UPDATE people SET department = 'Sales'")
    whole = await firm.operator("usage", "--by", "department", "--json")
    await firm.change("UPDATE people SET department = 'Legal' WHERE person = %s", FATIMA.id)
    parted = await firm.operator("usage", "--by", "department")
    assert [(row["department"], row["people"]) for row in whole.rows] == [("Sales", 6)]
    # Shown beside the whole, the larger part would give the smaller one away.
    assert "Legal" not in parted.out and "Sales" not in parted.out and "fewer than 5 people" in parted.err


async def test_use_by_person_is_a_table_for_a_spreadsheet(firm: Firm) -> None:
    found = list(csv.DictReader(io.StringIO((await firm.operator("usage", "--by", "person", "--csv")).out)))
    assert {row["person"] for row in found} == {person.id for person in PEOPLE}
    assert all(int(row["input"]) > 0 and row["currency"] == "EUR" for row in found)


async def test_the_audit_is_listed_without_anything_that_was_written(firm: Firm) -> None:
    printed = await firm.operator("audit", "list", "--limit", "50", "--json")
    assert {"answer", "like", "dislike"} <= {row["action"] for row in printed.rows}
    assert {row["person"] for row in printed.rows if row["action"] == "answer"} == {person.id for person in PEOPLE}
    assert CANARY not in printed.out + printed.err and printed.code == 0


async def test_what_the_filter_found_and_how_answers_were_liked(firm: Firm) -> None:
    filters, feedback = await asyncio.gather(firm.operator("filters", "--json"), firm.operator("feedback", "--json"))
    assert ("blocked", 1) in [(row["finding"], row["turns"]) for row in filters.rows]
    assert [(row["liked"], row["disliked"], row["written"]) for row in feedback.rows] == [(5, 1, 1)]
    assert CANARY not in filters.out + feedback.out


async def test_a_rule_is_set_listed_and_taken_back(firm: Firm) -> None:
    done = await firm.operator("rules", "set", "budget.person", "50000")
    listed = {row["name"]: row for row in (await firm.operator("rules", "list", "--json")).rows}
    bad = await firm.operator("rules", "set", "budget.person", "much")
    undone = await firm.operator("rules", "unset", "budget.person")
    assert (listed["budget.person"]["value"], listed["budget.person"]["by"]) == ("50000", "operator")
    assert (done.code, bad.code, undone.code) == (0, 2, 0) and "whole number from 1" in bad.err
    assert (
        await firm.rows("SELECT actor, rule FROM audit WHERE action = 'rule' AND rule = 'budget.person'")
        == [("operator", "budget.person")] * 2
    )


async def test_somebody_is_exported_held_kept_lifted_and_erased(firm: Firm, tmp_path: Path) -> None:
    person = ("--person", EMRE.id)
    found, exported = await asyncio.gather(
        firm.operator("find", *person), firm.operator("export", *person, "--to", str(tmp_path))
    )
    held = await firm.operator("hold", *person)
    kept, holds = await asyncio.gather(firm.operator("erase", *person, "--yes"), firm.operator("holds", "--json"))
    lifted = await firm.operator("lift", *person)
    doubted = await firm.operator("erase", *person, said="no\n")
    erased = await firm.operator("erase", *person, said=f"{EMRE.id}\n")
    gone, used = await asyncio.gather(firm.operator("find", *person), firm.operator("usage", "--by", "model", "--json"))
    assert (found.code, exported.code, held.code, lifted.code, erased.code, gone.code) == (1, 0, 0, 0, 0, 0)
    assert kept.code == 1 and "legal hold" in kept.err and [row["person"] for row in holds.rows] == [EMRE.id]
    assert doubted.code == 1 and "nothing was done" in doubted.err
    assert all(CANARY in path.read_text() for path in tmp_path.iterdir()) and len(list(tmp_path.iterdir())) == 2
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())
    noted = await firm.rows("SELECT action FROM audit WHERE actor = 'operator' AND action <> 'rule' ORDER BY id")
    assert noted == [("export",), ("hold",), ("lift",), ("erase",)]
    assert [row["calls"] for row in used.rows] == [7]  # what was used stays in the sums


async def test_help_names_every_command_and_the_exit_codes(firm: Firm) -> None:
    printed = await firm.operator("--help")
    words = ("usage", "audit", "filters", "feedback", "dead", "retention", "rules", "erase", "keys", "exit codes")
    assert printed.code == 0 and all(word in printed.out for word in words)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (("frobnicate",), "invalid choice"),
        (("find", "--person", "Ada"), "is not an id"),
        (("keys", "destroy"), "--tenant"),
    ],
)
async def test_a_command_that_makes_no_sense_ends_with_its_reason(
    firm: Firm, given: tuple[str, ...], reason: str
) -> None:
    printed = await firm.operator(*given)
    assert printed.code == 2 and reason in printed.err and "Traceback" not in printed.err


async def test_a_database_that_is_away_and_settings_that_are_unfit_are_told_in_words(firm: Firm) -> None:
    away, unfit = await asyncio.gather(
        firm.operator("audit", DATABASE_URL="postgresql://nobody:unused@127.0.0.1:9/none"),  # pragma: allowlist secret
        firm.operator("audit", MICROSOFT_APP_ID=""),
    )
    assert (away.code, unfit.code) == (3, 2) and "Traceback" not in away.err + unfit.err
    assert "database is away" in away.err and "MICROSOFT_APP_ID" in unfit.err


OLD = """
    UPDATE history SET expires = now() - interval '1 minute', at = now() - interval '40 days' WHERE person = %s
"""


def swept(firm: Firm) -> int:
    """How often it was looked for what is past its time."""
    return sum('"retention done"' in line for line in firm.lines)


async def test_the_serving_process_deletes_what_is_past_its_time_when_the_hour_has_come(firm: Firm) -> None:
    before = swept(firm)
    await firm.stands("SELECT FROM inbox WHERE tenant = '' AND open AND due > now()")
    kept = await firm.rows("SELECT count(*) FROM history WHERE person <> %s", BRUNO.id)
    assert await firm.change(OLD, BRUNO.id) == 2
    await firm.change("UPDATE inbox SET due = now() WHERE tenant = '' AND open")
    await firm.change("SELECT pg_notify('parley', '')")
    planned = "SELECT FROM inbox WHERE tenant = '' AND open AND due > now()"
    await firm.stands(planned, holds=lambda found: bool(found) and swept(firm) > before)
    assert await firm.rows("SELECT FROM history WHERE person = %s", BRUNO.id) == []
    assert await firm.rows("SELECT count(*) FROM history") == kept


async def test_the_operator_deletes_what_is_past_its_time_but_nothing_that_is_held(firm: Firm) -> None:
    await firm.operator("hold", "--person", CHIDI.id)
    assert await firm.change(OLD, CHIDI.id) == await firm.change(OLD, FATIMA.id) == 2
    shown, ran = await firm.operator("retention"), await firm.operator("retention", "run")
    assert "retention.history" in shown.out and ran.code == 0 and ran.out == "2 rows deleted\n"
    assert await firm.rows("SELECT DISTINCT person FROM history WHERE expires < now()") == [(CHIDI.id,)]
    assert await firm.rows("SELECT count(*) FROM audit WHERE action = 'sweep' AND actor = 'operator'") == [(1,)]


UNSEALED = (
    "SELECT count(*) FROM audit a WHERE NOT EXISTS (SELECT FROM seals s WHERE s.tenant = a.tenant AND s.audit = a.id)"
)


async def test_a_row_of_the_audit_that_somebody_changed_is_found(firm: Firm) -> None:
    await firm.stands(UNSEALED, holds=lambda found: found == [(0,)])
    before = await firm.operator("audit", "verify")
    ((id,),) = await firm.rows("SELECT min(id) FROM audit WHERE tenant = %s AND outcome = 'ok'", TENANT)
    assert await firm.change("UPDATE audit SET outcome = 'refused' WHERE id = %s", id) == 1
    changed = await firm.operator("audit", "verify", "--json")
    await firm.change("UPDATE audit SET outcome = 'ok' WHERE id = %s", id)
    assert await firm.change("DELETE FROM audit WHERE id = %s", id) == 1
    missing = await firm.operator("audit", "verify", "--json")
    assert before.code == 0 and " ok " in before.out
    assert changed.code == missing.code == 1
    assert [(row["verdict"], row["changed"]) for row in changed.rows if row["tenant"]] == [("FAULT", str(id))]
    assert [(row["verdict"], row["missing"]) for row in missing.rows if row["tenant"]] == [("FAULT", str(id))]


async def test_the_newest_seal_stands_in_the_log_too(firm: Firm) -> None:
    told = [json.loads(line) for line in firm.lines if '"audit sealed"' in line]
    seals = await firm.rows("SELECT number, encode(hash, 'hex') FROM seals WHERE tenant = %s", TENANT)
    assert told and (told[-1]["count"], told[-1]["seal"]) in seals


async def test_nothing_that_anybody_wrote_is_logged(firm: Firm) -> None:
    assert firm.told(ADA, CANARY, personal(ADA)) and not any(CANARY in line for line in firm.lines)
