"""Times of day, read out of plain text of one language.

Floor 5, behind `bot.calendar`.
"""

import re
from collections.abc import Iterator
from datetime import time
from functools import cache

from bot.calendar.phrases import LANGUAGES, any_of


def clocks(text: str, language: str, *, bare: bool = False) -> Iterator[tuple[str, time]]:
    """Every way to see a text as something and a time of day. `bare`: a number alone is a time too."""
    for pattern in _patterns(language):
        found = pattern.fullmatch(text)
        clock = found and (bare or _is_more(found)) and _clock(found)
        if found and clock:
            yield found["rest"] or "", clock


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    known = LANGUAGES[language]
    number = r"(?P<hour>\d{1,2})(?:(?P<sign>:|\.| ?h ?| uhr )(?P<minute>[0-5]\d))?"
    mark = f"(?: ?(?:(?P<am>{any_of(known.am)})|(?P<pm>{any_of(known.pm)})|(?P<mark>{any_of(known.hour)})))?"
    clock = f"(?:(?P<at>{any_of(known.at)}) )?{number}{mark}"
    return re.compile(rf"(?:(?P<rest>.+?) )??{clock}", re.ASCII), re.compile(rf"{clock} (?P<rest>.+)", re.ASCII)


def _is_more(found: re.Match[str]) -> bool:
    """Whether it is more than a number, which may as well be a day."""
    said = found["at"] or found["am"] or found["pm"] or found["mark"]
    return bool(said or (found["minute"] and found["sign"] != "."))


def _clock(found: re.Match[str]) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["am"] or found["pm"]:
        return time(hour % 12 + 12 * bool(found["pm"]), minute) if 1 <= hour <= 12 else None
    return time(hour, minute) if hour < 24 else None
