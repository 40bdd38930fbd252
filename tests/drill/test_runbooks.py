"""What the runbooks name exists: commands, alerts, events, resources, pages. At night nobody looks it up."""

import re
import shlex
from pathlib import Path
from uuid import UUID

import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app import arguments
from bot import admin
from bot.store.away import Address
from bot.store.pool import Pool
from bot.store.rows import StoreAway
from bot.store.statements import PING
from bot.telemetry import Event
from tests.faults.servers import told
from tests.structure.source import ROOT, page

PAGES = sorted((ROOT / "docs").glob("runbooks*"))
RUNBOOKS = "\n".join(path.read_text(encoding="utf-8") for path in PAGES)
TERRAFORM = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "infra").rglob("*.tf")))
WRITTEN = re.compile(r"python -m bot\.admin ([^`|>\n]*)")
RESOURCE = re.compile(r"\b((?:rg|bot|agw|pe|alert|budget|kept|id|psql|app|kv)-(?:parley|\$UNIQUE|database)[\w-]*)")
CHAPTERS = (
    "Key rotation",
    "Model retirement",
    "Region failover",
    "Restore",
    "Breach",
    "Silent Teams",
    "Cost spike",
    "Erase request",
)


def words(written: str) -> list[str]:
    """The words of a command as they would be typed."""
    ids = written.replace("TENANT-ID", str(UUID(int=0))).replace("OBJECT-ID", str(UUID(int=0)))
    return [word for word in shlex.split(ids, comments=True) if word != "…"]


@pytest.mark.parametrize("written", sorted({found.strip() for found in WRITTEN.findall(RUNBOOKS)} - {"…"}))
def test_a_command_of_the_operators_is_understood(written: str) -> None:
    given = words(written)
    assert admin.arguments(given).command == given[0]


@pytest.mark.parametrize("verb", sorted(set(re.findall(r"`keys ([a-z]+)`", RUNBOOKS))))
def test_a_verb_for_keys_is_understood(verb: str) -> None:
    assert admin.arguments(["keys", verb, "--tenant", str(UUID(int=0))]).verb == verb


@pytest.mark.parametrize("command", sorted(set(re.findall(r"app\.py ([a-z]+)", RUNBOOKS))))
def test_a_command_of_the_app_is_understood(command: str) -> None:
    assert arguments([command]).command == command


async def test_evidence_can_be_taken_while_nothing_is_taken_in(database: str) -> None:
    evidence = RUNBOOKS.partition("4. Evidence")[2].partition("```\n")[2].partition("```")[0]
    found = re.match(r" *export PGOPTIONS='([^']+)'\n", evidence)
    name = conninfo_to_dict(database)["dbname"]
    await told(database, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with pytest.raises(StoreAway):
        async with Pool(Address(database)) as pool:
            await pool.ping()
    assert found is not None
    async with Pool(Address(make_conninfo(database, options=found[1]))) as pool:  # where libpq puts PGOPTIONS
        assert await pool.run(PING) == [(1,)]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)`", RUNBOOKS))))
def test_a_target_of_make_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", page("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("event", sorted(set(re.findall(r'`"(?:event": ")?([a-z ]+)"`', RUNBOOKS))))
def test_an_event_can_be_logged(event: str) -> None:
    assert event in set(Event)


def alerts() -> set[str]:
    """What infra calls its alerts, the one of every region by the word for it."""
    told = re.findall(r'"?([a-z][a-z-]*?)(-\$\{region\})?"?\s*=>?\s*\{\s*says\s*=', TERRAFORM)
    changes = re.findall(r'^\s+(\w+)\s*= "Microsoft\.[\w/]+/(?:write|delete)"$', TERRAFORM, re.MULTILINE)
    named = {f"{name}{'-REGION' if region else ''}" for name, region in told} - {"key"}  # of a loop, not of an alert
    return named | {*changes, "door"}


def led() -> set[str]:
    """The alerts of the table that says where each leads."""
    rows = re.findall(r"^\| (`[^|]*) \|", RUNBOOKS.partition("## Key rotation")[0], re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([\w-]+)`", row)} - {"budget-parley"}


def test_every_alert_leads_to_a_runbook_and_no_other_is_named() -> None:
    assert led() == alerts()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"alert-parley-([\w-]+)", RUNBOOKS))))
def test_an_alert_that_a_runbook_names_is_sent(name: str) -> None:
    assert name in alerts()


@pytest.mark.parametrize("name", sorted(set(RESOURCE.findall(RUNBOOKS))))
def test_a_resource_that_a_runbook_names_is_made(name: str) -> None:
    """By its pattern; what a restore makes beside it ends in -b."""
    if name.startswith("alert-"):
        return
    made = name.removesuffix("-b").replace("$UNIQUE", "${var.place.unique}").replace("parley", "${var.place.name}")
    known = ("rg-${var.name}", "kept-${each.key}")
    assert f'"{made}' in TERRAFORM or made.replace("place.", "") in known or name == "kept-database"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_runbook_says_how_one_notices_and_when_it_is_over(chapter: str) -> None:
    text = RUNBOOKS.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    assert "**Noticed by:**" in text
    assert re.search(r"\*\*(Over when|Proof)", text)


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)]+)\)", RUNBOOKS))))
def test_a_link_leads_somewhere(link: str) -> None:
    file, _, anchor = link.partition("#")
    target = (ROOT / "docs" / file).resolve() if file else PAGES[0]
    heads = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
    assert not anchor or anchor in {slug(head) for head in heads}


def slug(head: str) -> str:
    """A heading's anchor."""
    return re.sub(r"[^\w -]", "", head).lower().replace(" ", "-")


def test_the_page_is_short_enough_to_be_found_through() -> None:
    assert all(len(Path(path).read_text(encoding="utf-8").splitlines()) <= 400 for path in PAGES)
