"""How far this machine's clock is off, by what a server says that is believed anyway.

Floor 5, a leaf.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

WORTH_A_WORD = timedelta(seconds=30)
"""Less than this is the way there and back, and the whole seconds of a `Date`."""


def told(headers: Mapping[str, str]) -> datetime | None:
    """The time by a server's answer; None where it says none. What lay in a cache on the way says how long it lay there."""
    try:
        said = parsedate_to_datetime(headers.get("Date", ""))
        lain = timedelta(seconds=max(0, int(headers.get("Age", "0"))))
        return (said if said.tzinfo else said.replace(tzinfo=UTC)) + lain
    except (ValueError, OverflowError):
        return None


def drift(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How far `now` is ahead of a server's clock (negative: behind); none where it is not worth a word, or not told."""
    by = told(headers)
    off = timedelta() if by is None else now - by
    return off if abs(off) >= WORTH_A_WORD else timedelta()
