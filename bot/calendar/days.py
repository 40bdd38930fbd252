"""Days as people name them, and where they lie: latest Monday, a date without a year, a midnight that does not exist.

Floor 5, behind `bot.calendar`.
"""

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

DAY = timedelta(days=1)
COMING = timedelta(days=7)
"""A date without a year that lies at most so far ahead is the coming one, otherwise the latest past one."""
YEARS = 9
"""In so many years there is a 29 February."""


@dataclass(frozen=True, slots=True)
class Days:
    """From the midnight that `first` begins with to the one that `after` begins with."""

    first: date
    after: date


@dataclass(frozen=True, slots=True)
class Weekday:
    """0 is Monday. `turn` -1 is the last one before today, 1 the next one, 0 the latest, which may be today."""

    number: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Dated:
    """A written date; the year, or the month too, may be left to what stands beside it."""

    day: int
    month: int | None = None
    year: int | None = None


Day = Days | Weekday | Dated


@dataclass(frozen=True, slots=True)
class Point:
    """A day, a time of day, or a time on a day."""

    day: Day | None
    clock: time | None = None


def placed(day: Day, today: date) -> Days | None:
    """The days that are meant; None where there are none, as with a number alone."""
    match day:
        case Days():
            return day
        case Weekday(number, turn):
            return _only(today - _back(number, turn, today) * DAY)
        case Dated(_, int(), int(year)):
            return _only(_in(day, year))
        case Dated():
            years = range(today.year + 1, today.year - YEARS, -1)
            found = (date for year in years if (date := _in(day, year)) and date <= today + COMING)
            return _only(next(found, None))


def _only(day: date | None) -> Days | None:
    return Days(day, day + DAY) if day else None


def _back(number: int, turn: int, today: date) -> int:
    """How many days ago a weekday was."""
    latest = (today.weekday() - number) % 7
    match turn:
        case -1:
            return latest or 7
        case 1:
            return latest - 7
        case _:
            return latest


def _in(day: Dated, year: int) -> date | None:
    """The date in a year; None where the year has no such day."""
    try:
        return date(year, day.month or 0, day.day)
    except ValueError:
        return None


def joined(left: Point, right: Point) -> tuple[Point, Point]:
    """The ends of a range, each with what only the other one says: 3 to 7 November, yesterday 9:00 to 12:00."""
    match left.day, right.day:
        case Dated(hour, None), None if hour < 24 and left.clock is None:
            left = Point(None, time(hour))
        case Dated(_, None) as day, Dated(_, int(month), year):
            left = replace(left, day=replace(day, month=month, year=year))
        case Dated(_, int(month), year), Dated(_, None) as day:
            right = replace(right, day=replace(day, month=month, year=year))
        case day, None:
            right = replace(right, day=day)
    return left, right


def between(left: Day, right: Day, today: date) -> tuple[Days | None, Days | None]:
    """Where the two days of a range lie: whatever is open of one is near to the other."""
    last = placed(_following(right, left), today)
    return last and placed(_leading(left, last.first), today), last


def _following(day: Day, left: Day) -> Day:
    match day, left:
        case Dated(_, int(month), None), Dated(_, int(other), int(year)):
            return replace(day, year=year + (month < other))
        case _:
            return day


def _leading(day: Day, last: date) -> Day:
    match day:
        case Weekday(_, 0):
            return placed(day, last) or day
        case Dated(_, int(month), None):
            return replace(day, year=last.year - (month > last.month))
        case _:
            return day


def moment(day: date, at: time, zone: tzinfo) -> datetime:
    """A time of day in UTC. One that does not exist is the first moment after; of two it is the first."""
    local = datetime.combine(day, at, zone)
    skipped = _offset(local.replace(fold=1)) - _offset(local)
    if skipped <= timedelta():
        return local.astimezone(UTC)
    early = local.replace(fold=1).astimezone(UTC)
    return early + timedelta(
        seconds=bisect_left(
            range(int(skipped.total_seconds())),
            _offset(local.replace(fold=1)),
            key=lambda seconds: _offset((early + timedelta(seconds=seconds)).astimezone(zone)),
        )
    )


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()
