"""What a person reads on a card, fills in and presses: Adaptive Cards as a client that draws no charts shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Element = Mapping[str, Any]
ADAPTIVE = "application/vnd.microsoft.card.adaptive"
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
FILE = "application/vnd.microsoft.teams.card.file.info"
INSIDE = ("body", "items", "columns", "inlines", "fallback", "actions")
"""Where elements hold others, in the order in which they are seen."""


@dataclass(frozen=True, slots=True)
class Input:
    """Something to fill in. `choices` are the titles by their values."""

    id: str
    label: str
    value: str
    choices: Mapping[str, str]


def lines(card: Element) -> list[str]:
    """The card's text from top to bottom; the cells of a row in one line, inputs with what stands in them."""
    return [line for element in card.get("body") or () for line in _lines(element)]


def buttons(card: Element) -> list[Element]:
    """Everything to press, from top to bottom."""
    return [one for one in walk(card) if str(one.get("type")).startswith("Action.")]


def button(card: Element, title: str, nth: int = 0) -> Element:
    """The button with this title; of several, the one counted from the top. `LookupError` where there is none."""
    found = [one for one in buttons(card) if one.get("title") == title]
    if nth >= len(found):
        raise LookupError(f"{title}: there are {[one.get('title') for one in buttons(card)]}")
    return found[nth]


def inputs(card: Element) -> list[Input]:
    """Everything to fill in."""
    found = (one for one in walk(card) if str(one.get("type")).startswith("Input."))
    return [
        Input(
            one["id"],
            one.get("label", ""),
            one.get("value", ""),
            {choice["value"]: choice["title"] for choice in one.get("choices") or ()},
        )
        for one in found
    ]


def filled(card: Element, given: Mapping[str, str]) -> dict[str, str]:
    """What the client sends along: of every field what stands in it or what the person put there.

    `LookupError` for a field that is not there or a choice that is not given.
    """
    known = {one.id: one for one in inputs(card)}
    for id, value in given.items():
        if id not in known or (known[id].choices and value not in known[id].choices):
            raise LookupError(f"{id} cannot be {value!r}: there are {list(known.values())}")
    return {id: given.get(id, one.value) for id, one in known.items()}


def walk(element: Element) -> Iterator[Element]:
    """The element and all within it."""
    yield element
    for name in INSIDE:
        for one in _each(element.get(name)):
            yield from walk(one)


def attached(attachments: Sequence[Element], kind: str) -> list[Element]:
    """The attachments of one kind."""
    return [one for one in attachments if one.get("contentType") == kind]


def _each(found: Any) -> Sequence[Element]:
    if isinstance(found, Mapping):
        return (found,)
    return [one for one in found or () if isinstance(one, Mapping)]


def _lines(element: Element) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind == "ColumnSet":
        yield " | ".join("\n".join(_within(column)) for column in element["columns"])
    elif kind == "RichTextBlock":
        yield "".join(run["text"] for run in element["inlines"])
    elif kind == "TextBlock":
        yield element["text"]
    elif kind == "ActionSet":
        yield " ".join(f"[{action['title']}]" for action in element["actions"])
    elif kind.startswith("Input."):
        yield f"{element.get('label', '')}: {element.get('value', '')}"
    else:
        yield from _within(element)


def _within(element: Element) -> Iterator[str]:
    for one in (*_each(element.get("items")), *_each(element.get("fallback"))):
        yield from _lines(one)
