"""Makes the workbook in Azure and the dashboard for Grafana from one list of panels, so that the two cannot drift.

    python infra/dashboards/render.py

reads panels.toml and writes workbook.json, which Terraform fills with the workspace and the resource group, and
grafana.json, which Grafana imports as it is (data source Azure Monitor). With `--check` it only compares.
"""

import json
import sys
import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SOURCE = {"type": "grafana-azure-monitor-datasource", "uid": "${source}"}
UNITS = {"count": "short", "seconds": "s", "milliseconds": "ms", "percent": "percent", "money": "none"}
CHARTS = {"lines": "timechart", "bars": "barchart", "table": "table"}
TITLE = "Parley"
FOREWORD = "What Parley does, how long people wait, what it costs and what refuses. Figures only: nothing here holds what anybody wrote."
WIDTH, HEIGHT = 12, 8
"""A panel of Grafana in its own units: half of the width of 24."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One picture: where it stands, what it is called, what it says to whoever looks, and the query it shows."""

    row: str
    title: str
    says: str
    draw: str
    unit: str
    query: str

    def asked(self, grain: str) -> str:
        """The query, narrowed to the resource group right after its table; `grain` as the one who draws it says it."""
        table, _, rest = self.query.strip().partition("\n")
        ours = "| where _ResourceId contains '/resourcegroups/${group}/' and _ResourceId !contains '/slots/'"
        return "\n".join((table, ours, rest)).replace("{grain}", grain)


def panels() -> tuple[Panel, ...]:
    """The list, in its order."""
    return tuple(Panel(**each) for each in tomllib.loads((HERE / "panels.toml").read_text(encoding="utf-8"))["panel"])


def rows(found: tuple[Panel, ...]) -> Iterator[tuple[str, list[Panel]]]:
    """The panels by the row they stand in."""
    for row, members in groupby(found, lambda panel: panel.row):
        yield row, list(members)


def words(text: str, name: str) -> dict[str, Any]:
    """A text of the workbook."""
    return {"type": 1, "content": {"json": text}, "name": name}


def ranges() -> dict[str, Any]:
    """What whoever looks at the workbook can choose: how far back."""
    choices = [{"durationMs": hours * 3_600_000} for hours in (1, 4, 24, 72, 168, 720)]
    parameter = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, "parley/TimeRange")),
        "version": "KqlParameterItem/1.0",
        "name": "TimeRange",
        "label": "Time",
        "type": 4,
        "isRequired": True,
        "value": {"durationMs": 86_400_000},
        "typeSettings": {"selectableValues": choices, "allowCustom": True},
    }
    content = {"version": "KqlParameterItem/1.0", "parameters": [parameter], "style": "pills"}
    return {"type": 9, "content": content, "name": "time"}


def step(panel: Panel) -> dict[str, Any]:
    """A panel of the workbook."""
    content = {
        "version": "KqlItem/1.0",
        "query": panel.asked("{TimeRange:grain}"),
        "size": 0,
        "title": titled(panel),
        "noDataMessage": "Nothing in this time.",
        "timeContextFromParameter": "TimeRange",
        "queryType": 0,
        "resourceType": "microsoft.operationalinsights/workspaces",
        "crossComponentResources": ["${workspace_id}"],
        "visualization": CHARTS[panel.draw],
    }
    return {"type": 3, "content": content, "customWidth": "50", "name": panel.title}


def titled(panel: Panel) -> str:
    """A title with its unit, since a workbook's axis does not say it."""
    return panel.title if panel.unit in ("count", "money") else f"{panel.title} ({panel.unit})"


def workbook() -> dict[str, Any]:
    """The workbook, with `${workspace_id}` and `${group}` for Terraform to fill in."""
    items = [words(f"# {TITLE}\n{FOREWORD}", "foreword"), ranges()]
    for row, members in rows(panels()):
        explained = "\n".join(f"- **{panel.title}**: {panel.says}" for panel in members)
        items += [words(f"## {row}\n{explained}", row), *map(step, members)]
    return {"version": "Notebook/1.0", "items": items, "fallbackResourceIds": ["${workspace_id}"]}


def variable(name: str, label: str, **more: Any) -> dict[str, Any]:
    """What whoever imports the dashboard chooses once."""
    return {"name": name, "label": label, "hide": 0, "skipUrlSync": False, **more}


def chosen() -> list[dict[str, Any]]:
    """Data source, subscription, workspace and resource group."""
    asked = {"type": "query", "datasource": SOURCE, "refresh": 1, "multi": False, "includeAll": False, "sort": 1}
    subscriptions = {"queryType": "Azure Subscriptions", "refId": "A"}
    workspaces = {"queryType": "Azure Workspaces", "subscription": "$subscription", "refId": "A"}
    group = {"text": "rg-parley", "value": "rg-parley"}
    return [
        variable("source", "Data source", type="datasource", query=SOURCE["type"], refresh=1),
        variable("subscription", "Subscription", query=subscriptions, **asked),
        variable("workspace", "Workspace", query=workspaces, **asked),
        variable("group", "Resource group", type="textbox", query="rg-parley", current=group, options=[]),
    ]


def target(panel: Panel) -> dict[str, Any]:
    """What Grafana asks for a panel."""
    asked = {
        "query": panel.asked("$__interval"),
        "resources": ["$workspace"],
        "resultFormat": "table" if panel.draw == "table" else "time_series",
        "dashboardTime": True,
        "timeColumn": "TimeGenerated",
    }
    return {"refId": "A", "datasource": SOURCE, "queryType": "Azure Log Analytics", "azureLogAnalytics": asked}


def drawn(panel: Panel) -> dict[str, Any]:
    """How Grafana draws a panel."""
    if panel.draw == "table":
        return {"type": "table", "fieldConfig": {"defaults": {}, "overrides": []}, "options": {"showHeader": True}}
    bars = panel.draw == "bars"
    custom = {
        "drawStyle": "bars" if bars else "line",
        "fillOpacity": 80 if bars else 0,
        "stacking": {"mode": "normal" if bars else "none", "group": "A"},
    }
    options = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}
    defaults = {"unit": UNITS[panel.unit], "min": 0, "custom": custom}
    return {"type": "timeseries", "fieldConfig": {"defaults": defaults, "overrides": []}, "options": options}


def placed(found: tuple[Panel, ...]) -> Iterator[dict[str, Any]]:
    """The rows and panels of Grafana, two side by side."""
    number, top = 0, 0
    for row, members in rows(found):
        number += 1
        place = {"x": 0, "y": top, "w": 2 * WIDTH, "h": 1}
        yield {"id": number, "type": "row", "title": row, "collapsed": False, "gridPos": place, "panels": []}
        top += 1
        for each, panel in enumerate(members):
            number += 1
            spot = {"x": WIDTH * (each % 2), "y": top + HEIGHT * (each // 2), "w": WIDTH, "h": HEIGHT}
            shown = {"id": number, "title": panel.title, "description": panel.says, "gridPos": spot, **drawn(panel)}
            yield {**shown, "datasource": SOURCE, "targets": [target(panel)]}
        top += HEIGHT * ((len(members) + 1) // 2)


def grafana() -> dict[str, Any]:
    """The dashboard for Grafana."""
    return {
        "uid": "parley",
        "title": TITLE,
        "description": FOREWORD,
        "tags": ["parley"],
        "schemaVersion": 39,
        "editable": True,
        "refresh": "1m",
        "timezone": "browser",
        "time": {"from": "now-24h", "to": "now"},
        "templating": {"list": chosen()},
        "annotations": {"list": []},
        "panels": list(placed(panels())),
    }


def made() -> dict[str, str]:
    """Both files as they must stand, by their names."""
    both = {"workbook.json": workbook(), "grafana.json": grafana()}
    return {name: json.dumps(each, indent=2, ensure_ascii=False) + "\n" for name, each in both.items()}


def main(options: list[str]) -> int:
    """Write both, or say which one is not what the list says."""
    stale = [
        name for name, text in made().items() if not (HERE / name).exists() or (HERE / name).read_text("utf-8") != text
    ]
    if options == ["--check"]:
        print("\n".join(f"infra/dashboards/{name} is old: python infra/dashboards/render.py" for name in stale), end="")
        return len(stale)
    for name, text in made().items():
        (HERE / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
