"""Citations: who, when, and what stands there."""

from dataclasses import replace

import pytest

from dialogs.sources import cite
from tests.dialogs.desk import English, a_post

POST = a_post(1, "Anna Weber", "Shall we?\nYes.")


@pytest.mark.parametrize(
    ("edited", "bot", "title"),
    [
        (False, False, "Anna Weber, Mon 16 Nov 09:07"),
        (True, False, "Anna Weber, Mon 16 Nov 09:07 (edited)"),
        (False, True, "Anna Weber, Mon 16 Nov 09:07 (app)"),
        (True, True, "Anna Weber, Mon 16 Nov 09:07 (edited) (app)"),
    ],
)
def test_a_title_names_author_time_and_what_is_special(edited: bool, bot: bool, title: str) -> None:
    assert cite(1, replace(POST, edited=edited, bot=bot), English()).title == title


def test_a_title_and_a_quote_fit_what_teams_takes() -> None:
    found = cite(1, replace(POST, author="Anna " * 40, text="word " * 400, edited=True, bot=True), English())
    assert (len(found.title) <= 80, len(found.quote) <= 160, found.title.endswith("(edited) (app)")) == (True,) * 3


def test_an_author_without_a_name_is_somebody() -> None:
    assert cite(1, replace(POST, author=" "), English()).title.startswith("Somebody, ")
