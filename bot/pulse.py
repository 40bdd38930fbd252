"""How late the event loop is: what is ready to run waits so long for its turn.

Floor 5. A process that is late has begun more than its core can do. What it begins besides makes everything later, the few
milliseconds of accepting a message with it; what it leaves in the database is begun by whichever process has time.
"""

from collections.abc import Awaitable, Callable

from bot.limits import LATE

Clock = Callable[[], float]
"""Tells seconds."""

EVERY = 0.02
"""Seconds between two looks."""
NEWEST = 0.2
"""The weight of the newest look. A single long slice of work, or a pause of the machine, is no overload."""


class Pulse:
    """One for the event loop, which it feels while `beat` runs."""

    def __init__(self) -> None:
        self.seconds = 0.0
        """How late the loop has been of late, by its own work."""

    async def beat(self, clock: Clock, spent: Clock, pause: Callable[[float], Awaitable[None]]) -> None:
        """Feel it until cancelled. `clock` and `pause` are the loop's own, `spent` is what its thread has had of a core."""
        while True:
            began, before = clock(), spent()
            await pause(EVERY)
            took, worked = clock() - began, spent() - before
            # A machine that gives its cores to others makes the loop late too: work left behind for that would be done by nobody.
            late = (took - EVERY) * min(1.0, worked / took)
            self.seconds += NEWEST * (late - self.seconds)

    def late(self) -> bool:
        """Whether nothing further should be begun here."""
        return self.seconds > LATE.total_seconds()
