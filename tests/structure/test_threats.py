"""The threat model is a living page: its tests exist, its figures are the program's, and nothing of the lists is missing."""

import ast
import inspect
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any

import pytest

from tests.attacks.__main__ import MODULES
from tests.structure.source import ROOT, page

PAGE = page("THREAT_MODEL.md")
TESTS = ROOT / "tests"
RISKS = (
    *("Prompt Injection", "Sensitive Information Disclosure", "Excessive Agency", "Supply Chain"),
    *("Data/Model Poisoning", "Unbounded Consumption", "Misinformation", "Hidden Context Exposure"),
    *("Vector/Embedding", "Improper Output Handling"),
)
"""OWASP's list for applications of language models, 2026, in its order."""
UNITS = {"": 1, "KiB": 2**10, "MiB": 2**20, "s": 1, "minutes": 60}
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40}")


def rows(title: str) -> list[list[str]]:
    """The cells of all tables under a heading of the second level, without their heads."""
    text = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    tables = re.findall(r"^\|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for table in tables for line in table.splitlines()]


THREATS = {row[0]: row for row in rows("Threats")}
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))
BOUNDS = [(row[1], row[-1].strip(" `")) for row in rows("Bounds")]
TRIED = [row[0].strip("`") for row in rows("Tried every time")]


@cache
def functions(name: str) -> frozenset[str]:
    """The functions of a file of tests, by its syntax: nothing of it is run."""
    tree = ast.parse((TESTS / name).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def attacks() -> Iterator[str]:
    """The modules of tests/attacks that can be run."""
    for path in sorted((TESTS / "attacks").glob("*.py")):
        if "run" in functions(f"attacks/{path.name}"):
            yield path.stem


def held(name: str) -> Any:
    """What a dotted name of the program holds; of a class, what it has by itself."""
    parts = name.split(".")
    end = next(at for at, part in enumerate(parts) if not part.islower())
    found: Any = import_module(".".join(parts[:end]))
    for part in parts[end:]:
        found = getattr(found() if inspect.isclass(found) else found, part)
    return found


def value(text: str) -> float:
    """`256 KiB`."""
    digits, _, unit = text.partition(" ")
    return float(digits.replace(",", "")) * UNITS[unit]


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda part: str(part)[:70])
def test_a_test_that_the_page_names_exists(file: str, test: str) -> None:
    assert test.startswith("test_") and file.rpartition("/")[2].startswith("test_") and test in functions(file)


def test_every_threat_has_a_control_and_a_test() -> None:
    assert len(THREATS) > 40
    assert {name for name, row in THREATS.items() if len(row) != 4 or not row[2] or "::" not in row[3]} == set()


def test_no_threat_has_the_number_of_another() -> None:
    assert len(THREATS) == len(rows("Threats"))


def test_every_risk_of_the_list_of_owasp_has_a_row() -> None:
    expected = [(f"LLM{number:02}", title) for number, title in enumerate(RISKS, start=1)]
    assert [(row[0], row[1]) for row in rows("By the list of OWASP")] == expected


@pytest.mark.parametrize("row", rows("By the list of OWASP"), ids=lambda row: row[0])
def test_a_risk_leads_to_threats_that_are_there(row: list[str]) -> None:
    named = set(re.findall(r"\b[A-Z]\d+\b", row[2]))
    assert named and named <= THREATS.keys()


def test_every_attack_that_can_be_run_is_named_on_the_page_and_run() -> None:
    found = set(attacks())
    assert {f"attacks/{name}.py" for name in found} == set(TRIED)
    assert found == set(MODULES)


@pytest.mark.parametrize(("written", "name"), BOUNDS, ids=lambda part: str(part))
def test_a_bound_is_the_programs_own(written: str, name: str) -> None:
    found = held(name)
    assert value(written) == (found.total_seconds() if isinstance(found, timedelta) else found)


def test_the_page_says_what_was_never_run() -> None:
    assert "real Teams, Entra, Graph or Azure OpenAI" in PAGE.partition("\n## Never run\n")[2]


def test_security_leads_to_the_page() -> None:
    assert "THREAT_MODEL.md" in page("SECURITY.md") and "THREAT_MODEL.md" in page("README.md")


def test_every_action_of_the_pipelines_is_pinned_and_nothing_is_allowed_by_default() -> None:
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        assert all(PINNED.fullmatch(used) for used in re.findall(r"uses: (\S+)", text))
        assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
