"""What a file is, by its first bytes and its content, and who reads it.

Floor 6. Its name is asked only where all that is known is that it is text.
"""

import re
from io import BytesIO
from zipfile import ZipFile

from olefile import OleFileIO

from bot.papers import archive, mail, opendocument, pdf, plain, sheets, slides, web, word
from bot.papers.draft import Reading
from bot.papers.ooxml import TYPES, Package
from dialogs.documents import Kind
from dialogs.errors import Damaged, Foreign, Hollow, OldOffice, Protected

LOOK = 1_024
"""Bytes within which a PDF has to say that it is one, where it does not begin with it."""
PDF = b"%PDF-"
BLANK = b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"
ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKED = (b"{\\rtf", b"%!PS-Adobe-")
"""What files of text begin with that nobody reads as text."""
DRAWING = re.compile(
    r"\s*+(?>(?:(?:<\?.*?\?>|<!--.*?-->|<!doctype\s+svg\b[^>\[]*(?:\[.*?\]\s*)?>)\s*+)*)<(?:svg:)?svg\b",
    re.IGNORECASE | re.DOTALL,
)
"""The root of a drawing, after what may stand before a root."""
OUTSET = 4_096
"""Characters within which the root of a drawing is looked for."""
OLD = ("WordDocument", "PowerPoint Document")
BOOKS = ("Workbook", "Book")
LOCKED = ("EncryptedPackage", "EncryptionInfo", "DRMEncryptedDataSpace", "\tDRMContent")
LETTER = "__properties_version1.0"


def read(data: bytes, ending: str) -> Reading:
    """A document as text. `ending` is what its name ends with, in small letters."""
    if not data.strip(BLANK):
        raise Hollow
    if data.startswith(ZIPS):
        return packed(data)
    if data.startswith(OLE):
        return compound(data)
    if is_pdf(data):
        return pdf.read(data)
    if data.startswith(MARKED):
        raise Foreign
    return mail.read(data) if mail.is_mail(data) else written(plain.decoded(data), ending)


def is_pdf(data: bytes) -> bool:
    """Whether a file is a PDF; one may have something before its first line, but a text that speaks of them is none."""
    return data.lstrip(BLANK).startswith(PDF) or (PDF in data[:LOOK] and plain.is_binary(data))


def written(text: str, ending: str) -> Reading:
    """A file that is text. One that is neither text nor known by its first bytes is refused when it is decoded: short marks
    like those of pictures and programs are what sentences begin with, too.
    """
    if web.is_page(text) or (ending in ("html", "htm", "xhtml") and "<" in text):
        return web.read(text)
    if DRAWING.match(text[:OUTSET]):
        raise Foreign
    return plain.read(text, ending)


def packed(data: bytes) -> Reading:
    """A file that is a zip archive."""
    with archive.opened(data) as opened:
        if TYPES in opened.namelist():
            return office(Package(opened), data)
        if opendocument.MIMETYPE in opened.namelist():
            return open_office(opened, data)
        raise Foreign


def office(package: Package, data: bytes) -> Reading:
    """A file of Office since 2007."""
    match package.kind:
        case Kind.WORD:
            return word.read(package)
        case Kind.SLIDES:
            return slides.read(package)
    return sheets.read(data, package.gaps())


def open_office(opened: ZipFile, data: bytes) -> Reading:
    """A file of OpenDocument."""
    match opendocument.kind(opened):
        case Kind.WORD:
            return opendocument.read(opened)
        case Kind.SLIDES:
            return opendocument.read_slides(opened)
    return sheets.read(data, opendocument.gaps(opened))


def compound(data: bytes) -> Reading:
    """A file of the kind that Office wrote before 2007, and that Outlook and passwords still use."""
    try:
        with OleFileIO(BytesIO(data)) as file:
            streams = {entry[0] for entry in file.listdir()}
    except (OSError, ValueError, IndexError, AttributeError) as error:
        raise Damaged from error
    if streams.intersection(LOCKED):
        raise Protected
    if streams.intersection(OLD):
        raise OldOffice
    if streams.intersection(BOOKS):
        return sheets.read(data, {})
    if LETTER in streams:
        return mail.read_outlook(data)
    raise Foreign
