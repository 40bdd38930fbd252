"""What a file is, by its first bytes and its content, and who reads it.

Floor 6. Its name is asked only where all that is known is that it is text.
"""

from io import BytesIO
from zipfile import ZipFile

from olefile import OleFileIO

from bot.papers import archive, mail, opendocument, pdf, plain, sheets, slides, web, word
from bot.papers.draft import Reading
from bot.papers.ooxml import TYPES, Package
from dialogs.documents import Kind
from dialogs.errors import Damaged, Foreign, Hollow, OldOffice, Protected

LOOK = 1_024
"""Bytes within which a PDF has to say that it is one."""
ZIPS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRANGERS = (
    *(
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"RIFF",
        b"BM",
        b"II*\0",
        b"MM\0*",
        b"\x1f\x8b",
        b"BZh",
        b"7z\xbc\xaf",
        b"Rar!",
    ),
    *(
        b"\xfd7zXZ",
        b"\x7fELF",
        b"MZ",
        b"{\\rtf",
        b"%!PS",
        b"ID3",
        b"OggS",
        b"fLaC",
        b"\x1aE\xdf\xa3",
        b"SQLite format 3",
    ),
)
"""What files begin with that are no documents, or none that is read."""
GRAPHICS = ("<svg", "<?xml-stylesheet")
OLD = ("WordDocument", "PowerPoint Document")
BOOKS = ("Workbook", "Book")
LOCKED = ("EncryptedPackage", "EncryptionInfo", "DRMEncryptedDataSpace", "\tDRMContent")
LETTER = "__properties_version1.0"


def read(data: bytes, ending: str) -> Reading:
    """A document as text. `ending` is what its name ends with, in small letters."""
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xfe\xff"):
        raise Hollow
    if data.startswith(ZIPS):
        return packed(data)
    if data.startswith(OLE):
        return compound(data)
    if b"%PDF-" in data[:LOOK]:
        return pdf.read(data)
    if data.startswith(STRANGERS) or data[4:8] == b"ftyp":
        raise Foreign
    return mail.read(data) if mail.is_mail(data) else written(plain.decoded(data), ending)


def written(text: str, ending: str) -> Reading:
    """A file that is text."""
    if web.is_page(text) or (ending in ("html", "htm", "xhtml") and "<" in text):
        return web.read(text)
    if any(mark in text[:LOOK].lower() for mark in GRAPHICS):
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
