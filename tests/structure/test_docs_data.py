"""The data map names everything that rests and every address that is called, with the days that hold by themselves."""

import re

import pytest

from bot.clauses import RULES
from bot.settings import SETTINGS
from tests.structure.blocks import BLOCK
from tests.structure.datamap import DATABASE, KINDS, PLACES, TABLES, WAYS
from tests.structure.source import page
from tests.structure.test_pages import TABLES as STORED

PRIVACY = page("docs/privacy.md")
BYTES = {f"{table}.{name}" for table, body in STORED.items() for name in re.findall(r"(\w+)\s+bytea", body)}
NO_CONTENT = {"seals.hash", "seals.digest", "seals.previous", "data_keys.wrapped"}
RESTS = [(kind, rest) for kind in KINDS for rest in kind.rests]
NAMED = {column for _, rest in RESTS for column in rest.columns}
OUTWARD = re.compile(r"_(URL|ENDPOINTS?|ORIGINS|HOSTS|KEY|CONNECTION_STRING)$")
DEFAULTS = {setting.name: setting.default for setting in SETTINGS}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_of_the_page_is_that_of_the_map(name: str) -> None:
    """Otherwise: `python -m tests.structure.datamap`."""
    assert BLOCK.format(name, TABLES[name]) in PRIVACY


def test_the_map_names_every_table_and_no_other() -> None:
    assert {name.partition(".")[0] for name in NAMED} == set(STORED) | {"migrations"}, (
        "migrations is made before any of them"
    )


def test_the_map_names_every_column_that_can_hold_what_people_wrote_and_no_other() -> None:
    assert {name for name in NAMED if "." in name} == BYTES


def test_what_people_wrote_is_sealed_wherever_it_rests_in_the_database() -> None:
    sealed = {column for _, rest in RESTS if rest.sealed for column in rest.columns}
    assert sealed == BYTES - NO_CONTENT
    assert {rest.place for _, rest in RESTS if rest.sealed or rest.columns} == {DATABASE}


def test_everything_is_somewhere_that_the_picture_shows() -> None:
    assert {rest.place for _, rest in RESTS} | {place for kind in KINDS for place in kind.passes} == set(PLACES)


def test_every_address_of_the_settings_is_in_the_map() -> None:
    named = [name for way in WAYS for name in way.settings]
    calling = {setting.name for setting in SETTINGS if OUTWARD.search(setting.name)} - {"ALLOW_PUBLIC_MODEL_ENDPOINT"}
    assert len(named) == len(set(named)) and calling <= set(named) <= set(DEFAULTS)
    assert {name for name, default in DEFAULTS.items() if (default or "").startswith("https://")} <= set(named)


@pytest.mark.parametrize(
    ("columns", "days"),
    [
        (("history.text",), DEFAULTS["RETENTION_DAYS"]),
        (("visits",), DEFAULTS["RETENTION_DAYS"]),
        (("audit",), DEFAULTS["AUDIT_DAYS"]),
    ],
)
def test_the_days_of_the_map_are_those_of_the_settings(columns: tuple[str, ...], days: str) -> None:
    (long,) = {rest.long for _, rest in RESTS if rest.columns == columns}
    assert long == f"{days} days"


@pytest.mark.parametrize(
    ("rule", "columns"), [("retention.feedback", ("feedback.text",)), ("retention.usage", ("usage",))]
)
def test_the_days_of_the_map_are_those_of_the_rules(rule: str, columns: tuple[str, ...]) -> None:
    (long,) = {rest.long for _, rest in RESTS if rest.columns == columns}
    assert f'Clause("{rule}"' in page("bot/clauses.py") and rule in RULES
    (days,) = re.findall(rf'Clause\("{re.escape(rule)}", .*always\("(\d+)"\)', page("bot/clauses.py"))
    assert long == f"{days} days"


def test_backups_and_logs_are_kept_as_long_as_the_infrastructure_says() -> None:
    assert re.search(r"backup_retention_days\s+= 35", page("infra/modules/database/main.tf"))
    assert PRIVACY.count("35 days") >= 2
    logs = "".join(page(f"infra/variables_{name}.tf") for name in ("sizes", "watch"))
    assert re.search(r'^variable "log_retention_days".*?default\s+= 90$', logs, re.MULTILINE | re.DOTALL)
    assert any(rest.place == "logs" and rest.long == "90 days" for _, rest in RESTS)


def test_the_statement_leaves_to_the_company_what_only_it_knows() -> None:
    statement = PRIVACY.partition("## A statement for your people")[2]
    assert statement.count("‹") == statement.count("›") >= 15
    assert "no legal advice" in statement


def test_nobody_is_promised_that_no_one_can_read() -> None:
    """An administrator's export holds what the person wrote; whoever signs the statement must know."""
    statement = " ".join(PRIVACY.partition("## A statement for your people")[2].replace("\n>", " ").split())
    assert statement.count("contents included") >= 2


@pytest.mark.parametrize("words", ["what do you know about me", "export my data", "forget me", "chats", "privacy"])
def test_a_right_can_be_used_as_the_statement_says(words: str) -> None:
    assert f"`{words}`" in PRIVACY.partition("## A statement for your people")[2]
