"""The words people type: one menu, and everything that names it says the same."""

import re
from datetime import UTC, datetime

import pytest

from appPackage import commands
from bot.calendar.calendar import Calendar
from dialogs import choice, menu
from dialogs.talk import Ask, Person, Place, PlaceKind
from dialogs.toolbox import TASKS
from tests.structure.source import page

SCOPES = {"personal": PlaceKind.PERSONAL, "team": PlaceKind.CHANNEL, "groupChat": PlaceKind.GROUP}
OFFERED = [
    (scope, command) for each in commands.lists("en") for scope in each["scopes"] for command in each["commands"]
]
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
MENU = {command.title: command for command in menu.COMMANDS}
OTHERS = {"privately": "summary"} | {task.heading.casefold(): "task" for task in TASKS}
"""What Teams offers besides the commands and the questions."""
PAGES = ("README.md", "docs/contract.md")


def asked(text: str, kind: PlaceKind) -> Ask:
    """What somebody types in a place of that kind."""
    return Ask("1", Person("p", "t"), Place(kind, "c"), text)


@pytest.mark.parametrize(("scope", "command"), OFFERED, ids=lambda value: str(value)[:30])
def test_what_teams_offers_does_what_its_title_says(scope: str, command: dict[str, str]) -> None:
    title = command["title"].casefold()
    meant = choice.mean(asked(command["prompt"], SCOPES[scope]), Calendar(), NOW).action
    assert meant == (MENU[title].action if title in MENU else OTHERS.get(title, "answer"))


@pytest.mark.parametrize(("scope", "command"), OFFERED, ids=lambda value: str(value)[:30])
def test_teams_describes_a_command_as_the_menu_does(scope: str, command: dict[str, str]) -> None:
    title = command["title"].casefold()
    assert title not in MENU or command["description"] == MENU[title].description


@pytest.mark.parametrize("scope", ["team", "groupChat"])
def test_where_people_talk_teams_offers_the_summaries(scope: str) -> None:
    titles = {command["title"].casefold() for where, command in OFFERED if where == scope}
    assert {"summarise", "decisions", "action items", "new chat", "help"} <= titles


def test_a_personal_chat_is_not_offered_what_it_cannot_do() -> None:
    titles = {command["title"].casefold() for scope, command in OFFERED if scope == "personal"}
    assert titles & {"summarise", "decisions", "action items"} == set()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("title", sorted(MENU))
def test_a_page_for_people_names_every_command(name: str, title: str) -> None:
    assert f"`{title}`" in page(name)


def test_the_contract_names_no_command_that_does_not_exist() -> None:
    typed = page("docs/contract.md").partition("## What a person may type")[2].partition("\n## ")[0]
    known = {"privately"} | {word for command in menu.TYPED for word in command.words}
    named = {word for word in re.findall(r"`([^`]+)`", typed) if not word.startswith("@")}
    assert {word for word in named if not any(word == each or word.startswith(f"{each} ") for each in known)} == set()
