"""Values are frozen, errors have words for the person who meets them."""

import ast
import re
from functools import cache

import pytest

from tests.structure.source import Module, listing, modules

JARGON = re.compile(r"\b(exception|traceback|null|none|http|api|json|token|timeout|lease|async|\d{3})\b", re.IGNORECASE)


@cache
def errors() -> dict[str, ast.ClassDef]:
    """Every error a person may meet, by its module and name: `AssistantError` and whatever is derived from it."""
    kinds = {"AssistantError"}
    classes = [(f"{module.name}.{node.name}", node) for module in modules() for node in module.classes]
    while True:
        found = {name: node for name, node in classes if node.name in kinds or kinds & set(parents(node))}
        if kinds == (grown := kinds | {node.name for node in found.values()}):
            return found
        kinds = grown


def parents(node: ast.ClassDef) -> list[str]:
    """The names of the classes that a class is derived from."""
    return [ast.unparse(parent).rpartition(".")[2] for parent in node.bases]


def words(error: str) -> str:
    """What the person reads of an error: its docstring."""
    return ast.get_docstring(errors()[error]) or ""


def thawed(module: Module) -> list[str]:
    """Dataclasses of a module that can be changed after they are made, or that carry a dictionary."""
    return [
        f"{module.path}:{node.lineno} {node.name} is not frozen=True, slots=True"
        for node in module.classes
        for decorator in node.decorator_list
        if "dataclass" in ast.unparse(decorator) and not firm(ast.unparse(decorator))
    ]


def firm(decorator: str) -> bool:
    """Whether a dataclass is declared frozen and slotted."""
    return "frozen=True" in decorator and "slots=True" in decorator


def test_every_dataclass_is_frozen_and_slotted() -> None:
    wrong = [line for module in modules() for line in thawed(module)]
    assert not wrong, listing("values that can be changed", wrong)


@pytest.mark.parametrize("error", errors())
def test_an_error_speaks_to_the_person_in_whole_sentences(error: str) -> None:
    assert re.fullmatch(r"[A-Z].*[.!?]", words(error), re.DOTALL), f"{error} says {words(error)!r}"


@pytest.mark.parametrize("error", errors())
def test_an_error_uses_no_word_of_the_trade(error: str) -> None:
    assert not JARGON.findall(words(error))


def test_no_two_errors_say_the_same() -> None:
    said = [words(error) for error in errors()]
    assert len(said) == len(set(said))
