"""What was said about one thing.

Floor 6. A post speaks about it when it has the words, when it answers a question that has them, or when the answer to
it has them.
"""

from collections.abc import Sequence

from bot.models.quotes import Quote
from bot.models.turns import Turns
from bot.models.words import content, stem, words
from dialogs.talk import Post

ENOUGH = 0.5
"""Share of the words that must be met."""
BESIDE = 0.6
"""What of the best post's share must be met: where one has all of the words, two of three still count, one of two not."""
NEIGHBOUR = 0.6
"""What a neighbour's words count beside a post's own."""


class Focus:
    """The words that were asked about, and how much each post of a thread speaks about them."""

    def __init__(self, wanted: str, turns: Turns) -> None:
        self._stems = frozenset(content(wanted) or map(stem, words(wanted)))
        self._turns = turns
        shares = [self._share(post) for post in turns.posts]
        self._enough = max(ENOUGH, BESIDE * max(shares, default=0.0))
        self._own = [share if share >= self._enough else 0.0 for share in shares]

    def about(self, place: int) -> float:
        """A share: from 0 for a post that has nothing to do with it to 1 for one that has every word."""
        return max(self._own[place], NEIGHBOUR * max(self._asked(place), self._answered(place)))

    def held(self, quote: Quote) -> float:
        """How much a line itself says of it, from 0 to 1; where its post has none of the words, it counts for the post's sake."""
        named = self._said(quote.post.text)
        return self.about(quote.place) * (self._met(quote.text) if named else NEIGHBOUR)

    def _share(self, post: Post) -> float:
        """How many of the words a post has; its author's name counts, but only beside others or asked about alone."""
        said, name = self._said(post.text), self._said(post.author)
        met = said | name if said or name == self._stems else said
        return len(met) / len(self._stems) if self._stems else 0.0

    def _said(self, text: str) -> frozenset[str]:
        return self._stems & {stem(word) for word in words(text)} | self._stems & set(content(text))

    def _met(self, text: str) -> float:
        return len(self._said(text)) / len(self._stems) if self._stems else 0.0

    def _asked(self, place: int) -> float:
        """How much the question before the post has of it."""
        before = self._turns.before(place)
        return self._own[before] if before is not None and "?" in self._turns.posts[before].text[-2:] else 0.0

    def _answered(self, place: int) -> float:
        """How much the answer has of it to the question that the post asks."""
        if "?" not in self._turns.posts[place].text[-2:]:
            return 0.0
        share = max((self._share(post) for post in self._turns.after(place, 1)), default=0.0)
        return share if share >= self._enough else 0.0


def spoken_of(passages: Sequence[Quote], focus: Focus) -> list[Quote]:
    """The passages of posts that speak about it."""
    return [quote for quote in passages if focus.about(quote.place)]
