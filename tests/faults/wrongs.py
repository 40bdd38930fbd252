"""What Teams answers a bot when something is wrong with it, and what may come of each."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.world.door import Fault
from tests.world.faults import Hang, accepted, drop, garbage, moved, refused, status, throttled

ELSEWHERE = "https://elsewhere.example/v3"


@dataclass(frozen=True, slots=True)
class Wrong:
    """`make` gives the fault, which is met so many `times` in each conversation.

    `unsure`: the bot cannot know whether it was taken, so that a note may be left standing. `missing`: and it was not, so
    that of an answer in several messages a further one may come late. `within`: seconds
    until the answer stands.
    """

    name: str
    make: Callable[[], Fault]
    times: int = 1
    unsure: bool = False
    missing: bool = False
    within: float = 90.0


def late() -> Fault:
    """It is taken, and the answer never comes."""
    return Hang(after=True)


def nothing(code: int) -> Callable[[], Fault]:
    """Refused with a status, and without effect."""
    return lambda: status(code)


def taken(fault: Fault) -> Callable[[], Fault]:
    """It had its effect, and what comes back is the fault."""
    return lambda: accepted(fault)


WRONGS = (
    Wrong("412", lambda: refused(412, "PreconditionFailed")),
    Wrong("412, five times", lambda: refused(412, "PreconditionFailed"), 5),
    Wrong("429 with Retry-After: 2", lambda: throttled(2)),
    Wrong("429 with Retry-After: 12", lambda: throttled(12)),
    Wrong("429 with a Retry-After that says nothing", lambda: throttled("soon")),
    Wrong("429 without Retry-After", throttled),
    Wrong("429 without Retry-After, five times", throttled, 5),
    Wrong("500 after it was accepted", taken(status(500)), unsure=True),
    Wrong("502 after it was accepted", taken(status(502)), unsure=True),
    Wrong("502", nothing(502), missing=True),
    Wrong("503", nothing(503)),
    Wrong("503, five times", nothing(503), 5),
    Wrong("504 after it was accepted", taken(status(504)), unsure=True),
    Wrong("504", nothing(504), missing=True),
    Wrong("408 after it was accepted", taken(status(408)), unsure=True),
    Wrong("408", nothing(408), missing=True),
    Wrong("connection lost after it was accepted", taken(drop), unsure=True),
    Wrong("connection lost", lambda: drop, missing=True),
    Wrong("accepted, and no answer for 15 s", late, unsure=True),
    Wrong("redirect 302", lambda: moved(ELSEWHERE)),
    Wrong("redirect 308", lambda: moved(ELSEWHERE, 308)),
    Wrong("HTML instead of JSON, accepted", taken(garbage()), unsure=True),
    Wrong("HTML with 503", lambda: garbage(503)),
    Wrong("HTML with 502", lambda: garbage(502), missing=True),
)
"""Those after which the person has their answer, as if nothing had been wrong."""
