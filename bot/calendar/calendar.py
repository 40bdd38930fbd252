"""From people's words for times, in five languages, to the windows and schedules they mean.

Floor 5. Days begin at midnight in the person's own time zone. The words of each language stand in `bot.calendar.phrases`,
those of Japanese in `bot.calendar.japanese`.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import TypeVar

from babel import Locale, UnknownLocaleError

from bot.calendar import japanese
from bot.calendar.dates import LITTLE
from bot.calendar.phrases import LANGUAGES, in_all, plain
from bot.calendar.schedules import due, schedule
from bot.calendar.tongues import tongue
from bot.calendar.windows import Reader
from dialogs.errors import NotUnderstood
from dialogs.ports import Wish
from dialogs.talk import Person, Schedule, Window
from dialogs.times import zone

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST = 200
"""How many characters are looked at; a longer text is not about times alone."""

POSSIBLE = (
    "You can name a time: today, yesterday, this week, the last 24 hours, since Monday, on 3 November, "
    "from 3 to 7 November, the last 50 messages, the whole thread. You can add a language: in German."
)
SCHEDULES = "You can say when: daily 9:00, every day at 17:30, weekly Monday 9:00."
FUTURE = "That time lies in the future, and nobody has written anything there yet."
REVERSED = "That time ends before it begins."

Found = TypeVar("Found")

_NOISE = re.compile(r"(?:[\s,;!?¿¡\"“”„«»()]|:(?=\s|$))+")
_APOSTROPHE = re.compile(r"[’‘`´]")
_ELISION = re.compile(r"\b(d|l|jusqu)' ?")
_DASH = re.compile(r"[‐‑‒–—−~〜]")
_BEFORE = re.compile(rf"(?>{in_all('polite', 'little')} )+")
_BEHIND = re.compile(rf"(?: {in_all('polite')})+$")
_NAMING = in_all("this", "whole", "little")
_PLACE = in_all("thread", "place")
_PLACE_BEFORE = re.compile(
    rf"(?>{_NAMING} )*(?:{_PLACE}|{in_all('everything', 'messages')})(?: {in_all('whole')})? |{in_all('this')} $"
)
_PLACE_BEHIND = re.compile(rf"(?> (?:{_NAMING}|from)(?= ))+ {_PLACE}$| here$")
"""Each word is taken in one way only, or a row of words of several languages would be tried in every combination."""
_WHOLE = re.compile(rf"\b{in_all('whole', 'everything', 'thread')}\b")


class Calendar:
    """The calendar of people who write English, German, French, Spanish or Japanese; it keeps nothing."""

    def wish(self, words: str, person: Person, now: datetime) -> Wish:
        """The window and the language that `words` name. Raises `NotUnderstood`, which says what is possible."""
        text = _tidy(japanese.window(_seen(words, POSSIBLE), now.astimezone(zone(person.zone)).date()))
        asked, language = _asked(text)
        if asked or LITTLE.fullmatch(f"{text} "):
            return Wish(_window(asked, person, now), language)
        return Wish(Window() if _WHOLE.search(text) else None, language)

    def schedule(self, words: str, person: Person) -> Schedule:
        """`daily 9:00`, `weekly Monday 9:00`; at nine where no time is named. Raises `NotUnderstood`."""
        text = _BEHIND.sub("", _after(_BEFORE, _tidy(japanese.schedule(_seen(words, SCHEDULES)))))
        found = _in_any(person, lambda language: schedule(text, language, person.zone))
        if found is None:
            raise NotUnderstood(SCHEDULES)
        return found

    def next(self, schedule: Schedule, after: datetime) -> datetime:
        """The first time of a schedule that is later than `after`."""
        return due(schedule, after)

    def load(self) -> None:
        """Make ready, which takes half a second; otherwise the first wish of each language does. For a thread, at start."""
        tongue("in German")
        japanese.window("日本語で", EPOCH.date())
        for language in LANGUAGES:
            Reader(language, "DMY", EPOCH, UTC).window("1/1 - 2/1")


def _seen(words: str, otherwise: str) -> str:
    """The words without what nobody sees. Raises `NotUnderstood`."""
    seen = "".join(c for c in words[: LONGEST + 1] if unicodedata.category(c) != "Cf")
    if len(words) > LONGEST or any(unicodedata.category(c) == "Cc" and c not in "\t\r\n" for c in seen):
        raise NotUnderstood(otherwise)
    return seen


def _tidy(seen: str) -> str:
    """The words in plain text without what is only there for the eye."""
    text = _DASH.sub("-", _APOSTROPHE.sub("'", plain(seen)))
    return " ".join(_ELISION.sub(r"\1' ", _NOISE.sub(" ", text)).split()).strip(" .:'")


def _asked(text: str) -> tuple[str, str | None]:
    """What is left of a text to name a window, and the language it names."""
    language, before = None, ""
    while text != before:
        before = text
        if language is None:
            text, language = tongue(text)
        text = _BEHIND.sub("", _after(_BEFORE, text))
        text = _PLACE_BEHIND.sub("", _after(_PLACE_BEFORE, text))
    return text, language


def _after(words: re.Pattern[str], text: str) -> str:
    """The text without the words it begins with."""
    found = words.match(f"{text} ")
    return text[found.end() :] if found else text


def _window(text: str, person: Person, now: datetime) -> Window:
    where = zone(person.zone)
    own, month_first = _habits(person.locale)

    def read(language: str) -> Window | None:
        order = "MDY" if month_first and language == own else "DMY"
        return Reader(language, order, now.astimezone(where), where).window(text)

    found = _in_any(person, read)
    if found is None:
        raise NotUnderstood(POSSIBLE)
    return _sound(found, now)


def _sound(window: Window, now: datetime) -> Window:
    if window.since and window.until and window.until <= window.since:
        raise NotUnderstood(REVERSED)
    if window.since and window.since > now:
        raise NotUnderstood(FUTURE)
    return window


def _in_any(person: Person, read: Callable[[str], Found | None]) -> Found | None:
    """What is understood in the person's own language, or else in another."""
    own, _ = _habits(person.locale)
    languages = sorted(LANGUAGES, key=lambda language: language != own)
    return next((found for language in languages if (found := read(language))), None)


@lru_cache(100)
def _habits(tag: str) -> tuple[str, bool]:
    """The language that a locale's times are read in first, and whether the month comes first in dates of numbers."""
    try:
        locale = Locale.parse(tag.replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return "en", False
    own = locale.language if locale.language in LANGUAGES else "en"
    return own, locale.date_formats["short"].pattern.startswith(("M", "y/M"))
