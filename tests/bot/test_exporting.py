"""Everything that is kept of a person, as JSON and as a page."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import orjson
from selectolax.lexbor import LexborHTMLParser

from bot.exporting import Document, Json, Kept, Page
from tests.dialogs.desk import English

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ROWS = (
    Kept("people", {"alias": "a1", "settings": {"v": 1}, "gone": None}),
    Kept("history", {"role": "user", "at": NOW, "text": "What of <script>alert(1)</script> & “this”?"}),
    Kept("history", {"role": "assistant", "at": NOW, "text": "Nothing\nmore."}),
    Kept("usage", {"day": date(2026, 11, 20), "calls": 3, "estimated": False}),
)


def written(document: Document, rows: Sequence[Kept] = ROWS) -> bytes:
    return b"".join((document.opening(), *map(document.row, rows), document.closing()))


def page(rows: Sequence[Kept] = ROWS) -> str:
    return written(Page("ada", NOW, English()), rows).decode()


def test_the_json_document_has_every_row_by_its_kind() -> None:
    found = orjson.loads(written(Json("ada", NOW)))
    assert {kind: len(rows) for kind, rows in found["records"].items()} == {"people": 1, "history": 2, "usage": 1}
    assert found["rows"] == 4


def test_the_json_document_says_its_version_whose_it_is_and_when_it_was_made() -> None:
    found = orjson.loads(written(Json("ada", NOW)))
    assert (found["version"], found["person"], found["made"]) == (1, "ada", "2026-11-21T09:00:00+00:00")


def test_a_json_document_of_nothing_is_a_document() -> None:
    assert orjson.loads(written(Json("ada", NOW), ()))["records"] == {}


def test_what_was_written_stands_in_the_page_as_it_was_and_is_no_markup() -> None:
    tree = LexborHTMLParser(page())
    assert tree.css("script") == []
    assert "What of <script>alert(1)</script> & “this”?" in (tree.body or tree.root).text()  # type: ignore[union-attr]


def test_the_page_loads_nothing_from_anywhere() -> None:
    tree = LexborHTMLParser(page())
    assert tree.css("[src], link, img, iframe, [onclick], a") == []
    assert "default-src 'none'" in page()


def test_the_page_has_a_section_for_each_kind() -> None:
    heads = [node.text() for node in LexborHTMLParser(page()).css("h2")]
    assert heads == ["You and your settings", "What you wrote to me and what I answered", "Tokens you used"]


def test_a_page_of_nothing_says_so() -> None:
    assert "I keep nothing of you." in page(())
