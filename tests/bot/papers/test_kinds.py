"""Files of each kind, made by real programs, in three languages and with tables: what is read of them and what is said to be missing."""

import bz2
import gzip
import lzma
from random import Random

import pytest

from bot.papers import kinds
from bot.papers.draft import PORTION, Reading
from dialogs.documents import Gap, Kind
from dialogs.errors import AssistantError, Foreign, Hollow, NoText, OldOffice, Protected
from tests.bot.papers.papers import WORD, added, docx, package, paragraph, pdf, read, sample, text, zipped

GERMAN, JAPANESE = (
    "Die Prüfung der Brücke beginnt am 3. März; Größe und Maße stehen fest.",
    "橋の検査は三月三日に始まります。",
)
REPORTS = ("report.docx", "report.odt", "report.pdf", "report.html")
ENGLISH = b"The crane comes on Monday."


def told(data: bytes, ending: str = "") -> Reading:
    """What is read of a file; in this process, which is good enough for files that we made."""
    return kinds.read(data, ending)


def whole(reading: Reading) -> str:
    """All the text of it."""
    return "\n".join(passage.text for passage in reading.passages)


def places(reading: Reading) -> list[tuple[str, str]]:
    """Where its passages stand."""
    return [(passage.locator.label, passage.locator.value) for passage in reading.passages]


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize(
    "words", ["The harbour crane is late by six weeks.", GERMAN, JAPANESE, "Said by the supplier on Monday."]
)
def test_a_report_is_read_in_three_languages(name: str, words: str) -> None:
    assert words in whole(told(sample(name)))


@pytest.mark.parametrize("name", ["report.docx", "report.odt", "report.html"])
def test_a_table_is_a_line_a_row(name: str) -> None:
    assert "Item | Planned | Real\nCrane | 40,000 | 52,500" in whole(told(sample(name)))


@pytest.mark.parametrize("name", ["report.docx", "report.odt", "report.html"])
def test_a_report_is_cited_by_its_headings(name: str) -> None:
    assert places(told(sample(name))) == [("heading", "Risks"), ("heading", "Überblick"), ("heading", "項目の状況")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("report.docx", Kind.WORD),
        ("report.odt", Kind.WORD),
        ("report.pdf", Kind.PDF),
        ("report.html", Kind.WEB),
        ("talk.pptx", Kind.SLIDES),
        ("talk.odp", Kind.SLIDES),
        ("budget.xlsx", Kind.SHEET),
        ("budget.ods", Kind.SHEET),
        ("budget.xls", Kind.SHEET),
        ("letter.eml", Kind.MAIL),
        ("letter.msg", Kind.MAIL),
    ],
)
def test_the_content_says_what_a_file_is(name: str, kind: Kind) -> None:
    assert told(sample(name), "py").kind is kind


async def test_a_renamed_file_is_read_as_what_it_is() -> None:
    document = await read(sample("report.docx"), "picture.png")
    assert (document.kind, document.name, document.key) == (Kind.WORD, "picture.png", "key")


def test_a_note_stands_where_it_is_called() -> None:
    assert "late by six weeks. [Said by the supplier on Monday.]" in whole(told(sample("report.docx")))


@pytest.mark.parametrize("name", ["talk.pptx", "talk.odp"])
def test_slides_are_read_with_tables_notes_and_hidden_ones(name: str) -> None:
    reading = told(sample(name))
    assert reading.passages[0].text == "Brücken und Kräne\nItem | Cost\n橋 | 12\nSpeak slowly here."
    assert places(reading) == [("slide", "1"), ("slide", "2")]
    assert (reading.whole, reading.gaps[Gap.HIDDEN]) == (2, 1)


@pytest.mark.parametrize("name", ["budget.xlsx", "budget.ods", "budget.xls"])
def test_sheets_are_read_with_hidden_ones(name: str) -> None:
    reading = told(sample(name))
    assert reading.passages[0].text == "Month | Größe\nMarch | 12.5\n2026-03-03 | 橋"
    assert places(reading) == [("sheet", "Budget"), ("sheet", "Salaries")]
    assert reading.gaps == {Gap.HIDDEN: 1}


def test_values_of_formulas_are_read() -> None:
    assert whole(told(sample("written.xlsx"))) == "Tag | Menge | wahr\nMontag | 12 | TRUE\n | 24"


def test_a_letter_is_read_with_who_and_when() -> None:
    reading = told(sample("letter.eml"))
    assert places(reading) == [("heading", "Prüfung der Brücke 橋")]
    assert whole(reading).startswith(
        "From: Ada Berg <ada@contoso.example>\nTo: grace@contoso.example\nDate: Mon, 02 Mar 2026"
    )
    assert "Der Kran kommt am Montag.\n橋の検査です。" in whole(reading)
    assert reading.gaps == {Gap.ATTACHMENTS: 1}


def test_a_letter_of_outlook_is_read() -> None:
    lines = whole(told(sample("letter.msg"))).split("\n")
    assert lines[:3] == ['From: "Ada Berg" <ada@contoso.example>', "To: Grace", "Subject: Prüfung der Brücke"]
    assert lines[-1] == "橋の検査です。"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("locked.docx", Protected),
        ("locked.xlsx", Protected),
        ("locked.pdf", Protected),
        ("report.doc", OldOffice),
        ("scan.pdf", NoText),
        ("drawing.png", Foreign),
        ("drawing.bmp", Foreign),
    ],
)
async def test_what_is_not_read_is_said_by_its_reason(name: str, error: type[AssistantError]) -> None:
    with pytest.raises(AssistantError) as raised:
        await read(sample(name), name)
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (b"\x7fELF\x02\x01\x01\0" + bytes(range(256)) * 8, "txt"),
        (bytes(range(1, 256)) * 20, "csv"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><text>x</text></svg>", "svg"),
        (b"{\\rtf1 words}", "rtf"),
        (zipped([("words.txt", b"words")]), "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, "doc"),
    ],
)
def test_a_kind_that_nobody_reads_is_refused(data: bytes, ending: str) -> None:
    with pytest.raises(AssistantError):
        told(data, ending)


@pytest.mark.parametrize("ending", ["csv", "txt", "py", "md", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize(
    "start",
    [
        *(
            "BMI;weight;name",
            "BMW has grown.",
            "MZ is a sign.",
            "ID3 tags are old.",
            "RIFFs of guitars",
            "II* is a star",
        ),
        *("GIF89a is a format.", "BZh is a name.", "Rar! it said.", "7z packs", "OggS, fLaC and others", "PK is short"),
        *("SQLite format 3 is here to stay.", "%!PS is a mark.", "MM* too", "I saw ftyp in it", "rtf {\\rtf"),
        *(
            "The file begins with %PDF-1.7 and 1 0 obj",
            "return <svg viewBox='0 0 1 1'/>",
            "<template><svg/></template>",
        ),
        *("<!-- no <svg> --><div>words</div>", "<?xml-stylesheet href='x'?><report>words</report>"),
    ],
)
def test_a_text_is_read_whatever_mark_it_begins_with(start: str, encoding: str, ending: str) -> None:
    more = "" if encoding == "utf-8" else GERMAN
    reading = told((f"{start}\n{more}\n" * 4).encode(encoding), ending)
    assert reading.kind in (Kind.TEXT, Kind.TABLE, Kind.CODE, Kind.MARKDOWN)
    assert start.split(";")[0].split(",")[0] in whole(reading)


@pytest.mark.parametrize(
    "data",
    [
        b"BM" + (70).to_bytes(4, "little") + b"\0\0\0\0\x36\0\0\0" + b"\x7f" * 60,
        b"RIFF\x24\0\0\0WEBPVP8 " + b"\x10" * 30,
        b"ID3\x04\0\0" + b"\x10" * 30,
        b"MZ\x90\0\x03\0\0\0" + b"This program cannot be run in DOS mode.",
        b"GIF89a\x01\0\x01\0\x80\0\0",
        gzip.compress(b"words", mtime=0),
        bz2.compress(b"words" * 50),
        lzma.compress(b"words" * 50),
        b"SQLite format 3\0" + b"x" * 99,
        b"%!PS-Adobe-3.0\n/words",
        b"\xff\xfe" + Random(1).randbytes(600),
    ],
    ids=["bmp", "webp", "mp3", "exe", "gif", "gz", "bz2", "xz", "sqlite", "ps", "by chance"],
)
@pytest.mark.parametrize("ending", ["csv", "txt", ""])
def test_what_only_begins_like_a_text_is_refused(data: bytes, ending: str) -> None:
    with pytest.raises(Foreign):
        told(data, ending)


@pytest.mark.parametrize(
    "before",
    [
        "",
        "<?xml version='1.0'?>\n<!-- made by > -->",
        "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'x.dtd' [<!ENTITY a 'b'>]>\n",
        "<?xml-stylesheet href='a.css'?>",
    ],
)
def test_a_drawing_is_told_by_its_root(before: str) -> None:
    with pytest.raises(Foreign):
        told(f"{before}<svg xmlns='http://www.w3.org/2000/svg'><text>x</text></svg>".encode(), "xml")


@pytest.mark.parametrize("start", ["<!---->", "<!-- a --> ", "<?a?>", "<!doctype svg [", "<!doctype svg []>"])
async def test_what_may_stand_before_a_root_is_looked_through_once(start: str) -> None:
    document = await read(start.encode() * 2_000 + b"\nwords", "a.xml")
    assert document.kind is Kind.CODE


@pytest.mark.parametrize("before", [b"", b" \r\n", b"\xef\xbb\xbf", b"\x01\x02 a mark of a transfer\n"])
def test_a_pdf_may_have_something_before_its_beginning(before: bytes) -> None:
    assert told(before + pdf(["Words"])).kind is Kind.PDF


def test_a_pdf_is_cited_by_its_pages() -> None:
    reading = told(pdf([f"Page number {number}" for number in range(1, 301)]))
    assert (reading.whole, len(reading.passages), reading.gaps) == (300, 300, {})
    assert (places(reading)[299], reading.passages[299].text) == (("page", "300"), "Page number 300")


def test_a_pdf_of_blank_pages_is_empty() -> None:
    with pytest.raises(Hollow):
        told(pdf([""]).replace(b"BT /F 12 Tf 50 700 Td () Tj ET", b" " * 30))


def test_macros_are_left_alone_and_said() -> None:
    reading = told(docx(paragraph("Words"), ("word/vbaProject.bin", b"Sub AutoOpen()")))
    assert (whole(reading), reading.gaps) == ("Words", {Gap.MACROS: 1})


def test_macros_of_a_workbook_are_said() -> None:
    assert told(added(sample("budget.xlsx"), "xl/vbaProject.bin", b"Sub Auto_Open()")).gaps == {
        Gap.HIDDEN: 1,
        Gap.MACROS: 1,
    }


def test_pictures_and_files_within_are_counted() -> None:
    reading = told(docx(paragraph("Words"), ("word/media/a.png", b"1"), ("word/embeddings/b.xlsx", b"2")))
    assert reading.gaps == {Gap.PICTURES: 1, Gap.ATTACHMENTS: 1}


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<w:p><w:r><w:t>seen</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>obey</w:t></w:r></w:p>", "seen"),
        ("<w:p><w:r><w:t>seen</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>", "seen"),
        ("<w:p><w:ins><w:r><w:t>new</w:t><w:tab/><w:t>tab</w:t></w:r></w:ins></w:p>", "new\ttab"),
        ("<w:p><w:r><w:instrText>HYPERLINK</w:instrText></w:r><w:r><w:t>label</w:t></w:r></w:p>", "label"),
        (
            f"<w:p><w:r><w:t>outer</w:t></w:r><w:r><w:txbxContent>{paragraph('boxed')}</w:txbxContent></w:r></w:p>",
            "outer\nboxed",
        ),
        ("<w:sdt><w:sdtContent>" + paragraph("controlled") + "</w:sdtContent></w:sdt>", "controlled"),
    ],
)
def test_what_a_reader_of_word_sees_is_read(body: str, seen: str) -> None:
    assert whole(told(docx(body))) == seen


def test_a_document_without_headings_is_known_by_its_opening() -> None:
    assert places(told(docx(paragraph("The contract begins today.")))) == [("heading", "The contract begins today.")]


def test_a_long_section_is_split_and_each_part_has_its_heading() -> None:
    body = (
        '<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr><w:r><w:t>Risks</w:t></w:r></w:p>' + paragraph("word " * 300) * 10
    )
    reading = told(docx(body))
    assert len(reading.passages) > 3
    assert set(places(reading)) == {("heading", "Risks")}
    assert all(len(passage.text) <= PORTION for passage in reading.passages)


def test_a_strict_document_is_read_whatever_its_main_part_is_called() -> None:
    strict = WORD.replace("schemas.openxmlformats.org", "purl.oclc.org/ooxml")
    body = f"<w:document {strict}><w:body>{paragraph('strict')}</w:body></w:document>"
    assert whole(told(package("word/document2.xml", body))) == "strict"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_its_encoding(encoding: str) -> None:
    assert "Die Prüfung der Brücke beginnt am 3. März" in whole(told((f"{GERMAN}\n" * 20).encode(encoding), "txt"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_a_text_that_ends_within_a_character_is_read(encoding: str) -> None:
    assert whole(told(f"{GERMAN}x".encode(encoding)[:-1], "txt")) == GERMAN


def test_a_text_is_cited_by_its_lines() -> None:
    reading = told("".join(f"line {number}\n" for number in range(1, 1001)).encode(), "log")
    (_, first), (_, second) = places(reading)[:2]
    assert (first, reading.passages[1].text.split("\n")[0]) == ("1", f"line {second}")


@pytest.mark.parametrize(
    ("ending", "kind"),
    [("py", Kind.CODE), ("txt", Kind.TEXT), ("md", Kind.MARKDOWN), ("csv", Kind.TABLE), ("", Kind.TEXT)],
)
def test_among_texts_the_name_is_heard(ending: str, kind: Kind) -> None:
    assert told(b"a,b\nc,d\n", ending).kind is kind


def test_markdown_is_cited_by_its_headings() -> None:
    reading = told(b"intro\n# One\nfirst\n```\n# no heading\n```\n## Two ##\nsecond\n", "md")
    assert places(reading) == [("heading", "intro"), ("heading", "One"), ("heading", "Two")]


@pytest.mark.parametrize("data", [b'a;b\n1;"2;3"\n', b"a\tb\n1\t2;3\n"])
def test_a_table_is_told_by_its_own_delimiter(data: bytes) -> None:
    assert whole(told(data, "csv")) == "a | b\n1 | 2;3"


def test_each_part_of_a_long_table_repeats_its_first_line() -> None:
    data = "name,number\n" + "".join(f"thing,{number}\n" for number in range(2, 2000))
    reading = told(data.encode(), "csv")
    assert len(reading.passages) > 2
    assert all(passage.text.startswith("name | number\nthing | ") for passage in reading.passages)
    second = reading.passages[1]
    assert second.text.split("\n")[1] == f"thing | {second.locator.value}"


def test_a_page_hides_what_its_reader_does_not_see() -> None:
    page = b"<!doctype html><h1>Seen</h1><script>x</script><style>y</style><p hidden>no</p><p style='display:none'>no</p><p>yes</p>"
    assert whole(told(page)) == "Seen\nyes"


def test_control_characters_are_left_out() -> None:
    assert whole(told(b"<html><body><p>a&#5;b\x7f&#27;c</p></body></html>")) == "abc"


async def test_text_comes_through_a_child_unchanged() -> None:
    assert GERMAN in text(await read(GERMAN.encode(), "notes.txt"))


@pytest.mark.parametrize("before", [b"From ada@contoso.example Mon Mar  2 09:00:00 2026\n", b"\xef\xbb\xbf"])
def test_a_letter_is_one_whatever_stands_before_its_headers(before: bytes) -> None:
    assert told(before + sample("letter.eml"), "eml") == told(sample("letter.eml"), "eml")


@pytest.mark.parametrize("more", [(), (("content.xml", b"\x8a\x01"),)])
def test_an_open_document_with_a_password_is_said_to_have_one(more: tuple[tuple[str, bytes], ...]) -> None:
    entry = '<m:file-entry m:full-path="encrypted-package"><m:encryption-data m:checksum="x"/></m:file-entry>'
    manifest = f'<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{entry}</m:manifest>'
    kind = "application/vnd.oasis.opendocument.text"
    with pytest.raises(Protected):
        told(zipped([("mimetype", kind), ("encrypted-package", b"\x8a"), ("META-INF/manifest.xml", manifest), *more]))


@pytest.mark.parametrize("data", [b"From: someone\nmust read this", b"Subject: a\n\nbody", ENGLISH])
def test_a_text_that_only_looks_like_a_letter_is_a_text(data: bytes) -> None:
    assert told(data, "txt").kind is Kind.TEXT
