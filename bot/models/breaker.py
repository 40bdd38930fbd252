"""Sets a deployment of a resource aside for a while when it fails, so that the next one is asked at once.

Floor 6. Set aside for its time, it is half open: one asker at a time finds out whether it is well again, and only when it
has begun to answer come the others; where it broke off in the middle, only when it has come to the end.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.models.refusals import LONGEST
from dialogs.errors import AssistantError, Busy, ModelGone, Silent, Unavailable

PATIENCE = 3
"""Failures in a row before a deployment is set aside; one is enough that named a time, cost one, or will not pass."""
REST = timedelta(seconds=5)
"""How long it is set aside where it named no time; with every vain try longer by as much."""
LONGEST_REST = timedelta(seconds=15)
"""And at most: who asks in vain is told within a minute, and must meet a try that is not refused before."""
DOUBT = timedelta(minutes=1)
"""How long one that broke off in the middle is asked after all others: that it begins proves nothing then, and whoever finds out
waits through its silence."""


class Breaker:
    """Open while its deployment is set aside; closes by itself."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._failures = 0
        self._vain = 0
        self._until: datetime | None = None
        self._failed: datetime | None = None
        self._why: AssistantError = Unavailable()
        self._probed = False
        self._broke_off = False

    @property
    def doubtful(self) -> bool:
        """Whether it failed a moment ago: who is tried again because of that had better ask another first."""
        span = DOUBT if self._broke_off else REST
        return self._failed is not None and timedelta() <= self._now() - self._failed < span

    @property
    def open(self) -> bool:
        """Whether nobody is let through, but for who finds out whether it is well again."""
        return self._left() is not None

    def admit(self) -> "Try | None":
        """Leave to ask once; None while it is set aside, or another finds out whether it is well again."""
        if self._until is None:
            return Try(self, probe=False)
        if self._probed or self._left() is not None:
            return None
        self._probed = True
        return Try(self, probe=True)

    def refusal(self) -> AssistantError:
        """Why it is set aside; where it named a time itself, with what is left of that."""
        if isinstance(self._why, Busy):
            return Busy(retry_after=self._left())
        return ModelGone() if isinstance(self._why, ModelGone) else Unavailable()

    def began(self, *, probe: bool) -> bool:
        """It answers. Whether that ends a probe; then one more failure still sets it aside again, until an answer has come to its end."""
        if not probe or self._broke_off:
            return False
        self._close()
        self._failures = PATIENCE - 1
        return True

    def succeeded(self, *, probe: bool) -> None:
        """An answer has come to its end. What was set aside meanwhile stays so: that was said later."""
        if probe:
            self._close()
        if self._until is None:
            self._broke_off = False
        self._failures = 0
        self._vain = 0

    def failed(self, error: AssistantError, *, probe: bool, begun: bool = False) -> bool:
        """It did not answer or, having `begun`, not to the end. Whether that sets it aside."""
        self._failures += 1
        self._failed = self._now()
        self._broke_off = begun
        if probe:
            self._probed = False
        elif error.retry_after is None and not self._grave(error):
            return False
        if error.retry_after is None:
            self._vain += 1
        rest = error.retry_after or min(REST * self._vain, LONGEST_REST)
        self._until = max(self._until or self._now(), self._now() + rest)
        self._why = error
        return True

    def withdrew(self) -> None:
        """Who was finding out whether it is well does not wait for it any more."""
        self._probed = False

    def _close(self) -> None:
        self._probed = False
        self._until = None

    def _grave(self, error: AssistantError) -> bool:
        """Whether a failure that named no time sets it aside; what is set aside already, by nothing said before."""
        if self._until is not None:
            return False
        return self._failures >= PATIENCE or isinstance(error, Silent | ModelGone)

    def _left(self) -> timedelta | None:
        """How long it is still set aside; None where it is not. A clock that was put back does not make that longer."""
        left = self._until - self._now() if self._until else timedelta()
        return left if timedelta() < left <= LONGEST else None


class Try:
    """Leave to ask once: it is told how that went, at most once each."""

    def __init__(self, breaker: Breaker, *, probe: bool) -> None:
        self._breaker = breaker
        self._probe = probe
        self._begun = False

    def began(self) -> None:
        """The answer has begun."""
        self._begun = True
        self._probe = self._probe and not self._breaker.began(probe=self._probe)

    def succeeded(self) -> None:
        """The answer has come to its end."""
        probe, self._probe = self._probe, False
        self._breaker.succeeded(probe=probe)

    def failed(self, error: AssistantError) -> bool:
        """There was none, or not to the end. Whether that sets its deployment aside."""
        probe, self._probe = self._probe, False
        return self._breaker.failed(error, probe=probe, begun=self._begun)

    def withdrew(self) -> None:
        """Nobody waits for it any more, and it is not known how it would have gone."""
        if self._probe:
            self._breaker.withdrew()
        self._probe = False


class Breakers:
    """Those of one resource, a breaker for each deployment: one may be gone while the others answer."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._all: dict[str, Breaker] = {}

    def open(self) -> dict[str, bool]:
        """Of each deployment that was ever asked for, whether it is set aside now."""
        return {name: breaker.open for name, breaker in self._all.items()}

    def of(self, deployment: str) -> Breaker:
        """The breaker of a deployment."""
        return self._all.setdefault(deployment, Breaker(self._now))
