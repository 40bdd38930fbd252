"""A document as the bytes that are kept of it, and back.

Floor 6. Compressed JSON with a version. What an unknown version or anybody else wrote is no document, and nothing of it is
unpacked beyond the size that one may have.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, get_args, get_type_hints

import orjson

from dialogs.documents import MOST_CHARACTERS, MOST_PASSAGES, Document, Gap, Kind, Passage
from dialogs.talk import Locator

VERSION = 1
LARGEST = 8 * MOST_CHARACTERS
"""Bytes of one unpacked: four for a letter, and as many again for what JSON puts around and into it."""
FAST = 3
"""How hard zlib tries: twice as fast as its usual, for a twentieth more bytes."""
LABELS = frozenset(get_args(get_type_hints(Locator)["label"]))


def packed(document: Document) -> bytes:
    """The document as it is kept. Halves of surrogate pairs become question marks: UTF-8 has none."""
    fields = {
        "v": VERSION,
        "key": document.key,
        "name": document.name,
        "kind": document.kind,
        "at": document.at.isoformat(),
        "whole": document.whole,
        "gaps": dict(document.gaps),
        "passages": [[each.locator.label, each.locator.value, each.text] for each in document.passages],
    }
    text = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "replace"), FAST)


def unpacked(body: bytes) -> Document | None:
    """The document that `packed` wrote; None for anything else."""
    try:
        return _document(orjson.loads(_inflated(body)))
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
        return None


def _inflated(body: bytes) -> bytes:
    """Raises `ValueError` for what is cut short, or too long when it is unpacked."""
    stream = zlib.decompressobj()
    text = stream.decompress(body, LARGEST)
    if not stream.eof:
        raise ValueError
    return text


def _document(fields: Mapping[str, Any]) -> Document:
    if fields["v"] != VERSION or len(fields["passages"]) > MOST_PASSAGES:
        raise ValueError
    return Document(
        key=str(fields["key"]),
        name=str(fields["name"]),
        kind=Kind(fields["kind"]),
        at=_time(fields["at"]),
        passages=tuple(map(_passage, fields["passages"])),
        whole=int(fields["whole"]),
        gaps={Gap(name): int(count) for name, count in fields["gaps"].items()},
    )


def _time(written: str) -> datetime:
    found = datetime.fromisoformat(written)
    if found.tzinfo is None:
        raise ValueError
    return found


def _passage(fields: Sequence[str]) -> Passage:
    label, value, text = fields
    if label not in LABELS:
        raise ValueError
    return Passage(Locator(label, str(value)), str(text))  # type: ignore[arg-type]
