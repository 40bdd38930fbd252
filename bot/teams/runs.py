"""Markdown as text runs of a card, in which nothing is markup: what a model wrote looks as it meant, and can do nothing.

Floor 6, a member of the room of `bot.teams.extension`. The same tree is read as for a message (`bot.teams.render`); of it
paragraphs, items and what is bold, slanted, struck through or code remain. A run leads somewhere only where `links` has the
address letter by letter, and then the client opens it: no markup says where to.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from bot.teams import adaptive as ac
from bot.teams.adaptive import Element, written
from bot.teams.defang import defanged
from bot.teams.escape import leads, seen, words
from bot.teams.inline import LONGEST, MARKDOWN
from bot.teams.looks import EMPTY, run
from bot.teams.render import halves, parse

Looks = dict[str, object]
Line = list["ac.CardElement"]
"""The runs of a line."""

LOOKS: dict[str, Looks] = {"strong": {"weight": "Bolder"}, "em": {"italic": True}, "s": {"strikethrough": True}}
CODE: Looks = {"font_type": "Monospace"}
HEAD: Looks = {"weight": "Bolder"}
BULLET, QUOTED = "• ", "│ "


def blocks(markdown: str, links: frozenset[str]) -> Iterator[Element]:
    """The text, a `RichTextBlock` for each line."""
    read, rest = halves(seen(markdown))
    flat = (_text(line, frozenset(), {}) for line in rest.split("\n") if line.strip())
    return map(_block, filter(None, chain(_of(parse(read).children, links), flat)))


def source(number: int, title: str, link: str, links: frozenset[str]) -> Element:
    """The line of a citation: its title, which opens its address where that is allowed."""
    called = "".join(piece for piece, _ in words(seen(title), frozenset()))
    return _block([run(f"{number}. "), run(called, **(_opening(link) if leads(link, links) else {}))])


def _block(line: Line) -> Element:
    return written(ac.RichTextBlock(inlines=line))


def _opening(address: str) -> Looks:
    return {"select_action": ac.OpenUrlAction(url=address)} if address else {}


def _of(nodes: Iterable[SyntaxTreeNode], links: frozenset[str], before: str = "") -> Iterator[Line]:
    """The lines of blocks, the first with what stands before it, the others as far in."""
    for line in chain.from_iterable(_lines(node, links) for node in nodes):
        yield [run(before), *line] if before else line
        before = before if before == QUOTED else EMPTY * len(before)


def _lines(node: SyntaxTreeNode, links: frozenset[str]) -> Iterator[Line]:
    match node.type:
        case "paragraph" | "heading":
            yield from _inline(node.children[0].content, links, HEAD if node.type == "heading" else {})
        case "bullet_list" | "ordered_list":
            for number, item in enumerate(node.children, int(node.attrs.get("start", 1))):
                yield from _of(item.children, links, f"{number}. " if node.type == "ordered_list" else BULLET)
        case "blockquote":
            yield from _of(node.children, links, QUOTED)
        case "fence" | "code_block":
            yield from ([run(line, **CODE)] for line in node.content.rstrip().split("\n"))
        case "table":
            yield from _table(node, links)
        case _:
            return


def _table(node: SyntaxTreeNode, links: frozenset[str]) -> Iterator[Line]:
    for number, row in enumerate(row for part in node.children for row in part.children):
        cells = filter(None, (cell.children[0].content for cell in row.children if cell.children))
        yield from _inline(" | ".join(cells), links, {} if number else HEAD)


def _inline(content: str, links: frozenset[str], looks: Looks) -> Iterator[Line]:
    """A paragraph's source, line by line."""
    return _Runs(links, looks).read(MARKDOWN.inline.parse(content, MARKDOWN, {}, []))


def _text(text: str, links: frozenset[str], looks: Looks, href: str = "") -> Line:
    """Text that looks alike; what stands in a link is called as it is, and by no other address than its own."""
    pieces = words(text, frozenset({href}) if href else links)
    return [run(piece, **looks, **_opening(href or link)) for piece, link in pieces if piece]


class _Runs:
    """Collects text until it looks different, so that no address can be dodged by cutting it up."""

    def __init__(self, links: frozenset[str], looks: Looks) -> None:
        self._links = links
        self._looks = [looks]
        self._text = ""
        self._line: Line = []
        self._opened: list[tuple[str, str]] = []

    def read(self, tokens: Sequence[Token]) -> Iterator[Line]:
        for token in tokens:
            if token.type in ("softbreak", "hardbreak"):
                self._settle()
                yield self._line
                self._line = []
            else:
                self._add(token)
        self._settle()
        yield self._line

    def _add(self, token: Token) -> None:
        kind, _, way = token.type.partition("_")
        match kind, way:
            case "code", _:
                self._settle()
                self._line.append(run(token.content, **self._looks[-1], **CODE))
            case "image", _:
                self._text += "".join(inner.content for inner in token.children or ())
            case "link", "open" if token.markup != "autolink":
                self._open(str(token.attrs.get("href", "")))
            case "link", "close" if token.markup != "autolink":
                self._close(*self._opened.pop())
            case (("strong" | "em" | "s"), _):
                self._settle()
                self._looks = [*self._looks, self._looks[-1] | LOOKS[kind]] if way == "open" else self._looks[:-1]
            case _:
                self._text += token.content

    def _open(self, href: str) -> None:
        if leads(href, self._links):
            self._settle()
        self._opened.append((href, self._text))

    def _close(self, href: str, before: str) -> None:
        if leads(href, self._links):
            self._settle(href)
        elif href and self._text.removeprefix(before).strip() != href:
            self._text += f" ({defanged(href[:LONGEST])})"

    def _settle(self, href: str = "") -> None:
        href = href or next((href for href, _ in self._opened if leads(href, self._links)), "")
        text, self._text = seen(self._text), ""
        self._line += _text(text, self._links, self._looks[-1], href)
