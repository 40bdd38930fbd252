"""An answer as the few things a document is made of, read from CommonMark by an allow-list.

Floor 5. A member of the room of `bot.printing`. No pictures, no HTML, and no address that can be pressed but those in `links`,
letter by letter; every other one is text, and written so that no program makes a link of it.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from bot.teams.defang import defanged
from bot.teams.escape import seen, words

LONGEST = 200_000
"""Characters of an answer that are printed; one has 80,000 at most."""
PIECES, LISTS = 15_000, 200
"""Pieces of markup and numbered lists, several times what an answer for people has. One with more is printed as it was written,
because each piece takes a fifth of a millisecond, and each list what all before it took."""
ADDRESS = 200
"""Characters that are shown of an address nobody may press."""
LANGUAGE = re.compile(r"[\w+#.-]{1,30}", re.ASCII)
_UNFIT = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look the same; a line break is in their text. `link` is where they lead, "" for nowhere."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    link: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `mark` is what stands before it, where it is a source: `[1]`."""

    line: Line
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` is 1 to 6."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, and the language it says it is in."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody is quoted with."""

    blocks: "Blocks"


@dataclass(frozen=True, slots=True)
class Items:
    """A list; numbered from `first`, or not."""

    items: "tuple[Blocks, ...]"
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of the same number of cells, the first of them the head."""

    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


Block = Text | Heading | Code | Quote | Items | Table | Rule
Blocks = tuple[Block, ...]


class _CommonMark(MarkdownIt):
    """Leaves addresses as they are: they are compared letter by letter."""

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


_PARSER = _CommonMark("commonmark", {"html": False, "maxNesting": 20}).enable(["table", "strikethrough"])


def manuscript(markdown: str, links: frozenset[str]) -> Blocks:
    """The blocks of an answer."""
    source = clean(markdown[:LONGEST].replace("\r\n", "\n").replace("\r", "\n"))
    tokens = _PARSER.parse(source)
    if _is_too_much(tokens):
        return (Code(source),)
    return _Reader(links).blocks(SyntaxTreeNode(tokens).children)


def _is_too_much(tokens: Sequence[Token]) -> bool:
    lists = sum(token.type == "ordered_list_open" for token in tokens)
    return lists > LISTS or sum(1 + len(token.children or ()) for token in tokens) > PIECES


def clean(text: str) -> str:
    """The text without what nobody sees, and without what XML has no letters for."""
    return _UNFIT.sub("", seen(text))


class _Reader:
    """Reads blocks; `links` are the addresses that may be pressed."""

    def __init__(self, links: frozenset[str]) -> None:
        self.links = links
        self._kinds: Mapping[str, Callable[[SyntaxTreeNode], Block]] = {
            "paragraph": lambda node: Text(self._line(node)),
            "heading": lambda node: Heading(int(node.tag[1]), self._line(node)),
            "fence": lambda node: Code(node.content.rstrip("\n"), _language(node.info)),
            "code_block": lambda node: Code(node.content.rstrip("\n")),
            "blockquote": lambda node: Quote(self.blocks(node.children)),
            "bullet_list": lambda node: Items(self._items(node)),
            "ordered_list": lambda node: Items(self._items(node), int(node.attrs.get("start", 1))),
            "table": self._table,
            "hr": lambda _: Rule(),
        }

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> Blocks:
        return tuple(self._kinds[node.type](node) for node in nodes if node.type in self._kinds)

    def _items(self, node: SyntaxTreeNode) -> tuple[Blocks, ...]:
        return tuple(self.blocks(item.children) for item in node.children)

    def _table(self, node: SyntaxTreeNode) -> Table:
        rows = [row for part in node.children for row in part.children]
        return Table(tuple(tuple(self._line(cell) for cell in row.children) for row in rows))

    def _line(self, node: SyntaxTreeNode) -> Line:
        inner = node.children[0].token if node.children else None
        return tuple(_Pen(self.links).runs(inner.children or () if inner else ()))


def _language(info: str) -> str:
    found = LANGUAGE.match(info.strip())
    return found[0] if found else ""


MARKS: Mapping[str, Mapping[str, bool]] = {
    "strong_open": {"bold": True},
    "strong_close": {"bold": False},
    "em_open": {"italic": True},
    "em_close": {"italic": False},
    "s_open": {"struck": True},
    "s_close": {"struck": False},
}


class _Pen:
    """Collects plain text until markup follows: an address may not come to pass by being cut up."""

    def __init__(self, links: frozenset[str]) -> None:
        self._links = links
        self._look = Run("")
        self._plain = ""
        self._label: list[str] = []

    def runs(self, tokens: Sequence[Token]) -> Iterator[Run]:
        opened: list[str] = []
        for token in tokens:
            match token.type:
                case "link_open":
                    yield from self._enter(token, opened)
                case "link_close":
                    yield from self._leave(opened.pop())
                case "code_inline":
                    yield from self._flush()
                    self._label.append(token.content)
                    yield replace(self._look, text=token.content, code=True)
                case kind if kind in MARKS:
                    yield from self._flush()
                    self._look = replace(self._look, **MARKS[kind])  # type: ignore[arg-type]
                case _:
                    self._add(token)
        yield from self._flush()

    def _add(self, token: Token) -> None:
        broken = token.type in ("softbreak", "hardbreak")
        inner = "".join(each.content for each in token.children or ()) if token.type == "image" else token.content
        self._plain += "\n" if broken else inner

    def _enter(self, token: Token, opened: list[str]) -> Iterator[Run]:
        """An address in angle brackets is its own label, and looked at as the text that it is."""
        opened.append("" if token.markup == "autolink" else str(token.attrs.get("href", "")))
        if opened[-1] in self._links:
            yield from self._flush()
            self._look = replace(self._look, link=opened[-1])
        self._label = []

    def _leave(self, href: str) -> Iterator[Run]:
        label = "".join(self._label) + self._plain
        if href in self._links:
            yield from self._flush()
            self._look = replace(self._look, link="")
        elif href and label.strip() != href:
            self._plain += f" ({defanged(clean(href[:ADDRESS]))})"

    def _flush(self) -> Iterator[Run]:
        text, self._plain = self._plain, ""
        self._label.append(text)
        if self._look.link:
            yield from [replace(self._look, text=text)] if text else []
            return
        for piece, link in words(text, self._links):
            if piece:
                yield replace(self._look, text=piece, link=link)
