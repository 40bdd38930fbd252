"""Who spoke after whom.

Floor 6. In a channel's window many threads are mixed; what answers a message stands in its own.
"""

from collections import defaultdict
from collections.abc import Sequence

from dialogs.talk import Post


class Turns:
    """The posts of a window, each with its neighbours of the same thread. Apps take no turn."""

    def __init__(self, posts: Sequence[Post]) -> None:
        self.posts = posts
        self._threads: dict[str, list[int]] = defaultdict(list)
        self._turn: list[int] = []
        for place, post in enumerate(posts):
            thread = self._threads[post.thread]
            self._turn.append(len(thread))
            if not post.bot:
                thread.append(place)

    def after(self, place: int, number: int) -> tuple[Post, ...]:
        """The next posts of people in the thread."""
        start = self._turn[place] + (not self.posts[place].bot)
        thread = self._threads[self.posts[place].thread]
        return tuple(self.posts[other] for other in thread[start : start + number])

    def before(self, place: int) -> int | None:
        """The place of the post that somebody wrote right before."""
        turn = self._turn[place]
        return self._threads[self.posts[place].thread][turn - 1] if turn else None

    @property
    def threads(self) -> int:
        """How many threads people wrote in."""
        return len(self._threads)
