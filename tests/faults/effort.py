"""How much is tried."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effort:
    """`times`: kills of each phase."""

    times: int = 50
