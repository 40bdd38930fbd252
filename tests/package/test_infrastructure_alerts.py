"""Who is told of what: every fault that people would feel has a rule, and every question is one that Azure understands."""

import json
import os
import re
import shutil
import subprocess

import pytest

from tests.package.questions import alerts, asked_by_alerts, asked_by_panels
from tests.package.terraform import infra
from tests.structure.source import ROOT

ASKED = alerts()
LANGUAGE = "node_modules/@kusto/language-service-next"
SHAPE = re.compile(
    r"\w+ \| where _ResourceId contains '/subscriptions/0/resourcegroups/rg-parley/' and _ResourceId !contains '/slots/' \| "
)


def understood(questions: dict[str, str]) -> str:
    """What Microsoft's own parser has to say against queries; nothing where it understands them."""
    if shutil.which("node") is None or not (ROOT / LANGUAGE).is_dir():
        assert not os.environ.get("PARLEY_SKIP_NOTHING"), "no Node, or no packages of it"
        pytest.skip("no Node, or no packages of it")
    command = ("node", "tests/package/kusto.mjs")
    return subprocess.run(command, cwd=ROOT, input=json.dumps(questions), capture_output=True, text=True).stdout


def test_every_query_is_understood() -> None:
    assert understood(asked_by_panels() | asked_by_alerts()) == ""


def test_a_query_that_is_wrong_is_found() -> None:
    wrong = {"column": "AppMetrics | where Nam == 'x'", "operator": "AppMetrics | sumarize count()"}
    said = understood(wrong)
    assert "column: The name 'Nam'" in said and "operator: Query operator expected" in said


def test_the_faults_that_people_feel_have_a_rule() -> None:
    assert {
        *("dead", "waiting", "unanswered", "silence", "slow"),
        *("breaker", "throttled", "model", "filtered", "cost"),
        *("store", "keys", "refused", "blocked", "retiring", "blind"),
    } == ASKED.keys()


@pytest.mark.parametrize(("name", "query"), asked_by_alerts().items())
def test_an_alert_asks_about_this_parley_only_and_for_one_value(name: str, query: str) -> None:
    assert SHAPE.match(query)
    assert "value" in query.rpartition("|")[2] or "value" in query.rpartition("|")[0].rpartition("|")[2]


def test_nobody_is_woken_for_what_can_wait_until_morning() -> None:
    woken = {name for name, each in ASKED.items() if each["severity"] <= 1}
    assert woken == {"dead", "waiting", "unanswered", "silence", "store", "keys"}


def test_silence_is_a_fault_in_the_companys_own_office_hours_only() -> None:
    silence = asked_by_alerts()["alert silence"]
    assert "datetime_utc_to_local(now(), 'Europe/Stockholm')" in silence
    assert "between (1d .. 5d)" in silence and "between (8 .. 16)" in silence


def test_nobody_is_woken_at_the_first_office_hour_for_the_quarter_before_it() -> None:
    silence = asked_by_alerts()["alert silence"]
    assert "hourofday(datetime_utc_to_local(now(), 'Europe/Stockholm') - 15m) >= 8" in silence


def test_the_cost_is_watched_where_there_is_a_budget() -> None:
    rule = infra().only("azurerm_monitor_scheduled_query_rules_alert_v2").body
    assert rule["for_each"] == '${{for key, each in local.asked : key => each if key != "cost" || var.budget != null}}'


def test_the_networks_group_is_watched_and_paid_for_too() -> None:
    both = ["${var.group_id}", "${var.network_group_id}"]
    assert infra().only("azurerm_monitor_activity_log_alert").body["scopes"] == both
    budget = infra().only("azurerm_consumption_budget_subscription").text
    assert "basename(var.group_id)" in budget and "basename(var.network_group_id)" in budget
    handed = infra().blocks("module", ".")["observability"]
    assert handed["network_group_id"] == "${azurerm_resource_group.network.id}"


def test_a_rule_is_told_to_the_same_people_and_ends_by_itself() -> None:
    rule = infra().only("azurerm_monitor_scheduled_query_rules_alert_v2").body
    assert rule["auto_mitigation_enabled"] is True
    assert rule["action"][0]["action_groups"] == ["${azurerm_monitor_action_group.people.id}"]
