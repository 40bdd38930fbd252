"""Windows, read out of plain text of one language.

Floor 5, behind `bot.calendar`. Every rule takes the whole text or nothing: what it does not know is no window.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from itertools import islice

from bot.calendar.dates import LITTLE, month_of, point, span
from bot.calendar.days import DAY, Days, Point, Weekday, between, joined, moment, placed
from bot.calendar.phrases import LANGUAGES, any_of
from dialogs.errors import NotUnderstood
from dialogs.talk import Window

MIDNIGHT = time()
SKIPPED = "The clocks were put forward over that time, so there was none."
SEAMS = 8
"""In how many places, at most, a text is taken apart into the ends of a range; two dates have few dashes."""
UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one language. `order` is that of numeric dates, DMY or MDY; `now` is in the person's own time zone."""

    language: str
    order: str
    now: datetime
    zone: tzinfo

    def window(self, text: str) -> Window | None:
        """The window that a text names; None for a text that is none in this language. Raises `NotUnderstood`."""
        bare = _patterns(self.language).of.sub("", text, count=1)
        return self._named(bare) or self._last(bare) or self._since(text) or self._on(text) or self._range(text)

    @property
    def _today(self) -> date:
        return self.now.date()

    def _point(self, text: str) -> Point | None:
        return point(text, self.language, self._today, self.order)

    def _named(self, text: str) -> Window | None:
        """What is not over yet has no end."""
        found = span(text, self.language, self._today)
        if found is None:
            return None
        window = self._within(found)
        return Window(window.since) if found.first <= self._today < found.after else window

    def _last(self, text: str) -> Window | None:
        found = _first(_patterns(self.language).last, text)
        return self._counted(found) if found else None

    def _since(self, text: str) -> Window | None:
        found = _patterns(self.language).since.fullmatch(text)
        if found is None:
            return None
        ago = _first(_patterns(self.language).ago, LITTLE.sub("", found["rest"], count=1))
        if ago and not ago["message"]:
            return self._counted(ago)
        since = self._point(found["rest"])
        start = since and self._start(since)
        return Window(start) if start else None

    def _on(self, text: str) -> Window | None:
        found = self._point(text)
        if found is None or found.day is None or found.clock:
            return None
        days = placed(found.day, self._today)
        return self._within(days) if days else None

    def _range(self, text: str) -> Window | None:
        for one, other in _ends(text, self.language):
            left, right = self._point(one), self._point(other)
            found = left and right and self._between(*joined(left, right))
            if found:
                return found
        return None

    def _between(self, left: Point, right: Point) -> Window | None:
        first, last = between(left.day or self._day(left), right.day or self._day(left), self._today)
        if first is None or last is None:
            return None
        since = moment(first.first, left.clock or MIDNIGHT, self.zone)
        if right.clock:
            until = moment(last.first, right.clock, self.zone)
            if until == since and (first.first, left.clock or MIDNIGHT) < (last.first, right.clock):
                raise NotUnderstood(SKIPPED)
            return Window(since, until)
        return Window(since, moment(last.after, MIDNIGHT, self.zone))

    def _start(self, since: Point) -> datetime | None:
        days = placed(since.day or self._day(since), self._today)
        if days is None:
            return None
        start = moment(days.first, since.clock or MIDNIGHT, self.zone)
        if start > self.now and since.day == Weekday(self._today.weekday()):
            return moment(days.first - 7 * DAY, since.clock or MIDNIGHT, self.zone)
        return start

    def _day(self, at: Point) -> Days:
        """The day of the latest time of day."""
        over = moment(self._today, at.clock or MIDNIGHT, self.zone) <= self.now
        first = self._today if over else self._today - DAY
        return Days(first, first + DAY)

    def _within(self, days: Days) -> Window:
        return Window(moment(days.first, MIDNIGHT, self.zone), moment(days.after, MIDNIGHT, self.zone))

    def _counted(self, found: re.Match[str]) -> Window:
        count = _number(found["count"] or "1", self.language)
        if found["message"]:
            return Window(last=count)
        if found["month"]:
            return Window(self._months_ago(count))
        unit = next(UNITS[name] for name in UNITS if found[name])
        return Window(self.now.astimezone(UTC) - count * unit)

    def _months_ago(self, count: int) -> datetime:
        """The same day and time of an earlier month, or its last day."""
        first, after = month_of(self._today, -count), month_of(self._today, 1 - count)
        day = min(first + (self._today.day - 1) * DAY, after - DAY)
        return moment(day, self.now.time(), self.zone)


@dataclass(frozen=True, slots=True)
class _Patterns:
    of: re.Pattern[str]
    last: tuple[re.Pattern[str], ...]
    ago: tuple[re.Pattern[str], ...]
    since: re.Pattern[str]
    between: re.Pattern[str]
    and_: re.Pattern[str]
    until: re.Pattern[str]


@cache
def _patterns(language: str) -> _Patterns:
    known = LANGUAGES[language]
    number = f"(?P<count>[1-9][0-9]{{0,3}}|{any_of(*known.numbers)})"
    unit = "(?:" + "|".join(f"(?P<{name}>{any_of(words)})" for name, words in known.units.items()) + ")"
    last, ago, since = any_of(known.last), any_of(known.ago), any_of(known.since)
    counted = (rf"{last} {number} ?{unit}", rf"{number} {last} {unit}")
    return _Patterns(
        of=re.compile(rf"^{any_of(known.also_of)} "),
        last=tuple(map(re.compile, (*counted, rf"{last} (?P<count>){unit}"))),
        # `depuis 9h` is a time of day
        ago=tuple(map(re.compile, (rf"(?!\d+ ?h$)(?:{ago} )?{number} ?{unit}(?: {ago})?", *counted))),
        since=re.compile(rf"{since} (?P<rest>.+?)(?: {any_of(known.onwards)})?"),
        between=re.compile(rf"{any_of(known.between)} (?P<rest>.+)"),
        and_=re.compile(rf" {any_of(known.and_)} "),
        until=re.compile(rf" {any_of(known.until)} | ?- ?"),
    )


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((found for pattern in patterns if (found := pattern.fullmatch(text))), None)


def _ends(text: str, language: str) -> Iterator[tuple[str, str]]:
    """Every way to see a text as the two ends of a range."""
    patterns = _patterns(language)
    pair = patterns.between.fullmatch(text)
    since = patterns.since.fullmatch(text)
    rest = pair["rest"] if pair else since["rest"] if since else text
    for found in islice((patterns.and_ if pair else patterns.until).finditer(rest), SEAMS):
        yield rest[: found.start()], rest[found.end() :]


def _number(text: str, language: str) -> int:
    if text.isdigit():
        return int(text)
    numbers = LANGUAGES[language].numbers
    return next(value for value, word in enumerate(numbers, start=1) if re.fullmatch(any_of(word), text))
