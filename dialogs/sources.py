"""Citations: a number in the text, and the message that stands behind it.

Floor 2.
"""

from collections.abc import Iterable, Mapping
from datetime import tzinfo

from dialogs.plain import cut, line
from dialogs.talk import Cite, Post
from dialogs.times import stamp

CITATIONS = 20
"""Most citations Teams takes on one message."""
TITLE = 80
"""Longest title of a citation in characters (Teams)."""
QUOTE = 160
"""Longest abstract of a citation in characters (Teams)."""


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """The numbers of the sources, from 1 in the order of their first appearance, at most `CITATIONS`."""
    return {key: number for number, key in enumerate(list(dict.fromkeys(ids))[:CITATIONS], start=1)}


def cites(numbers: Mapping[str, int], posts: Mapping[str, Post], where: tzinfo) -> list[Cite]:
    """The citation of every number."""
    return [cite(number, posts[key], where) for key, number in numbers.items()]


def cite(number: int, post: Post, where: tzinfo) -> Cite:
    """`Anna Weber, Mon 2 Nov 09:02` and the opening of what she wrote."""
    when = stamp(post.time, where)
    author = cut(line(post.author) or "Somebody", TITLE - len(when) - 2)
    return Cite(number, f"{author}, {when}", cut(line(post.text), QUOTE), post.link)
