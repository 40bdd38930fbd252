"""Sets a resource aside for a while when it fails, so that the next one is asked at once.

Floor 6.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

PATIENCE = 3
"""Failures in a row before a resource is set aside; one is enough where it named a time."""
REST = timedelta(seconds=30)
"""How long it is set aside where it named none."""


class Breaker:
    """Open while its resource is set aside; closes by itself."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures = 0
        self._until: datetime | None = None

    @property
    def closed(self) -> bool:
        """Whether the resource may be asked."""
        return self._until is None or self._now() >= self._until

    def succeeded(self) -> None:
        """It answered."""
        self._failures = 0
        self._until = None

    def failed(self, wish: timedelta | None) -> bool:
        """It did not; `wish` is how long it asked to be left alone. Whether that sets it aside."""
        self._failures += 1
        if wish is None and self._failures < PATIENCE:
            return False
        self._until = self._now() + (wish or REST)
        return True
