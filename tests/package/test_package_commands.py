"""What Teams offers to click comes from the menu and the tasks, and does what it says."""

import pytest

from appPackage import commands
from appPackage.commands import ALONE, AMONG, Starter
from dialogs.menu import COMMANDS
from dialogs.toolbox import TASKS, called

MENU = {command.title: command for command in COMMANDS}
OWN = {"Privately", "Digest", "What was said about"}
"""Commands with something added, so that they can be sent as they are or are finished by the person."""


def test_every_entry_is_a_command_or_a_task() -> None:
    known = {*(title.capitalize() for title in MENU), *(task.heading for task in TASKS), "Privately"}
    assert {each.title for each in (*ALONE, *AMONG)} <= known


@pytest.mark.parametrize("starter", [*ALONE, *AMONG], ids=lambda each: each.title)
def test_an_entry_describes_its_command_as_the_menu_does(starter: Starter) -> None:
    found = MENU.get(starter.title.lower())
    assert found is None or starter.description == found.description


@pytest.mark.parametrize("starter", [*ALONE, *AMONG], ids=lambda each: each.title)
def test_a_command_is_put_into_the_box_as_the_menu_knows_it(starter: Starter) -> None:
    assert starter.command is None or starter.prompt.strip() in starter.command.words


def test_a_prompt_starter_begins_the_task_it_is_called_after() -> None:
    begun = {each.title: called(f"{each.prompt}some text") for each in ALONE}
    tasks = {title: call.task.heading for title, call in begun.items() if call}
    assert len(tasks) == 5 and all(title == heading for title, heading in tasks.items())


def test_what_needs_a_command_in_an_unknown_language_is_offered_in_english() -> None:
    assert [each["prompt"] for each in commands.shown(AMONG, "xx")] == [each.prompt for each in AMONG]


def test_a_command_that_is_only_spoken_around_its_subject_keeps_the_gap() -> None:
    (starter,) = [each for each in AMONG if each.title == "What was said about"]
    assert commands.phrase(starter, "de") == "was wurde über … gesagt"
    assert commands.phrase(starter, "es") == "qué se dijo sobre "
