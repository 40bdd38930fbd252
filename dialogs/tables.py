"""A table in Markdown, checked to be one.

Floor 1. A model was asked for it; whether every row has a cell for every column is seen here and not believed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dialogs.plain import line, unlinked

_RULE = re.compile(r":?-+:?")
_BAR = re.compile(r"(?<!\\)\|")
_MARKUP = re.compile(r"\*\*|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")


@dataclass(frozen=True, slots=True)
class Table:
    """Columns by their names, and rows with as many cells; cells are plain text on one line."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def size(self) -> int:
        """Characters of all cells."""
        return sum(len(cell) for row in (self.head, *self.rows) for cell in row)


def table(text: str) -> Table | None:
    """The one table that a text consists of, in a code block or not; None where it is none, or its rows are uneven."""
    lines = [each.strip() for each in text.strip().splitlines() if each.strip()]
    if len(lines) > 1 and lines[0].startswith("```") and lines[-1] == "```":
        lines = lines[1:-1]
    rows = [_cells(each) for each in lines]
    if len(rows) < 3 or not all(_RULE.fullmatch(cell) for cell in rows[1]):
        return None
    head, _, *found = rows
    even = len(head) > 0 and all(len(row) == len(head) for row in rows)
    return Table(head, tuple(found)) if even else None


def tables(text: str) -> tuple[Table, ...]:
    """The tables that stand in a text, outside of its code blocks; uneven ones are none."""
    found = (table("\n".join(lines)) for lines in _runs(text))
    return tuple(Table(_plain(each.head), tuple(map(_plain, each.rows))) for each in found if each)


def _runs(text: str) -> Iterator[list[str]]:
    """The lines that follow each other and begin with a bar."""
    run: list[str] = []
    coded = False
    for each in (*text.splitlines(), ""):
        coded ^= each.lstrip().startswith(("```", "~~~"))
        if each.strip().startswith("|") and not coded:
            run.append(each)
        elif run:
            yield run
            run = []


def _plain(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Cells without emphasis, code marks and addresses: on a card, nothing is markup."""
    return tuple(_MARKUP.sub("", unlinked(cell)) for cell in cells)


def _cells(text: str) -> tuple[str, ...]:
    """The cells of a line; none where it does not begin and end like a row."""
    if not (text.startswith("|") and text.endswith("|") and len(text) > 1):
        return ()
    return tuple(line(cell.replace("\\|", "|").replace("<br>", " ")) for cell in _BAR.split(text[1:-1]))
