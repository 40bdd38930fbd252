"""What whoever applies the infrastructure may say: each variable explained, typed, checked where it can be wrong, and used."""

import json
import re
from pathlib import Path

import pytest

from tests.package.terraform import infra, plain, references
from tests.structure.source import ROOT, listing


def test_every_variable_and_output_is_explained_and_every_variable_used() -> None:
    wrong = [
        name
        for kind in ("variable", "output")
        for name, body in infra().blocks(kind).items()
        if len(body.get("description", "")) < 10
    ]
    for module in infra().modules():
        used = references(json.dumps([c for f, c in infra().files.items() if Path(f).parent.as_posix() == module]))
        wrong += [
            f"{module}: {name}"
            for name, body in infra().blocks("variable", module).items()
            if f"var.{name}" not in used or "type" not in body
        ]
    assert not wrong, listing("variables without a word, a type or a use", wrong)


FREE = {"tags", "more_hosts", "database_administrators", "user_role", "log_analytics_workspace_id"}
"""Variables of the root in which any text may stand."""


def test_every_variable_that_can_be_wrong_says_so() -> None:
    open_ones = {
        name
        for name, body in infra().blocks("variable", ".").items()
        if "validation" not in body and body["type"] != "bool"
    }
    assert open_ones == FREE


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_an_environment_gives_every_variable_that_has_no_default(stage: str) -> None:
    text = (ROOT / "infra" / "environments" / f"{stage}.tfvars").read_text(encoding="utf-8")
    given = set(re.findall(r"^(\w+)\s*=", text, re.MULTILINE))
    variables = infra().blocks("variable", ".")
    assert {name for name, body in variables.items() if "default" not in body} <= given <= variables.keys()


def test_the_versions_are_the_ones_that_were_checked() -> None:
    (terraform,) = infra().files["versions.tf"]["terraform"]
    assert plain(terraform)["required_version"] == ">= 1.9"
    assert {name: each["version"] for name, each in plain(terraform["required_providers"][0]).items()} == {
        "azurerm": ">= 5.10, < 6.0",
        "azuread": "~> 3.10",
    }
