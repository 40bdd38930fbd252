"""An answer as a document: what stands in it when it is opened, and what does not."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.manuscript import LISTS, PIECES
from bot.printing import name_of, printed
from dialogs.ports import Form
from dialogs.talk import Cite
from tests.dialogs.desk import English

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
LINK = "https://teams.microsoft.com/l/message/19:x@thread.v2/1?context=%7B%7D"
EVIL = "https://evil.example/x"
CITES = (
    Cite(3, "Ada Weber, Mon 2 Nov 09:02", "Let's ship it.", LINK),
    Cite(1, "report.pdf, page 3", "Revenue rose.", ""),
    Cite(4, "Mallory", "See this.", EVIL),
)


def word(text: str, cites: tuple[Cite, ...] = ()) -> Any:
    return Document(io.BytesIO(printed(text, cites, "docx", English(), NOW)))


def told(document: Any) -> list[tuple[str, str]]:
    """The style and text of every paragraph behind the title and the note."""
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs][2:]


def markdown(text: str, cites: tuple[Cite, ...] = ()) -> str:
    """What stands behind the title and the note."""
    return printed(text, cites, "md", English(), NOW).decode().split("\n\n", 2)[2].rstrip("\n")


def addresses(made: bytes) -> set[str]:
    """Every address outside of the document that one of its parts names as a target."""
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        relations = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels")]
    return {
        re.search('Target="([^"]*)"', one)[1]  # type: ignore[index]
        for text in relations
        for one in re.findall('<Relationship [^>]*TargetMode="External"[^>]*>', text)
    }


def test_headings_paragraphs_quotes_and_lists_are_what_word_calls_them() -> None:
    found = told(word("# Plan\n\nWe ship.\n\n- one\n  - two\n\n    more of two\n\n1. first\n\n> said"))
    assert found == [
        ("Heading 1", "Plan"),
        ("Normal", "We ship."),
        ("List Bullet", "one"),
        ("List Bullet 2", "two"),
        ("List Continue 2", "more of two"),
        ("List Number", "first"),
        ("Quote", "said"),
    ]


def test_words_look_as_they_were_meant() -> None:
    (_, _, paragraph) = word("a **b** *c* ~~d~~ `e` ***f***").paragraphs
    looks = {
        run.text: (bool(run.bold), bool(run.italic), bool(run.font.strike), run.font.name == "Consolas")
        for run in paragraph.runs
        if run.text.strip()
    }
    plain = (False, False, False, False)
    assert looks["a "] == plain and looks["b"] == (True, False, False, False)
    assert looks["c"] == (False, True, False, False) and looks["d"] == (False, False, True, False)
    assert looks["e"] == (False, False, False, True) and looks["f"] == (True, True, False, False)


def test_each_numbered_list_begins_with_its_own_number() -> None:
    document = word("1. a\n2. b\n\ntext\n\n5. c\n")
    numbers = [p._p.pPr.numPr.numId.val for p in document.paragraphs if p.style.name == "List Number"]
    starts = document.part.numbering_part.element.xpath("w:num/w:lvlOverride/w:startOverride/@w:val")
    assert numbers[0] == numbers[1] != numbers[2] and starts == ["1", "5"]


def test_code_keeps_its_lines_and_says_its_language() -> None:
    found = told(word("```python x\ndef f():\n\treturn `1`\n```"))
    assert found == [("Caption", "python"), ("Code", "def f():\n\treturn `1`")]


def test_a_table_is_a_table_with_a_bold_head() -> None:
    (table,) = word("| Who | What |\n|---|:-:|\n| Ada | **all** |").tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Who", "What"], ["Ada", "all"]]
    assert all(run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs)


def test_sources_stand_at_the_end_by_the_numbers_of_their_marks() -> None:
    assert told(word("Yes [3].", CITES))[1:] == [
        ("Heading 2", "Sources"),
        ("Normal", "[1]\treport.pdf, page 3\n“Revenue rose.”"),
        ("Normal", f"[3]\tAda Weber, Mon 2 Nov 09:02\n“Let's ship it.”\n{LINK}"),
        ("Normal", "[4]\tMallory\n“See this.”"),
    ]


def test_an_answer_without_sources_has_no_list_of_them() -> None:
    assert told(word("Yes.")) == [("Normal", "Yes.")]


HOSTILE = (
    f"[this]({EVIL}) {EVIL} <{EVIL}> ![chart]({EVIL}.png) https\\://evil.example/y www.evil.example "
    f"[ok]({LINK}) [no](javascript:alert(1)) [near](https://teams.microsoft.com.evil.example/) <b>bold</b>"
)


def test_only_a_source_in_teams_can_be_pressed() -> None:
    assert addresses(printed(HOSTILE, CITES, "docx", English(), NOW)) == {LINK}
    assert addresses(printed(HOSTILE, (), "docx", English(), NOW)) == set()


def test_what_may_not_be_pressed_is_read_as_text() -> None:
    ((_, text),) = told(word(HOSTILE))
    assert "this (https[:]//evil[.]example/x)" in text and "chart" in text and "<b>bold</b>" in text
    assert "://" not in text and "www.evil" not in text


def test_in_markdown_only_a_source_in_teams_is_a_link() -> None:
    found = markdown(HOSTILE, CITES)
    assert re.findall(r"\]\(([^)]*)\)", found) == [LINK, LINK]
    assert EVIL not in found and "![" not in found and "<b>" not in found and "www.evil" not in found


@pytest.mark.parametrize(
    "link",
    [
        "http://teams.microsoft.com/l/message/1",
        "https://teams.microsoft.com@evil.example/",
        "https://user@teams.microsoft.com/",
        "https://teams.microsoft.com:8443/",
        "https://teams.microsoft.com/\nx",
        "https://[",
        f"https://teams.microsoft.com/{'x' * 2_000}",
        "javascript:alert(1)",
    ],
)
def test_a_sources_address_that_is_none_of_teams_is_left_out(link: str) -> None:
    made = printed("Yes [1].", (Cite(1, "Ada", "Ship.", link),), "docx", English(), NOW)
    assert addresses(made) == set() and told(Document(io.BytesIO(made)))[-1] == ("Normal", "[1]\tAda\n“Ship.”")


def test_markdown_keeps_its_form() -> None:
    text = "# Plan\n\n- one\n  - two\n\n3. three\n\n> said\n\n```py\na`b\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---"
    assert markdown(text) == text.replace("- one\n  - two", "- one\n\n  - two")


def test_sources_in_markdown_are_a_list() -> None:
    assert markdown("Yes [1].", CITES[1:2]) == (
        "Yes [1].\n\n## Sources\n\n- [1] **report.pdf, page 3**\\\n  “Revenue rose.”"
    )


@pytest.mark.parametrize("form", ["docx", "md"])
def test_it_says_that_a_model_wrote_it(form: Form) -> None:
    made = printed("Yes.", (), form, English(), NOW)
    whole = Document(io.BytesIO(made)).paragraphs[1].text if form == "docx" else made.decode()
    assert "Written by AI." in whole


def test_it_is_called_by_the_day_it_was_made() -> None:
    assert name_of("docx", English(), NOW) == "Parley answer 2026-11-21.docx"
    assert name_of("md", English(), NOW) == "Parley answer 2026-11-21.md"


def test_nothing_says_who_or_which_company_it_was_made_for() -> None:
    about = word("Yes.").core_properties
    assert (about.author, about.last_modified_by, about.comments, about.keywords) == ("Parley", "Parley", "", "")
    assert about.created.replace(tzinfo=UTC) == NOW and about.title == "Parley answer 2026-11-21"


@pytest.mark.parametrize("form", ["docx", "md"])
def test_the_same_answer_at_the_same_time_is_the_same_bytes(form: Form) -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(0), "elsewhere"))
    assert printed(HOSTILE, CITES, form, English(), NOW) == printed(HOSTILE, CITES, form, English(), elsewhere)


LARGE = {
    "pieces": "*a* " * PIECES,
    "numbered lists": "1. a\n\nx\n\n" * (LISTS + 1),
    "table": "|a|b|\n|-|-|\n" + "|a|b|\n" * 8_000,
}


@pytest.mark.parametrize("text", LARGE.values(), ids=list(LARGE))
def test_an_answer_of_more_pieces_than_people_read_is_printed_as_it_was_written(text: str) -> None:
    assert told(word(text)) == [("Code", text)]


@settings(max_examples=20, deadline=None)
@given(text=st.text(), quote=st.text())
def test_whatever_was_written_can_be_opened(text: str, quote: str) -> None:
    word(text, (Cite(1, quote, text, text),))
    printed(text, (Cite(1, quote, text, text),), "md", English(), NOW)


MARKUP = st.lists(
    st.sampled_from(
        [
            "*",
            "**",
            "~~",
            "`",
            "```\n",
            "[",
            "](",
            ")",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "1. ",
            "|",
            "---",
            "# ",
            EVIL,
            "a",
            " ",
        ]
    )
).map("".join)


@settings(max_examples=60, deadline=None)
@given(text=MARKUP)
def test_no_markup_makes_a_link_of_what_is_none(text: str) -> None:
    written = printed(text, (), "md", English(), NOW).decode()
    inside = [piece for token in MarkdownIt().enable("strikethrough").parse(written) for piece in token.children or ()]
    assert not [piece.type for piece in inside if piece.type in ("link_open", "image", "html_inline")]
    assert not [piece.content for piece in inside if piece.type == "text" and "://" in piece.content]
