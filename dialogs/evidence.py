"""The posts a point may rest on, and whether they bear out what it says.

Floor 2. A member of the room of `dialogs.points`. Building it is linear in the text and may take longer than the event
loop may stand still; most of it is finding the words, which may be done before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from dialogs.days import hinted, named
from dialogs.plain import line
from dialogs.talk import Post

OWNER = 80
"""Longest name of an owner in characters."""


class Evidence:
    """Posts by their ids, who wrote them, and which words mean them.

    A part of a name that is also an ordinary word in the posts ("Will", "Project") means nobody by itself; a whole name
    ("Marketing") always means its bearer, and must stand in a cited post at least as the word that it is.
    """

    def __init__(self, posts: Sequence[Post], words: AbstractSet[str] | None = None) -> None:
        """`words` are the `tokens` of all these posts, where they have been found already."""
        self.posts = {post.id: post for post in posts}
        if words is None:
            words = {word for post in posts for word in tokens(post.text)}
        self._authors: dict[str, set[str]] = {}
        for author in {post.author for post in posts}:
            parts = (part for part in tokens(author) if part[0].isupper() and len(part) > 1)
            for word in (author, *(part for part in parts if part.casefold() not in words)):
                self._authors.setdefault(word, set()).add(author)
        self._long = [(name, name.casefold()) for name in self._authors if not name.isalnum()]

    def cited(self, ids: Iterable[str]) -> list[Post]:
        """The posts of those ids that exist."""
        return [self.posts[key] for key in ids if key in self.posts]

    def bears_out(self, text: str, cited: Sequence[Post]) -> bool:
        """Whether every person, number, weekday and month of the text stands in the `cited` posts."""
        said = _all(cited)
        days = hinted("\n".join([said, *(post.author for post in cited)]))
        return self._people(text, cited, said) and numbers(text) <= numbers(said) and named(text) <= days

    def owner(self, name: str | None, cited: Sequence[Post]) -> str | None:
        """The name of somebody who wrote one of the `cited` posts or is named or called there; else None."""
        return name if name and (_is_named(name, cited) or self._called(name, cited)) else None

    def _people(self, text: str, cited: Sequence[Post], said: str) -> bool:
        written = {post.author for post in cited}
        return all(self._authors[name] & written or _occurs(name, said) for name in self._meant(text))

    def _meant(self, text: str) -> Iterator[str]:
        yield from self._authors.keys() & set(tokens(text))
        folded = text.casefold()
        # A pattern is compiled only for a name that is there: there may be hundreds of authors and points.
        yield from (name for name, key in self._long if key in folded and _occurs(name, text))

    def _called(self, author: str, cited: Sequence[Post]) -> bool:
        """Whether this author is named by a part of the name that means nobody else."""
        parts = [word for word, authors in self._authors.items() if authors == {author}]
        return any(_occurs(part, _all(cited)) for part in parts)


def due(when: str | None, cited: Sequence[Post]) -> str | None:
    """The deadline if it stands in the `cited` posts; else None."""
    return when if when and line(when).casefold() in line(_all(cited)).casefold() else None


def tokens(text: str) -> list[str]:
    """The words of a text."""
    return re.findall(r"[^\W\d_]+", text)


def numbers(text: str) -> set[str]:
    """The numbers of a text, as digits alone."""
    return {re.sub(r"\D", "", number) for number in re.findall(r"\d+(?:[.,:'’]\d+)*", text)}


def _all(posts: Iterable[Post]) -> str:
    return "\n".join(post.text for post in posts)


def _is_named(owner: str, cited: Sequence[Post]) -> bool:
    if len(owner) > OWNER or owner[0].islower() or not any(map(str.isalpha, owner)):
        return False
    name = re.compile(rf"(?<!\w){re.escape(owner)}(?!\w)")
    return any(name.search(line(post.author)) or name.search(line(post.text)) for post in cited)


def _occurs(name: str, text: str) -> bool:
    """Whether a name stands in a text; a number behind it, as in `Anna2`, does not make it another word."""
    before, after = (r"(?<![^\W\d_])", r"(?![^\W\d_])") if name.isalpha() else (r"(?<!\w)", r"(?!\w)")
    return re.search(rf"{before}{re.escape(name)}{after}", text, re.IGNORECASE) is not None
