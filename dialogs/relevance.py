"""How near texts are to a question: by the words they share, the rarer the more. In any language, without a dictionary.

Floor 1. Words are compared by their beginnings, so that an ending matters little; where a language writes without blanks,
two characters in a row count as a word.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

RELATED = 0.35
"""Share of a question's weight that one text must hold to have to do with it."""
MOST = 40
"""Words of a question that are looked for: its longest."""
LONG = 6
"""Letters from which on a word counts in full: the little words of any language are short."""

_WORD = re.compile(r"\w+")
_DENSE = re.compile("[぀-ヿ㐀-鿿豈-﫿가-힣]{2,}")
"""Japanese, Chinese and Korean characters in a row."""
_SATURATED, _LENGTH = 1.2, 0.75
"""How soon repeating a word adds nothing, and how much a long text is held against it (BM25's usual figures)."""

Counts = Sequence[Sequence[int]]
"""For each text, how often it holds each term."""


def terms(question: str) -> tuple[str, ...]:
    """What of a question is looked for: beginnings of words, numbers, pairs of characters."""
    found = {_stem(word) for word in _words(question) if len(word) > 1 or word.isdigit()}
    return tuple(sorted(found, key=lambda term: (-_weight(term), -len(term), term))[:MOST])


def counted(texts: Iterable[str], asked: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """How often each text holds each term. One by one, for many long texts take a while."""
    lengths = sorted({len(term) for term in asked if not term.isdigit()})
    wanted = frozenset(asked)
    for text in texts:
        held: Counter[str] = Counter()
        for word, times in Counter(_words(text)).items():
            begun = {word} if word.isdigit() else {word[:length] for length in lengths if length <= len(word)}
            held.update(dict.fromkeys(begun & wanted, times))
        yield tuple(held[term] for term in asked)


def weights(counts: Counts, asked: Sequence[str]) -> Iterator[float]:
    """What each term counts: more where fewer texts hold it; one that none holds as if one did."""
    for at, term in enumerate(asked):
        number = max(1, sum(1 for row in counts if row[at]))
        yield _weight(term) * math.log(1 + (len(counts) - number + 0.5) / (number + 0.5))


def scores(counts: Counts, sizes: Sequence[int], weights: Sequence[float]) -> Iterator[float]:
    """How near each text is, by its `counted` terms and its length; 0 where it shares nothing."""
    usual = sum(sizes) / len(sizes) if sizes else 1
    for row, size in zip(counts, sizes, strict=True):
        yield sum(weight * _often(times, size / usual) for weight, times in zip(weights, row, strict=True) if times)


def related(counts: Counts, weights: Sequence[float]) -> Iterator[bool]:
    """Whether each text holds enough of a question to have to do with it."""
    enough = RELATED * sum(weights)
    for row in counts:
        yield sum(weight for weight, times in zip(weights, row, strict=True) if times) > enough


def _words(text: str) -> Iterator[str]:
    folded = text.casefold()
    for run in _DENSE.findall(folded):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
    yield from _WORD.findall(_DENSE.sub(" ", folded))


def _stem(word: str) -> str:
    """A word without what may be an ending; numbers and short words stay whole."""
    return word if word.isdigit() else word[: max(4, len(word) - 2)]


def _weight(term: str) -> float:
    return 1.0 if term.isdigit() or _DENSE.fullmatch(term) else min(len(term), LONG) / LONG


def _often(times: int, length: float) -> float:
    return times * (_SATURATED + 1) / (times + _SATURATED * (1 - _LENGTH + _LENGTH * length))
