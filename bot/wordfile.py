"""A manuscript as a Word document (.docx): styles that a reader can change, real lists and tables, nothing but what it holds.

Floor 5. A member of the room of `bot.printing`. The same manuscript at the same time is the same bytes.
"""

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.table import CT_Tbl
from docx.shared import Mm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph
from docx.text.run import Run as WordRun

from bot.manuscript import Block, Blocks, Code, Heading, Items, Line, Quote, Run, Table, Text

AUTHOR = "Parley"
DEEPEST = 3
"""Levels of lists that Word's template has styles for; deeper ones look like it."""
INDENT = Mm(6)
WIDTH = Mm(152)
"""Of a table: what lies between the template's margins."""
CELLS, COLUMNS = 3_000, 30
"""Cells and columns of a table; a larger one is written as lines, because each cell takes a tenth of a millisecond."""
BLUE = "0563C1"
"""The colour of a link, as Word has it."""


def as_word(title: str, note: str, blocks: Blocks, language: str, at: datetime) -> bytes:
    """The document."""
    page = _Page(language)
    page.paragraph("Title", (Run(title),))
    page.paragraph("Normal", (Run(note, italic=True),))
    page.write(blocks)
    _label(page.document, title, language, at)
    made = BytesIO()
    page.document.save(made)
    return _settled(made, at)


class _Page:
    """Writes blocks one below the other. Where they stand is a depth of lists and of quotes."""

    def __init__(self, language: str) -> None:
        self.document: Any = Document()
        self._styles = {style.name: style.style_id for style in self.document.styles}
        self._styles["Code"] = _code_style(self.document)
        self._body = self.document._body
        self._end = self._body._body.get_or_add_sectPr()
        for each in self.document.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang"):
            each.set(qn("w:val"), language)

    def write(self, blocks: Sequence[Block], depth: int = 0, quoted: int = 0) -> None:
        for block in blocks:
            self._block(block, depth, quoted)

    def paragraph(self, style: str, line: Line, quoted: int = 0) -> Paragraph:
        """A paragraph; within quotes it is moved in."""
        found = Paragraph(self._put(OxmlElement("w:p")), self._body)
        found._p.style = self._styles[style]
        if quoted:
            found.paragraph_format.left_indent = INDENT * quoted
        for run in line:
            _run(found, run)
        return found

    def _put(self, element: Any) -> Any:
        """Puts something at the end. The library's own way walks past all that is there, each time."""
        self._end.addprevious(element)
        return element

    def _block(self, block: Block, depth: int, quoted: int) -> None:
        match block:
            case Text(line, mark):
                self._text(line, mark, depth, quoted)
            case Heading(level, line):
                self.paragraph(f"Heading {level}", line)
            case Code(text, language):
                if language:
                    self.paragraph("Caption", (Run(language),), quoted)
                self.paragraph("Code", (Run(text),), quoted)
            case Quote(blocks):
                self.write(blocks, depth, quoted + 1)
            case Items():
                self._items(block, depth, quoted)
            case Table(rows):
                self._table(rows)
            case _:
                _ruled(self.paragraph("Normal", ()))

    def _text(self, line: Line, mark: str, depth: int, quoted: int) -> None:
        if mark:
            source = self.paragraph("Normal", (Run(f"{mark}\t"), *line))
            source.paragraph_format.left_indent, source.paragraph_format.first_line_indent = INDENT * 2, INDENT * -2
            return
        self.paragraph(_leveled("List Continue", depth) if depth else "Quote" if quoted else "Normal", line, quoted)

    def _items(self, items: Items, depth: int, quoted: int) -> None:
        style = _leveled("List Bullet" if items.first is None else "List Number", depth + 1)
        number = None if items.first is None else _numbering(self.document, style, items.first)
        for blocks in items.items:
            first, rest = (blocks[0], blocks[1:]) if blocks and isinstance(blocks[0], Text) else (Text(()), blocks)
            paragraph = self.paragraph(style, first.line)
            if number is not None:
                _numbered(paragraph, number)
            self.write(rest, depth + 1, quoted)

    def _table(self, rows: Sequence[Sequence[Line]]) -> None:
        columns = len(rows[0]) if rows else 0
        if not 0 < columns <= COLUMNS or columns * len(rows) > CELLS:
            for row in rows:
                self.paragraph("Normal", tuple(run for cell in row for run in (*cell, Run(" | ")))[:-1])
            return
        table: Any = WordTable(self._put(CT_Tbl.new_tbl(0, columns, WIDTH)), self._body)
        table._tbl.tblStyle_val = self._styles["Table Grid"]
        for number, row in enumerate(rows):
            for cell, line in zip(table.add_row().cells, row, strict=False):
                for run in line:
                    _run(cell.paragraphs[0], run, bold=number == 0)
        self.paragraph("Normal", ())


def _leveled(style: str, depth: int) -> str:
    return style if depth == 1 else f"{style} {min(depth, DEEPEST)}"


def _run(paragraph: Paragraph, run: Run, *, bold: bool = False) -> None:
    written = paragraph.add_run(run.text)
    look: Any = written.font
    for name, on in (("bold", run.bold or bold), ("italic", run.italic), ("strike", run.struck)):
        if on:
            setattr(look, name, True)
    if run.code:
        look.name = "Consolas"
    if run.link:
        _linked(paragraph, written, run.link)


def _linked(paragraph: Paragraph, written: WordRun, link: str) -> None:
    """Puts what has just been written into a link."""
    element: Any = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    properties: Any = written._r.get_or_add_rPr()
    for name, value in (("w:color", BLUE), ("w:u", "single")):
        look: Any = OxmlElement(name)
        look.set(qn("w:val"), value)
        properties.append(look)
    element.append(written._r)
    paragraph._p.append(element)


def _numbering(document: Any, style: str, first: int) -> int:
    """A numbering of its own, so that a list does not go on where the last one ended."""
    numbering = document.part.numbering_part.element
    known = document.styles[style].element.pPr.numPr.numId.val
    added = numbering.add_num(numbering.num_having_numId(known).abstractNumId.val)
    added.add_lvlOverride(ilvl=0).add_startOverride(first)
    return int(added.numId)


def _numbered(paragraph: Paragraph, number: int) -> None:
    properties: Any = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val = 0
    properties.get_or_add_numId().val = number


def _ruled(paragraph: Paragraph) -> None:
    """A line under the paragraph."""
    borders: Any = OxmlElement("w:pBdr")
    bottom: Any = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "BFBFBF")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    paragraph._p.get_or_add_pPr().append(borders)


def _code_style(document: Any) -> str:
    style = document.styles.add_style("Code", WD_STYLE_TYPE.PARAGRAPH)
    style.font.name, style.font.size, style.font.no_proof = "Consolas", Pt(9), True
    style.paragraph_format.space_after = Pt(8)
    shade: Any = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", "F2F2F2")):
        shade.set(qn(f"w:{name}"), value)
    style.element.get_or_add_pPr().append(shade)
    return str(style.style_id)


def _label(document: Any, title: str, language: str, at: datetime) -> None:
    """Who made it and when: no company, no person. The template's own picture goes."""
    about = document.core_properties
    about.author = about.last_modified_by = AUTHOR
    about.title, about.language, about.comments, about.revision = title, language, "", 1
    about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None)
    relations = document.part.package.rels
    for key in [key for key, each in relations.items() if each.reltype.endswith("/thumbnail")]:
        del relations[key]


def _settled(made: BytesIO, at: datetime) -> bytes:
    """The same files, each of the time that was handed in."""
    settled = BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            file = zipfile.ZipInfo(name, at.astimezone(UTC).timetuple()[:6])
            new.writestr(file, old.read(name), zipfile.ZIP_DEFLATED)
    return settled.getvalue()
