"""The page of what outsiders may rely on, and the program that keeps it."""

import re

import pytest

from tests.structure.source import page

COMMANDS = re.findall(r"^\| `([^`]+)` \|", page("docs/contract.md").partition("## Settings")[0], re.MULTILINE)
TARGETS = [command.removeprefix("make ") for command in COMMANDS if command.startswith("make ")]
WORDS = [command.partition("app.py")[2].strip() for command in COMMANDS if "app.py " in command]


def test_the_contract_lists_every_command_once() -> None:
    assert sorted(TARGETS) == [
        *("attacks", "audit", "bench", "check", "demo", "drill", "faults", "infra", "package", "pictures", "run"),
        *("sbom", "scan", "setup", "soak", "test"),
    ]
    assert sorted(WORDS) == ["--local", "check", "migrate"]


@pytest.mark.parametrize("target", TARGETS)
def test_a_promised_target_can_be_made(target: str) -> None:
    makefile = page("Makefile")
    assert re.search(rf"^{target}\s*:(?!=)", makefile, re.MULTILINE)
    assert target in re.findall(r"[\w-]+", " ".join(re.findall(r"^\.PHONY:(.*)$", makefile, re.MULTILINE)))


@pytest.mark.parametrize("word", WORDS)
def test_the_app_knows_a_promised_word(word: str) -> None:
    assert f'"{word}"' in page("app.py")


def test_the_readme_names_no_target_that_cannot_be_made() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)\b", page("README.md") + page("CONTRIBUTING.md")))
    assert {
        target for target in named if not re.search(rf"^{target}\s*:(?!=)", page("Makefile"), re.MULTILINE)
    } == set()


def test_the_pipeline_runs_the_one_command_of_contributors() -> None:
    assert "make check" in page(".ci/run")
    assert "make check" in page("CONTRIBUTING.md")


def test_a_check_includes_every_test_and_the_scan_and_asks_no_service() -> None:
    rule = re.search(r"^check\s*:(.*(?:\n\t.*)*)", page("Makefile"), re.MULTILINE)
    assert rule
    assert {"test", "scan"} <= set(re.findall(r"MAKE\).* (\w+)$", rule[0], re.MULTILINE))
    assert "audit" not in rule[0] and "make audit" in page(".github/workflows/audit.yml")
