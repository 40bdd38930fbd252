"""The languages a person may choose are those that are spoken."""

from datetime import UTC

import pytest

from bot.catalogue import LANGUAGES as FOLDER
from bot.catalogue import Catalogue
from dialogs.preferences import LANGUAGES


def test_every_language_that_is_spoken_may_be_chosen_and_no_other() -> None:
    assert set(LANGUAGES) == {"en"} | {path.stem for path in FOLDER.glob("*.po")}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_is_called_as_english_calls_it(code: str) -> None:
    assert Catalogue().wording("en", UTC).within(code).tongue == LANGUAGES[code]
