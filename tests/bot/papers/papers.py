"""Files that are made in a test, and how a test has them read."""

from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from bot.papers.reader import Reader
from dialogs.documents import Document
from tests.world.bots import BotProcess

FILES = Path(__file__).parent / "files"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SPACE = "http://schemas.openxmlformats.org"
WORD = f'xmlns:w="{SPACE}/wordprocessingml/2006/main"'
TYPES = f'<Types xmlns="{SPACE}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
LINKS = (
    f'<Relationships xmlns="{SPACE}/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{SPACE}/officeDocument/2006/relationships/officeDocument" Target="{{main}}"/></Relationships>'
)


def sample(name: str) -> bytes:
    """A file that a real program made."""
    return (FILES / name).read_bytes()


async def pieces(data: bytes, size: int = 1 << 16) -> AsyncIterator[bytes]:
    """Bytes as they arrive."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def read(data: bytes, name: str = "file.bin", reader: Reader | None = None) -> Document:
    """What a real child reads of it."""
    return await (reader or Reader()).document(pieces(data), name, "key", NOW)


def text(document: Document) -> str:
    """All of it."""
    return "\n".join(passage.text for passage in document.passages)


def children() -> set[int]:
    """The processes that this one has started and not yet forgotten, zombies among them; not the one that bots are forked from."""
    found: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(FileNotFoundError):  # a thread that has ended meanwhile
            found.update(map(int, (task / "children").read_text().split()))
    return found - (BotProcess.nursery.own if BotProcess.nursery else set())


def leftovers(mark: bytes, since: float) -> list[str]:
    """The files that were written since, where programs put what they forget, and that hold a mark."""
    folders = (Path(folder) for folder in ("/tmp", "/var/tmp", "/dev/shm", "."))
    files = (path for folder in folders for path in folder.glob("*") if path.is_file())
    return [str(path) for path in files if path.stat().st_mtime >= since and mark in path.read_bytes()]


def zipped(entries: Iterable[tuple[str, bytes | str]]) -> bytes:
    """A zip archive."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return file.getvalue()


def package(main: str, content: bytes | str, *more: tuple[str, bytes | str]) -> bytes:
    """A package of Office around its main part."""
    return zipped([("[Content_Types].xml", TYPES), ("_rels/.rels", LINKS.format(main=main)), (main, content), *more])


def docx(body: str, *more: tuple[str, bytes | str], prolog: str = "") -> bytes:
    """A Word document around its body."""
    return package("word/document.xml", f"{prolog}<w:document {WORD}><w:body>{body}</w:body></w:document>", *more)


def paragraph(words: str) -> str:
    """A paragraph of Word."""
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def added(data: bytes, part: str, content: bytes) -> bytes:
    """An archive with one more part, or another content of it."""
    with ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped((parts | {part: content}).items())


def pdf(pages: list[str], shared: bool = False) -> bytes:
    """A PDF with a line of Helvetica on each page; `shared`: all pages show the first line."""
    streams = pages[:1] if shared else pages
    kids = " ".join(f"{number + 4 + len(streams)} 0 R" for number in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]/MediaBox[0 0 600 800]/Resources<</Font<</F 3 0 R>>>>>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for line in streams:
        content = f"BT /F 12 Tf 50 700 Td ({line}) Tj ET"
        objects.append(f"<</Length {len(content)}>>stream\n{content}\nendstream")
    objects += [
        f"<</Type/Page/Parent 2 0 R/Contents {4 if shared else 4 + number} 0 R>>" for number in range(len(pages))
    ]
    return assembled(objects)


def assembled(objects: list[str], trailer: str = "") -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    file, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(file)
    lines = "".join(f"{place:010} 00000 n \n" for place in places)
    file += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{lines}".encode()
    file += f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{trailer.format(start=start)}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(file)
