"""The one way from markdown, whoever wrote it, to what a person reads in Teams.

Floor 5. The text is parsed as CommonMark and rebuilt from an allow-list: no pictures, no HTML, no mentions, and only
links that are in `links` letter by letter. Teams shows no headings and no tables, so they become bold lines and lists.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table
from markdown_it.tree import SyntaxTreeNode

from bot.teams.escape import code, flat, seen, strangers
from bot.teams.inline import BEGINNINGS, bold, dialect, inline, removed
from bot.teams.settled import sure_text

NESTED = 40
"""Levels of quotes and lists, of which a list's item takes two; what lies deeper is left out."""
LINES, SIGNS = 1_000, 4_000
"""Lines, and signs that could begin something, that are read as markdown. Reading more would hold up everybody else; what
follows is shown as the text it is. It is the reader's own limit: nothing a text says can move it."""
COLUMNS, CELLS = 20, 2_000
"""Columns of a table, and cells of all tables: a short row is filled up to the head's columns."""
_LINE = re.compile("\n")
_SIGN = re.compile(f"[{re.escape(BEGINNINGS)}]")
LISTS = ("bullet_list", "ordered_list")


def safe(markdown: str, links: frozenset[str]) -> str:
    """The complete text."""
    read, rest = halves(plain(markdown))
    return joined(blocks(parse(read).children, Way(links)), flat(rest) if rest else "")


def links_removed(markdown: str, links: frozenset[str]) -> int:
    """How many links and pictures `safe` takes out. Most texts have none, which is seen without reading them again."""
    source = plain(markdown)
    if not any(mark in source for mark in ("](", "&", "\\")) and not strangers(source, links):
        return 0
    read, rest = halves(source)
    leaves = (node for node in parse(read).walk() if node.type == "inline")
    return sum(removed(node.content, links) for node in leaves) + strangers(rest, frozenset())


def joined(read: str, rest: str) -> str:
    """One below the other."""
    return "\n\n".join(filter(None, [read, rest]))


def halves(source: str) -> tuple[str, str]:
    """What of a text without anything unseen is read as markdown, and what is too much of it."""
    lines, signs = islice(_LINE.finditer(source), LINES, None), islice(_SIGN.finditer(source), SIGNS, None)
    at = min((found.start() for found in (next(lines, None), next(signs, None)) if found), default=len(source))
    return source[:at], source[at:]


class Block(SyntaxTreeNode):
    """A node that does not know the one above: a tree that is let go of leaves nothing to the garbage collector."""

    @property
    def parent(self) -> None:
        """Nothing."""
        return

    @parent.setter
    def parent(self, value: object) -> None: ...


def parse(source: str, cells: dict[str, int] | None = None) -> SyntaxTreeNode:
    """The tree of what `halves` gave: blocks, with the source of their paragraphs. `cells` counts those of all its tables."""
    return Block(_BLOCKS.parse(source, {} if cells is None else cells))


@dataclass(frozen=True, slots=True)
class Way:
    """What rendering is told: the allowed links, and the last block while it may still grow."""

    links: frozenset[str]
    unfinished: SyntaxTreeNode | None = None


def plain(markdown: str) -> str:
    """The text without what nobody sees, its lines ended in one way."""
    return seen(markdown.replace("\r\n", "\n").replace("\r", "\n"))


def _pipe_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Tables begin with a pipe: then the first word of a line tells whether it can be a table's head."""
    at = state.bMarks[start] + state.tShift[start]
    columns = state.src[at : state.eMarks[start]].count("|")
    rows = (CELLS - state.env.get("cells", 0)) // max(columns, 1)
    if not state.src.startswith("|", at) or columns > COLUMNS or rows < 1:
        return False
    found = table(state, start, min(end, start + 2 + rows), silent)
    if found and not silent:
        state.env["cells"] = state.env.get("cells", 0) + columns * (state.line - start)
    return found


_BLOCKS = dialect(NESTED)
_BLOCKS.block.ruler.enable("table")
_BLOCKS.block.ruler.at("table", _pipe_table, {"alt": ["paragraph"]})
_BLOCKS.core.ruler.enableOnly(["normalize", "block"])


def blocks(nodes: Sequence[SyntaxTreeNode], way: Way, *, tight: bool = False) -> str:
    """Blocks one below the other; in a list's item a list follows without a blank line."""
    text = ""
    for node in nodes:
        block = _block(node, way)
        gap = "\n" if tight and node.type in LISTS else "\n\n"
        text += f"{gap if text else ''}{block}" if block else ""
    return text


def _block(node: SyntaxTreeNode, way: Way) -> str:
    match node.type:
        case "paragraph":
            source = node.children[0].content
            return inline(sure_text(source) if node is way.unfinished else source, way.links)
        case "heading":
            return bold(node.children[0].content, way.links)
        case "bullet_list" | "ordered_list":
            return _list(node, way)
        case "blockquote":
            return _indented(blocks(node.children, way), "> ", "> ")
        case "fence":
            return _fence(node.content, node.info, closed=node is not way.unfinished)
        case "code_block":
            return "" if node is way.unfinished else _fence(node.content)
        case "table":
            return _table(node, way.links)
        case _:
            return "---" if node.type == "hr" else ""


def _list(node: SyntaxTreeNode, way: Way) -> str:
    first = int(node.attrs.get("start", 1))
    items: list[str] = []
    for number, item in enumerate(node.children, first):
        marker = f"{number}. " if node.type == "ordered_list" else "- "
        text = blocks(item.children, way, tight=True)
        if text:
            items.append(_indented(text, marker, " " * len(marker)))
    return "\n".join(items)


def _indented(text: str, first: str, others: str) -> str:
    """Every line with what its container puts before it."""
    if not text:
        return ""
    head, *lines = text.split("\n")
    return "\n".join([first + head, *((others + line if line.strip() else others.rstrip()) for line in lines)])


def _fence(content: str, info: str = "", *, closed: bool = True) -> str:
    """A code block. A line of it that would close it is indented, which cannot."""
    language = re.match(r"[\w+#.-]{0,30}", info.strip(), re.ASCII)
    lines = code(content).rstrip()
    text = re.sub(r"^ {0,3}(?=```)", "    ", lines, flags=re.MULTILINE)
    opening = f"```{language[0] if language else ''}"
    return "\n".join([opening, *([text] if text else []), *(["```"] if closed else [])])


def _table(node: SyntaxTreeNode, links: frozenset[str]) -> str:
    """The head as a bold line, every row as a list's item."""
    head, *rows = [row for part in node.children for row in part.children]
    heading = bold(" | ".join(_cells(head)), links)
    lines = [inline(" | ".join(_cells(row)), links) for row in rows]
    return "\n\n".join(filter(None, [heading, "\n".join(f"- {line}" for line in lines if line)]))


def _cells(row: SyntaxTreeNode) -> list[str]:
    cells = [cell.children[0].content if cell.children else "" for cell in row.children]
    while cells and not cells[-1]:
        cells.pop()
    return cells
