"""Schedules: read out of plain text, and when they are next due.

Floor 5, behind `bot.calendar`.
"""

import re
from datetime import datetime, time
from functools import cache

from bot.calendar.clocks import clocks
from bot.calendar.dates import LITTLE, weekday
from bot.calendar.days import DAY, moment
from bot.calendar.phrases import LANGUAGES, any_of
from dialogs.talk import Schedule
from dialogs.times import zone

NINE = time(9)
"""When it is due where no time is named."""
DAYS = 9
"""Within so many days, counted from the day before, every schedule is due."""


def schedule(text: str, language: str, where: str) -> Schedule | None:
    """The schedule that a text names; None for a text that is none in this language."""
    days, at = next(clocks(text, language, bare=True), (text, NINE))
    daily, weekly = _patterns(language)
    if daily.fullmatch(days):
        return Schedule(at.hour, at.minute, where)
    said = weekly.fullmatch(days)
    day = said and (weekday(said["day"], language) or weekday(said["day"].removesuffix("s"), language))
    return Schedule(at.hour, at.minute, where, day.number) if day and not day.turn else None


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    known = LANGUAGES[language]
    often = f"(?:(?:{any_of(known.weekly, known.every)}) )?"
    return re.compile(any_of(known.daily)), re.compile(rf"{often}{LITTLE.pattern}(?P<day>.+)")


def due(schedule: Schedule, after: datetime) -> datetime:
    """The first time of a schedule later than `after`, in UTC."""
    where, at = zone(schedule.zone), time(schedule.hour, schedule.minute)
    start = after.astimezone(where).date() - DAY
    days = (start + number * DAY for number in range(DAYS))
    times = (moment(day, at, where) for day in days if schedule.weekday in (None, day.weekday()))
    return next(time for time in times if time > after)
