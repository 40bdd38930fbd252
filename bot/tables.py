"""A table as the operator gets it: in columns, as JSON a line, or as CSV for a spreadsheet.

Floor 7, a leaf. A member of the room of `bot.admin`.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Cell = str | int | float | date | datetime | None
Form = Literal["table", "json", "csv"]
NOTHING = "–"
"""What stands in columns where nothing is known; it is no number."""
RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of something to run."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under their names. `name` says which table it is, `notes` what is to be known of it."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()


def table(name: str, heads: str, rows: Iterable[tuple[Cell, ...]], *notes: str) -> Table:
    """The heads are written with spaces between them."""
    return Table(name, tuple(heads.split()), tuple(rows), notes)


def printed(found: Table, form: Form) -> Iterator[str]:
    """The lines of a table."""
    return FORMS[form](found)


def columns(found: Table) -> Iterator[str]:
    """Aligned under the heads; a word where there are no rows."""
    if not found.rows:
        yield "none"
        return
    lines = [found.heads, *(tuple(map(written, row)) for row in found.rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def objects(found: Table) -> Iterator[str]:
    """A JSON object a line."""
    for row in found.rows:
        yield json.dumps({head: plain(cell) for head, cell in zip(found.heads, row, strict=True)}, ensure_ascii=False)


def separated(found: Table) -> Iterator[str]:
    """By commas, the heads first."""
    yield quoted(found.heads)
    for row in found.rows:
        yield quoted(tuple(map(harmless, map(plain, row))))


FORMS: Mapping[Form, Callable[[Table], Iterator[str]]] = {"table": columns, "json": objects, "csv": separated}


def quoted(row: Sequence[object]) -> str:
    """One record, without its line's end."""
    out = io.StringIO()
    csv.writer(out).writerow(row)
    return out.getvalue().removesuffix("\r\n")


def harmless(cell: str | int | float | None) -> str | int | float:
    """A cell that no spreadsheet runs; a number stays one."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(RUNS) else cell
    return "" if cell is None else cell


def plain(cell: Cell) -> str | int | float | None:
    """A cell as JSON has it."""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    return cell.isoformat() if isinstance(cell, date) else cell


def written(cell: Cell) -> str:
    """A cell as it is read."""
    if cell is None:
        return NOTHING
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return f"{cell:.2f}" if isinstance(cell, float) else str(plain(cell))
