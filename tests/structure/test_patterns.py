"""Patterns read the same in every Python that we say we run on."""

import re
from importlib import import_module

import pytest

from tests.structure.source import modules

PLAIN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
"""What is escaped, and sets of characters."""
GREEDY_GROUP = re.compile(r"\)(?:[*+?]|\{\d*,?\d*\})\+")


def holds(pattern: str) -> bool:
    """Whether a group in it is repeated possessively: before 3.11.5 that went wrong where the group could go back on something,
    and Debian 12 has 3.11.2. An atomic group around a usual repetition means the same."""
    return GREEDY_GROUP.search(PLAIN.sub("x", pattern)) is not None


@pytest.mark.parametrize("name", [module.name for module in modules()])
def test_no_group_is_repeated_possessively(name: str) -> None:
    found = [each.pattern for each in vars(import_module(name)).values() if isinstance(each, re.Pattern)]
    assert not [pattern for pattern in found if isinstance(pattern, str) and holds(pattern)]


@pytest.mark.parametrize("pattern", [r"(a|ab)*+c", r"(?:a|b){2,4}+", r"(?>a)++"])
def test_such_a_group_is_found(pattern: str) -> None:
    assert holds(pattern)


@pytest.mark.parametrize("pattern", [r"(?>(?:a|ab)*)c", r"[()*+]+", r"\)*+", r"[^()]++", r"(a)+"])
def test_what_means_the_same_is_let_be(pattern: str) -> None:
    assert not holds(pattern)
