"""Citations: a number in the text, and the message that stands behind it.

Floor 2.
"""

from collections.abc import Iterable, Mapping

from dialogs.plain import cut, line
from dialogs.ports import Words
from dialogs.talk import Cite, Post

CITATIONS = 20
"""Most citations Teams takes on one message."""
TITLE = 80
"""Longest title of a citation in characters (Teams)."""
QUOTE = 160
"""Longest abstract of a citation in characters (Teams)."""


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """The numbers of the sources, from 1 in the order of their first appearance, at most `CITATIONS`."""
    return {key: number for number, key in enumerate(list(dict.fromkeys(ids))[:CITATIONS], start=1)}


def cites(numbers: Mapping[str, int], posts: Mapping[str, Post], words: Words) -> list[Cite]:
    """The citation of every number."""
    return [cite(number, posts[key], words) for key, number in numbers.items()]


def cite(number: int, post: Post, words: Words) -> Cite:
    """`Anna Weber, Mon 2 Nov 09:02 (edited)` and the opening of what she wrote."""
    rest = f", {words.stamp(post.time)}{_marks(post, words)}"
    author = cut(line(post.author) or words.say("Somebody"), TITLE - len(rest))
    return Cite(number, cut(author + rest, TITLE), cut(line(post.text), QUOTE), post.link)


def _marks(post: Post, words: Words) -> str:
    marks = [words.say("(edited)")] if post.edited else []
    marks += [words.say("(app)")] if post.bot else []
    return "".join(f" {mark}" for mark in marks)
