"""Documents that are longer than what is read of one: it is said how much there is, and how much of it was not reached."""

from collections.abc import Callable
from random import Random

import pytest

from bot.papers import kinds
from dialogs.documents import MOST_CHARACTERS, Gap
from tests.bot.papers.papers import SPACE, docx, package, paragraph, pdf, zipped

PARTS, SIZE = 560, 3_900
"""More than two million characters, each part short enough to be one passage."""
DIGITS = Random(7).randbytes(PARTS * SIZE // 2).hex()
"""What does not pack well: an archive that unpacks to too much is refused."""
BODIES = [DIGITS[place : place + SIZE] for place in range(0, len(DIGITS), SIZE)]
RELATED = f"{SPACE}/officeDocument/2006/relationships"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE = f'xmlns:o="{OASIS}:office:1.0" xmlns:text="{OASIS}:text:1.0" xmlns:draw="{OASIS}:drawing:1.0"'


def markdown(bodies: list[str]) -> bytes:
    """A heading and a line each."""
    return "".join(f"# Part {number}\n{body}\n" for number, body in enumerate(bodies)).encode()


def web(bodies: list[str]) -> bytes:
    """A heading and a paragraph each."""
    return ("<html><body>" + "".join(f"<h2>Part {n}</h2><p>{body}</p>" for n, body in enumerate(bodies))).encode()


def word(bodies: list[str]) -> bytes:
    """A heading and a paragraph each."""
    level = '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Part</w:t></w:r></w:p>'
    return docx("".join(level + paragraph(body) for body in bodies))


def opened(kind: str, body: str) -> bytes:
    """A file of OpenDocument."""
    content = f"<o:document-content {OFFICE}><o:body><o:{kind}>{body}</o:{kind}></o:body></o:document-content>"
    return zipped([("mimetype", f"application/vnd.oasis.opendocument.{kind}"), ("content.xml", content)])


def open_text(bodies: list[str]) -> bytes:
    """A heading and a paragraph each."""
    return opened("text", "".join(f"<text:h>Part</text:h><text:p>{body}</text:p>" for body in bodies))


def open_slides(bodies: list[str]) -> bytes:
    """A slide each."""
    return opened("presentation", "".join(f"<draw:page><text:p>{body}</text:p></draw:page>" for body in bodies))


def slides(bodies: list[str]) -> bytes:
    """A slide each."""
    links = "".join(f'<Relationship Id="s{n}" Type="{RELATED}/slide" Target="s{n}.xml"/>' for n in range(len(bodies)))
    listed = "".join(f'<p:sldId id="{n}" r:id="s{n}"/>' for n in range(len(bodies)))
    main = f'<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>'
    shape = '<p:sld xmlns:p="p" xmlns:a="a"><p:sp><a:p><a:r><a:t>{}</a:t></a:r></a:p></p:sp></p:sld>'
    return package(
        "ppt/presentation.xml",
        main,
        ("ppt/_rels/presentation.xml.rels", f'<Relationships xmlns="r">{links}</Relationships>'),
        *((f"ppt/s{number}.xml", shape.format(body)) for number, body in enumerate(bodies)),
    )


def table(bodies: list[str]) -> bytes:
    """A row each."""
    return "".join(f"{body}\n" for body in ["n;text", *(f"1;{body}" for body in bodies)]).encode()


def lines(bodies: list[str]) -> bytes:
    """A line each."""
    return "\n".join(bodies).encode()


@pytest.mark.parametrize(
    ("made", "ending"),
    [
        (markdown, "md"),
        (web, "html"),
        (word, "docx"),
        (open_text, "odt"),
        (slides, "pptx"),
        (open_slides, "odp"),
        (pdf, "pdf"),
        (table, "csv"),
        (lines, "txt"),
    ],
)
def test_of_a_document_that_is_cut_all_parts_are_counted(made: Callable[[list[str]], bytes], ending: str) -> None:
    reading = kinds.read(made(BODIES), ending)
    assert sum(len(passage.text) for passage in reading.passages) > MOST_CHARACTERS - 2 * SIZE
    assert reading.whole == PARTS
    assert reading.gaps == {Gap.BEYOND: PARTS - len(reading.passages)}


def test_a_part_that_is_cut_counts_as_not_reached() -> None:
    reading = kinds.read(markdown(["word " * 3_000] * 200), "md")
    begun = {passage.locator.value for passage in reading.passages}
    assert (reading.whole, reading.gaps) == (200, {Gap.BEYOND: 200 - len(begun) + 1})


def test_one_part_that_is_cut_is_one_that_was_not_reached() -> None:
    reading = kinds.read(b"word " * (MOST_CHARACTERS // 4), "md")
    assert (reading.whole, reading.gaps) == (1, {Gap.BEYOND: 1})


def test_a_part_that_ends_just_where_it_is_handed_on_is_counted() -> None:
    reading = kinds.read(f"# One\n{'x' * 5_000}\n# Two\nend\n".encode(), "md")
    assert (reading.whole, reading.gaps) == (2, {})


def test_a_page_of_which_only_the_beginning_is_read_is_said() -> None:
    reading = kinds.read(pdf([") Tj (".join(["word " * 1_000] * 30), "end"]), "pdf")
    assert (reading.whole, reading.gaps) == (2, {Gap.BEYOND: 1})
