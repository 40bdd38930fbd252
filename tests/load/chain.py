"""The longest chain of a summary that must wait: pages, then waves of calls, then levels of merging."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from math import ceil


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a model: the seconds at which it began and ended, and the messages it read; none where it merged."""

    began: float
    ended: float
    posts: int


@dataclass(frozen=True, slots=True, order=True)
class Chain:
    """What follows one another until a call has ended, in seconds and in steps."""

    seconds: float = 0.0
    pages: int = 0
    waves: int = 0
    levels: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds that a page and a call take, and how many calls there are at a time."""

    page: float
    call: float
    hands: int


def chain(calls: Sequence[Call], pages: int, pace: Pace) -> Chain:
    """The least that these calls take, over so many pages that must be fetched one after the other."""
    begun = sorted(calls, key=lambda call: call.began)
    last = max(_ends([call.posts for call in begun if call.posts], pages, pace))
    levels = _row(call for call in calls if not call.posts)
    return Chain(last.seconds + levels * pace.call, last.pages, last.waves, levels)


def _ends(sizes: Sequence[int], pages: int, pace: Pace) -> Iterator[Chain]:
    """When each call on messages ends: begun when a hand is free, and not before so many messages can have come."""
    free = [Chain()] * pace.hands
    heapify(free)
    met = 0
    for size in sizes:
        met += size
        come = ceil(pages * met / sum(sizes))
        read, hand = Chain(come * pace.page, come), free[0]
        begun = max(read, hand)
        ended = Chain(begun.seconds + pace.call, begun.pages, begun.waves + 1)
        heapreplace(free, ended)
        yield ended


def _row(calls: Iterable[Call]) -> int:
    """The longest row of calls of which each began after the one before had ended."""
    count, end = 0, float("-inf")
    for call in sorted(calls, key=lambda call: call.ended):
        if call.began >= end:
            count, end = count + 1, call.ended
    return count
