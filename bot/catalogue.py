"""What the assistant itself says, in the language, the time zone and the manner of the person it says it to.

Floor 5. The texts stand in `languages/*.po`, one file a language, keyed by the English text; dates, numbers and the
names of cities come from Babel's locale data. Whatever is not translated is said in English.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import get_timezone_gmt, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from dialogs.errors import NOTHING_LOST, AssistantError
from dialogs.ports import Words
from dialogs.talk import Person
from dialogs.times import zone

LANGUAGES = Path(__file__).with_name("languages")
"""Where the catalogues stand."""

ENGLISH = Locale("en", "GB")
"""How dates and numbers are written in English, whichever English the person reads: `Mon 2 Nov 09:02`."""

CODE = 2
"""Letters of the code of most languages; longer ones are also of what is none."""
DAY, DAY_OF_YEAR, DATE, CLOCK = "MMMEd", "yMMMEd", "yMMMd", "Hm"
"""What a date shows, as CLDR names it; the locale has the order and the signs between."""

WORDINGS = 256
"""Pairs of a language and a time zone whose words are kept at hand."""
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,4}")


class Catalogue:
    """Every text in every language, read once from `folder`; it does not change afterwards."""

    def __init__(self, folder: Path = LANGUAGES) -> None:
        self._texts = {path.stem: _read(path) for path in sorted(folder.glob("*.po"))}
        self.wording = lru_cache(WORDINGS)(self._wording)
        """What is said in the language of a BCP 47 tag, in a time zone; English for one that is not spoken, and for no tag at all."""

    def words(self, person: Person) -> "Wording":
        """What is said to this person: in the language of their locale, in their time zone."""
        return self.wording(person.locale, zone(person.zone))

    def _wording(self, tag: str, where: tzinfo) -> "Wording":
        locale, language = _locale(tag), _language(tag)
        if language in self._texts:
            return Wording(self, self._texts[language], locale, where, language, _tongue(locale, language))
        return Wording(self, NullTranslations(), ENGLISH, where, language, _tongue(locale, language))


@dataclass(frozen=True, slots=True)
class Wording:
    """The `Words` of one time zone, and of a language that is wished for: in it, or in English where nobody translated."""

    catalogue: Catalogue
    texts: NullTranslations
    locale: Locale
    where: tzinfo
    language: str
    tongue: str

    @property
    def colon(self) -> str:
        """`: `; in French with a no-break space before it."""
        return self.say("{what}: {detail}", what="", detail="")

    def say(self, text: str, **values: object) -> str:
        """The text in this language, with the values in the places of their names."""
        return self._filled(text and self.texts.gettext(text), values)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """The form of the text that this language has for a number of things; `{number}` is it."""
        return self._filled(self.texts.ngettext(one, many, number), {"number": number, **values})

    def number(self, value: float, places: int = 0) -> str:
        """`1,234`; in German `1.234`, and with two places `1.234,50`."""
        whole = self.locale.decimal_formats[None].pattern.partition(".")[0]
        return str(format_decimal(value, f"{whole}.{'0' * places}".rstrip("."), locale=self.locale))

    def stamp(self, time: datetime) -> str:
        """`Mon 2 Nov 09:02`, `Mo., 2. Nov. 09:02`."""
        return self._time(time.astimezone(self.where), DAY)

    def clock(self, time: time) -> str:
        """`09:02`; in Spanish `9:02`."""
        return self._shown(time, CLOCK)

    def day(self, day: date) -> str:
        """`2 Nov 2026`, `2. Nov. 2026`."""
        return self._shown(day, DATE)

    def span(self, first: datetime, last: datetime) -> str:
        """`Mon 2 Nov 09:02 to Fri 6 Nov 17:40 (Madrid)`; shorter within a day, with the years where they differ."""
        start, end = first.astimezone(self.where), last.astimezone(self.where)
        day = DAY if start.year == end.year else DAY_OF_YEAR
        begins = self._time(start, day)
        ends = self._shown(end, CLOCK) if start.date() == end.date() else self._time(end, day)
        if begins.endswith(ends):
            return f"{begins} ({_city(self.where, self.locale)})"
        return self.say("{first} to {last} ({zone})", first=begins, last=ends, zone=_city(self.where, self.locale))

    def city(self, name: str) -> str:
        """The place that an IANA time zone is named after, in this language: `Madrid`."""
        return _city(zone(name), self.locale)

    def within(self, language: str) -> Words:
        """The same in another language; in the person's own, their region's manner stays."""
        return self if language == self.language else self.catalogue.wording(language, self.where)

    def _time(self, local: datetime, day: str) -> str:
        return f"{self._shown(local, day)} {self._shown(local, CLOCK)}"

    def _shown(self, local: date | time, skeleton: str) -> str:
        return str(self.locale.datetime_skeletons[skeleton].apply(local, self.locale))

    def _filled(self, text: str, values: Mapping[str, object]) -> str:
        # One pass, and names alone: `str.format` would let a value or a text reach into attributes.
        if "{" not in text:
            return text
        return _PLACEHOLDER.sub(lambda hit: self._written(values.get(hit[1], hit[0])), text)

    def _written(self, value: object) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(format_decimal(value, locale=self.locale))
        return str(value)


def error_words(error: AssistantError, words: Words) -> str:
    """What the person reads of an error: `error.words` in their language, as far as the catalogue has it."""
    spared = words.say(NOTHING_LOST) if error.spared else ""
    return " ".join(filter(None, (words.say(error.text), words.say(error.detail), spared)))


def _read(path: Path) -> GNUTranslations:
    """One catalogue, in the form in which it is looked up: the standard library evaluates its rule for plurals."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem, abort_invalid=True)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return GNUTranslations(BytesIO(compiled.getvalue()))


@lru_cache(maxsize=512)
def _locale(tag: str) -> Locale:
    """The locale of a tag that came from outside; without its region where nobody knows that, English for none."""
    if not _TAG.fullmatch(tag):
        return ENGLISH
    for name in (tag.replace("-", "_"), re.split("[-_]", tag)[0]):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return ENGLISH


def _language(tag: str) -> str:
    """The code of the language of a tag; Babel knows the name of more languages (`la`) than it has locales for."""
    code = re.split("[-_]", tag, maxsplit=1)[0].lower()
    return code if len(code) == CODE and code in ENGLISH.languages else str(_locale(tag).language)


def _tongue(locale: Locale, language: str) -> str:
    """What English calls a language, `Italian`; with its script where that has a name of its own, `Traditional Chinese`."""
    names = ENGLISH.languages
    written = names.get(f"{locale.language}_{locale.script}", "") if locale.language == language else ""
    return str(written or names.get(language, language))


@lru_cache(maxsize=512)
def _city(where: tzinfo, locale: Locale) -> str:
    """`Madrid`; `Praga` in Spanish; `UTC` and `GMT-05:00` where it is no place."""
    name = str(where)
    name = str(get_global("zone_aliases").get(name, name))
    if name.startswith("Etc/") or "/" not in name:
        # Offset zones never change theirs, so any time will do.
        now = datetime(2000, 1, 1, tzinfo=where)
        return get_timezone_gmt(now, locale=locale) if now.utcoffset() else "UTC"
    return get_timezone_location(where, locale=locale, return_city=True).rpartition("/")[2]
