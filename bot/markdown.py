"""A manuscript as Markdown that shows exactly what it holds: nothing of its text becomes markup.

Floor 5. A member of the room of `bot.printing`.
"""

import re
from collections.abc import Sequence

from bot.manuscript import Block, Blocks, Code, Heading, Items, Line, Quote, Rule, Run, Table, Text
from bot.teams.escape import escaped, target

LABEL = re.compile(r"[\[\]]")
MARKS = (("bold", "**"), ("italic", "*"), ("struck", "~~"))


def as_markdown(title: str, note: str, blocks: Blocks) -> bytes:
    """The document in UTF-8."""
    whole = (Heading(1, (Run(title),)), Text((Run(note, italic=True),)), *blocks)
    return f"{_blocks(whole)}\n".encode("utf-8", "replace")


def _blocks(blocks: Sequence[Block]) -> str:
    """A blank line between two blocks; sources stand close together."""
    text = ""
    for block in blocks:
        close = isinstance(block, Text) and block.mark and text.rpartition("\n")[2].startswith(("- ", "  "))
        found = _block(block)
        text += f"{('' if not text else chr(10) if close else chr(10) * 2)}{found}" if found else ""
    return text


def _block(block: Block) -> str:
    match block:
        case Text(line, mark):
            return _indented(f"{escaped(mark)} {_line(line)}", "- ", "  ") if mark else _line(line)
        case Heading(level, line):
            return f"{'#' * level} {_line(line, broken=' ')}"
        case Code(text, language):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            return f"{fence}{language}\n{text}\n{fence}"
        case Quote(blocks):
            return _indented(_blocks(blocks), "> ", "> ")
        case Items():
            return _items(block)
        case Table(rows):
            return _table(rows)
        case Rule():
            return "---"


def _items(items: Items) -> str:
    lines = []
    for number, blocks in enumerate(items.items, items.first or 0):
        marker = "- " if items.first is None else f"{number}. "
        lines.append(_indented(_blocks(blocks), marker, " " * len(marker)) or marker.rstrip())
    return "\n".join(lines)


def _indented(text: str, first: str, others: str) -> str:
    """Every line with what its container puts before it."""
    head, *lines = text.split("\n")
    return "\n".join([first + head, *((others + each if each.strip() else others.rstrip()) for each in lines)])


def _table(rows: Sequence[Sequence[Line]]) -> str:
    written = [[_line(cell, broken=" ").replace("|", "\\|") for cell in row] for row in rows]
    lines = [f"| {' | '.join(cells)} |" for cells in written]
    return "\n".join([*lines[:1], f"|{'---|' * len(written[0])}", *lines[1:]]) if lines else ""


def _line(line: Line, broken: str = "\\\n") -> str:
    """A paragraph; `broken` is what a line break becomes."""
    text = ""
    for run in line:
        for number, piece in enumerate(run.text.split("\n")):
            text = text.rstrip(" ") + broken if number and text else text
            text += _piece(run, piece, opening=not text or text.endswith("\n"))
    return text.strip()


def _piece(run: Run, text: str, *, opening: bool) -> str:
    """Some words with what marks them; space at their edges stays outside, where markup needs it."""
    inner = text.strip(" ")
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip(" "))], text[len(text.rstrip(" ")) :]
    marked = _code(inner) if run.code else escaped(inner, opening=opening)
    for name, mark in MARKS:
        marked = f"{mark}{marked}{mark}" if getattr(run, name) else marked
    if run.link:
        label = marked if run.code else LABEL.sub(r"\\\g<0>", marked)
        marked = f"[{label}]({target(run.link)})"
    return f"{before}{marked}{after}"


def _code(text: str) -> str:
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    edge = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{fence}{edge}{text}{edge}{fence}"
