"""The infrastructure as code: every argument known, everything referred to there, every variable explained."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.package.terraform import META, Resource, infra, inner, references, values
from tests.structure.source import ROOT, listing

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
ALL = infra().resources() + infra().resources(kind="data")
NOUNS = [
    "network",
    "dns",
    "identity",
    "observability",
    "openai",
    "database",
    "storage",
    "keyvault",
    "gateway",
    "app",
    "bot",
    "firewall",
    "admin",
    "policy",
]


def faults(body: dict[str, Any], known: dict[str, Any], where: str) -> Iterator[str]:
    """What the provider would not understand in a block, and what it would miss."""
    given, blocks = values(body), list(inner(body))
    settable = {name for name, (flag, _) in known["attributes"].items() if flag != "computed"}
    yield from (f"{where}: no argument {name}" for name in given.keys() - settable - META)
    yield from (
        f"{where}: {name} is missing"
        for name, (flag, _) in known["attributes"].items()
        if flag == "required" and name not in given
    )
    names = [name for name, _ in blocks if name not in META]
    yield from (f"{where}: no block {name}" for name in set(names) - known["blocks"].keys())
    for name, each in known["blocks"].items():
        if names.count(name) < each["min"]:
            yield f"{where}: block {name} is missing"
    for name, block in blocks:
        if name in known["blocks"]:
            yield from faults(block, known["blocks"][name], f"{where}.{name}")


def checked(resource: Resource) -> list[str]:
    return list(faults(resource.body, SCHEMA[f"{resource.kind}.{resource.type}"], resource.where))


def test_there_is_one_module_for_each_noun() -> None:
    assert infra().modules() - {"."} == {f"modules/{noun}" for noun in NOUNS}
    assert set(infra().blocks("module", ".")) == set(NOUNS)


def test_the_schema_holds_what_is_used_and_nothing_else() -> None:
    assert {f"{each.kind}.{each.type}" for each in ALL} == set(SCHEMA)


@pytest.mark.parametrize("resource", ALL, ids=lambda resource: f"{resource.module}-{resource.address}")
def test_the_provider_knows_every_argument_and_misses_none(resource: Resource) -> None:
    assert checked(resource) == []


def test_an_argument_that_was_renamed_is_found() -> None:
    subnet = next(each for each in ALL if each.type == "azurerm_subnet" and each.name == "app")
    assert checked(Resource("x.tf", "resource", subnet.type, "old", subnet.body | {"private_link_policies": "on"})) == [
        "infra/x.tf: azurerm_subnet.old: no argument private_link_policies"
    ]


def test_an_argument_that_is_missing_is_found() -> None:
    subnet = next(each for each in ALL if each.type == "azurerm_subnet" and each.name == "app")
    body = {key: value for key, value in subnet.body.items() if key != "virtual_network_name"}
    assert checked(Resource("x.tf", "resource", subnet.type, "old", body)) == [
        "infra/x.tf: azurerm_subnet.old: virtual_network_name is missing"
    ]


@pytest.mark.parametrize("module", sorted(infra().modules()))
def test_everything_that_a_module_refers_to_is_in_it(module: str) -> None:
    made = {each.address for each in ALL if each.module == module} | {
        f"local.{name}" for name in infra().locals(module)
    }
    made |= {f"var.{name}" for name in infra().blocks("variable", module)}
    made |= {f"module.{name}" for name in infra().blocks("module", module)}
    wrong = [
        f"infra/{file} refers to {name}"
        for file, content in infra().files.items()
        if Path(file).parent.as_posix() == module
        for name in references(json.dumps(content)) - made
    ]
    assert not wrong, listing("references to nothing", wrong)


@pytest.mark.parametrize("noun", NOUNS)
def test_a_module_is_given_what_it_asks_for_and_asked_for_what_it_has(noun: str) -> None:
    call = infra().blocks("module", ".")[noun]
    assert call.keys() - {"source", "count", "for_each"} == infra().blocks("variable", f"modules/{noun}").keys()
    asked = set(re.findall(rf"module\.{noun}(?:\[[^\]]*\])?\.(\w+)", json.dumps(dict(infra().files))))
    assert asked <= infra().blocks("output", f"modules/{noun}").keys()


SKIP = re.compile(r"checkov:skip=(\w+):?(.*)")


def test_whatever_checkov_is_told_to_skip_has_its_reason_beside_it() -> None:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "infra").rglob("*.tf"))
    skips = [found for text in texts for found in SKIP.findall(text)]
    assert skips and not [name for name, reason in skips if len(reason.split()) < 4]
