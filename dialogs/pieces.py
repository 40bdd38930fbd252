"""Messages as they arrive, cut into pieces that a model reads well.

Floor 3. A member of the room of `dialogs.summary`. No message is split; a piece ends where a thread does, or else where
people paused longest.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from dialogs.reading import told
from dialogs.talk import Post

FULL = 0.6
"""Share of the limit from which on a piece may end."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Messages for one call of a model, in the order of `told`, and the tokens they take at most."""

    posts: tuple[Post, ...]
    tokens: int


class Pile:
    """What has arrived and is in no piece yet. A piece takes at most `limit` tokens, all together `budget`.

    `unread` are the messages beyond the budget, once the `rest` was taken.
    """

    def __init__(self, limit: int, budget: int, cost: Callable[[Post], int]) -> None:
        self.unread: tuple[Post, ...] = ()
        self._limit = limit
        self._left = budget
        self._cost = cost
        self._costs: dict[str, int] = {}
        self._waiting: dict[str, Post] = {}
        self._arrived: dict[str, int] = {}

    def add(self, posts: Iterable[Post]) -> list[Piece]:
        """The pieces that are certain now: more has arrived than fits into one."""
        new = [post for post in posts if post.id not in self._costs]
        for post in new:
            self._costs[post.id] = self._cost(post)
            self._waiting[post.id] = post
            self._arrived[post.thread] = len(self._costs)
        found: list[Piece] = []
        while self._tokens(self._waiting.values()) > self._limit <= self._left:
            settled = self._settled()
            found.append(self._taken(settled[: self._end(settled)]))
        return found

    def rest(self) -> list[Piece]:
        """The last piece, if anything is left: of the newest messages that the budget allows."""
        newest = sorted(self._waiting.values(), key=lambda post: (post.time, post.id), reverse=True)
        fitting = sum(1 for total in self._sums(newest) if total <= self._left)
        self.unread = told(newest[fitting:])
        return [self._taken(newest[:fitting])] if fitting else []

    def _tokens(self, posts: Iterable[Post]) -> int:
        return sum(self._costs[post.id] for post in posts)

    def _taken(self, posts: Sequence[Post]) -> Piece:
        for post in posts:
            del self._waiting[post.id]
        piece = Piece(told(posts), self._tokens(posts))
        self._left -= piece.tokens
        return piece

    def _settled(self) -> list[Post]:
        """What waits, first the threads that nothing was added to for longest; of each the newest messages first."""
        return sorted(self._waiting.values(), key=lambda post: (-self._arrived[post.thread], post.time), reverse=True)

    def _end(self, posts: Sequence[Post]) -> int:
        """Where a piece from the beginning of `posts` ends best: after a turn, and rather late."""
        sums = self._sums(posts)
        ends = [end for end in range(1, len(posts)) if self._limit * FULL <= sums[end - 1] <= self._limit]
        if not ends:
            return max(1, sum(1 for total in sums if total <= self._limit))
        return max(ends, key=lambda end: (*_turn(posts[end - 1], posts[end]), end))

    def _sums(self, posts: Iterable[Post]) -> list[int]:
        return list(accumulate(self._costs[post.id] for post in posts))


def _turn(one: Post, other: Post) -> tuple[bool, float]:
    """How good it is to cut between two messages: between threads, else where people paused."""
    if one.thread != other.thread:
        return True, 0
    return False, abs((one.time - other.time).total_seconds())
