"""A line that was found to be a decision, an action or an open question.

Floor 6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.models.quotes import Quote
from bot.models.ranking import alike, order
from bot.models.words import fluency
from dialogs.talk import Post

STEMS = 8
"""Content words from which a line says enough."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A line with how sure it is what it was taken for, and the posts that bear it out beside its own."""

    quote: Quote
    score: float
    beside: tuple[Post, ...] = ()
    owner: str | None = None
    due: str | None = None


def weighed(score: float, quote: Quote) -> float:
    """Of two lines with the same cue, the one that reads better and says more: a score in no unit."""
    return score + fluency(quote.text) + min(len(set(quote.stems)), STEMS) / STEMS


def best(found: Sequence[Finding], number: int, most: int, taken: Sequence[Quote] = ()) -> tuple[Finding, ...]:
    """The `number` surest in the order of the thread, then others up to `most`; none repeats another or what is taken."""
    chosen: list[Finding] = []
    for finding in sorted(found, key=lambda one: -one.score):
        if len(chosen) == most:
            break
        known = (*taken, *(one.quote for one in chosen))
        if not any(finding.quote.overlaps(other) or alike(finding.quote, other) for other in known):
            chosen.append(finding)
    return (*_in_order(chosen[:number]), *_in_order(chosen[number:]))


def _in_order(found: Sequence[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: order(one.quote))
