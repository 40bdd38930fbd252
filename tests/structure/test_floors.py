"""Imports go down: app → bot → dialogs, floor by floor."""

import re

import pytest

from tests.structure.floors import FAMILIES, FLOORS, GROUND, PACKAGES, floor, room
from tests.structure.source import Module, inner, listing, modules


def wrong_way(module: Module) -> list[str]:
    """The imports of one module that do not go down."""
    return [
        f"{module.path}:{line} {module.name} (floor {floor(module.name)}) imports {target} (floor {floor(target)})"
        for target, line in inner(module).items()
        if target not in PACKAGES and not allowed(module.name, target)
    ]


def allowed(module: str, target: str) -> bool:
    """Whether an import goes down, stays in its room, or stands on the ground of its own floor."""
    mine, theirs = floor(module), floor(target)
    if mine is None or theirs is None:
        return True  # the table's own test says so
    return theirs < mine or room(module) == room(target) or (theirs == mine and room(target) in GROUND)


def circles() -> list[str]:
    """Modules that reach themselves through what they import."""
    graph = {module.name: set(inner(module)) for module in modules()}
    return [name for name in graph if name in reach(graph, name)]


def reach(graph: dict[str, set[str]], start: str) -> set[str]:
    """Everything that a module imports, directly or not."""
    seen: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(graph[name])
    return seen


def test_every_module_has_a_floor() -> None:
    homeless = [
        f"{module.path} has no floor: add {module.name} to tests/structure/floors.py"
        for module in modules()
        if module.name not in PACKAGES and floor(module.name) is None
    ]
    assert not homeless, listing("modules without a floor", homeless)


def test_every_room_stands_on_one_floor() -> None:
    names = [name for rooms in FLOORS.values() for name in rooms]
    names += [member for members in FAMILIES.values() for member in members]
    assert len(names) == len(set(names))


def test_the_tables_speak_of_rooms_that_have_a_floor() -> None:
    assert {name for name in (*FAMILIES, *GROUND) if floor(name) is None} == set()


def test_imports_go_down() -> None:
    wrong = [line for module in modules() for line in wrong_way(module)]
    assert not wrong, listing("imports that go up or sideways", wrong)


def test_no_module_reaches_itself() -> None:
    assert not circles(), listing("circles", circles())


def test_the_ground_of_a_floor_rests_on_nothing_above_it() -> None:
    wrong = [
        f"{module.path}:{line} imports {target}, which stands on the same floor and is no ground"
        for module in modules()
        if room(module.name) in GROUND
        for target, line in inner(module).items()
        if room(target) not in GROUND and floor(target) == floor(module.name)
    ]
    assert not wrong, listing("ground that rests on rooms", wrong)


def test_what_a_module_says_of_its_floor_is_true() -> None:
    wrong = [
        f"{module.path} says floor {said[1]} and stands on floor {floor(module.name)}"
        for module in modules()
        if (said := re.search(r"\bFloor (\d)\b", module.text)) and int(said[1]) != floor(module.name)
    ]
    assert not wrong, listing("docstrings that name another floor", wrong)


@pytest.mark.parametrize(
    ("module", "target", "goes"),
    [
        ("app", "bot.worker", True),
        ("bot.worker", "bot.store.store", True),
        ("bot.store.store", "bot.store.statements", True),
        ("bot.turn", "bot.store.rows", True),
        ("bot.store.rows", "bot.audit", True),
        ("bot.teams.render", "bot.teams.inline", True),
        ("bot.teams.line", "bot.teams.inline", False),
        ("dialogs.answer", "dialogs.summary", False),
        ("dialogs.talk", "dialogs.menu", False),
        ("bot.turn", "bot.store.store", False),
        ("bot.teams.connector", "bot.graph", False),
    ],
)
def test_the_rule_itself_tells_down_from_sideways(module: str, target: str, goes: bool) -> None:
    assert allowed(module, target) is goes
