"""What the child answers, line by line, and the parent's distrust of it.

Floor 6. The first line says what comes: a fault, a document and its number of passages, or a picture and its size. Every line
is bounded and parsed by itself, so that whoever has taken over the child can give wrong text and nothing else.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.papers.draft import LONGEST_VALUE, PORTION, Reading
from dialogs.documents import Gap, Kind, Passage
from dialogs.errors import (
    AssistantError,
    Damaged,
    Dangerous,
    Foreign,
    Hollow,
    NoText,
    OldOffice,
    Protected,
    TooBig,
    TooHard,
)
from dialogs.talk import Locator

LONGEST_LINE = 8 * PORTION
"""Bytes of one line."""
MOST_NUMBER = 10**7
"""What the answer may count up to."""
MOST_PICTURE = 16 << 20
"""Bytes of a picture that was written anew."""
LONGEST_SIDE = 2_048
MEDIA = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""The types a picture may have, with their first bytes."""
LABELS = ("page", "slide", "sheet", "heading", "line")
FAULTS: dict[str, type[AssistantError]] = {
    kind.__name__: kind
    for kind in (Damaged, Dangerous, Foreign, Hollow, NoText, OldOffice, Protected, TooBig, TooHard, AssistantError)
}


class Garbled(Exception):
    """The child answered what it never would."""


class NoFence(AssistantError):
    """I don't open files here, because the machine I run on can't keep them apart from everything else. Whoever looks after me can tell you more."""


def fault(error: type[AssistantError]) -> bytes:
    """What is wrong with a file."""
    return line({"fault": error.__name__})


def written(reading: Reading) -> Iterator[bytes]:
    """A document as lines."""
    gaps = {str(gap): number for gap, number in reading.gaps.items()}
    yield line({"kind": reading.kind, "whole": reading.whole, "gaps": gaps, "passages": len(reading.passages)})
    for passage in reading.passages:
        yield line([passage.locator.label, passage.locator.value, passage.text])


def pictured(media_type: str, width: int, height: int, size: int) -> bytes:
    """What comes before a picture's bytes."""
    return line({"media_type": media_type, "width": width, "height": height, "size": size})


def line(value: object) -> bytes:
    """A value on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def parsed(line: bytes) -> Any:
    """A line's value. Raises `Garbled`."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Garbled from error


def heading(line: bytes) -> Mapping[str, Any]:
    """The first line. Raises `Garbled`, or the fault that it names."""
    head = parsed(line)
    if not isinstance(head, dict):
        raise Garbled
    if head.get("fence") is False:
        raise NoFence
    if "fault" in head:
        name = head["fault"]
        raise (FAULTS.get(name, Damaged) if isinstance(name, str) else Damaged)()
    return head


def passage(line: bytes) -> Passage:
    """A passage's line. Raises `Garbled`."""
    match parsed(line):
        case [str(label), str(value), str(text)] if (
            label in LABELS and len(value) <= LONGEST_VALUE and 0 < len(text) <= PORTION and sound(value + text)
        ):
            return Passage(Locator(label, value), text)  # type: ignore[arg-type]
    raise Garbled


def sound(text: str) -> bool:
    """Whether a text can be stored and sent on: halves of pairs cannot, and the store takes no NUL."""
    try:
        return "\0" not in text and bool(text.encode())
    except UnicodeEncodeError:
        return False


def kind(head: Mapping[str, Any]) -> Kind:
    """What a document is. Raises `Garbled`."""
    try:
        return Kind(head.get("kind", ""))
    except ValueError as error:
        raise Garbled from error


def gaps(head: Mapping[str, Any]) -> dict[Gap, int]:
    """What is missing of a document. Raises `Garbled`."""
    found = head.get("gaps")
    if not isinstance(found, dict) or not set(found) <= set(Gap):
        raise Garbled
    return {Gap(name): number(found, name, MOST_NUMBER) for name in found}


def number(head: Mapping[str, Any], name: str, most: int) -> int:
    """A number of the first line. Raises `Garbled`."""
    found = head.get(name)
    if type(found) is not int or not 0 <= found <= most:
        raise Garbled
    return found


def media_type(head: Mapping[str, Any]) -> str:
    """A picture's type. Raises `Garbled`."""
    found = head.get("media_type")
    if not isinstance(found, str) or found not in MEDIA:
        raise Garbled
    return found
