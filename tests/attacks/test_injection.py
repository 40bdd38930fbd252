"""Orders in everything that anybody can write change nothing but words: a share of the table (`make attacks` tries all of it)."""

import asyncio
from pathlib import Path

import pytest

from dialogs.prompt import Prompt, Purpose
from tests.attacks.injection import Effects, compared, effects, pressable
from tests.attacks.obedient import Obedient, order

SHARE = 8
REACHED = {
    "thread message",
    "edited message",
    "author's name",
    "prompt",
    "card",
    "subject",
    "file's name",
    "earlier answer",
    "text of a file sent along",
    "name of a file sent along",
    "heading in a file",
}
"""Places whose orders get as far as the model."""


@pytest.mark.slow
def test_an_order_changes_nothing_but_words(database: str, tmp_path: Path) -> None:
    told, found = effects(database, tmp_path, SHARE)
    assert found == []
    assert told.obeyed.keys() >= REACHED, "the model was not told"


def test_the_model_obeys() -> None:
    async def answered() -> str:
        prompt = Prompt(Purpose.ANSWER, "Be brief.", f"What is this? {order('link')}")
        return "".join([piece async for piece in Obedient(lambda usage: None, lambda orders: None).stream(prompt)])

    assert asyncio.run(answered()).startswith("[press here](https://evil.example/a)")


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://evil.example)",
        "![a](https://evil.example)",
        "<https://evil.example>",
        "https://evil.example",
        "<at>B</at>",
    ],
)
def test_what_can_be_pressed_is_seen(text: str) -> None:
    assert list(pressable({"text": text}))


def test_a_further_reader_or_row_is_seen() -> None:
    told, plain = Effects(), Effects()
    told.note("chat", "to all")
    told.rows['["audit", "somebody"]'] += 1
    assert len(compared(told, plain)) == 2
