"""Files that were built to hurt: each ends in words or in a bounded part of itself, and leaves nothing behind."""

import asyncio
import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
from xlsxwriter import Workbook

from bot.papers import archive
from bot.papers.reader import Reader
from dialogs.documents import MOST_CHARACTERS, Gap
from dialogs.errors import AssistantError, Damaged, Dangerous, Foreign, Hollow, NoText, Protected, TooHard
from tests.bot.papers.papers import (
    NOW,
    WORD,
    added,
    assembled,
    children,
    docx,
    package,
    paragraph,
    pdf,
    pieces,
    read,
    sample,
    text,
    zipped,
)

LAUGHS = "<!DOCTYPE x [" + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10)) + "]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
BIG = 150 << 20


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No process stays behind any of these."""
    yield
    assert not children()


async def refused(data: bytes, name: str = "file") -> type[AssistantError]:
    """What is said instead of reading a file."""
    with pytest.raises(AssistantError) as raised:
        await read(data, name)
    return type(raised.value)


def flat(size: int) -> bytes:
    """A small archive of one large entry."""
    return docx(paragraph(" " * size))


def lying(data: bytes, declared: int) -> bytes:
    """An archive whose last entry says that it is of another size than it is."""
    with ZipFile(BytesIO(data)) as opened:
        real = struct.pack("<L", opened.infolist()[-1].file_size)
    return data.replace(real, struct.pack("<L", declared))


def overlapping() -> bytes:
    """An archive whose entries share the same bytes."""
    data = docx(paragraph("x" * 1000))
    start = data.index(b"PK\x01\x02")
    directory, end = data[start : data.index(b"PK\x05\x06")], data[data.index(b"PK\x05\x06") :]
    last = directory[directory.rindex(b"PK\x01\x02") :]
    more = b"".join(last.replace(b"word/document.xml", b"word/documen%d.xml" % number) for number in range(8))
    counts = struct.unpack("<H", end[10:12])[0] + 8
    directory += more
    return data[:start] + directory + end[:8] + struct.pack("<HHL", counts, counts, len(directory)) + end[16:]


def nested() -> bytes:
    """Archives in archives in archives, of which only the innermost are large."""
    inner = zipped([("0.txt", b"\0" * (4 << 20))])
    for _ in range(4):
        file = BytesIO()
        with ZipFile(file, "w", ZIP_DEFLATED) as opened:
            for number in range(16):
                opened.writestr(f"{number}.zip", inner)
        inner = file.getvalue()
    return inner


def encrypted() -> bytes:
    """An archive that says that its entries need a password."""
    data = bytearray(docx(paragraph("secret")))
    for place in range(len(data) - 4):
        if data[place : place + 4] == b"PK\x01\x02":
            data[place + 8] |= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("made", "error"),
    [
        (lambda: flat(BIG), Dangerous),
        (lambda: flat(30 << 20), Dangerous),
        (lambda: lying(flat(30 << 20), 1000), Dangerous),
        (overlapping, Dangerous),
        (nested, Foreign),
        (lambda: zipped((f"{number}.xml", b"") for number in range(archive.MOST_ENTRIES + 1)), Dangerous),
        (encrypted, Protected),
        (lambda: docx(LAUGHS), Dangerous),
    ],
    ids=["flat", "ratio", "lying", "overlapping", "nested", "many", "encrypted", "laughs within"],
)
async def test_an_archive_that_is_wrong_is_not_unpacked(made: Callable[[], bytes], error: type[AssistantError]) -> None:
    assert await refused(made(), "report.docx") is error


def test_two_entries_of_one_name_are_refused() -> None:
    file = BytesIO()
    with pytest.warns(UserWarning), ZipFile(file, "w", ZIP_STORED) as opened:
        opened.writestr("a.xml", b"1")
        opened.writestr("a.xml", b"2")
    with pytest.raises(Dangerous):
        archive.opened(file.getvalue())


def test_what_an_entry_declares_is_counted_and_not_believed() -> None:
    small = zipped([("a.bin", b"1" * 5000)])
    with pytest.raises(Dangerous):
        archive.opened(lying(small, 50))
    with pytest.raises(Damaged):
        archive.opened(lying(small, 5001))


@pytest.mark.parametrize("prolog", [LAUGHS, OUTSIDE], ids=["laughs", "outside"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("report.docx", "word/document.xml"),
        ("report.docx", "word/styles.xml"),
        ("talk.pptx", "ppt/slides/slide1.xml"),
        ("budget.xlsx", "xl/sharedStrings.xml"),
        ("budget.xlsx", "xl/worksheets/sheet1.xml"),
        ("report.odt", "content.xml"),
        ("report.docx", "_rels/.rels"),
    ],
)
def test_no_part_may_declare_entities(name: str, part: str, encoding: str, prolog: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?>{prolog}<x>&l9;&x;</x>'.encode(encoding)
    with pytest.raises(Dangerous):
        archive.opened(added(sample(name), part, xml))


async def test_a_billion_laughs_are_refused_by_the_child() -> None:
    prolog = f'<?xml version="1.0"?>{LAUGHS}'
    assert await refused(docx(paragraph("&l9;"), prolog=prolog)) is Dangerous


async def test_a_declaration_in_an_encoding_that_hides_it_expands_nothing() -> None:
    body = f'<?xml version="1.0" encoding="IBM037"?>{LAUGHS}<w:document {WORD}><w:body>{paragraph("&l9;")}</w:body></w:document>'
    assert await refused(package("word/document.xml", body.encode("cp037"))) in (Dangerous, Damaged)


async def test_xml_that_is_nested_without_end_is_damaged() -> None:
    names = [f"<w:p w:a='{number}'>" for number in range(3_000)]
    assert await refused(docx("".join(names) + "</w:p>" * 3_000)) is Damaged


async def test_a_pdf_of_a_hundred_thousand_pages_is_read_up_to_the_bounds() -> None:
    document = await read(pdf(["Always the same"] * 100_000, shared=True))
    assert (document.whole, document.passages[0].text) == (100_000, "Always the same")
    assert document.gaps == {Gap.BEYOND: 95_000}


@pytest.mark.parametrize(
    "objects",
    [
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2/Kids[2 0 R 2 0 R]>>"],
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[3 0 R]>>",
            "<</Type/Pages/Parent 2 0 R/Count 9/Kids[2 0 R]>>",
        ],
        ["<</Type/Catalog/Pages 1 0 R>>"],
        ["1 0 R"],
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 2147483647/Kids[]>>"],
    ],
)
async def test_a_pdf_that_turns_in_circles_is_left(objects: list[str]) -> None:
    assert await refused(assembled(objects)) in (Damaged, Hollow, NoText)


async def test_tables_of_a_pdf_that_point_at_each_other_are_left() -> None:
    data = pdf(["Words"]).replace(b"/Root 1 0 R", b"/Prev 00000/Root 1 0 R")
    start = data[data.rindex(b"startxref\n") + 10 :].split(b"\n")[0]
    document = await read(data.replace(b"/Prev 00000", b"/Prev " + start.rjust(5)))
    assert text(document) == "Words"


async def test_a_stream_of_a_pdf_that_unpacks_without_end_is_bounded() -> None:
    packed = zlib.compress(zlib.compress(b"(x) Tj " * (40 << 20)))
    stream = f"<</Length {len(packed)}/Filter[/FlateDecode/FlateDecode]>>stream\n".encode() + packed + b"\nendstream"
    data = pdf(["Words"]).replace(b"<</Length 37>>stream\nBT /F 12 Tf 50 700 Td (Words) Tj ET\nendstream", stream)
    assert len(stream) < 1 << 20
    try:
        document = await read(data)
    except AssistantError as error:
        assert type(error) in (TooHard, NoText, Damaged, Hollow)
    else:
        assert len(text(document)) <= MOST_CHARACTERS


async def test_a_sheet_whose_cells_lie_far_apart_takes_no_memory() -> None:
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "first")
        sheet.write(1_048_575, 16_383, "last")
    assert await refused(file.getvalue(), "wide.xlsx") is TooHard


async def test_rows_that_are_repeated_without_end_are_bounded() -> None:
    with ZipFile(BytesIO(sample("budget.ods"))) as opened:
        content = opened.read("content.xml").decode()
    row = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="16000"'
    )
    data = added(
        sample("budget.ods"),
        "content.xml",
        content.replace(
            "<table:table-row",
            f'{row} office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row><table:table-row',
            1,
        ).encode(),
    )
    assert await refused(data, "wide.ods") in (TooHard, Damaged)


async def test_a_page_that_is_nested_without_end_is_bounded() -> None:
    data = b"<!doctype html><p>first</p>" + b"<div>" * 20_000 + b"deep"
    try:
        assert "first" in text(await read(data, "page.html"))
    except AssistantError as error:
        assert type(error) is TooHard


async def test_letters_in_letters_without_end_are_bounded() -> None:
    head = b"From: a\nTo: b\nSubject: c\nMIME-Version: 1.0\n"
    parts = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(5_000))
    try:
        assert "From: a" in text(await read(head + parts + b"\nwords"))
    except AssistantError as error:
        assert type(error) in (TooHard, Damaged)


async def test_a_text_is_read_up_to_the_bound() -> None:
    document = await read(b"All work and no play.\n" * 200_000, "long.txt")
    assert len(text(document)) <= MOST_CHARACTERS
    assert document.gaps[Gap.BEYOND] > 100


async def test_the_bot_goes_on_meanwhile() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            beats += 1
            await asyncio.sleep(0)

    heart = asyncio.create_task(beat())
    document = await Reader().document(pieces(pdf(["Words"] * 3_000, shared=True)), "long.pdf", "key", NOW)
    heart.cancel()
    assert len(document.passages) == 3_000
    assert beats > 1_000
