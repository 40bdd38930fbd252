"""Citations: a number in the text, and the message that stands behind it.

Floor 2.
"""

from collections.abc import Iterable, Mapping

from dialogs.plain import cut, line
from dialogs.ports import Words
from dialogs.talk import Cite, Locator, Post

CITATIONS = 20
"""Most citations Teams takes on one message."""
TITLE = 80
"""Longest title of a citation in characters (Teams)."""
QUOTE = 160
"""Longest abstract of a citation in characters (Teams)."""
SPOT = 40
"""Longest heading or name of a sheet in characters, where a citation names the place in a file."""
SPOTS = {
    "page": "page {value}",
    "slide": "slide {value}",
    "sheet": "sheet “{value}”",
    "heading": "“{value}”",
    "line": "line {value}",
}
"""How the place of a passage is called, by the label of its locator."""


def numbered(ids: Iterable[str]) -> dict[str, int]:
    """The numbers of the sources, from 1 in the order of their first appearance, at most `CITATIONS`."""
    return {key: number for number, key in enumerate(list(dict.fromkeys(ids))[:CITATIONS], start=1)}


def cites(numbers: Mapping[str, int], posts: Mapping[str, Post], words: Words) -> list[Cite]:
    """The citation of every number."""
    return [cite(number, posts[key], words) for key, number in numbers.items()]


def cite(number: int, post: Post, words: Words) -> Cite:
    """`Anna Weber, Mon 2 Nov 09:02 (edited)`, `report.pdf, page 3`, and the opening of what is written there."""
    rest = _spot(post.locator, words) if post.locator else f", {words.stamp(post.time)}{_marks(post, words)}"
    author = cut(line(post.author) or words.say("Somebody"), TITLE - len(rest))
    return Cite(number, cut(author + rest, TITLE), cut(line(post.text), QUOTE), post.link)


def origin(post: Post, words: Words, most: int) -> str:
    """Who wrote a post, in at most so many characters; of a passage its file and place: `report.pdf, page 3`."""
    rest = _spot(post.locator, words) if post.locator else ""
    return cut(line(post.author), most - len(rest)) + rest


def _spot(locator: Locator, words: Words) -> str:
    value = cut(line(locator.value), SPOT)
    return f", {words.say(SPOTS[locator.label], value=value)}" if value else ""


def _marks(post: Post, words: Words) -> str:
    marks = [words.say("(edited)")] if post.edited else []
    marks += [words.say("(app)")] if post.bot else []
    return "".join(f" {mark}" for mark in marks)
