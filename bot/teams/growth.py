"""What may be shown of a text that is still growing.

Floor 5, below `bot.teams.render`. A long answer is shown a hundred times while it is written. Read whole each time, its markdown
would cost a core for thirty people (`docs/measurements.md`); so a block that another one follows, which nothing can change any
more, is read once.
"""

from markdown_it.tree import SyntaxTreeNode

from bot.teams.escape import flat
from bot.teams.render import Way, blocks, halves, joined, parse, plain
from bot.teams.settled import sure_line, whole


def prefix(markdown_so_far: str, links: frozenset[str]) -> str:
    """What may be shown of a text that nothing was shown of before."""
    return Growth().shown(markdown_so_far, links)


class Growth:
    """One growing text. What it shows is the beginning of what it shows of every continuation, and of what `safe` does."""

    def __init__(self) -> None:
        self._links: frozenset[str] = frozenset()
        self._settled = ""
        self._shown = ""
        self._cells = 0

    def shown(self, markdown_so_far: str, links: frozenset[str]) -> str:
        """What may be shown by now."""
        source, rest = halves(plain(markdown_so_far.removesuffix("\r")))
        if rest:
            return joined(blocks(parse(source).children, Way(links)), flat(whole(rest)))
        if links != self._links or not source.startswith(self._settled):
            self._forget(links)
        return self._grown(source[len(self._settled) :])

    def _forget(self, links: frozenset[str]) -> None:
        """Begin anew: it is another text, or other links are allowed in what was read."""
        self._links, self._settled, self._shown, self._cells = links, "", "", 0

    def _grown(self, source: str) -> str:
        """What may be shown, of whose end this is the source."""
        tree, unfinished = self._read(source)
        if len(tree.children) > 1:
            done = source.split("\n")[: _begin(tree.children[-1])]
            self._settle("".join(f"{line}\n" for line in done))
        return joined(self._shown, blocks(tree.children[-1:], Way(self._links, unfinished)))

    def _read(self, source: str) -> tuple[SyntaxTreeNode, SyntaxTreeNode | None]:
        """The tree of what is certain of a text, and of its last block, if that may still grow, the leaf."""
        lines, newline, last = source.rpartition("\n")
        count = lines.count("\n") + len(newline)
        words = sure_line(last)
        tree = self._parse(f"{lines}{newline}{words}")
        leaf = _leaf(tree)
        if words and (leaf.type != "paragraph" or _end(leaf) <= count):
            tree = self._parse(lines + newline)
            leaf = _leaf(tree)
        return tree, leaf if leaf.type != "paragraph" or _end(leaf) >= count else None

    def _settle(self, source: str) -> None:
        """Read for good what is followed by another block."""
        cells = self._counted()
        self._shown = joined(self._shown, blocks(parse(source, cells).children, Way(self._links)))
        self._settled += source
        self._cells = cells["cells"]

    def _parse(self, source: str) -> SyntaxTreeNode:
        return parse(source, self._counted())

    def _counted(self) -> dict[str, int]:
        return {"cells": self._cells}


def _leaf(node: SyntaxTreeNode) -> SyntaxTreeNode:
    """The last block: a table or a paragraph as a whole."""
    while node.type not in ("table", "paragraph") and node.children:
        node = node.children[-1]
    return node


def _begin(node: SyntaxTreeNode) -> int:
    """The number of a block's first line."""
    return node.map[0] if node.map else 0


def _end(node: SyntaxTreeNode) -> int:
    """The number of the line after a block."""
    return node.map[1] if node.map else 0
