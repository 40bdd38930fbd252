"""Days and months in four languages."""

import pytest

from dialogs.days import hinted, named


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("by Friday", "bis Freitag"),
        ("on Wednesday", "el miércoles"),
        ("Freitagabend", "vendredi soir"),
        ("on Mondays", "montags"),
        ("3 March", "3. März"),
        ("in August", "en août"),
        ("Jänner", "enero"),
        ("SATURDAY", "Sonnabend"),
    ],
)
def test_a_day_is_the_same_in_every_language(text: str, same: str) -> None:
    assert named(text) and named(text) <= hinted(same) and named(same) <= hinted(text)


@pytest.mark.parametrize(
    "text", ["It may work.", "May we come?", "Done. March on!", "today", "tomorrow", "heute", "so"]
)
def test_an_ordinary_word_names_no_day(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("text", "short"), [("Friday", "by Fri"), ("mardi", "mar 3"), ("Freitag", "Fr. 3"), ("Mai", "may")]
)
def test_a_short_form_is_enough_of_a_hint(text: str, short: str) -> None:
    assert named(text) <= hinted(short)


def test_another_day_is_no_hint() -> None:
    assert not named("Friday") & hinted("Thursday, 3 March, do it so")
