"""The languages a person may choose are those that are spoken, and the one they chose is known from then on."""

from datetime import UTC

import pytest

from bot.catalogue import LANGUAGES as FOLDER
from bot.teams.kept import Tongues
from dialogs.changes import Forgotten, Preferred
from dialogs.preferences import LANGUAGES, Preferences
from dialogs.talk import Part, Person, Say
from tests.world.catalogue import catalogue

ADA, BEN = Person("ada", "tenant"), Person("ben", "tenant")
GERMAN, NONE = Preferred(Preferences(language="de")), Preferred(Preferences())


def test_every_language_that_is_spoken_may_be_chosen_and_no_other() -> None:
    assert set(LANGUAGES) == {"en"} | {path.stem for path in FOLDER.glob("*.po")}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_is_called_as_english_calls_it(code: str) -> None:
    assert catalogue().wording("en", UTC).within(code).tongue == LANGUAGES[code]


@pytest.mark.parametrize(
    ("parts", "known"),
    [
        ([GERMAN], "de"),
        ([GERMAN, Say("Gespeichert.")], "de"),
        ([GERMAN, NONE], ""),
        ([GERMAN, Forgotten()], ""),
        ([GERMAN, Forgotten("somebody-else")], "de"),
    ],
)
def test_a_language_that_was_chosen_is_known_until_another_is_or_the_person_is_forgotten(
    parts: list[Part], known: str
) -> None:
    tongues = Tongues()
    for part in parts:
        tongues.heard(ADA, part)
    assert (tongues.of(ADA), tongues.of(BEN)) == (known, "")
