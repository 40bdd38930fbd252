import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.admin import arguments, run
from bot.audit import Action, Entry, Outcome
from bot.store.away import Address
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.rows import Arrival, Record
from bot.store.store import Store
from bot.telemetry import hashed
from dialogs.talk import Message, Usage
from tests.world.database import database, postgres
from tests.world.people import ADA, TENANT

__all__ = ["database", "postgres"]
ROOT = Path(__file__).parents[2]
NOW = datetime.now(UTC).replace(microsecond=0)
MODEL = "gpt-5.4-mini"
CANARY = "canary-7f3e"


@dataclass
class Desk:
    """The operator's desk, over a real database."""

    store: Store
    ledger: Ledger

    async def happened(self, conversation: str, outcome: Outcome, expires: datetime | None = None) -> None:
        """Somebody asked something, and it ended so."""
        accepted = await self.store.accept(Arrival(TENANT, conversation, f"{conversation} 1", CANARY.encode(), NOW))
        assert accepted.claim is not None
        entry = Entry(
            NOW, TENANT, ADA.id, "personal", hashed(conversation), Action.ANSWER, outcome, MODEL, 900, 80, dropped=7
        )
        lines = (Message("user", CANARY), Message("assistant", CANARY))
        usage = (Usage(MODEL, 900, 80, 10),)
        record = Record(NOW, outcome, lines, person=ADA.id, usage=usage, audit=entry, expires=expires)
        await self.store.finish(accepted.claim, record)

    async def run(self, *given: str) -> tuple[int, list[str]]:
        """The exit code and what was printed."""
        said: list[str] = []
        return await run(arguments(given), self.ledger, NOW, said.append), said

    async def keys(self) -> list[str]:
        _, said = await self.run("dead", "list", "--json")
        return [json.loads(line)["key"] for line in said]


@pytest.fixture
async def desk(database: str) -> AsyncIterator[Desk]:
    async with Pool(Address(database)) as pool:
        yield Desk(Store(pool, "operator"), Ledger(pool))


@pytest.fixture
async def buried(desk: Desk) -> Desk:
    """Two asks were given up, one was answered."""
    await desk.happened("19:a", Outcome.DEAD)
    await desk.happened("19:b", Outcome.DEAD)
    await desk.happened("19:c", Outcome.OK)
    return desk


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
    assert (await buried.run("dead", "drop", "--all"))[0] == 0
    assert await buried.keys() == []
    assert await buried.store.claim(5) == []


async def test_a_key_that_is_not_there_is_said_and_the_others_are_done(buried: Desk) -> None:
    _, second = await buried.keys()
    assert (await buried.run("dead", "retry", "000000000000", second))[0] == 1
    assert [claim.conversation for claim in await buried.store.claim(5)] == ["19:b"]


async def test_usage_is_shown_by_day_person_and_model(buried: Desk) -> None:
    _, said = await buried.run("usage", "--days", "2")
    assert said[1].split() == [NOW.date().isoformat(), TENANT, ADA.id, MODEL, "3", "2700", "30", "240", "False"]


async def test_usage_is_shown_as_json(buried: Desk) -> None:
    _, (line,) = await buried.run("usage", "--json")
    assert json.loads(line)["input"] == 2_700


async def test_the_audit_shows_as_many_rows_as_asked_for_and_no_content(buried: Desk) -> None:
    _, said = await buried.run("audit", "--limit", "2", "--json")
    assert [json.loads(line)["outcome"] for line in said] == ["ok", "dead"]
    assert CANARY not in "".join(said)


async def test_the_audit_shows_how_many_points_were_dropped(buried: Desk) -> None:
    _, (line,) = await buried.run("audit", "--limit", "1", "--json")
    assert json.loads(line)["dropped"] == 7


async def test_a_sweep_deletes_what_is_past_its_time(desk: Desk) -> None:
    await desk.happened("19:a", Outcome.OK, expires=NOW - timedelta(seconds=1))
    await desk.happened("19:b", Outcome.OK, expires=NOW + timedelta(days=1))
    assert await desk.run("sweep") == (0, ["2 rows deleted"])
    assert len(await desk.store.history(TENANT, "19:b", 0, 5)) == 2


@pytest.mark.parametrize(
    "given",
    [
        ["dead", "retry"],
        ["dead", "drop", "x", "--all"],
        ["dead"],
        ["usage", "--days", "0"],
        ["audit", "--limit", "x"],
        ["nothing"],
        [],
        ["rules"],
        ["rules", "list", "guests", "--tenant", TENANT],
        ["rules", "set", "--tenant", TENANT],
        ["rules", "set", "pets", "allow", "--tenant", TENANT],
        ["rules", "set", "guests", "maybe", "--tenant", TENANT],
        ["rules", "set", "guests", "--tenant", TENANT],
        ["rules", "set", "guests", "allow", "--tenant", "contoso.com"],
        ["rules", "unset", "guests", "allow", "--tenant", TENANT],
    ],
)
def test_a_command_that_makes_no_sense_ends_with_words(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        arguments(given)
    assert ended.value.code == 2
    assert "usage: python -m bot.admin" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "words"),
    [(("pets", "allow"), "there are: guests"), (("guests", "maybe"), "guests can be: refuse, allow")],
)
def test_a_rule_that_cannot_be_is_refused_with_what_can(
    given: tuple[str, str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        arguments(["rules", "set", *given, "--tenant", TENANT])
    assert words in capsys.readouterr().err


async def test_a_rule_that_nobody_has_set_holds_as_it_is(desk: Desk) -> None:
    _, said = await desk.run("rules", "--tenant", TENANT)
    assert [line.split() for line in said] == [["name", "value", "at", "by"], ["guests", "refuse"]]


async def test_a_rule_that_is_set_holds_for_that_company_alone(desk: Desk) -> None:
    assert await desk.run("rules", "set", "guests", "allow", "--tenant", TENANT) == (0, ["guests: allow"])
    _, (line,) = await desk.run("rules", "list", "--tenant", TENANT, "--json")
    assert json.loads(line) == {"name": "guests", "value": "allow", "at": NOW.isoformat(), "by": "operator"}
    assert [await desk.store.rules(each) for each in (TENANT, "another")] == [{"guests": "allow"}, {}]


async def test_a_company_is_known_however_its_id_is_written(desk: Desk) -> None:
    await desk.run("rules", "set", "guests", "allow", "--tenant", TENANT.upper())
    assert await desk.store.rules(TENANT) == {"guests": "allow"}


async def test_a_rule_that_is_unset_holds_as_before(desk: Desk) -> None:
    await desk.run("rules", "set", "guests", "allow", "--tenant", TENANT)
    assert await desk.run("rules", "unset", "guests", "--tenant", TENANT) == (0, ["guests: refuse"])
    assert await desk.store.rules(TENANT) == {}


async def test_a_change_of_a_rule_stands_in_the_audit(desk: Desk) -> None:
    await desk.run("rules", "set", "guests", "allow", "--tenant", TENANT)
    _, (line,) = await desk.run("audit", "--json")
    row = json.loads(line)
    assert (row["action"], row["person"], row["tenant"], row["outcome"]) == ("rule", "operator", TENANT, "ok")


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
    assert {"dead", "usage", "audit", "sweep", "rules"} <= set(ran.stdout.split())
