"""What a file holds, in words: how much there is of it, how much of that was read, and what was left out.

Floor 2. A member of the room of `dialogs.reading`.
"""

from collections.abc import Iterable, Sequence

from dialogs.documents import Document, Gap
from dialogs.plain import cut, line, plain
from dialogs.ports import Words
from dialogs.talk import Post

NAME = 80
"""Longest name of a file in characters."""
UNITS = {
    "page": ("{number} page", "{number} pages"),
    "slide": ("{number} slide", "{number} slides"),
    "sheet": ("{number} sheet", "{number} sheets"),
    "heading": ("{number} part", "{number} parts"),
    "line": ("{number} part", "{number} parts"),
}
"""What a file is made of, by the label of its locators."""
GAPS = {
    Gap.SCANS: ("{number} page without text", "{number} pages without text"),
    Gap.BEYOND: ("{number} part beyond what I read of one file", "{number} parts beyond what I read of one file"),
    Gap.PICTURES: ("{number} picture in it", "{number} pictures in it"),
    Gap.ATTACHMENTS: ("{number} file within it", "{number} files within it"),
    Gap.MACROS: ("its macros", "its macros"),
}
"""How what was left out of a file is called, in the order it is listed."""


def title(name: str, words: Words) -> str:
    """A file's name as CommonMark."""
    return plain(cut(line(name), NAME)) or words.say("Your file")


def measure(document: Document, words: Words) -> str:
    """`12 pages`."""
    one, many = UNITS[document.passages[0].locator.label if document.passages else "line"]
    return words.count(one, many, document.whole)


def units(document: Document, given: Iterable[Post]) -> int:
    """How many of its pages, slides, sheets or parts are among the `given` passages."""
    mine = [post for post in given if post.thread == document.key]
    if len(mine) == len(document.passages):
        return max(0, document.whole - document.gaps.get(Gap.BEYOND, 0) - document.gaps.get(Gap.SCANS, 0))
    return min(document.whole, len({post.locator for post in mine}))


def share(document: Document, given: Iterable[Post], words: Words) -> str:
    """`10 of 12 pages of report.pdf`."""
    return words.say(
        "{given} of {whole} of {name}",
        given=units(document, given),
        whole=measure(document, words),
        name=title(document.name, words),
    )


def shares(documents: Sequence[Document], given: Iterable[Post], words: Words) -> str:
    """The same of several."""
    read = tuple(given)
    return ", ".join(share(document, read, words) for document in documents)


def gaps(document: Document, words: Words) -> str:
    """What was left out of a file, as a sentence or two; "" for nothing."""
    name = title(document.name, words)
    left = [words.count(one, many, document.gaps[gap]) for gap, (one, many) in GAPS.items() if document.gaps.get(gap)]
    said = [words.say("Left out of {name}: {list}.", name=name, list=", ".join(left))] if left else []
    if hidden := document.gaps.get(Gap.HIDDEN, 0):
        said.append(
            words.count(
                "{number} part of {name} is hidden; I read it too.",
                "{number} parts of {name} are hidden; I read them too.",
                hidden,
                name=name,
            )
        )
    return " ".join(said)
