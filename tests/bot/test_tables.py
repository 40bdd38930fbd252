import csv
import io
import json
from datetime import UTC, date, datetime

import pytest

from bot.tables import Cell, Form, printed, table

ROWS: list[tuple[Cell, ...]] = [
    ("=1+1", 1, 0.5, None, datetime(2026, 11, 21, 9, 0, tzinfo=UTC)),
    ("Ångström", -2, 1.0, date(2026, 1, 2), True),
]
FOUND = table("some", "name count cost when more", ROWS, "a note")
EMPTY = table("some", "name count", ())


def lines(form: Form) -> list[str]:
    return list(printed(FOUND, form))


def test_columns_stand_under_their_heads() -> None:
    assert lines("table") == [
        "name      count  cost  when        more",
        "=1+1      1      0.50  –           2026-11-21T09:00:00+00:00",
        "Ångström  -2     1.00  2026-01-02  yes",
    ]


def test_json_is_one_object_a_line() -> None:
    first, second = map(json.loads, lines("json"))
    assert first == {"name": "=1+1", "count": 1, "cost": 0.5, "when": None, "more": "2026-11-21T09:00:00+00:00"}
    assert second["name"] == "Ångström"


def test_csv_has_its_heads_first_and_leaves_empty_what_is_not_known() -> None:
    head, first, second = csv.reader(lines("csv"))
    assert head == ["name", "count", "cost", "when", "more"]
    assert first[3] == "" and second[1] == "-2"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_spreadsheet_runs_what_stands_in_a_cell(cell: str) -> None:
    text = "\r\n".join(printed(table("some", "name", [(cell,)]), "csv"))
    _, row = csv.reader(io.StringIO(text, newline=""))
    assert row == [f"'{cell}"]


@pytest.mark.parametrize(("form", "words"), [("table", ["none"]), ("json", []), ("csv", ["name,count"])])
def test_an_empty_table_says_so(form: Form, words: list[str]) -> None:
    assert list(printed(EMPTY, form)) == words


def test_a_cell_with_a_comma_and_a_quote_stays_one() -> None:
    _, row = csv.reader(printed(table("some", "name more", [('a "b", c', "d")]), "csv"))
    assert row == ['a "b", c', "d"]
