"""A clock that only a test turns, and a pause that turns it instead of waiting."""

from datetime import UTC, datetime, timedelta


class Clock:
    """`now()` is what a test says it is; `pause(seconds)` passes the time at once and remembers it."""

    def __init__(self, start: datetime | None = None) -> None:
        self.time = start or datetime.now(UTC)
        self.pauses: list[float] = []

    def now(self) -> datetime:
        return self.time

    def turn(self, **span: float) -> None:
        self.time += timedelta(**span)

    def seconds(self) -> float:
        return self.time.timestamp()

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.turn(seconds=seconds)
