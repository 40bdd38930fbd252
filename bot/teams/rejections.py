"""What is told of requests that were refused: of each status the first few of a second by themselves, the others as one number.

Floor 7, a member of the room of `bot.teams.endpoint`. Whoever knocks without end would otherwise fill the log, which costs by
the gigabyte, and hide in it what else happens.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.telemetry import Event, Log

MOST = 10
"""Requests of a second and status that have a line each."""
SECOND = timedelta(seconds=1)

log = Log("bot.teams.endpoint")


class Rejections:
    """Tells of them. `now` is the clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._seconds: dict[int, tuple[datetime, int]] = {}

    def tell(self, status: int) -> None:
        """One more. How many had no line is told with the next one of its status that has."""
        now = self._now()
        since, count = self._seconds.get(status, (now, 0))
        if abs(now - since) >= SECOND:
            if count > MOST:
                log.event(Event.REFUSED, logging.WARNING, status=status, count=count - MOST)
            since, count = now, 0
        self._seconds[status] = since, count + 1
        if count < MOST:
            log.event(Event.REFUSED, logging.WARNING, status=status)
