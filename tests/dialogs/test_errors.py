"""No dead ends: every error says what to do next, and that nothing is lost, or what is."""

import inspect
import re
from collections.abc import Iterator

import pytest

from bot.turn import Broken
from dialogs import errors
from dialogs.errors import NOTHING_LOST, AssistantError, NotUnderstood

NEXT = re.compile(
    r"\b(?:[Pp]lease|[Aa]sk (?:me|somebody)|[Uu]se |[Aa]dd me|administrator can|may help|say \*\*|need do nothing|has to be lifted)"
    r"|\*\*(?:models|help|usage|sign in)\*\*|new one"
)
"""What tells somebody what to do next."""
LOST = re.compile(r"\b(?:gone|lost to me|deleted|cannot be brought back)\b")
ASKS_BACK = (NotUnderstood, errors.Senseless)
"""What is said with them tells what to do."""


def every(kind: type[AssistantError] = AssistantError) -> Iterator[type[AssistantError]]:
    yield kind
    for each in kind.__subclasses__():
        yield from every(each)


OURS = sorted({each for each in every() if each.__module__ == errors.__name__}, key=lambda each: each.__name__)


def an_error(kind: type[AssistantError]) -> AssistantError:
    return kind("") if "reason" in inspect.signature(kind).parameters else kind()


@pytest.mark.parametrize("kind", [*(each for each in OURS if each not in ASKS_BACK), Broken])
def test_an_error_says_what_to_do_next(kind: type[AssistantError]) -> None:
    assert NEXT.search(an_error(kind).text)


@pytest.mark.parametrize("kind", [*(each for each in OURS if each not in ASKS_BACK), Broken])
def test_an_error_says_that_nothing_is_lost_or_what_is(kind: type[AssistantError]) -> None:
    error = an_error(kind)
    assert (NOTHING_LOST in error.words, bool(LOST.search(error.text))) == (not error.loses, error.loses)


@pytest.mark.parametrize("kind", ASKS_BACK)
def test_what_asks_back_was_nothing_that_could_be_lost(kind: type[AssistantError]) -> None:
    assert NOTHING_LOST not in kind("Say it so.").words


def test_the_detail_stands_between_what_happened_and_what_is_lost() -> None:
    assert errors.Unreadable("Your account may not.").words.endswith(f"so. Your account may not. {NOTHING_LOST}")
