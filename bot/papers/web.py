"""A web page as sections: what a reader of it sees, under its headings.

Floor 6. Scripts, styles and what is hidden from a reader's eyes are hidden from the model too.
"""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot import markup
from bot.papers.draft import Draft, Reading, Sections
from dialogs.documents import Gap, Kind

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
CELLS = frozenset({"td", "th"})
HEAD = "\x05"
"""Marks a line that is a heading; `markup.words` lets none through that stands in the text itself."""
LOOK = 4_096
"""Characters that are looked at for whether a text is a web page."""
PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?>(?:<!--.*?-->\s*)*)<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def is_page(text: str) -> bool:
    """Whether a text is a web page."""
    return PAGE.match(text[:LOOK]) is not None


def read(text: str) -> Reading:
    """Every section of a web page."""
    draft = Draft(Kind.WEB)
    page = LexborHTMLParser(text)
    sections = Sections(draft)
    for line in markup.lines("".join(pieces(page.body))).split("\n") if page.body is not None else ():
        if HEAD in line:
            sections.head(line.replace(HEAD, ""))
        else:
            sections.line(line.replace(" |  ", " | "))
    draft.missed(Gap.PICTURES, len(page.css("img")))
    return sections.done()


def shown(text: str) -> str:
    """A web page, or a part of one, as lines."""
    body = LexborHTMLParser(text).body
    return markup.lines("".join(markup.pieces(body))) if body is not None else ""


def pieces(body: LexborNode) -> Iterator[str]:
    """The text of a page in reading order, its headings marked. A stack of our own: nesting may be deeper than Python's."""
    stack: list[LexborNode | str] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        elif node.tag in CELLS and node.css_first("table") is None:
            yield cell(node)
        else:
            inner = markup.inside(node)
            stack += [*inner[:-1], HEAD, inner[-1]] if inner and node.tag in HEADINGS else inner


def cell(node: LexborNode) -> str:
    """A cell of a table that is no page's frame: one line, whatever paragraphs it has."""
    return f"{' '.join(''.join(markup.pieces(node)).rstrip(' |').split())} | "
