"""How fast a bot may write to one conversation (facts S7): updates and the steps of streams count as sends."""

from collections import defaultdict, deque
from math import ceil

from tests.world.door import Refusal

LIMITS = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""Seconds, and how many sends they may hold."""


class Pace:
    """Counts the sends of every conversation; hand one to `TeamsDouble(pace=Pace())` to have the limits kept."""

    def __init__(self, limits: tuple[tuple[float, int], ...] = LIMITS) -> None:
        self._limits = limits
        self._sends: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=max(n for _, n in limits)))

    def admit(self, conversation: str, now: float) -> None:
        """Raises 429 with the seconds to wait for; refused sends do not count."""
        sends = self._sends[conversation]
        for span, most in self._limits:
            if len(sends) >= most and now - sends[-most] < span:
                after = str(ceil(sends[-most] + span - now))
                raise Refusal(429, "Throttled", "Too many requests", {"Retry-After": after})
        sends.append(now)
