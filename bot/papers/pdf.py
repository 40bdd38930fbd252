"""A PDF, page by page, by the library that Chromium shows PDFs with.

Floor 6. Nothing in it is run and nothing outside of it is looked at. A page without text is a picture of one.
"""

from contextlib import closing

import pypdfium2
from pypdfium2 import raw

from bot.papers.draft import Draft, Reading
from dialogs.documents import Gap, Kind
from dialogs.errors import Damaged, Hollow, NoText, Protected

MOST_PAGES = 5_000
MOST_ON_PAGE = 100_000
"""Characters of one page that are read."""
MOST_OBJECTS = 500
"""Things on one page that are looked at for being pictures."""
LOCKED = (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
HYPHEN = "\ufffe"
"""What pdfium puts for the hyphen of a word that was broken at the end of a line."""


def read(data: bytes) -> Reading:
    """Every page up to the bounds. Raises `NoText` where none has any."""
    with closing(opened(data)) as document:
        draft = Draft(Kind.PDF)
        draft.missed(Gap.ATTACHMENTS, raw.FPDFDoc_GetAttachmentCount(document))
        whole, number, things = len(document), 0, 0
        for number in range(1, min(whole, MOST_PAGES) + 1):
            things += page(draft, document, number)
            if draft.full:
                break
        if not draft.written:
            raise NoText if things else Hollow
        return draft.done(whole, whole - number + draft.full)


def opened(data: bytes) -> pypdfium2.PdfDocument:
    """The document. Raises `Damaged` or `Protected`."""
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Protected if getattr(error, "err_code", None) in LOCKED else Damaged from error


def page(draft: Draft, document: pypdfium2.PdfDocument, number: int) -> int:
    """Add one page; how many things are on it. One that is broken is left out like one without text."""
    try:
        with closing(document[number - 1]) as leaf, closing(leaf.get_textpage()) as words:
            size = words.count_chars()
            text = words.get_text_range(0, min(size, MOST_ON_PAGE))
            things: int = raw.FPDFPage_CountObjects(leaf)
            draft.missed(
                Gap.PICTURES if text.strip() else Gap.SCANS, pictures(leaf, things) if text.strip() else things > 0
            )
    except pypdfium2.PdfiumError:
        draft.missed(Gap.BEYOND)
        return 0
    draft.add("page", str(number), joined(text))
    draft.missed(Gap.BEYOND, size > MOST_ON_PAGE and not draft.full)
    return things


def pictures(leaf: pypdfium2.PdfPage, things: int) -> int:
    """How many pictures are on a page."""
    kinds = (raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(leaf, place)) for place in range(min(things, MOST_OBJECTS)))
    return sum(kind == raw.FPDF_PAGEOBJ_IMAGE for kind in kinds)


def joined(text: str) -> str:
    """The text with words put together that were broken at the ends of lines."""
    return text.replace(f"{HYPHEN}\r\n", "").replace(HYPHEN, "")
