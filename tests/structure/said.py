"""Every text the product says to people through its catalogue, found in its source."""

import ast
import inspect
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from tests.structure.literals import ERROR, FOLLOWED, Scope, Source, Unknown, called, calls
from tests.structure.source import Module

SHOWN = {"Say": 1, "Note": 1, "Button": 1, "Card": 2}
"""How many of the first things that a part of an answer is made of are words for people."""
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Said:
    """A text, and where it is said. `many` is "" where nothing is counted; `given` are the names it is filled with.

    `given` is None where the source does not say which.
    """

    text: str
    place: str
    many: str = ""
    given: frozenset[str] | None = frozenset()

    @property
    def key(self) -> str | tuple[str, str]:
        """How a catalogue knows it."""
        return (self.text, self.many) if self.many else self.text


@dataclass(frozen=True, slots=True)
class Refused:
    """A place where something is said that nobody could translate."""

    place: str


def names(text: str) -> frozenset[str]:
    """The placeholders of a text."""
    return frozenset(PLACEHOLDER.findall(text))


def collected(modules: Sequence[Module]) -> list[Said | Refused]:
    """Every text that is handed to `say` or `count`, every error's docstring, and the details handed to errors."""
    source = Source(tuple(modules))
    known = errors(modules)
    found: list[Said | Refused] = [Said(docstring(node), module) for module, node in known.values() if docstring(node)]
    for call, scope in source.calls():
        found += _said(source, call, scope)
        if called(call) in known and detailed(known[called(call)][1]):
            found += _details(source, call, scope)
    return found


def _said(source: Source, call: ast.Call, scope: Scope) -> Iterator[Said | Refused]:
    place = f"{scope.module.path}:{call.lineno}"
    given = None if any(each.arg is None for each in call.keywords) else frozenset(str(k.arg) for k in call.keywords)
    try:
        match source.method(call, scope), call.args:
            case "say", [text]:
                yield from (Said(each, place, given=given) for each in source.texts(text, scope) if each)
            case "count", [ast.Starred(value=pair), _]:
                forms = [[source.texts(each, scope) for each in elements] for elements in source.tuples(pair, scope)]
                yield from (Said(one, place, many, given) for [one], [many] in forms)
            case "count", [one, many, _]:
                both = zip(source.texts(one, scope), source.texts(many, scope), strict=True)
                yield from (Said(single, place, plural, given) for single, plural in both)
            case "say", _:
                yield Refused(place)
    except (Unknown, ValueError):
        yield Refused(place)


def detailed(error: ast.ClassDef) -> bool:
    """Whether what an error is made with is shown; one with an `__init__` of its own takes other things."""
    return error.name == ERROR or not any(
        isinstance(each, ast.FunctionDef) and each.name == "__init__" for each in error.body
    )


def _details(source: Source, call: ast.Call, scope: Scope) -> Iterator[Said | Refused]:
    """The sentence that an error is made with."""
    place = f"{scope.module.path}:{call.lineno}"
    handed = call.args[:1] or [each.value for each in call.keywords if each.arg == "detail"]
    try:
        for node in handed:
            yield from (Said(text, place, given=None) for text in source.texts(node, scope) if text)
    except Unknown:
        yield Refused(place)


def bare(modules: Sequence[Module]) -> list[str]:
    """Where a part of an answer is made of a literal with words in it, which nobody translates."""
    known = errors(modules)
    made = [(call, scope) for module in modules for call, scope in calls(module.tree, Scope(module))]
    shown = [(node, scope) for call, scope in made for node in call.args[: SHOWN.get(called(call), 0)]]
    return [f"{scope.module.path}:{node.lineno} {text!r}" for node, scope in shown for text in plain(node, known)]


def plain(node: ast.AST, known: Collection[str]) -> Iterator[str]:
    """The words under a node that are neither looked up, in a catalogue or a table, nor handed to an error."""
    looked_up = isinstance(node, ast.Call) and called(node) in {"say", "count", *known}
    if looked_up or isinstance(node, ast.Subscript):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and any(map(str.isalpha, node.value)):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from plain(child, known)


def errors(modules: Iterable[Module], root: str = ERROR) -> dict[str, tuple[str, ast.ClassDef]]:
    """Every error that people read, by its name, with the path of its module."""
    classes = {each.name: (module.path, each) for module in modules for each in module.classes}
    found = {name: each for name, each in classes.items() if name == root}
    for _ in range(FOLLOWED):
        found |= {
            n: e for n, e in classes.items() if any(isinstance(b, ast.Name) and b.id in found for b in e[1].bases)
        }
    return found


def docstring(error: ast.ClassDef) -> str:
    """The words of an error as a catalogue knows them."""
    return inspect.cleandoc(ast.get_docstring(error) or "").replace("\n", " ")
