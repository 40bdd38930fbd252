"""From a person's words to the messages they mean.

Floor 2. Days begin at midnight in the person's own time zone.
"""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dialogs.errors import NotUnderstood
from dialogs.talk import Window

POSSIBLE = (
    "You can say: summarise, summarise today, summarise yesterday, summarise this week, summarise the last 24 hours, "
    "summarise since Monday, summarise the last 50 messages."
)

WHOLE = re.compile(
    r"(?:(?:this|the|our|whole|entire|all|full|of)\s+)*(?:this|thread|chat|conversation|channel|discussion|everything|all|it)?"
)
LAST = re.compile(
    r"(?:the |these )?(?:last|past|latest|newest) (?:([1-9]\d{0,3}) (message|post|minute|hour|day|week)s?|(message|post|hour))"
)
"""`last week` and `last day` alone are not meant by it: they may be the calendar's."""
SINCE = re.compile(r"since (?:last )?(\S+)")
UNITS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def window(words: str, now: datetime, where: tzinfo) -> Window:
    """The window that `words` name, the whole thread for none. Raises `NotUnderstood`, which says what is possible."""
    words = _tidy(words)
    if WHOLE.fullmatch(words):
        return Window()
    if last := LAST.fullmatch(words):
        return _last(int(last[1] or 1), last[2] or last[3], now)
    today = now.astimezone(where).date()
    first = _first_day(words, today)
    if first is None:
        raise NotUnderstood(POSSIBLE)
    until = _midnight(today, where) if words == "yesterday" else None
    try:
        return Window(since=_midnight(first, where), until=until)
    except OverflowError:  # the first day there is, in a zone that is ahead of it
        raise NotUnderstood(POSSIBLE) from None


def understood(words: str) -> bool:
    """Whether `words` name a range."""
    try:
        window(words, datetime(2000, 1, 1, tzinfo=UTC), UTC)
    except NotUnderstood:
        return False
    return True


def _tidy(words: str) -> str:
    words = " ".join(words.casefold().split()).strip(" :,.!?")
    return re.sub(r"^(?:for|from|of|in|please)\s+|\s*\bplease$", "", words)


def _last(count: int, unit: str, now: datetime) -> Window:
    if unit in ("message", "post"):
        return Window(last=count)
    return Window(since=now - count * UNITS[unit])


def _first_day(words: str, today: date) -> date | None:
    if words == "this week":
        return today - timedelta(days=today.weekday())
    since = SINCE.fullmatch(words)
    day = since[1] if since else words
    if day in ("today", "yesterday"):
        return today - timedelta(days=day == "yesterday")
    return _named(day, today) if since else None


def _named(day: str, today: date) -> date | None:
    if day in WEEKDAYS:
        return today - timedelta(days=(today.weekday() - WEEKDAYS.index(day)) % 7)
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def _midnight(day: date, where: tzinfo) -> datetime:
    return datetime.combine(day, time(), where).astimezone(UTC)
