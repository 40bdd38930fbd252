"""How fast a bot may write (facts S7): updates and the steps of streams count as sends, and a channel's threads as one."""

from collections import defaultdict, deque
from math import ceil

from tests.world.door import Refusal
from tests.world.people import base

Limits = tuple[tuple[float, int], ...]
LIMITS: Limits = ((1.0, 7), (2.0, 8), (30.0, 60), (3600.0, 1800))
"""Seconds, and how many sends to one conversation they may hold."""
ALL: Limits = ((1.0, 50),)
"""The same for a whole tenant."""
EVERYBODY = ""


class Pace:
    """Counts the sends of every conversation; hand one to `TeamsDouble(pace=Pace())` to have the limits kept.

    `refused` is how often somebody was too fast. `wishes`: whether they are told for how long to wait.
    """

    def __init__(self, limits: Limits = LIMITS, all: Limits = ALL, *, wishes: bool = True) -> None:
        self.refused = 0
        self._limits, self._all, self._wishes = limits, all, wishes
        self._sends: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=max(n for _, n in limits)))

    def admit(self, conversation: str, now: float) -> None:
        """Raises 429 with the seconds to wait for; refused sends do not count."""
        self._look(self._sends[base(conversation)], self._limits, now)
        self._look(self._sends[EVERYBODY], self._all, now)
        for name in (base(conversation), EVERYBODY):
            self._sends[name].append(now)

    def _look(self, sends: deque[float], limits: Limits, now: float) -> None:
        for span, most in limits:
            if len(sends) >= most and now - sends[-most] < span:
                self.refused += 1
                after = {"Retry-After": str(ceil(sends[-most] + span - now))} if self._wishes else None
                raise Refusal(429, "Throttled", "Too many requests", after)
