"""What is told of requests that were refused: the first few of a second each by itself, the others as one number.

Floor 7, a member of the room of `bot.teams.endpoint`. Whoever knocks without end would otherwise fill the log, which costs by
the gigabyte, and hide in it what else happens.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.telemetry import Event, Log

MOST = 10
"""Requests of a second that have a line each."""
SECOND = timedelta(seconds=1)

log = Log("bot.teams.endpoint")


class Rejections:
    """Tells of them. `now` is the clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._since: datetime | None = None
        self._count = 0

    def tell(self, status: int) -> None:
        """One more. How many had no line is told with the next one that has."""
        now = self._now()
        if self._since is None or abs(now - self._since) >= SECOND:
            if self._count > MOST:
                log.event(Event.REFUSED, logging.WARNING, count=self._count - MOST)
            self._since, self._count = now, 0
        self._count += 1
        if self._count <= MOST:
            log.event(Event.REFUSED, logging.WARNING, status=status)
