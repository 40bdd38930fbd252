"""A complete answer survives as bytes, and an unknown version is refused."""

import pytest

from bot.answers import UnknownVersion, pack, unpack
from dialogs.talk import Answer, Button, Card, Cite

WHOLE = Answer(
    "Done. [1]",
    True,
    (Cite(1, "Ada, Mon 09:02", "We ship", "https://teams.microsoft.com/l/message/1"),),
    (Card("Try it", ("a line",), (Button("Help", "help"),)),),
    True,
)


def test_an_answer_comes_back_as_it_was() -> None:
    assert unpack(pack(WHOLE)) == WHOLE


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(UnknownVersion):
        unpack(b'{"v":2,"answer":{}}')
