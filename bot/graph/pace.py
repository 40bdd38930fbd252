"""Keeps the reading of messages within the rates that Microsoft Graph publishes.

Floor 6, of the family of `bot.graph`. Published are 20 requests a second for an app in a tenant, 4 for one of its
teams, and 1 for a single channel or chat. They are kept as averages, by a bucket of tokens each: that of a channel or
chat holds 60, a minute's worth, and a team's as many, so that one person's summary does not wait; the tenant's holds 20.
A refusal (429) empties the buckets it went through. Each process keeps buckets of its own; where several read the same
channel, Graph's refusals even that out.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

Clock = Callable[[], float]
Pause = Callable[[float], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests a second on average, and so many at once."""

    each_second: float
    at_once: float


TENANT = Rate(20, 20)
TEAM = Rate(4, 60)
HOME = Rate(1, 60)
"""Of one channel or chat."""
KEPT = 1_000
"""Buckets that are kept before those that are full again are forgotten."""

Road = Sequence[tuple[Rate, str]]
"""The rates that a request counts for, each with the id of what it is the rate of."""


class Bucket:
    """Tokens that come back at a steady rate. Below nothing, they are promised to those who wait."""

    def __init__(self, rate: Rate, now: float) -> None:
        self._rate = rate
        self._level = rate.at_once
        self._at = now

    def take(self, now: float) -> float:
        """Take a token; the seconds until it is there."""
        self._fill(now)
        self._level -= 1
        return max(0.0, -self._level / self._rate.each_second)

    def give(self) -> None:
        """Put back a token that was not used."""
        self._level += 1

    def empty(self, now: float) -> None:
        """Take all that are left."""
        self._fill(now)
        self._level = min(self._level, 0.0)

    def full(self, now: float) -> bool:
        """Whether a new one would be no different."""
        self._fill(now)
        return self._level == self._rate.at_once

    def _fill(self, now: float) -> None:
        self._level = min(self._rate.at_once, self._level + (now - self._at) * self._rate.each_second)
        self._at = now


class Pace:
    """Lets requests through at their rates, in the order they come."""

    def __init__(self, clock: Clock, pause: Pause) -> None:
        """`clock` gives seconds that only grow."""
        self._clock = clock
        self._pause = pause
        self._buckets: dict[tuple[Rate, str], Bucket] = {}

    async def admit(self, road: Road) -> None:
        """Wait for this request's turn."""
        now = self._clock()
        buckets = self._of(road, now)
        wait = max(bucket.take(now) for bucket in buckets)
        try:
            if wait > 0:
                await self._pause(wait)
        except BaseException:
            for bucket in buckets:
                bucket.give()
            raise

    def refused(self, road: Road) -> None:
        """Graph has said that it was too much."""
        now = self._clock()
        for bucket in self._of(road, now):
            bucket.empty(now)

    def _of(self, road: Road, now: float) -> list[Bucket]:
        if len(self._buckets) > KEPT:
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if not bucket.full(now)}
        return [self._buckets.setdefault(key, Bucket(key[0], now)) for key in road]
