"""Which lines of a thread say most about it.

Floor 6. Two views are joined: how much of the thread's vocabulary a line carries (a concept counts once, so that lines
do not repeat each other) and how central the line is among all (LexRank: Erkan and Radev, 2004).
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from bot.models.quotes import Quote

Weights = Mapping[str, float]
"""What each concept of a thread is worth."""

CANDIDATES = 480
"""Lines that are compared with each other; the comparison grows with their square."""
BLOCKS = 8
"""Stretches of the thread that the candidates are drawn from, so that no stretch is left out."""
ROUNDS = 20
"""Steps of the power iteration."""
DAMPING = 0.85
ENOUGH = (4, 2)
"""Different concepts a line must have to say something by itself; fewer where no line of a thread has as many."""
ALIKE = 0.6
"""Share of common concepts from which two lines say the same."""

_ODD = re.compile(r"[\\*`<>\[\]{}|~]|(?<![^\W_])_|_(?![^\W_])")
"""Signs that not every client shows as they are."""


def weights(quotes: Sequence[Quote]) -> Weights:
    """The worth of each concept: how many posts use it, less the more nearly all of them do."""
    posts = len({quote.place for quote in quotes})
    used: dict[str, set[int]] = defaultdict(set)
    for quote in quotes:
        for stem in quote.stems:
            used[stem].add(quote.place)
    return {stem: math.log(1 + len(places)) * math.log(1 + posts / len(places)) for stem, places in used.items()}


def candidates(quotes: Sequence[Quote], worth: Weights) -> list[Quote]:
    """The weightiest lines of each stretch of the thread, in their order."""
    able = next((found for least in ENOUGH if (found := [q for q in quotes if len(set(q.stems)) >= least])), [])
    size = max(1, math.ceil(len(able) / BLOCKS))
    chosen: list[Quote] = []
    for start in range(0, len(able), size):
        block = able[start : start + size]
        chosen += sorted(block, key=lambda quote: -mass(quote, worth))[: CANDIDATES // BLOCKS]
    return sorted(chosen, key=order)


def order(quote: Quote) -> tuple[int, int]:
    """Where a line stands in its thread."""
    return quote.place, quote.post.text.find(quote.text)


def mass(quote: Quote, worth: Weights) -> float:
    """The worth of a line's concepts, for its length and its fluency."""
    return sum(worth[stem] for stem in set(quote.stems)) * smooth(quote) / math.sqrt(8 + len(quote.stems))


def smooth(quote: Quote) -> float:
    """How well a line reads by itself."""
    odd = 0.7 if _ODD.search(quote.text) else 1.0
    return quote.fluency**2 * (0.6 if quote.broken else 1.0) * odd


def central(quotes: Sequence[Quote], worth: Weights) -> list[float]:
    """How central each line is among the lines given; the mean is 1."""
    links = _links([_vector(quote, worth) for quote in quotes])
    rank = [1.0] * len(quotes)
    for _ in range(ROUNDS):
        given = [0.0] * len(quotes)
        for one, others in enumerate(links):
            for other, share in others:
                given[other] += rank[one] * share
        rank = [1 - DAMPING + DAMPING * value for value in given]
    return rank


def _vector(quote: Quote, worth: Weights) -> dict[str, float]:
    vector = {stem: count * worth[stem] for stem, count in Counter(quote.stems).items()}
    length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
    return {stem: value / length for stem, value in vector.items()}


def _links(vectors: Sequence[dict[str, float]]) -> list[list[tuple[int, float]]]:
    """For each line the others it shares concepts with, the shares adding up to 1."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for stem in vector:
            holders[stem].append(number)
    return [_shares(number, vector, vectors, holders) for number, vector in enumerate(vectors)]


def _shares(
    number: int, vector: dict[str, float], vectors: Sequence[dict[str, float]], holders: Mapping[str, list[int]]
) -> list[tuple[int, float]]:
    alike: dict[int, float] = defaultdict(float)
    for stem, value in vector.items():
        for other in holders[stem]:
            alike[other] += value * vectors[other][stem]
    alike.pop(number, None)
    total = sum(alike.values())
    return [(other, value / total) for other, value in alike.items()] if total else []


def choose(quotes: Sequence[Quote], number: int, prior: Callable[[Quote], float]) -> list[Quote]:
    """At most `number` lines that together say most, in their order in the thread."""
    worth = weights(quotes)
    able = candidates(quotes, worth)
    value = [score * smooth(quote) * prior(quote) for quote, score in zip(able, central(able, worth), strict=True)]
    chosen: list[int] = []
    covered: set[str] = set()
    while len(chosen) < number and (best := _best(able, value, worth, covered, chosen)) is not None:
        chosen.append(best)
        covered |= set(able[best].stems)
    return [able[index] for index in sorted(chosen)]


def _best(
    able: Sequence[Quote], value: Sequence[float], worth: Weights, covered: set[str], chosen: Sequence[int]
) -> int | None:
    """The line that adds most, and is not like one chosen before."""
    free = [
        index
        for index, quote in enumerate(able)
        if index not in chosen and not any(alike(quote, able[other]) for other in chosen)
    ]
    used = {able[other].place for other in chosen}
    return max(free, key=lambda index: value[index] * _news(able[index], worth, covered, used), default=None)


def _news(quote: Quote, worth: Weights, covered: set[str], used: set[int]) -> float:
    """What a line adds; less where its post has been quoted already, so that the quotes spread over the thread."""
    new = sum(worth[stem] for stem in set(quote.stems) - covered)
    return new / math.sqrt(8 + len(quote.stems)) * (0.75 if quote.place in used else 1.0)


def alike(one: Quote, other: Quote) -> bool:
    """Whether two lines say much the same."""
    mine, theirs = set(one.stems), set(other.stems)
    return len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))
