"""A function does one thing and a file is one noun."""

import ast
import re

import pytest

from tests.structure.source import Function, Module, listing, modules, parsed

LONGEST_FUNCTION = 60
LONGEST_FILE = 400
DEEPEST = 3
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)
EMPTY_NAMES = re.compile(r"(^|_)(manager|helpers?|utils?|base|common|handlers?|services?|core|misc)(_|$)")


def lines(function: Function) -> int:
    """The lines of a function's body; its docstring does not count."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1


def depth(node: ast.AST, above: int = 0) -> int:
    """How deep the blocks of a function are nested; functions within it count for themselves."""
    here = above + isinstance(node, BLOCKS)
    within = (n for n in ast.iter_child_nodes(node) if not isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))
    return max((depth(child, here) for child in within), default=here)


def nesting(function: Function) -> int:
    """Nesting as a reader sees it: an `elif` is no deeper than its `if`."""
    return max((depth(statement) - chained(statement) for statement in function.body), default=0)


def chained(node: ast.AST) -> int:
    """How many `elif` stand under an `if`, each of which the tree nests one deeper."""
    count = 0
    while isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        node, count = node.orelse[0], count + 1
    return count


def test_no_function_is_longer_than_sixty_lines() -> None:
    wrong = [
        f"{module.path}:{function.lineno} {function.name} has {lines(function)} lines"
        for module in modules()
        for function in module.functions
        if lines(function) > LONGEST_FUNCTION
    ]
    assert not wrong, listing("functions that are too long", wrong)


def test_no_function_nests_four_deep() -> None:
    wrong = [
        f"{module.path}:{function.lineno} {function.name} nests {nesting(function)} deep"
        for module in modules()
        for function in module.functions
        if nesting(function) > DEEPEST
    ]
    assert not wrong, listing("functions that nest too deep", wrong)


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    wrong = [f"{m.path} has {count} lines" for m in modules() if (count := len(m.text.splitlines())) > LONGEST_FILE]
    assert not wrong, listing("files that are too long", wrong)


def test_names_say_something() -> None:
    wrong = [m.path for m in modules() if any(EMPTY_NAMES.search(part) for part in m.name.lower().split("."))]
    assert not wrong, listing("files whose name says nothing", wrong)


def test_a_package_opens_with_a_docstring_at_most() -> None:
    wrong = [m.path for m in modules() if m.path.endswith("__init__.py") and not bare(m)]
    assert not wrong, listing("__init__ files with code", wrong)


def bare(module: Module) -> bool:
    """Whether a file holds nothing but a docstring."""
    return not module.tree.body or (len(module.tree.body) == 1 and ast.get_docstring(module.tree) is not None)


def test_every_module_says_what_it_is() -> None:
    wrong = [m.path for m in modules() if m.tree.body and not ast.get_docstring(m.tree)]
    assert not wrong, listing("modules without a docstring", wrong)


@pytest.mark.parametrize(
    ("body", "deep"),
    [
        ("return 1", 0),
        ("if a:\n        return 1", 1),
        ("if a:\n        return 1\n    elif b:\n        return 2\n    elif c:\n        return 3", 1),
        ("for x in y:\n        with x:\n            if x:\n                while x:\n                    x()", 4),
    ],
)
def test_depth_is_what_a_reader_sees(body: str, deep: int) -> None:
    (function,) = parsed("sample", f"def f():\n    {body}").functions
    assert nesting(function) == deep
