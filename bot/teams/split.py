"""A text that is too long for one message, in several.

Floor 5. Teams counts the whole message as JSON in UTF-16. The parts depend on the text alone, so that an answer which
was shown half way is gone on with at the right place.

A cut can undo what made a text harmless: the code it stood in, the rest of a word. What a cut may do no list of
constructs tells, so every part of several is read and rendered `anew`, as a text of its own. Where the cut was clean that
changes nothing, and cuts are made clean where that can be: in no code span, and a code block is closed and opened again.
"""

import re
from bisect import bisect_right
from collections.abc import Callable

from bot.limits import MESSAGE_BYTES

SPARE = 200
"""Bytes kept for the part's number and for closing and opening a code block."""

_FENCE = re.compile(r"^((?>(?:> ?|[ ]|- |\d{1,9}\. )*))```([^\s`]*)$")
_INNER_FENCE = re.compile(r"\A {0,3}(?=```)")
_SPAN = re.compile(r"(?<![`\\])(`++)[^\n]*?(?<!`)\1(?!`)")
_DOUBLE = re.compile(r'["\\\n\U00010000-\U0010ffff]')
"""What takes two units: escaped in JSON, or a surrogate pair in UTF-16."""


def size(text: str) -> int:
    """The text's bytes in UTF-16 as part of a JSON string."""
    return 2 * (len(text) + len(_DOUBLE.findall(text)))


def split(text: str, limit: int = MESSAGE_BYTES, anew: Callable[[str], str] = str) -> tuple[str, ...]:
    """The text in parts of at most `limit` bytes, numbered "(2/3)" where there are several; `anew` renders each.

    The first part holds at least half of what fits. Parts end between paragraphs, else lines, else words.
    """
    if size(text) <= limit:
        return (text,)
    parts: list[str] = []
    while size(text) > limit - SPARE:
        part, text = _cut(text, limit - SPARE)
        parts += _fit(part, limit - SPARE // 4, anew)
    parts += _fit(text, limit - SPARE // 4, anew)
    return tuple(f"{part}\n\n({number}/{len(parts)})" for number, part in enumerate(parts, 1))


def _fit(part: str, room: int, anew: Callable[[str], str]) -> list[str]:
    """The part rendered, in two where rendering made it too long."""
    shown = anew(part)
    if size(shown) <= room or len(part) < 2:
        return [shown] if shown else []
    head, rest = _cut(part, max(size(part) * 2 // 3, SPARE))
    return [*_fit(head, room, anew), *(_fit(rest, room, anew) if len(rest) < len(part) else [])]


def _cut(text: str, room: int) -> tuple[str, str]:
    head = text[: _fitting(text[: room // 2], room)]
    half = _fitting(head, room // 2)
    at = next((at for gap in ("\n\n", "\n", " ") if (at := head.rfind(gap, half)) > 0), len(head))
    at = _outside(text, at, half)
    part, rest = text[:at].rstrip("\n"), text[at:]
    fence = _open_fence(part)
    if fence is None:
        return part, rest.lstrip("\n ")
    inset, language = fence
    if rest.startswith("\n"):
        rest = rest.lstrip("\n")
    else:  # the rest of a line of code may begin with what would close the block
        rest = inset + _INNER_FENCE.sub("    ", rest.removeprefix(" "), count=1)
    return f"{part}\n{inset}```", f"{inset}```{language}\n{rest}"


def _outside(text: str, at: int, half: int) -> int:
    """Where to cut instead of inside a code span: before it, if that leaves enough."""
    line = text.rfind("\n", 0, at) + 1
    spans = _SPAN.finditer(text, line, min(len(text), at + 2 * half))
    start = next((span.start() for span in spans if span.start() < at < span.end()), at)
    return start if start > half // 2 else at


def _fitting(text: str, room: int) -> int:
    """How many characters fit; an escaped one is never torn from its backslash."""
    count = bisect_right(range(len(text) + 1), room, key=lambda count: size(text[:count])) - 1
    return len(text[:count].rstrip("\\")) or count


def _open_fence(text: str) -> tuple[str, str] | None:
    """What stands before the lines of the code block that is open at the text's end, and its language."""
    fence: tuple[str, str] | None = None
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found and fence is None:
            fence = re.sub(r"[-\d.]", " ", found[1]), found[2]
        elif fence and line == f"{fence[0]}```":
            fence = None
    return fence
