"""When people ask: the hours of a working day where they live. Pure.

The weights are assumptions: a rise until half past ten, a dip at lunch, a second rise, and almost nothing at night.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

HOUR = 3_600
DAY = 24 * HOUR
WEIGHTS = (1, 1, 1, 1, 1, 2, 8, 25, 70, 130, 150, 140, 60, 90, 140, 140, 110, 60, 25, 12, 10, 8, 4, 2)
"""Of each hour of a day, by the clock on the wall."""
MONDAY = 1.4
"""How much more is asked on a Monday from eight to eleven."""


@dataclass(frozen=True, slots=True)
class Zone:
    """Where a part of the people live: seconds ahead of UTC, and how many of all."""

    name: str
    ahead: int
    part: float


ZONES = (Zone("Berlin", HOUR, 0.6), Zone("New York", -5 * HOUR, 0.25), Zone("Kolkata", 5 * HOUR + HOUR // 2, 0.15))
MONDAYS = tuple(weight * (MONDAY if 8 <= hour < 11 else 1) for hour, weight in enumerate(WEIGHTS))


@dataclass(frozen=True, slots=True)
class Curve:
    """A day by the weights of its hours."""

    weights: Sequence[float]

    def moment(self, random: Random) -> float:
        """Seconds after midnight by the clock on the wall."""
        sums = list(accumulate(self.weights))
        hour = bisect(sums, random.random() * sums[-1])
        return (min(hour, 23) + random.random()) * HOUR


def utc(local: float, zone: Zone) -> float:
    """Seconds after midnight in UTC, of the same day: what is before or after it comes round at its other end."""
    return (local - zone.ahead) % DAY
