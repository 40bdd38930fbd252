"""Which passages of a thread say most about it.

Floor 6. A passage is worth the thread's concepts that it adds (each counts once: Gillick and Favre, "A scalable global
model for summarization", 2009), weighed by how much it reads like a statement, and drawn from all over the thread.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from heapq import nlargest

from bot.models.quotes import Quote
from bot.models.words import register

Weights = Mapping[str, float]
"""What each concept of a thread is worth."""
Stretch = Callable[[Quote], object]
"""The part of the thread that a passage stands in."""

CANDIDATES = 480
"""Passages that are compared with each other."""
ENOUGH = 3
"""Different concepts a passage must have to say something by itself; fewer where none of a thread has as many."""
SAYS = 60
"""Characters from which a passage says enough to stand alone."""
STATES = 6
"""How much a passage's register counts."""
AGAIN = 0.5
"""What a passage is worth of itself for every one that was chosen from its stretch."""
ALIKE = 0.6
"""Share of common concepts from which two passages say the same."""

_ODD = re.compile(r"[\\*`<>\[\]{}|~]|(?<![^\W_])_|_(?![^\W_])")
"""Signs that not every client shows as they are."""


def weights(quotes: Sequence[Quote]) -> Weights:
    """The worth of each concept: how many posts use it, less the more nearly all of them do."""
    posts = len({quote.place for quote in quotes})
    used: dict[str, set[int]] = defaultdict(set)
    for quote in quotes:
        for stem in quote.stems:
            used[stem].add(quote.place)
    return {stem: math.log(1 + len(places)) ** 2 * math.log(1 + posts / len(places)) for stem, places in used.items()}


def order(quote: Quote) -> tuple[int, int]:
    """Where a passage stands in its thread."""
    return quote.place, quote.start


def smooth(quote: Quote) -> float:
    """How well a passage reads by itself, as a statement: a score in no unit, 0 for what does not read at all."""
    if quote.fluency <= 0:
        return 0.0
    states = max(0.1, 1 + STATES * register(quote.text, quote.tongue))
    odd = 0.7 if _ODD.search(quote.text) else 1.0
    return states * quote.fluency**2 * (0.6 if quote.broken else 1.0) * odd * min(1.0, len(quote.text) / SAYS)


def mass(stems: set[str], length: int, worth: Weights) -> float:
    """The worth of some concepts for the length of the passage that has them: a score in no unit. `length` in words."""
    return sum(worth.get(stem, 0.0) for stem in stems) / math.sqrt(8 + length)


def choose(
    passages: Sequence[Quote],
    number: int,
    worth: Weights,
    prior: Callable[[Quote], float] = lambda quote: 1.0,
    stretch: Stretch = lambda quote: quote.place,
) -> list[Quote]:
    """At most `number` passages that together say most, in their order in the thread."""
    free = _candidates(passages, number, worth, prior, stretch)
    chosen: list[Quote] = []
    covered: set[str] = set()
    used: Counter[object] = Counter()
    while len(chosen) < number and free:
        _, best = max(free, key=lambda pair: pair[0] * _news(pair[1], worth, covered) * AGAIN ** used[stretch(pair[1])])
        chosen.append(best)
        covered |= set(best.stems)
        used[stretch(best)] += 1
        free = [pair for pair in free if not (pair[1].overlaps(best) or alike(pair[1], best))]
    return sorted(chosen, key=order)


def _news(quote: Quote, worth: Weights, covered: set[str]) -> float:
    return mass(set(quote.stems) - covered, len(quote.stems), worth)


def _candidates(
    passages: Sequence[Quote], number: int, worth: Weights, prior: Callable[[Quote], float], stretch: Stretch
) -> list[tuple[float, Quote]]:
    """The best passages of each stretch, with what speaks for each before the others are known."""
    most = max((len(set(quote.stems)) for quote in passages), default=0)
    parts: dict[object, list[tuple[float, Quote]]] = defaultdict(list)
    for quote in passages:
        if len(set(quote.stems)) >= min(most, ENOUGH):
            parts[stretch(quote)].append((smooth(quote) * prior(quote), quote))
    each = max(number, CANDIDATES // max(1, len(parts)))
    best = (nlargest(each, part, key=lambda pair: pair[0] * _news(pair[1], worth, set())) for part in parts.values())
    return nlargest(
        CANDIDATES,
        (pair for part in best for pair in part if pair[0] > 0),
        key=lambda pair: pair[0] * _news(pair[1], worth, set()),
    )


def alike(one: Quote, other: Quote) -> bool:
    """Whether two passages say much the same."""
    mine, theirs = set(one.stems), set(other.stems)
    return len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))
