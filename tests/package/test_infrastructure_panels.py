"""What is looked at: one list of panels, of which the workbook in Azure and the dashboard for Grafana are both made."""

import itertools
import json
import re
from typing import Any

from bot.marks import ALLOWED, Metric
from infra.dashboards import render
from tests.package.questions import OBSERVED
from tests.package.terraform import infra

PANELS = render.panels()
WORKBOOK: dict[str, Any] = json.loads((render.HERE / "workbook.json").read_text(encoding="utf-8"))
GRAFANA: dict[str, Any] = json.loads((render.HERE / "grafana.json").read_text(encoding="utf-8"))
STEPS = [item["content"] for item in WORKBOOK["items"] if item["type"] == 3]
DRAWN = [panel for panel in GRAFANA["panels"] if panel["type"] != "row"]
FIGURES = {metric.value for metric in Metric}
"""Everything that the bot measures."""


def test_both_files_are_what_the_list_says() -> None:
    for name, text in render.made().items():
        assert (render.HERE / name).read_text(encoding="utf-8") == text, "python infra/dashboards/render.py"


def test_the_workbook_and_grafana_ask_the_same_in_the_same_order() -> None:
    ours = [step["query"].replace("{TimeRange:grain}", "GRAIN") for step in STEPS]
    theirs = [panel["targets"][0]["azureLogAnalytics"]["query"].replace("$__interval", "GRAIN") for panel in DRAWN]
    assert ours == theirs and len(ours) == len(PANELS)


def test_everything_that_the_bot_measures_has_a_panel_and_nothing_else_is_asked_for() -> None:
    asked = set(re.findall(r'"((?:parley|gen_ai\.client)\.[a-z_.]+)"', "\n".join(panel.query for panel in PANELS)))
    assert asked == FIGURES


def test_the_figures_are_split_by_what_the_bot_says_of_them() -> None:
    split = set(re.findall(r'Properties\["([^"]+)"\]', "\n".join(panel.query for panel in PANELS)))
    assert split and split <= {called for called, _ in ALLOWED.values()}


def test_gateway_app_database_and_models_have_panels_too() -> None:
    queries = "\n".join(panel.query for panel in PANELS)
    for kind in ("Microsoft.Network", "Microsoft.Web", "Microsoft.DBforPostgreSQL", "Microsoft.CognitiveServices"):
        assert f'ResourceProvider =~ "{kind}"' in queries


def test_every_question_is_narrowed_to_this_parley_right_after_its_table() -> None:
    ours = "| where _ResourceId contains '/resourcegroups/${group}/' and _ResourceId !contains '/slots/'"
    assert {step["query"].split("\n")[1] for step in STEPS} == {ours}


def test_every_panel_says_what_it_means_and_has_a_name_of_its_own() -> None:
    assert len({panel.title for panel in PANELS}) == len(PANELS)
    assert all(len(panel.says) > 30 and panel.unit in render.UNITS and panel.draw in render.CHARTS for panel in PANELS)
    explained = "\n".join(item["content"]["json"] for item in WORKBOOK["items"] if item["type"] == 1)
    assert all(panel.says in explained for panel in PANELS)


def test_what_is_drawn_over_time_is_asked_for_by_time() -> None:
    wrong = [
        panel.title for panel in PANELS if (panel.draw == "table") == ("bin(TimeGenerated, {grain})" in panel.query)
    ]
    assert not wrong


def test_the_panels_of_grafana_do_not_overlap() -> None:
    assert len({panel["id"] for panel in GRAFANA["panels"]}) == len(GRAFANA["panels"])
    taken = list(itertools.chain.from_iterable(cells(panel["gridPos"]) for panel in GRAFANA["panels"]))
    assert len(taken) == len(set(taken)) and max(x for x, _ in taken) == 23


def cells(place: dict[str, int]) -> list[tuple[int, int]]:
    across, down = range(place["x"], place["x"] + place["w"]), range(place["y"], place["y"] + place["h"])
    return list(itertools.product(across, down))


def test_grafana_names_no_ones_source_workspace_or_group() -> None:
    chosen = {each["name"]: each["type"] for each in GRAFANA["templating"]["list"]}
    assert chosen == {"source": "datasource", "subscription": "query", "workspace": "query", "group": "textbox"}
    assert {panel["datasource"]["uid"] for panel in DRAWN} == {"${source}"}
    assert {tuple(panel["targets"][0]["azureLogAnalytics"]["resources"]) for panel in DRAWN} == {("$workspace",)}


def test_terraform_fills_in_everything_that_the_workbook_leaves_open() -> None:
    text = (render.HERE / "workbook.json").read_text(encoding="utf-8")
    body = infra().only("azurerm_application_insights_workbook").body
    assert set(re.findall(r"[$%]\{(\w+)\}", text)) == set(re.findall(r"(\w+)\s*=", body["data_json"]))
    assert "dashboards/workbook.json" in body["data_json"]


def test_the_alerts_ask_for_figures_that_the_bot_has() -> None:
    asked = set(re.findall(r"'(parley\.[a-z_.]+[a-z])'", json.dumps(OBSERVED["asked_of_figures"])))
    assert asked and asked <= FIGURES


def test_the_plan_grows_by_a_figure_that_the_bot_has() -> None:
    rules = infra().only("azurerm_monitor_autoscale_setting").body["profile"][0]["rule"]
    triggers = [rule["metric_trigger"][0] for rule in rules if "metric_namespace" in rule["metric_trigger"][0]]
    assert {each["metric_name"] for each in triggers} == {"parley.lane.age"} <= FIGURES
    # The namespace into which Azure Monitor's exporter writes unless it is told otherwise.
    assert {each["metric_namespace"] for each in triggers} == {"azure.applicationinsights"}
    assert {each["operator"] for each in triggers} == {"GreaterThan", "LessThan"}
    assert {each["metric_resource_id"] for each in triggers} == {"${var.insights_id}"}
