"""A zip archive that is looked through before anything of it is used.

Floor 6. What it declares is a claim: every entry is unpacked once into nothing, and counted.
"""

import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from dialogs.errors import Damaged, Dangerous, Protected

MOST_ENTRIES = 2_000
MOST_BYTES = 100 << 20
"""Bytes of all entries together, unpacked."""
RATIO = 100
"""How many times its own size an archive may unpack to."""
CHUNK = 1 << 16
HEADER = 30
"""Bytes of an entry's own header before its name."""
LENGTHS = 26
"""Where that header holds the lengths of the name and of what follows it."""
ENCRYPTED = 0x1 | 0x40 | 0x2000
"""Flags of an entry that needs a password."""
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
XML = (".xml", ".rels")


def opened(data: bytes) -> ZipFile:
    """The archive, once nothing about it is wrong. Raises `Damaged`, `Dangerous` or `Protected`."""
    try:
        archive = ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise Damaged from error
    entries = archive.infolist()
    look_through(entries, len(data))
    if any(start + size > end for start, size, end in spans(entries, archive.start_dir)):
        raise Dangerous
    left = MOST_BYTES
    for entry in entries:
        left -= unpacked(data, entry, left)
    return archive


def look_through(entries: list[ZipInfo], size: int) -> None:
    """Refuse what the list of entries itself shows to be wrong."""
    if len(entries) > MOST_ENTRIES or len({entry.filename for entry in entries}) < len(entries):
        raise Dangerous
    if sum(entry.file_size for entry in entries) > min(MOST_BYTES, RATIO * size):
        raise Dangerous
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise Protected
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise Dangerous


def spans(entries: list[ZipInfo], end: int) -> Iterator[tuple[int, int, int]]:
    """Where each entry begins, how long it is at least, and where the next one begins."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    sizes = [HEADER + len(entry.filename.encode()) + entry.compress_size for entry in ordered]
    starts = [entry.header_offset for entry in ordered]
    return ((start, size, after) for size, (start, after) in zip(sizes, pairwise([*starts, end]), strict=True))


def unpacked(data: bytes, entry: ZipInfo, most: int) -> int:
    """How large an entry really is. Raises where that is not what it says, or where its XML declares entities."""
    size, tail, xml = 0, b"", entry.filename.lower().endswith(XML)
    for chunk in inflated(data, entry):
        size += len(chunk)
        if size > min(most, entry.file_size) or (xml and declares(tail + chunk)):
            raise Dangerous
        tail = chunk[-4 * len(DECLARATIONS[0]) :]
    if size != entry.file_size:
        raise Damaged
    return size


def declares(chunk: bytes) -> bool:
    """Whether XML declares a document type; two-byte encodings are seen through."""
    plain = chunk.replace(b"\0", b"")
    return any(word in plain for word in DECLARATIONS)


def inflated(data: bytes, entry: ZipInfo) -> Iterator[bytes]:
    """The bytes of an entry, as they really are."""
    lengths = data[entry.header_offset + LENGTHS : entry.header_offset + HEADER]
    start = entry.header_offset + HEADER + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == ZIP_STORED:
        yield packed
        return
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not engine.eof:
            yield engine.decompress(packed, CHUNK)
            packed = engine.unconsumed_tail
        yield engine.flush()
    except zlib.error as error:
        raise Damaged from error
