"""Times as a person reads them.

Floor 1.
"""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(name: str) -> tzinfo:
    """The IANA time zone of that name, UTC where there is none."""
    try:
        return ZoneInfo(name) if name.upper() != "UTC" else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def stamp(time: datetime, where: tzinfo) -> str:
    """`Mon 2 Nov 09:02`."""
    local = time.astimezone(where)
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def span(first: datetime, last: datetime, where: tzinfo) -> str:
    """`Mon 2 Nov 09:02 to Fri 6 Nov 17:40 (UTC)`, shorter within a day, with the years where they differ."""
    start, end = first.astimezone(where), last.astimezone(where)
    if start.year != end.year:
        days = f"{stamp(start, where)} {start.year} to {stamp(end, where)} {end.year}"
    elif start.date() != end.date():
        days = f"{stamp(start, where)} to {stamp(end, where)}"
    else:
        days = f"{stamp(start, where)} to {end:%H:%M}"
    return f"{days} ({where})"
