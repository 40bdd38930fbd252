"""What the pages say of the program is true: days, seconds, columns, events, commands."""

import re
import shlex
from uuid import UUID

import pytest

from bot import admin, limits
from bot.store.parameters import REMEMBERED
from bot.store.sessions import MIGRATIONS_FENCE, ROLE
from bot.store.sweeps import IDLE
from bot.telemetry import Event
from dialogs.rules import ATTEMPTS
from tests.structure.source import ROOT, page

SCHEMA = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "bot/store/migrations").glob("*.sql")))
TABLES = dict(re.findall(r"CREATE TABLE (\w+) \((.*?)\n\)", SCHEMA, re.DOTALL))
for name, column in re.findall(r"^ALTER TABLE (\w+) ADD COLUMN (.*);", SCHEMA, re.MULTILINE):
    TABLES[name] += f"\n    {column}"
OPERATIONS = page("docs/operations.md")
PRIVACY = page("docs/privacy.md")
NUMBERS = {5: "five"}


def test_privacy_names_every_table() -> None:
    assert {table for table in TABLES if f"`{table}`" not in PRIVACY} == set()


@pytest.mark.parametrize("column", sorted(set(re.findall(r"`(\w+\.\w+)`", PRIVACY))))
def test_a_column_that_privacy_names_exists_and_holds_bytes(column: str) -> None:
    table, name = column.split(".")
    assert re.search(rf"^\s*{name}\s+bytea", TABLES[table], re.MULTILINE)


def test_privacy_names_every_column_that_can_hold_what_people_wrote() -> None:
    holding = {f"{table}.{name}" for table, body in TABLES.items() for name in re.findall(r"(\w+)\s+bytea", body)}
    assert {column for column in holding if f"`{column}`" not in PRIVACY} == set()


def test_operations_names_the_role_that_serves_and_the_fence_of_its_rows() -> None:
    assert f"GRANT {ROLE} TO" in OPERATIONS and f"CREATE ROLE {ROLE}" in OPERATIONS
    assert f"`{MIGRATIONS_FENCE}`" in OPERATIONS


@pytest.mark.parametrize("days", [REMEMBERED.days, IDLE.days], ids=["finished", "idle lanes"])
def test_privacy_names_the_days_that_the_store_counts(days: int) -> None:
    assert f"{days} days" in PRIVACY


def test_operations_names_the_seconds_that_the_loop_counts() -> None:
    assert f"for at most {limits.DRAIN.seconds} seconds" in OPERATIONS
    assert f"leases run out after {limits.LEASE.seconds} seconds" in OPERATIONS
    assert f"after {NUMBERS[ATTEMPTS]} tries" in OPERATIONS


@pytest.mark.parametrize("event", re.findall(r'`"(?:event": ")?([a-z ]+)"`', OPERATIONS))
def test_an_event_that_operations_names_can_be_logged(event: str) -> None:
    assert event in set(Event)


def test_operations_names_the_events_that_call_for_somebody() -> None:
    events = (Event.STORE_AWAY, Event.DEAD, Event.LEASE_LOST, Event.KEYS_FAILED, Event.MODEL_OPENED)
    assert {event for event in events if event.value not in OPERATIONS} == set()


@pytest.mark.parametrize("words", re.findall(r"-m bot\.admin (.*)", OPERATIONS))
def test_a_command_that_operations_shows_is_understood(words: str) -> None:
    given = [
        word
        for word in shlex.split(
            words.replace("TENANT-ID", str(UUID(int=0))).replace("OBJECT-ID", str(UUID(int=0))), comments=True
        )
        if word != "…"
    ]
    assert admin.arguments(given).command == given[0]
