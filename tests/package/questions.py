"""Every question that the infrastructure asks of the logs, as Azure would be asked it: the panels' and the alerts'."""

import re
from collections.abc import Mapping
from typing import Any

from infra.dashboards import render
from tests.package.terraform import infra

OBSERVED = infra().locals("modules/observability")
GIVEN = {
    "lower(var.group_id)": "/subscriptions/0/resourcegroups/rg-parley",
    "var.office_hours.zone": "Europe/Stockholm",
    "var.office_hours.from": "8",
    "var.office_hours.until - 1": "16",
}
"""What a company says, for a sample."""


def filled(text: str, given: Mapping[str, str]) -> str:
    """A text with every `${…}` in it replaced, also in what replaces it."""
    values = {f"local.{name}": value for name, value in OBSERVED.items() if isinstance(value, str)} | dict(given)
    while found := re.search(r"\$\{([^{}]+)\}", text):
        text = text.replace(found[0], values[found[1]])
    return text


def alerts() -> dict[str, dict[str, Any]]:
    """The rules that ask, by their short names; those about the bot's log are made from a list of events."""
    (made,) = re.findall(r'query = "(where .*?)"\}\}', OBSERVED["asked_of_log"])
    logged = {
        name: each | {"table": "AppServiceConsoleLogs", "query": made.replace("${each.event}", each["event"])}
        for name, each in OBSERVED["events"].items()
    }
    return {**logged, **OBSERVED["asked_of_figures"], **OBSERVED["asked_of_door"]}


def asked_by_alerts() -> dict[str, str]:
    """Each alert's whole query, put together as the resource does it."""
    whole = infra().only("azurerm_monitor_scheduled_query_rules_alert_v2").body["criteria"][0]["query"]
    return {
        f"alert {name}": filled(whole, GIVEN | {f"each.value.{key}": str(value) for key, value in each.items()})
        for name, each in alerts().items()
    }


def asked_by_panels() -> dict[str, str]:
    """Each panel's whole query, in steps of five minutes."""
    return {f"panel {panel.title}": filled(panel.asked("5m"), {"group": "rg-parley"}) for panel in render.panels()}
