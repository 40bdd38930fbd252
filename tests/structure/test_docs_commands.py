"""What the pages tell somebody to type can be typed, and the names they use exist: commands, files, settings, events, variables."""

import ast
import re
import shlex
from collections.abc import Iterator
from functools import cache
from uuid import UUID

import pytest

from bot import admin
from bot.calendar.calendar import Calendar
from bot.clauses import RULES
from bot.settings import SETTINGS
from bot.telemetry import Event
from dialogs.choice import mean
from dialogs.menu import ANSWER
from tests.dialogs.desk import NOW, an_ask
from tests.structure.asked import required, variables
from tests.structure.blocks import BLOCK
from tests.structure.source import ROOT, files, listing, modules, page

MAKEFILE = page("Makefile")
PAGES = {path.relative_to(ROOT).as_posix(): path for path in files() if path.suffix == ".md"}
LIVING = {name: path for name, path in PAGES.items() if name != "CHANGELOG.md"}
"""The pages that speak of today; what a change once did may be gone."""
CODE = re.compile(r"`([^`\n]+)`|^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
FOLDERS = "bot|dialogs|docs|infra|tests|appPackage"
NOT_OURS = frozenset(
    {"IDENTITY_ENDPOINT", "IDENTITY_HEADER", "SSL_CERT_FILE", "AZURE_OPENAI_API_KEY", "OPENAI_API_KEY"}
)
"""Of azure-identity and OpenSSL, and what is refused."""
CALENDAR = Calendar()
CAPITALS = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
TYPED = re.compile(r"`(?:@Parley )?([a-z#][^`\n…]*)`")


def code(name: str) -> str:
    """All that is set as code in a page, in its blocks and in its lines."""
    text = LIVING[name].read_text(encoding="utf-8")
    return "\n".join(inline or block for inline, block in CODE.findall(text))


def everywhere(pattern: str) -> Iterator[tuple[str, str]]:
    """What a pattern finds in the code of the pages, with the page."""
    for name in LIVING:
        yield from ((name, found) for found in re.findall(pattern, code(name), re.MULTILINE))


def said(wrong: list[tuple[str, str]], title: str) -> str:
    """A failing test's words."""
    return listing(title, [f"{name}: {found}" for name, found in wrong])


@cache
def known() -> frozenset[str]:
    """Names in capitals that something reads: settings, constants of the code, variables of make, workflows and Terraform."""
    made = {target.id for module in modules() for node in ast.walk(module.tree) for target in assigned(node)}
    makes = {name for pair in re.findall(r"^(\w+)\s*[:?]?=|\$\{?\(?(\w+)", MAKEFILE, re.MULTILINE) for name in pair}
    machines = [path for path in files() if path.suffix in (".tf", ".yml")]
    wired = {name for path in machines for name in CAPITALS.findall(path.read_text(encoding="utf-8"))}
    return frozenset({setting.name for setting in SETTINGS} | made | makes | wired | NOT_OURS)


def assigned(node: ast.AST) -> Iterator[ast.Name]:
    """The names that a statement makes."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    yield from (each for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))


def test_every_target_of_make_that_a_page_names_can_be_made() -> None:
    wrong = [
        (name, target)
        for name, target in everywhere(r"(?:^|[;&|] |^\$ |run: )make ([a-z][\w-]*)")
        if not re.search(rf"^{target}\s*:(?!=)", MAKEFILE, re.MULTILINE)
    ]
    assert not wrong, said(wrong, "targets that cannot be made")


def test_every_module_that_a_page_has_python_run_is_there() -> None:
    wrong = [
        (name, module)
        for name, module in everywhere(r"-m ((?:bot|tests|appPackage|infra)\b[\w.]*)")
        if not any((ROOT / f"{module.replace('.', '/')}{end}").exists() for end in (".py", "/__main__.py"))
    ]
    assert not wrong, said(wrong, "modules that cannot be run")


def test_every_program_that_a_page_has_python_run_is_there() -> None:
    found = list(everywhere(r"python3? ((?:[\w-]+/)*[\w-]+\.py)"))
    wrong = [(name, program) for name, program in found if not (ROOT / program).is_file()]
    assert found and not wrong, said(wrong, "programs that are not there")


def test_every_word_that_a_page_gives_the_app_is_one_it_knows() -> None:
    text = page("app.py")
    wrong = [
        (name, word)
        for name, word in everywhere(r"(?:python |^)app\.py (--[a-z]+|[a-z]+)")
        if f'"{word}"' not in text and word != "--help"
    ]
    assert not wrong, said(wrong, "words that app.py does not know")


@pytest.mark.parametrize(
    ("name", "words"), [(name, words) for name, words in everywhere(r"-m bot\.admin ([a-z]+ .*)") if "|" not in words]
)
def test_a_command_of_the_operator_that_a_page_shows_is_understood(name: str, words: str) -> None:
    ids = re.sub(r"(?:TENANT|OBJECT)-ID|<[^>]+>", str(UUID(int=0)), words)
    given = [word for word in shlex.split(ids, comments=True) if word != "…"]
    assert admin.arguments(given).command == given[0], name


def test_every_file_that_a_page_names_is_there() -> None:
    here = rf"^(?:\.\./)*((?:{FOLDERS}|\.github)/[\w./-]+\.(?:py|md|tf|tfvars|toml|json|svg|sql|yml|yaml))(?:::\w+)?$"
    wrong = [
        (name, path)
        for name in LIVING
        for inline, _ in CODE.findall(LIVING[name].read_text(encoding="utf-8"))
        for path in re.findall(here, inline)
        if "NNNN" not in path and not any((place / path).exists() for place in (ROOT, ROOT / "tests"))
    ]
    assert not wrong, said(wrong, "files that are not there")


@pytest.mark.parametrize("name", [name for name in LIVING if name.startswith("docs/")])
def test_every_setting_that_a_page_names_exists(name: str) -> None:
    inline = [words for words, _ in CODE.findall(LIVING[name].read_text(encoding="utf-8")) if words]
    named = {
        word for words in inline for word in re.findall(r"(?<![\w{.:/-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![\w*-])", words)
    }
    assert {word for word in named if word not in known()} == set()


def test_every_event_that_a_page_names_can_be_logged() -> None:
    wrong = [(name, event) for name, event in everywhere(r'"event": "([a-z ]+)"') if event not in set(Event)]
    assert not wrong, said(wrong, "events that are never logged")


def test_every_metric_that_a_page_names_is_counted() -> None:
    text = "\n".join(module.text for module in modules())
    wrong = [
        (name, metric) for name, metric in everywhere(r"\b(parley\.(?:[a-z_]+\.)*[a-z_]+)\b") if metric not in text
    ]
    ours = [
        (name, metric)
        for name, metric in wrong
        if metric not in ("parley.tenant", "parley.tfstate", "parley.tfplan", "parley.zip")
    ]
    assert not ours, said(ours, "metrics that nothing counts")


def test_every_rule_that_a_page_sets_exists() -> None:
    wrong = [
        (name, rule)
        for name, rule in everywhere(r"rules (?:un)?set ([\w.-]+)")
        if rule not in RULES and not rule.startswith("price.")
    ]
    assert not wrong, said(wrong, "rules that do not exist")


def test_every_output_of_terraform_that_a_page_asks_for_is_there() -> None:
    made = set(re.findall(r'^output "(\w+)"', page("infra/outputs.tf"), re.MULTILINE))
    found = list(everywhere(r"(?:terraform(?: -chdir=\w+)? output(?: -raw)?) (\w+)"))
    wrong = [(name, output) for name, output in found if output not in made]
    assert found and not wrong, said(wrong, "outputs that are not there")


def test_the_guide_for_installing_asks_for_every_variable_without_a_default() -> None:
    """Otherwise: `python -m tests.structure.asked`."""
    assert BLOCK.format("required", required()) in page("docs/install.md")


def test_the_variables_that_the_guide_for_installing_names_are_there() -> None:
    rows = re.findall(
        r"^\| (`.*?`) \|", page("docs/install.md").partition("## 4.")[2].partition("## 5.")[0], re.MULTILINE
    )
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    inner = "".join(variables().values())
    assert named and {name for name in named if name not in variables() and f" {name} " not in inner} == set()


def test_every_step_of_installing_says_what_must_be_seen() -> None:
    steps = re.findall(r"^## (\d+\. .*?)(?=^## |\Z)", page("docs/install.md"), re.MULTILINE | re.DOTALL)
    numbers = [int(step.partition(".")[0]) for step in steps]
    assert numbers == list(range(len(steps)))
    assert [step.splitlines()[0] for step in steps if step.count("*What must be seen:*") != 1] == []


def test_the_guide_for_installing_says_that_it_was_never_run() -> None:
    assert "None of this has ever been run against a real subscription" in page("docs/install.md")


def asks(name: str) -> list[str]:
    """What a page sets as something to type: the inline code of a guide."""
    return sorted({words.strip() for words in TYPED.findall(page(name)) if not re.search(r"[_/=.]|^docs", words)})


@pytest.mark.parametrize("words", asks("docs/user-guide.md"))
def test_what_the_guide_tells_people_to_type_is_a_command(words: str) -> None:
    if words in ("like this", "privately"):
        return
    assert mean(an_ask(words.removeprefix("privately ")), CALENDAR, NOW).command is not ANSWER


def test_people_find_the_guide_and_administrators_theirs() -> None:
    text = page("docs/install.md")
    assert "user-guide.md" in text and "privacy.md" in page("docs/user-guide.md")
    assert {name for name in ("install.md", "costs.md") if name not in page("docs/architecture.md")} == set()
