"""Days, and times on days, read out of plain text of one language.

Floor 5, behind `bot.calendar`. The names of months and the order of numeric dates are dateparser's. It is lenient, so it
is only handed what has the shape of a date, and always with a year: nothing is left for it to guess.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from bot.calendar.clocks import clocks
from bot.calendar.days import DAY, Dated, Day, Days, Point, Weekday, placed
from bot.calendar.phrases import LANGUAGES, any_of, in_all

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

LEAP = 2000
"""A year that has all the days there are."""

LITTLE = re.compile(rf"(?>{in_all('little')} )*")
"""Words before a day that change nothing."""

ISO = re.compile(r"([12]\d{3})([/-])(\d\d?)\2(\d\d?)", re.ASCII)
NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2 ?([12]\d{3}|\d\d)|\.)?", re.ASCII)
ORDINAL = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.o])?"
MONTH = r"(?P<month>[a-z]{3,12})\.?"
YEAR = r"(?: (?:of |de |del )?(?P<year>[12]\d{3}))?"
WRITTEN = (
    re.compile(rf"{ORDINAL} ?(?:of |de )?{MONTH}{YEAR}", re.ASCII),
    re.compile(rf"{MONTH} {ORDINAL}{YEAR}", re.ASCII),
)
NUMBER = re.compile(ORDINAL, re.ASCII)


def _days(first: int, after: int) -> Callable[[date], Days]:
    return lambda today: Days(today + first * DAY, today + after * DAY)


def _weeks(first: int) -> Callable[[date], Days]:
    return lambda today: _days(7 * first, 7 * first + 7)(today - today.weekday() * DAY)


def _months(first: int) -> Callable[[date], Days]:
    return lambda today: Days(month_of(today, first), month_of(today, first + 1))


def month_of(day: date, months: int) -> date:
    """The first day of the month that lies so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


SPANS: dict[str, Callable[[date], Days]] = {
    "today": _days(0, 1),
    "yesterday": _days(-1, 0),
    "day before yesterday": _days(-2, -1),
    "tomorrow": _days(1, 2),
    "this week": _weeks(0),
    "last week": _weeks(-1),
    "next week": _weeks(1),
    "this month": _months(0),
    "last month": _months(-1),
    "next month": _months(1),
}
"""What has a name of its own, seen from today."""


def span(text: str, language: str, today: date) -> Days | None:
    """The days that have a name of their own."""
    return next((SPANS[name](today) for name, words in _spans(language).items() if words.fullmatch(text)), None)


@cache
def _spans(language: str) -> dict[str, re.Pattern[str]]:
    names = LANGUAGES[language].spans
    return {name: re.compile(any_of(names[name])) for name in SPANS}


def weekday(text: str, language: str) -> Weekday | None:
    """A day of the week."""
    found = _weekday(language).fullmatch(text)
    if found is None:
        return None
    said = found.groupdict()
    number = next(number for number in range(7) if said[f"day{number}"])
    return Weekday(number, bool(said["coming"] or said["come"]) - bool(said["past"] or said["gone"]))


@cache
def _weekday(language: str) -> re.Pattern[str]:
    known = LANGUAGES[language]
    names = "|".join(f"(?P<day{number}>{any_of(name)})" for number, name in enumerate(known.weekdays))
    past, coming = any_of(known.past), any_of(known.coming)
    before = f"(?:(?:(?P<past>{past})|(?P<coming>{coming})) )?"
    return re.compile(rf"{before}(?:{names})(?: (?:(?P<gone>{past})|(?P<come>{coming})))?")


def point(text: str, language: str, today: date, order: str) -> Point | None:
    """A day, a time of day, or both. `order` is that of numeric dates, DMY or MDY."""
    for rest, clock in clocks(text, language):
        day = _day(rest, language, today, order) if rest else None
        if day or not rest:
            return Point(day, clock)
    day = _day(text, language, today, order)
    return Point(day) if day else None


def _day(text: str, language: str, today: date, order: str) -> Day | None:
    text = LITTLE.sub("", text, count=1)
    name, _, rest = text.partition(" ")
    return (
        span(text, language, today)
        or weekday(text, language)
        or _date(text, language, order)
        or _both(weekday(name, language), _date(rest, language, order), today)
    )


def _both(name: Weekday | None, day: Dated | None, today: date) -> Days | None:
    """Monday, 16 November: nothing where it is none."""
    days = name and day and placed(day, today)
    return days if days and name and days.first.weekday() == name.number else None


def _date(text: str, language: str, order: str) -> Dated | None:
    if found := ISO.fullmatch(text):
        year, _, month, day = found.groups()
        return _read(f"{day}/{month}", year, language, "DMY", int(day))
    if found := NUMERIC.fullmatch(text):
        return _numeric(found, language, order)
    for pattern in WRITTEN:
        if found := pattern.fullmatch(text):
            return _read(f"{found['day']} {found['month']}", found["year"], language, order, int(found["day"]))
    found = NUMBER.fullmatch(text)
    return Dated(int(found["day"])) if found else None


def _numeric(found: re.Match[str], language: str, order: str) -> Dated | None:
    one, sign, two, year = found.groups()
    if sign == "-" and not year:
        return None
    # 9.30 may be a time: only with strokes is a month allowed to stand where nobody of this place would write it
    day = None if sign == "/" else int(one if order == "DMY" else two)
    return _read(f"{one}/{two}", year and (year if len(year) == 4 else f"20{year}"), language, order, day)


def _read(day: str, year: str | None, language: str, order: str, number: int | None) -> Dated | None:
    """What dateparser makes of a date; nothing where it takes another number for the day."""
    found = _parsed(f"{day}{'/' if '/' in day else ' '}{year or LEAP}", language, order)
    if found is None or number not in (None, found.day):
        return None
    return Dated(found.day, found.month, found.year if year else None)


@lru_cache(1000)
def _parsed(text: str, language: str, order: str) -> date | None:
    found = _parser(language, order).get_date_data(text).date_obj
    return found and found.date()


@cache
def _parser(language: str, order: str) -> "DateDataParser":
    """Imported at its first use: that takes 0.3 s and 15 MB."""
    from dateparser.date import DateDataParser

    return DateDataParser(
        languages=[language],
        settings={
            "DATE_ORDER": order,
            "PARSERS": ["absolute-time"],
            "PREFER_DATES_FROM": "past",
            "RELATIVE_BASE": datetime(LEAP, 1, 1),  # noqa: DTZ001
            "REQUIRE_PARTS": ["day", "month", "year"],
            "STRICT_PARSING": True,
        },
    )
