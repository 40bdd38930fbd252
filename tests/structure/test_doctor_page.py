"""The page about the doctor names every check, in the order in which they are told, and every word of its command line."""

import re

import pytest

from bot.certificates import SOON
from bot.doctor import PATIENCE
from bot.doctor_arguments import arguments
from bot.findings import Check, State, Topic
from bot.store.condition import OLDEST
from bot.store.pool import SIZE
from tests.structure.source import modules, page

PAGE = page("docs/doctor.md")
PARTS = re.findall(r"^### `([^`]+)`\n([^#]+)", PAGE, re.MULTILINE)


def test_every_check_has_its_part_in_the_order_in_which_it_is_told() -> None:
    assert [name for name, _ in PARTS] == [topic.value for topic in Topic]


@pytest.mark.parametrize(("name", "words"), PARTS)
def test_a_part_says_something(name: str, words: str) -> None:
    assert len(words.split()) > 5


def test_no_check_is_thought_of_that_nobody_looks_at() -> None:
    text = "".join(module.text for module in modules())
    assert [topic for topic in Topic if text.count(f"Topic.{topic.name}") == 0] == []


@pytest.mark.parametrize("line", re.findall(r"^\.venv/bin/python app\.py check(.*)$", PAGE, re.MULTILINE))
def test_a_command_of_the_page_is_understood(line: str) -> None:
    assert arguments(line.partition("#")[0].split())


def test_the_page_names_the_keys_of_an_object() -> None:
    (words,) = re.findall(r"with the keys (.*?)\. A name", PAGE, re.DOTALL)
    keys = [key for key in re.findall(r"`(\w+)`", words) if key not in {state.value for state in State}]
    assert keys == list(Check(Topic.CLOCK, State.OK, "").row)


def test_the_page_names_the_numbers_of_the_program() -> None:
    assert f"takes longer than {PATIENCE:.0f} seconds" in " ".join(PAGE.split())
    assert f"fewer than\n{SOON.days} is" in PAGE and f"one process opens ({SIZE})" in PAGE
    assert f"PostgreSQL {OLDEST} or newer" in PAGE
