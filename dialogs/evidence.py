"""The posts a point may rest on, and whether they bear out what it says.

Floor 2. A member of the room of `dialogs.points`. Building it is linear in the text and may take longer than the event
loop may stand still; most of it is finding the words, which may be done before.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from dialogs import figures, names
from dialogs.days import doubtful, hinted, named
from dialogs.japanese import edged, is_japanese
from dialogs.names import begins, calls, occurrences, tokens
from dialogs.plain import line
from dialogs.talk import Locator, Post

OWNER = 80
"""Longest name of an owner in characters."""
DUE = 80
"""Longest deadline in characters."""


class Evidence:
    """Posts by their ids, who wrote them, and which words mean them.

    A part of a name that is also an ordinary word in the posts ("Will", "Project") means nobody by itself; a whole name
    ("Marketing") always means its bearer.
    """

    def __init__(self, posts: Sequence[Post], words: AbstractSet[str] | None = None) -> None:
        """`words` are the `tokens` of all these posts, where they have been found already."""
        self.posts = {post.id: post for post in posts}
        self._words = {word for post in posts for word in tokens(post.text)} if words is None else words
        self._authors: dict[str, set[str]] = {}
        for author in _writers(posts):
            parts = (part for part in tokens(author) if len(part) > 1 and (part[0].isupper() or is_japanese(part)))
            for word in (author, *(part for part in parts if not self._is_ordinary(part))):
                self._authors.setdefault(word.casefold(), set()).add(author)
        self._long = [name for name in self._authors if tokens(name) != [name] or is_japanese(name)]

    def cited(self, ids: Iterable[str]) -> list[Post]:
        """The posts of those ids that exist."""
        return [self.posts[key] for key in ids if key in self.posts]

    def bears_out(self, text: str, cited: Sequence[Post], *, german: bool = False) -> bool:
        """Whether every person, number, weekday and month of the text stands in the `cited` posts.

        `german`: a capital in it tells nothing of a name.
        """
        said = _all(cited)
        everything = "\n".join([said, *_writers(cited)])
        return (
            self._people(text, cited, german)
            and figures.stand(text, said)
            and _days(text, everything)
            and not names.strangers(text, set(tokens(everything.casefold())), german=german)
            and not names.unknown(text, everything)
        )

    def owner(self, name: str | None, cited: Sequence[Post]) -> str | None:
        """The name of somebody who wrote one of the `cited` posts or is named or called there; else None."""
        if not name or len(name) > OWNER or (name[0].islower() and name not in self._names):
            return None
        wrote = any(found[0] == name for author in _writers(cited) for found in occurrences(name, line(author)))
        return name if wrote or self._called(name, _all(cited)) or self._named(name, _all(cited)) else None

    @property
    def _names(self) -> set[str]:
        return set().union(*self._authors.values())

    def _is_ordinary(self, word: str) -> bool:
        """Whether the posts use a word in small letters."""
        return word.casefold() in self._words

    def _people(self, text: str, cited: Sequence[Post], german: bool) -> bool:
        said, written = _all(cited), _writers(cited)
        return all(
            self._authors[name] & written or self._stands(name, said, freely=german and not _opens(text, name))
            for name in self._meant(text)
        )

    def _meant(self, text: str) -> Iterator[str]:
        words = {word.casefold() for word in tokens(text) if not word[0].islower()}
        yield from self._authors.keys() & words
        folded = text.casefold()
        # A pattern is compiled only for a name that is there: there may be hundreds of authors and points.
        yield from (name for name in self._long if name in folded and any(occurrences(name, text)))

    def _stands(self, name: str, said: str, *, freely: bool = False) -> bool:
        """Whether a name stands there: one that is also an ordinary word as a name, unless it may be one `freely`."""
        return calls(name, said) if self._is_ordinary(name) and not freely else any(occurrences(name, said))

    def _called(self, owner: str, said: str) -> bool:
        """Whether an author is named there, by a part that means nobody else where the owner is given in full."""
        key = owner.casefold()
        keys = {word for word, authors in self._authors.items() if authors == {owner}}
        return any(self._stands(word, said) for word in keys | ({key} & self._authors.keys()))

    def _named(self, owner: str, said: str) -> bool:
        """Whether somebody else is named there: with capitals that no sentence's beginning gave, of words never small."""
        if is_japanese(owner):
            return names.titled(owner, said)
        capitals = [word for word in tokens(owner) if word[0].isupper()]
        found = [hit for hit in occurrences(owner, said) if hit[0].split() == owner.split()]
        if any(map(self._is_ordinary, capitals)) or not any(map(str.isalpha, owner)):
            return False
        return bool(found) and (len(capitals) != 1 or calls(owner, said) or names.titled(owner, said))


def due(when: str | None, cited: Sequence[Post]) -> str | None:
    """The deadline if it stands in the `cited` posts as whole words; else None."""
    if not when or len(when) > DUE:
        return None
    flags = re.NOFLAG if doubtful(when) else re.IGNORECASE
    pattern = re.compile(edged(re.escape(line(when)), line(when)), flags)
    return when if any(pattern.search(line(post.text)) for post in cited) else None


def _days(text: str, said: str) -> bool:
    days = named(text)
    return not days or days <= hinted(said)


def _writers(posts: Iterable[Post]) -> set[str]:
    """Who wrote the posts; a file's name is nobody's."""
    return {post.author for post in posts if post.locator is None}


def _all(posts: Iterable[Post]) -> str:
    """What the posts say, with the heading or sheet that a passage stands under; a page's number is none of the file's."""
    return "\n".join(part for post in posts for part in (_title(post.locator), post.text) if part)


def _title(locator: Locator | None) -> str:
    return locator.value if locator and locator.label in ("heading", "sheet") else ""


def _opens(text: str, name: str) -> bool:
    """Whether a sentence of the text begins with a name."""
    return any(begins(text, found.start()) for found in occurrences(name, text))
