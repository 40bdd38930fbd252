"""A workbook: its sheets in parts, each with the first line repeated, `a | b | c`.

Floor 6. calamine reads the values that the sheets remember; it computes nothing and follows no link. A sheet whose cells lie
too far apart is refused by the bound on memory.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from bot.papers.draft import PORTION, Draft, Reading, rows
from dialogs.documents import MOST_CHARACTERS, Gap, Kind
from dialogs.errors import Damaged, Protected

CELL = " | "
MOST_ROWS, MOST_COLUMNS = 100_000, 500
"""Rows of a workbook that hold anything, and columns of a sheet."""
MOST_SHEETS = 500
LONGEST_CELL = 1_000
"""Characters of one cell."""
LONGEST_HEADER = PORTION // 4
"""Characters of a first line that is repeated."""
WORKSHEETS = (SheetTypeEnum.WorkSheet, SheetTypeEnum.MacroSheet)


def read(data: bytes, gaps: dict[Gap, int]) -> Reading:
    """Every sheet of a workbook; `gaps` is what its package holds besides."""
    draft = Draft(Kind.SHEET)
    draft.gaps.update(gaps)
    try:
        book = CalamineWorkbook.from_object(BytesIO(data))
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ in WORKSHEETS]
        draft.missed(Gap.HIDDEN, sum(sheet.visible != SheetVisibleEnum.Visible for sheet in sheets))
        unread = [add(draft, sheet.name, book) for sheet in sheets[:MOST_SHEETS]]
    except PasswordError as error:
        raise Protected from error
    except CalamineError as error:
        raise Damaged from error
    return draft.done(len(sheets), sum(unread) + len(sheets[MOST_SHEETS:]))


def add(draft: Draft, name: str, book: CalamineWorkbook) -> bool:
    """Add a sheet; whether anything of it was left out."""
    if draft.full:
        return True
    sheet = book.get_sheet_by_name(name)
    lines, rest = within(row_lines(sheet.iter_rows()))
    header, *body = lines or [""]
    repeated = header if len(header) <= LONGEST_HEADER else ""
    for _, text in rows(repeated, body if repeated else lines):
        draft.add("sheet", name, text)
    return draft.full or rest or sheet.width > MOST_COLUMNS


def within(lines: Iterator[str]) -> tuple[list[str], bool]:
    """The lines that are taken of a sheet, and whether there are more."""
    taken: list[str] = []
    left = MOST_CHARACTERS
    for line in islice(lines, MOST_ROWS):
        left -= len(line)
        if left < 0:
            return taken, True
        taken.append(line)
    return taken, next(lines, None) is not None


def row_lines(values: Iterable[list[Any]]) -> Iterator[str]:
    """The rows that hold anything."""
    cells = (CELL.join(map(shown, row[:MOST_COLUMNS])).rstrip(" |") for row in values)
    return (line for line in cells if line)


def shown(value: object) -> str:
    """A cell's value as it is written: `12`, `0.5`, `2026-11-02`, `TRUE`."""
    match value:
        case str():
            return " ".join(value[:LONGEST_CELL].split())
        case bool():
            return str(value).upper()
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return value.isoformat(" ", "auto").removesuffix(" 00:00:00")
        case date() | time():
            return value.isoformat()
        case timedelta() | _:
            return str(value)
