"""What of an unfinished text is certain: no continuation can change how it reads.

Floor 5, below `bot.teams.render`. A growing message may never take anything back, and in markdown much depends on what
follows: a star may yet open emphasis, a bracket a link. What is not certain is held back until it is.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from markdown_it.rules_inline import StateInline

from bot.teams.inline import dialect

_WIDE = "[\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9f]"
_BOUNDARY = re.compile(rf"[ \t\n]|(?<={_WIDE})(?={_WIDE})")
"""Where a text may be cut: between words, and in scripts without spaces between two characters."""
_MARKER = re.compile(r"(?:[ \t>]|[-+*](?=\s|$)|\d{1,9}[.)](?=\s|$))*")
_STRUCTURE = re.compile(r"#{1,6}(?:\s|$)|```|~~~|\|")
_BRACKETS = re.compile(r"\[(?:[^\[\]`\\<]|\[[^\[\]`\\<]*\])*\](?!\()")
"""Brackets, perhaps with a pair inside, that are no link."""


LONGEST = 1_000
"""Characters of an unfinished paragraph that are looked at; what is certain beyond them shows when it is finished. Reading
on would take the cube of their number where somebody means harm."""


def whole(text: str) -> str:
    """The text up to its last whole word."""
    ends = [found.start() for found in _BOUNDARY.finditer(text)]
    return text[: ends[-1]].rstrip(" \t\n") if ends else ""


def sure_line(line: str) -> str:
    """The certain words of an unfinished line, "" while it may still become a heading, a rule, a table or a fence."""
    words = whole(line)
    rest = words[_MARKER.match(words).end() :]  # type: ignore[union-attr]
    plain = any(map(str.isalnum, rest)) and not _STRUCTURE.match(rest)
    return words if plain else ""


def sure_text(content: str) -> str:
    """The certain head of an unfinished paragraph's source."""
    first, _, last = content[:LONGEST].rpartition("\n")
    content = content[:LONGEST]
    head = whole(f"{first if last.startswith('|') else content}\n")
    while head and (doubt := _first_doubt(head)) is not None:
        head = whole(head[:doubt])
    return head


def _first_doubt(source: str) -> int | None:
    """Where the first construct stands that what follows could still complete."""
    notes = _Notes()
    _SCOUT.inline.parse(source, _SCOUT, {"notes": notes}, [])
    notes.state = None  # which knows the notes
    inside = (start for start in notes.inside if source[start] in "`<" and _unfinished(source, start, start))
    doubts = [start for start, end in notes.tokens(len(source)) if _unfinished(source, start, end)]
    return min([*doubts, *notes.unclosed(), *inside], default=None)


def _unfinished(source: str, start: int, end: int) -> bool:
    """Whether the token at `start` that the parser ended at `end` would have been another one with more text."""
    match source[start]:
        case "`":
            run = re.match("`+", source[start:])[0]  # type: ignore[index]
            return re.search(f"(?<!`){run}(?!`)", source[start + len(run) :]) is None
        case "<":
            return re.search(r"[\s<>]", source[start + 1 :]) is None
        case "[":
            return end == start + 1 and not _BRACKETS.match(source, start)
        case "!":  # a picture's text is parsed apart: what it holds is not known here
            return end > start + 1 and re.search("[`<]", source[start:end]) is not None
        case "\\":
            return start == len(source) - 1
        case _:
            return False


class _Notes:
    """What the parser met: where the tokens start, outside of links and inside, and the marks of emphasis outside."""

    def __init__(self) -> None:
        self.outside: list[tuple[int, int]] = []
        self.inside: list[int] = []
        self.open: list[bool] = []
        self.state: StateInline | None = None

    def tokens(self, size: int) -> Iterator[tuple[int, int]]:
        """Start and end of every token outside of links."""
        return pairwise([*(start for start, _ in self.outside), size])

    def unclosed(self) -> Iterator[int]:
        """Where emphasis was opened and not closed."""
        marks = [*(count for _, count in self.outside), len(self.open)]
        runs = zip(self.outside, pairwise(marks), strict=True)
        return (start for (start, _), (first, last) in runs if any(self.open[first:last]))


def _note(state: StateInline, silent: bool) -> bool:
    notes: _Notes = state.env["notes"]
    notes.state = notes.state or state
    if silent or state is not notes.state:
        return False
    if state.level:
        notes.inside.append(state.pos)
    else:
        notes.outside.append((state.pos, len(state.delimiters)))
    return False


def _balance(state: StateInline) -> None:
    notes: _Notes = state.env["notes"]
    if state is notes.state:
        notes.open = [mark.open and mark.end < 0 for mark in state.delimiters]


_SCOUT = dialect()
_SCOUT.inline.ruler.before("text", "note", _note)
_SCOUT.inline.ruler2.after("balance_pairs", "note", _balance)
