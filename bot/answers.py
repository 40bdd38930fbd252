"""A complete answer as bytes, so that a crash after the model's work never costs that work again.

Floor 5. JSON with a version; an unknown version is refused rather than guessed at.
"""

from typing import Any

import orjson

from dialogs.talk import Answer, Button, Card, Cite

VERSION = 1


class UnknownVersion(ValueError):
    """The bytes were written by a program that this one does not understand."""


def pack(answer: Answer) -> bytes:
    """The answer as versioned JSON."""
    return orjson.dumps({"v": VERSION, "answer": answer})


def unpack(packed: bytes) -> Answer:
    """The answer that `pack` wrote. Raises `UnknownVersion`."""
    found: dict[str, Any] = orjson.loads(packed)
    if found.get("v") != VERSION:
        raise UnknownVersion
    fields = found["answer"]
    fields["cites"] = tuple(Cite(**cite) for cite in fields["cites"])
    fields["cards"] = tuple(_card(card) for card in fields["cards"])
    return Answer(**fields)


def _card(fields: dict[str, Any]) -> Card:
    buttons = tuple(Button(**button) for button in fields["buttons"])
    return Card(fields["title"], tuple(fields["lines"]), buttons)
