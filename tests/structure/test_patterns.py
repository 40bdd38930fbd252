"""Patterns read the same in every Python that we say we run on."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.structure.source import Module, modules, walked

PLAIN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
"""What is escaped, and sets of characters."""
GREEDY_GROUP = re.compile(r"[^(]\)(?:[*+?]|\{\d*,?\d*\})\+")


def holds(pattern: str) -> bool:
    """Whether a group in it is repeated possessively: before 3.11.5 that went wrong where the group could go back on something,
    and Debian 12 has 3.11.2. An atomic group around a usual repetition means the same."""
    return GREEDY_GROUP.search(PLAIN.sub("x", pattern)) is not None


def texts(module: Module) -> Iterator[str]:
    """Every constant that may be a pattern, or a piece of one."""
    for node in walked(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            yield node.value if isinstance(node.value, str) else node.value.decode("latin-1")


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.name)
def test_no_group_is_repeated_possessively(module: Module) -> None:
    assert [text for text in texts(module) if holds(text)] == []


@pytest.mark.parametrize("pattern", [r"(a|ab)*+c", r"(?:a|b){2,4}+", r"(?>a)++"])
def test_such_a_group_is_found(pattern: str) -> None:
    assert holds(pattern)


@pytest.mark.parametrize("pattern", [r"(?>(?:a|ab)*)c", r"[()*+]+", r"\)*+", r"[^()]++", r"(a)+"])
def test_what_means_the_same_is_let_be(pattern: str) -> None:
    assert not holds(pattern)
