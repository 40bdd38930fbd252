"""What the docstrings of public functions owe: the floor one is on, the unit of a number, the errors that are raised."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.structure.source import Function, Module, listing, modules, parsed

UNITS = re.compile(
    r"\b(seconds?|milliseconds|minutes?|hours?|days?|bytes?|tokens?|characters?|letters|points|pixels|share|ratio|percent|score in no unit|"
    r"currency|times|clock|cost|price|between 0 and 1|from 0 to 1)\b",
    re.IGNORECASE,
)
TOLD = re.compile(r"seconds|bytes|tokens|share|rate|cost|price|millis|^value$")
"""Names that say their unit themselves; a metric's value has the metric's."""
RAISED = re.compile(r"^[A-Z]\w+$")


def documented(module: Module) -> Iterator[tuple[str, Function, str]]:
    """The public functions: where, which, and what they, their class and their module say of them."""
    whole = ast.get_docstring(module.tree) or ""
    homes: list[tuple[ast.Module | ast.ClassDef, str]] = [(module.tree, whole)]
    homes += [(each, f"{whole} {ast.get_docstring(each)}") for each in module.classes if not each.name.startswith("_")]
    for home, about in homes:
        for node in home.body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                yield f"{module.path}:{node.lineno} {node.name}", node, f"{about} {ast.get_docstring(node) or ''}"


def numbers(function: Function) -> Iterator[str]:
    """The fractions a function takes or gives whose names do not say what they count."""
    every = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    yield from (each.arg for each in every if fraction(each.annotation) and not TOLD.search(each.arg))
    if fraction(function.returns) and not TOLD.search(function.name):
        yield "what it gives"


def fraction(annotation: ast.expr | None) -> bool:
    """Whether a type is a float, or may be one."""
    return annotation is not None and re.fullmatch(r"float( \| None)?", ast.unparse(annotation)) is not None


def own(function: Function) -> Iterator[ast.AST]:
    """What stands in a function, without the functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))


def raised(function: Function) -> set[str]:
    """The errors that a function makes and raises and does not catch in the same breath."""
    made = {
        found
        for node in own(function)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        for found in [ast.unparse(node.exc.func).rpartition(".")[2]]
        if RAISED.match(found)
    }
    caught = {
        word
        for node in own(function)
        if isinstance(node, ast.ExceptHandler) and node.type is not None
        for word in re.findall(r"\w+", ast.unparse(node.type))
    }
    return made - caught


def unitless(module: Module) -> list[str]:
    """Public functions with a number of which nobody says what it counts."""
    return [
        f"{place}: {name}"
        for place, each, text in documented(module)
        for name in numbers(each)
        if not UNITS.search(text)
    ]


def silent(module: Module) -> list[str]:
    """Public functions that raise what their docstring does not name."""
    return [
        f"{place} raises {error}"
        for place, each, text in documented(module)
        for error in raised(each)
        if not re.search(rf"\b{error}\b", text)
    ]


def test_every_module_says_on_which_floor_of_the_house_it_stands() -> None:
    wrong = [
        each.path
        for each in modules()
        if not each.path.endswith("__init__.py") and not re.search(r"\bFloor \d\b", ast.get_docstring(each.tree) or "")
    ]
    assert not wrong, listing("modules that do not say their floor", wrong)


def test_a_public_function_says_what_its_numbers_count() -> None:
    wrong = [line for module in modules() for line in unitless(module)]
    assert not wrong, listing("numbers without a unit", wrong)


def test_a_public_function_names_the_errors_that_it_raises() -> None:
    wrong = [line for module in modules() for line in silent(module)]
    assert not wrong, listing("errors that no docstring names", wrong)


@pytest.mark.parametrize(
    ("text", "units", "errors"),
    [
        ('def wait(long: float) -> None:\n    """For so long."""\n    raise Late()', 1, 1),
        ('def wait(long: float) -> None:\n    """`long` in seconds. Raises `Late`."""\n    raise Late()', 0, 0),
        (
            'def wait(seconds: float) -> None:\n    """So long."""\n    try:\n        raise Late()\n    except Late:\n        pass',
            0,
            0,
        ),
        ("def _wait(long: float) -> None:\n    raise Late()", 0, 0),
        ('class Clock:\n    """In seconds."""\n    def now(self) -> float:\n        """The time."""', 0, 0),
    ],
)
def test_the_search_finds_what_it_is_for(text: str, units: int, errors: int) -> None:
    module = parsed("sample", text)
    assert (len(unitless(module)), len(silent(module))) == (units, errors)
