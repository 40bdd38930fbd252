"""Texts and presentations of OpenDocument, as LibreOffice writes them.

Floor 6. In them text stands between elements, not only in leaves.
"""

from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

from bot.papers.draft import Draft, Reading, Sections
from bot.papers.ooxml import CELL, INNER
from bot.papers.xml import attribute, blocks, name, tree
from dialogs.documents import Gap, Kind
from dialogs.errors import Damaged, Foreign, Protected

MIMETYPE, CONTENT, MANIFEST = "mimetype", "content.xml", "META-INF/manifest.xml"
FAMILY = "application/vnd.oasis.opendocument."
KINDS = {"text": Kind.WORD, "presentation": Kind.SLIDES, "spreadsheet": Kind.SHEET}
UNSEEN = frozenset(
    {"tracked-changes", "annotation-end", "desc", "title", "date-string", "creator", "date", "note-citation"}
)
AROUND = {"note-body": (" [", "]"), "annotation": (" [", "]"), "text-box": ("\n", "\n")}
"""What stands around a note within a paragraph."""
MOST_SPACES = 100
"""What one element may stand for."""


def kind(archive: ZipFile) -> Kind:
    """What a package is, by what it says in its first entry. Raises `Damaged`, `Foreign` or `Protected`."""
    said = archive.read(MIMETYPE)[:100].decode("ascii", "replace").strip()
    found = KINDS.get(said.removeprefix(FAMILY).partition("-")[0])
    if found is None:
        raise Foreign
    # Asked first: a package that is encrypted as a whole has no content that one could miss.
    if MANIFEST in archive.namelist() and tree(archive.read(MANIFEST)).find(".//{*}encryption-data") is not None:
        raise Protected
    if CONTENT not in archive.namelist():
        raise Damaged
    return found


def gaps(archive: ZipFile) -> dict[Gap, int]:
    """What is in the package besides its text."""
    names = archive.namelist()
    macros = any(each.startswith(("Basic/", "Scripts/")) and not each.endswith("/") for each in names)
    pictures = sum(each.startswith("Pictures/") and not each.endswith("/") for each in names)
    return {Gap.MACROS: int(macros), Gap.PICTURES: pictures}


def read(archive: ZipFile) -> Reading:
    """Every section of a text."""
    draft = Draft(Kind.WORD)
    draft.gaps.update(gaps(archive))
    sections = Sections(draft)
    with archive.open(CONTENT) as stream:
        for node in blocks(stream, "h", "p", "table"):
            if not draft.full or name(node) == "h":
                write(sections, node)
    return sections.done()


def write(sections: Sections, node: Any) -> None:
    """Add a paragraph or a table to the section it stands in, or begin one."""
    if any(name(above) in UNSEEN for above in node.iterancestors()):
        return
    if name(node) == "table":
        for line in table(node):
            sections.line(line)
        return
    text = words(node).strip()
    if text and name(node) == "h":
        sections.head(text)
    elif text:
        sections.line(text)


def read_slides(archive: ZipFile) -> Reading:
    """Every slide of a presentation with its notes."""
    draft = Draft(Kind.SLIDES)
    draft.gaps.update(gaps(archive))
    root = tree(archive.read(CONTENT))
    unshown = {attribute(node.getparent(), "name") for node in root.iter("{*}drawing-page-properties") if hides(node)}
    pages = list(root.iter("{*}page"))
    number = 0
    for number, page in enumerate(pages, start=1):
        draft.missed(Gap.HIDDEN, attribute(page, "style-name") in unshown)
        draft.add("slide", str(number), "\n".join(lines(page)))
        if draft.full:
            break
    return draft.done(len(pages), len(pages) - number + draft.full)


def hides(properties: Any) -> bool:
    """Whether a slide's style leaves it out of the show."""
    return attribute(properties, "visibility") == "hidden"


def lines(page: Any) -> Iterator[str]:
    """The paragraphs and tables of a slide in their order."""
    for node in page.iter("{*}p", "{*}h", "{*}table"):
        if name(node) == "table":
            yield from table(node)
        elif not any(name(above) == "table-cell" for above in node.iterancestors()) and (text := words(node).strip()):
            yield text


def table(node: Any) -> list[str]:
    """The lines of a table."""
    rows = ([cell_text(each) for each in row if name(each) == "table-cell"] for row in node.iter("{*}table-row"))
    return [line for line in (CELL.join(cells) for cells in rows) if line.strip(" |")]


def cell_text(cell: Any) -> str:
    """The text of a cell in one line."""
    return INNER.join(filter(None, (" ".join(words(each).split()) for each in cell.iter("{*}p", "{*}h"))))


def words(node: Any) -> str:
    """The text of a paragraph. A stack of our own, because nesting may be deeper than Python's."""
    found: list[str] = []
    stack: list[Any] = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, str):
            found.append(each)
            continue
        stack.append((each.tail or "") if each is not node else "")
        if name(each) and name(each) not in UNSEEN:
            before, after = AROUND.get(name(each), ("", ""))
            stack += [after, *reversed(each), before + spaced(each) + (each.text or "")]
    return "".join(found)


def spaced(node: Any) -> str:
    """The white space that an element stands for."""
    match name(node):
        case "s":
            number = attribute(node, "c")
            return " " * min(int(number) if number.isdigit() else 1, MOST_SPACES)
        case "tab":
            return "\t"
        case "line-break":
            return "\n"
    return ""
