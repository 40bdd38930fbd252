"""A clock that goes as clocks do, and can be turned on."""

import time


class Watch:
    """Called, it tells the seconds."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self._ahead

    def turn(self, seconds: float) -> None:
        """So much time has passed."""
        self._ahead += seconds
