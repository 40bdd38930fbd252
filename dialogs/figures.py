"""Numbers as people write them, by their value: `1,000`, `1.000`, `1 000`, `1'000` and `1000` are one; `2,5` is `2.5`.

Floor 1. A mark before exactly three digits is taken for a separator of thousands: whether `1.500` is fifteen hundred or
one and a half cannot be told from the writing alone. Japanese counts ten thousands and hundred millions: `150万`, `1.5億`.
"""

import re
from collections.abc import Iterable

from dialogs.japanese import narrow

_BLANK = " \u00a0\u2009\u202f"
_NUMBER = re.compile(
    rf"\d{{1,2}}h[0-5]\d(?!\w)"  # a time in French
    rf"|(?<!\d)\d{{1,3}}(?:[{_BLANK}]\d{{3}})+(?!\d)(?:[.,]\d+)?"
    r"|\d+(?:[.,:'’]\d+)*"
)
_ZEROS = {"万": 4, "億": 8}
_LARGE = re.compile(r"(\d+(?:,\d{3})*)(?:\.(\d{1,8}))?([万億])")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})時(?:(\d\d)分|半)")
_MONTH = re.compile(r"(?<!\d)(?:1[0-2]|0?[1-9])月(?!間)")
"""A month's name in Japanese, which is no number where others write November."""
_DIGITS = re.compile(r"(\d+)")
_THOUSANDS = frozenset(f".,'’{_BLANK}")
_TIMES = frozenset(":h")


def numbers(text: str) -> list[frozenset[str]]:
    """What each number of a text may mean, in the order of the text."""
    return [frozenset(_readings(found[0])) for found in _NUMBER.finditer(_western(text))]


def stand(text: str, said: str) -> bool:
    """Whether every number of `text` stands in `said`, however it is written there."""
    claimed = numbers(_MONTH.sub("", narrow(text)))
    offered = _offered(said) if claimed else set()
    return all(readings & offered for readings in claimed)


def _western(text: str) -> str:
    """The text with Japanese numbers as others write them: `１０時半` is `10:30`, `150万` is `1500000`."""
    return _LARGE.sub(_whole_large, _CLOCK.sub(lambda clock: f"{clock[1]}:{clock[2] or 30}", narrow(text)))


def _whole_large(found: re.Match[str]) -> str:
    digits, places, unit = found[1].replace(",", ""), found[2] or "", found[3]
    zeros = _ZEROS[unit] - len(places)
    return f"{digits}{places}{'0' * zeros}" if zeros >= 0 else found[0]


def _offered(said: str) -> set[str]:
    """What numbers may be called for; of a date or a list also each part."""
    found = {reading for number in set(_NUMBER.findall(_western(said))) for reading in _readings(number)}
    return found | {part for reading in found if " " in reading for part in reading.split()}


def _readings(number: str) -> Iterable[str]:
    _, first, *rest = _DIGITS.split(number)[:-1]
    marks, parts = rest[::2], rest[1::2]
    if not marks:
        return [_whole(first)]
    if set(marks) <= _TIMES:
        return _times(first, parts)
    if _grouped(first, marks, parts):
        return [first + "".join(parts)]
    if marks[-1] in ".," and (len(marks) == 1 or _grouped(first, marks[:-1], parts[:-1])):
        time = _times(first, parts) if marks == ["."] and _is_hour(first, parts[0]) else []
        return [_decimal(first + "".join(parts[:-1]), parts[-1]), *time]
    return [" ".join(map(_whole, (first, *parts)))]


def _is_hour(hour: str, minutes: str) -> bool:
    return len(hour) < 3 and len(minutes) == 2 and minutes < "60"


def _grouped(first: str, marks: list[str], parts: list[str]) -> bool:
    """Whether the marks divide thousands; a number that begins with 0 has none."""
    one = len(set(marks)) == 1 and marks[0] in _THOUSANDS
    return one and len(first) < 4 and first[0] != "0" and all(len(part) == 3 for part in parts)


def _times(hour: str, parts: list[str]) -> list[str]:
    """A full hour is also called by its number alone."""
    return [":".join((_whole(hour), *parts)), *([_whole(hour)] if set("".join(parts)) == {"0"} else [])]


def _decimal(whole: str, places: str) -> str:
    return f"{_whole(whole)}.{places.rstrip('0')}".rstrip(".")


def _whole(digits: str) -> str:
    """Digits stay text: a number of ten thousand digits is no reason to count with it."""
    return digits.lstrip("0") or "0"
