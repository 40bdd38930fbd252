"""The examples of CONTRIBUTING.md: every file and every name in their steps is there, and the code of the first works."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from dialogs import toolbox
from dialogs.toolbox import Task
from tests.structure.source import ROOT, files, page, text_of

EXAMPLES = dict(re.findall(r"^### … (.+?)\n(.*?)(?=^##)", page("CONTRIBUTING.md"), re.MULTILINE | re.DOTALL))
STEP = re.compile(r"^\d+\. .*(?:\n   .*)*", re.MULTILINE)
LINK = re.compile(r"\]\(([^)]+)\)")
NAME = re.compile(r"`(_?[A-Za-z]\w+)`")
"""A word of a program, as a step names it."""
OWED = {"a task", "a model", "a column", "a language"}


def linked(example: str) -> list[Path]:
    """The files that an example leads to, those of a folder too."""
    goals = [(ROOT / target).resolve() for target in LINK.findall(EXAMPLES[example])]
    return [path for path in files() if any(path == goal or goal in path.parents for goal in goals)]


def absent(example: str) -> list[str]:
    """Names in the steps of an example that stand in none of its files."""
    texts = [text_of(path) or "" for path in linked(example)]
    named = [name for step in STEP.findall(EXAMPLES[example]) for name in NAME.findall(step)]
    return [name for name in named if not any(re.search(rf"\b{name}\b", text) for text in texts)]


def test_there_are_examples_for_what_is_added_most() -> None:
    assert set(EXAMPLES) >= OWED
    assert [name for name, text in EXAMPLES.items() if not STEP.findall(text) or not LINK.findall(text)] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_name_in_a_step_stands_in_a_file_that_the_example_leads_to(example: str) -> None:
    assert absent(example) == []


def test_the_task_of_the_example_is_a_task_that_is_understood_when_it_is_typed() -> None:
    code = re.search(r"```python\n(.*?)```", EXAMPLES["a task"], re.DOTALL)
    assert code
    task = eval(code[1], {"Task": Task})
    assert toolbox.BY_NAME.get(task.name) is None
    found = toolbox._call(task, task.starter.rstrip(": "), "Ada: it rains.")
    assert found and found.text == "Ada: it rains."
    assert task.instructions.format(tongue="English", detail="") != task.instructions
    assert {each.name for each in fields(Task)} >= {"quoting", "heeds"}


def test_the_table_of_the_example_is_one_of_ours() -> None:
    table = re.search(r"`ALTER TABLE (\w+) ", EXAMPLES["a column"])
    made = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot/store/migrations").glob("*.sql"))
    assert table and re.search(rf"^CREATE TABLE {table[1]} \(", made, re.MULTILINE)
