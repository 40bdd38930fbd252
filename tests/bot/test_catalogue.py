"""The words of every language: texts, plurals, times, and values that nobody can be trusted with."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.catalogue import Catalogue, Wording, error_words
from dialogs.errors import AssistantError, TooMany
from dialogs.talk import Person

PO = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=({plural});\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Key points"
msgstr "{title}"

msgid "Hello {{name}}, {{number}} of {{all}}"
msgstr "{{number}}/{{all}} {{name}}"

msgid "{{number}} message"
msgid_plural "{{number}} messages"
msgstr[0] "{{number}} {one}"
msgstr[1] "{{number}} {many}"
"""
MONDAY = datetime(2026, 11, 2, 8, 2, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 6, 16, 40, tzinfo=UTC)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """A catalogue of three languages and few texts."""
    folder = tmp_path_factory.mktemp("languages")
    write(folder, "de", "n != 1", "Das Wichtigste", "Nachricht", "Nachrichten")
    write(folder, "fr", "n > 1", "L’essentiel", "message", "messages")
    write(folder, "pl", "n != 1", "", "", "")
    return Catalogue(folder)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The product's own."""
    return Catalogue()


def write(folder: Path, language: str, plural: str, title: str, one: str, many: str) -> None:
    text = PO.format(language=language, plural=plural, title=title, one=one, many=many)
    (folder / f"{language}.po").write_text(text, encoding="utf-8")


def spoken(catalogue: Catalogue, locale: str, zone: str = "Europe/Madrid") -> Wording:
    return catalogue.words(Person("p", "t", locale=locale, zone=zone))


def fallen(day: int, hour: int, minute: int = 0) -> datetime:
    """A time of October 2026, at whose end the clocks of Europe go back."""
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "whole", "exact"),
    [
        ("en-US", "1,234,567", "1,234.50"),
        ("de-DE", "1.234.567", "1.234,50"),
        ("de-CH", "1’234’567", "1’234.50"),
        ("fr-FR", "1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", "1\N{NARROW NO-BREAK SPACE}234,50"),
        ("es-ES", "1.234.567", "1.234,50"),
        ("ja-JP", "1,234,567", "1,234.50"),
    ],
)
def test_a_number_is_written_as_the_person_writes_numbers(
    catalogue: Catalogue, locale: str, whole: str, exact: str
) -> None:
    words = spoken(catalogue, locale)
    assert (words.number(1_234_567), words.number(1234.5, 2), words.number(0)) == (whole, exact, "0")


@pytest.mark.parametrize("locale", ["de-DE", "de-AT", "de", "de_CH", "DE-de", "de-XX", "de-Latn-DE"])
def test_a_german_reads_german_whatever_the_region(small: Catalogue, locale: str) -> None:
    words = spoken(small, locale)
    assert (words.language, words.say("Key points")) == ("de", "Das Wichtigste")


@pytest.mark.parametrize(
    "locale",
    [
        "pt-BR",
        "zh-Hant-TW",
        "en-US",
        "en-IN",
        "",
        " ",
        "-",
        "x",
        "de@euro",
        "../../fr",
        "xx-YY",
        "x" * 10_000,
        "\0",
        "root",
    ],
)
def test_who_speaks_none_of_our_languages_reads_english(small: Catalogue, locale: str) -> None:
    words = spoken(small, locale)
    assert words.say("Key points") == "Key points"
    assert words.stamp(MONDAY) == "Mon 2 Nov 09:02"


def test_a_text_that_is_missing_is_said_in_english(small: Catalogue) -> None:
    assert spoken(small, "de-DE").say("Nobody translated {what}", what="this") == "Nobody translated this"


def test_a_text_whose_translation_is_empty_is_said_in_english(small: Catalogue) -> None:
    words = spoken(small, "pl-PL")
    assert words.say("Key points") == "Key points"


def test_nothing_is_said_of_an_empty_text(small: Catalogue) -> None:
    assert spoken(small, "de-DE").say("") == ""


def test_a_language_without_a_catalogue_is_english(small: Catalogue) -> None:
    words = spoken(small, "de-DE").within("pt")
    assert words.say("Key points") == "Key points"
    assert (words.language, words.tongue) == ("pt", "Portuguese")


@pytest.mark.parametrize(
    ("locale", "language", "tongue"),
    [
        ("it-IT", "it", "Italian"),
        ("nl", "nl", "Dutch"),
        ("ja-JP", "ja", "Japanese"),
        ("zh-TW", "zh", "Traditional Chinese"),
        ("zh-Hans-CN", "zh", "Simplified Chinese"),
        ("fil-PH", "fil", "Filipino"),
        ("de-CH", "de", "German"),
        ("en-GB", "en", "English"),
        ("la", "la", "Latin"),
        *((tag, "en", "English") for tag in ("", "x", "xx-YY", "root", "und", "de@euro", "x" * 10_000)),
    ],
)
def test_a_language_is_known_by_name_whether_or_not_it_is_spoken(
    catalogue: Catalogue, locale: str, language: str, tongue: str
) -> None:
    words = spoken(catalogue, locale)
    assert (words.language, words.tongue) == (language, tongue)


def test_a_language_that_is_not_spoken_gives_way_to_one_that_is(catalogue: Catalogue) -> None:
    words = spoken(catalogue, "it-IT").within("de")
    assert (words.tongue, words.say("Key points")) == ("German", "Das Wichtigste")


def test_another_language_keeps_the_time_zone(catalogue: Catalogue) -> None:
    words = spoken(catalogue, "de-DE", "Asia/Tokyo").within("fr")
    assert words.stamp(MONDAY) == "lun. 2 nov. 17:02"


def test_ones_own_language_keeps_the_region(catalogue: Catalogue) -> None:
    january = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert spoken(catalogue, "de-AT", "UTC").within("de").stamp(january) == "Mo., 5. Jän. 09:00"


@pytest.mark.parametrize(("number", "text"), [(0, "0 Nachrichten"), (1, "1 Nachricht"), (2, "2 Nachrichten")])
def test_a_german_counts_none_as_many(small: Catalogue, number: int, text: str) -> None:
    assert spoken(small, "de-DE").count("{number} message", "{number} messages", number) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 message"), (1, "1 message"), (2, "2 messages")])
def test_a_frenchman_counts_none_as_one(small: Catalogue, number: int, text: str) -> None:
    assert spoken(small, "fr-FR").count("{number} message", "{number} messages", number) == text


@pytest.mark.parametrize(("number", "text"), [(0, "0 things"), (1, "1 thing"), (2, "2 things")])
def test_what_is_missing_is_counted_in_english(small: Catalogue, number: int, text: str) -> None:
    assert spoken(small, "fr-FR").count("{number} thing", "{number} things", number) == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en-US", "10,000 messages"), ("de-DE", "10.000 Nachrichten"), ("de-CH", "10’000 Nachrichten")],
)
def test_a_number_is_written_as_the_region_does(small: Catalogue, locale: str, text: str) -> None:
    assert spoken(small, locale).count("{number} message", "{number} messages", 10_000) == text


def test_placeholders_may_change_their_order(small: Catalogue) -> None:
    said = spoken(small, "de-DE").say("Hello {name}, {number} of {all}", name="Ada", number=3, all=4000)
    assert said == "3/4.000 Ada"


@pytest.mark.parametrize(
    "value",
    [
        "{0.__class__}",
        "{name.__class__}",
        "{all}",
        "%(all)s",
        "%s",
        "{",
        "}",
        "{{}}",
        "\\g<0>",
        "\\1",
        "$all",
        "{name}",
    ],
)
def test_a_value_is_shown_as_it_is(small: Catalogue, value: str) -> None:
    assert spoken(small, "de-DE").say("Hello {name}, {number} of {all}", name=value, number=1, all=2) == f"1/2 {value}"


def test_a_text_cannot_reach_into_a_value(small: Catalogue) -> None:
    words = spoken(small, "de-DE")
    assert words.say("{name.__class__} {name[0]} {name!r} {0}", name="x") == "{name.__class__} {name[0]} {name!r} {0}"


def test_a_placeholder_without_a_value_stays(small: Catalogue) -> None:
    assert spoken(small, "en-US").say("Hello {name}") == "Hello {name}"


def test_true_is_no_number(small: Catalogue) -> None:
    assert spoken(small, "en-US").say("{flag}", flag=True) == "True"


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "Mon 2 Nov 09:02"),
        ("en-GB", "Mon 2 Nov 09:02"),
        ("de-DE", "Mo., 2. Nov. 09:02"),
        ("fr-FR", "lun. 2 nov. 09:02"),
        ("es-ES", "lun, 2 nov 9:02"),
        ("es-MX", "lun 2 de nov 09:02"),
        ("ja-JP", "11月2日(月) 9:02"),
    ],
)
def test_a_time_is_written_as_the_locale_does(catalogue: Catalogue, locale: str, text: str) -> None:
    words = spoken(catalogue, locale)
    assert words.stamp(MONDAY) == text
    assert words.clock(time(9, 2)) == text.split()[-1]


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "2 Nov 2026"),
        ("de-DE", "2. Nov. 2026"),
        ("fr-FR", "2 nov. 2026"),
        ("es-ES", "2 nov 2026"),
        ("ja-JP", "2026年11月2日"),
    ],
)
def test_a_day_is_written_as_the_locale_does(catalogue: Catalogue, locale: str, text: str) -> None:
    assert spoken(catalogue, locale).day(MONDAY.date()) == text


@pytest.mark.parametrize(
    ("locale", "colon"), [("en-US", ": "), ("de-DE", ": "), ("fr-FR", "\N{NO-BREAK SPACE}: "), ("it-IT", ": ")]
)
def test_a_value_is_parted_from_its_name_as_the_language_does(catalogue: Catalogue, locale: str, colon: str) -> None:
    assert spoken(catalogue, locale).colon == colon


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en-US", "Mon 2 Nov 09:02 to Fri 6 Nov 17:40 (Madrid)"),
        ("de-DE", "Mo., 2. Nov. 09:02 bis Fr., 6. Nov. 17:40 (Madrid)"),
        ("fr-FR", "de lun. 2 nov. 09:02 à ven. 6 nov. 17:40 (Madrid)"),
        ("es-ES", "de lun, 2 nov 9:02 a vie, 6 nov 17:40 (Madrid)"),
        ("ja-JP", "11月2日(月) 9:02～11月6日(金) 17:40 (マドリード)"),
    ],
)
def test_a_span_names_both_ends_and_the_city(catalogue: Catalogue, locale: str, text: str) -> None:
    assert spoken(catalogue, locale).span(MONDAY, FRIDAY) == text


def test_a_span_within_a_day_names_it_once(catalogue: Catalogue) -> None:
    later = MONDAY + timedelta(hours=8)
    assert spoken(catalogue, "en-US").span(MONDAY, later) == "Mon 2 Nov 09:02 to 17:02 (Madrid)"


def test_it_is_the_persons_own_day_that_counts(catalogue: Catalogue) -> None:
    evening, night = datetime(2026, 11, 2, 22, 30, tzinfo=UTC), datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert spoken(catalogue, "en-US").span(evening, night) == "Mon 2 Nov 23:30 to Tue 3 Nov 00:30 (Madrid)"
    assert spoken(catalogue, "en-US", "UTC").span(evening, night) == "Mon 2 Nov 22:30 to 23:30 (UTC)"


def test_a_span_over_new_year_names_the_years(catalogue: Catalogue) -> None:
    eve, new = datetime(2026, 12, 31, 22, 50, tzinfo=UTC), datetime(2026, 12, 31, 23, 10, tzinfo=UTC)
    span = spoken(catalogue, "en-US").span(eve, new)
    assert span == "Thu, 31 Dec 2026 23:50 to Fri, 1 Jan 2027 00:10 (Madrid)"


def test_a_span_over_the_end_of_summer_time_has_the_clock_of_each_day(catalogue: Catalogue) -> None:
    span = spoken(catalogue, "en-US").span(fallen(24, 10), fallen(26, 10))
    assert span == "Sat 24 Oct 12:00 to Mon 26 Oct 11:00 (Madrid)"


def test_a_span_of_one_minute_is_a_time(catalogue: Catalogue) -> None:
    assert spoken(catalogue, "en-US").span(MONDAY, MONDAY + timedelta(seconds=20)) == "Mon 2 Nov 09:02 (Madrid)"


@pytest.mark.parametrize(
    ("zone", "locale", "city"),
    [
        ("Europe/Madrid", "en-US", "Madrid"),
        ("Europe/Prague", "es-ES", "Praga"),
        ("America/New_York", "es-MX", "Nueva York"),
        ("America/New_York", "de-DE", "New York"),
        ("America/Argentina/Buenos_Aires", "en-US", "Buenos Aires"),
        ("Japan", "de-DE", "Tokio"),
        ("UTC", "de-DE", "UTC"),
        ("Etc/UTC", "en-US", "UTC"),
        ("GMT", "fr-FR", "UTC"),
        ("Etc/GMT+5", "en-US", "GMT-05:00"),
        ("Nowhere/At_all", "en-US", "UTC"),
        ("../../etc/passwd", "en-US", "UTC"),
        ("", "en-US", "UTC"),
    ],
)
def test_a_zone_is_known_by_its_city(catalogue: Catalogue, zone: str, locale: str, city: str) -> None:
    assert spoken(catalogue, locale, zone).span(MONDAY, FRIDAY).endswith(f" ({city})")


def test_an_error_says_its_words_in_the_language_and_that_nothing_is_lost(catalogue: Catalogue) -> None:
    assert error_words(TooMany(), spoken(catalogue, "de-DE")).endswith(" Verloren ist nichts.")


def test_an_error_that_is_not_translated_says_what_it_says_in_english(small: Catalogue) -> None:
    error = AssistantError("And {this}, as it stands.")
    assert error_words(error, spoken(small, "de-DE")) == error.words
