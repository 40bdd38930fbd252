"""The package in every language: nothing is missing, nothing is left over, and what it puts into the box is understood."""

from datetime import UTC, datetime

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from appPackage import commands, wording
from appPackage.manifest import TRANSLATED, flat, manifest
from bot.calendar.calendar import Calendar
from dialogs import choice
from dialogs.talk import Ask, Person, Place, PlaceKind
from dialogs.toolbox import TASKS
from tests.package.packaged import given, package
from tests.structure.source import ROOT

PLACES = {"personal": PlaceKind.PERSONAL, "team": PlaceKind.CHANNEL, "groupChat": PlaceKind.GROUP}
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
NAME = "Parley"
"""The same in every language."""
LANGUAGES = wording.LANGUAGES
STARTERS = [(scope, number) for scope, each in commands.SCOPES.items() for number in range(len(each))]


def texts(language: str = "en") -> dict[str, str]:
    return {place: text for place, text in flat(manifest(given(), language)) if TRANSLATED.fullmatch(place)}


def said() -> set[str]:
    return {text for place, text in texts().items() if not place.endswith(".prompt")} - {NAME}


def catalogue(folder: str, language: str) -> Catalog:
    with (ROOT / folder / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def keys(folder: str, language: str) -> set[str]:
    return {str(each.id) for each in catalogue(folder, language) if each.id and each.string and not each.fuzzy}


def meant(scope: str, number: int, language: str) -> choice.Meant:
    prompt = commands.phrase(commands.SCOPES[scope][number], language)
    topic = "Budget" if prompt.endswith(" ") and not prompt.endswith(": ") else ""
    text = f"{prompt}{topic}".replace("…", "Budget")
    return choice.mean(Ask("1", Person("p", "t"), Place(PLACES[scope], "c"), text), Calendar(), NOW)


def test_the_package_speaks_the_languages_of_the_product() -> None:
    assert list(LANGUAGES) == sorted(path.stem for path in (ROOT / "bot" / "languages").glob("*.po"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_that_teams_shows_is_said_in_every_language(language: str) -> None:
    assert said() - keys("appPackage/languages", language) - keys("bot/languages", language) == set()


def test_a_language_says_what_its_catalogues_say() -> None:
    found = {name: texts["bots[0].commandLists[0].commands[0].title"] for name, texts in package().languages.items()}
    assert found == {"de.json": "Hilfe", "es.json": "Ayuda", "fr.json": "Aide", "ja.json": "ヘルプ"}
    assert package().languages["fr.json"]["composeExtensions[0].commands[0].title"] == "Résumer le fil"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_holds_what_the_package_no_longer_says(language: str) -> None:
    begun = {each.prompt for starters in commands.SCOPES.values() for each in starters}
    assert keys("appPackage/languages", language) - said() - begun == set()
    assert not catalogue("appPackage/languages", language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("scope", "number"), STARTERS)
def test_what_is_put_into_the_box_means_the_same_in_every_language(scope: str, number: int, language: str) -> None:
    assert meant(scope, number, language).command == meant(scope, number, "en").command


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_asked_for_privately_is_private_in_every_language(language: str) -> None:
    (number,) = [at for at, each in enumerate(commands.AMONG) if each.title == "Privately"]
    prompt = commands.phrase(commands.AMONG[number], language)
    assert choice.alone(Ask("1", Person("p", "t"), Place(PlaceKind.CHANNEL, "c"), prompt))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_comes_at_the_time_that_the_box_names(language: str) -> None:
    (number,) = [at for at, each in enumerate(commands.AMONG) if each.title == "Digest"]
    found = Calendar().schedule(meant("team", number, language).rest, Person("p", "t", locale=language))
    assert (found.hour, found.minute, found.weekday) == (9, 0, None)


def test_a_reader_is_offered_the_commands_in_their_own_words() -> None:
    offered = {language: commands.phrase(commands.ALONE[0], language) for language in LANGUAGES}
    assert offered == {"de": "hilfe", "es": "ayuda", "fr": "aide", "ja": "ヘルプ"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_beginnings_of_tasks_are_english_everywhere(language: str) -> None:
    same = {
        each.prompt for each in (*commands.ALONE, *commands.AMONG) if commands.phrase(each, language) == each.prompt
    }
    assert same == {task.starter for task in TASKS} & {each.prompt for each in commands.ALONE}
