"""A document while it is being read: its passages so far, what is missing, and the bounds on both.

Floor 6.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import Literal

from dialogs.documents import MOST_CHARACTERS, MOST_PASSAGES, Gap, Kind, Passage
from dialogs.errors import Hollow
from dialogs.talk import Locator

Label = Literal["page", "slide", "sheet", "heading", "line"]

PORTION = 4_000
"""Characters of a passage at most: what a citation of it can still be checked against."""
LONGEST_VALUE = 120
"""Characters of a heading or a sheet's name, as a citation gives it."""
OPENING = 60
"""Characters of a section without a heading that it is known by."""
UNPRINTABLE = dict.fromkeys([*(set(range(32)) - {9, 10}), *range(127, 160), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])
"""Control characters, halves of pairs and what is no character; line breaks and tabs stay."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says, as the child answers it."""

    kind: Kind
    passages: tuple[Passage, ...]
    whole: int
    gaps: dict[Gap, int]


class Draft:
    """Collects passages within the bounds. `full`: nothing more is taken."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.gaps: Counter[Gap] = Counter()
        self.full = False
        self._passages: list[Passage] = []
        self._left = MOST_CHARACTERS

    @property
    def written(self) -> bool:
        """Whether there is any text."""
        return bool(self._passages)

    def add(self, label: Label, value: str, text: str) -> None:
        """A page, slide, sheet's part or section, split into portions; one without a value is known by its opening."""
        text = clean(text).strip("\n")
        known = " ".join(clean(value).split()) or opening(text)
        for portion in portions(text):
            self._take(Passage(Locator(label, known[:LONGEST_VALUE]), portion))

    def _take(self, passage: Passage) -> None:
        self.full = self.full or len(self._passages) >= MOST_PASSAGES or len(passage.text) > self._left
        if not self.full:
            self._left -= len(passage.text)
            self._passages.append(passage)

    def missed(self, gap: Gap, number: int = 1) -> None:
        """So many things were left out."""
        self.gaps[gap] += number

    def done(self, whole: int, beyond: int = 0) -> Reading:
        """What was read of `whole` parts; `beyond` of them were not reached. Raises `Hollow` where there is nothing."""
        if not self._passages:
            raise Hollow
        if self.full or beyond:
            self.missed(Gap.BEYOND, max(beyond, 1))
        gaps = {gap: number for gap, number in self.gaps.items() if number > 0}
        return Reading(self.kind, tuple(self._passages), max(whole, 1), gaps)


def clean(text: str) -> str:
    """Text without control characters, with the line breaks of Unix."""
    if text.isascii() and text.isprintable():
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").translate(UNPRINTABLE)


def opening(text: str) -> str:
    """The first words of a text."""
    line = " ".join(text[: 4 * OPENING].split())
    return line if len(line) <= OPENING else line[:OPENING].rpartition(" ")[0] or line[:OPENING]


def portions(text: str, size: int = PORTION) -> list[str]:
    """A text in parts of at most `size` characters, each ended after a line if it can be, or else after a word."""
    found, start = [], 0
    while len(text) - start > size:
        end = max(text.rfind("\n", start, start + size), start)
        end = end if end > start else max(text.rfind(" ", start, start + size), start)
        end = end if end > start else start + size - 1
        found.append(text[start : end + 1])
        start = end + 1
    return [part for part in (part.strip("\n") for part in (*found, text[start:])) if part.strip()]


class Sections:
    """Lines under headings, as they come; each section becomes one part of the draft.

    Once the draft is full, sections are still counted: only so is it true how many there are and how many were not reached.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._number = 0
        self._beyond = 0
        self._said = False
        self._heading = ""
        self._lines: list[str] = []
        self._size = 0

    def head(self, heading: str) -> None:
        """Here a section begins."""
        self._close()
        self._heading = heading.strip()
        self.line(self._heading)

    def line(self, text: str) -> None:
        """One more line. A section that grows is handed on in parts, so that it never stands in memory whole."""
        self._said = self._said or bool(text.strip())
        if self._draft.full:
            return
        self._lines.append(text)
        self._size += len(text) + 1
        if self._size >= PORTION:
            self._flush()

    def done(self) -> Reading:
        """What was read of all of them; one that was cut counts as not reached. Raises `Hollow` where there is nothing."""
        self._close()
        return self._draft.done(self._number, self._beyond)

    def _close(self) -> None:
        self._flush()
        self._number += self._said
        self._beyond += self._said and self._draft.full
        self._said = False

    def _flush(self) -> None:
        self._draft.add("heading", self._heading, "\n".join(self._lines))
        self._lines.clear()
        self._size = 0


def rows(header: str, lines: list[str], size: int = PORTION) -> list[tuple[int, str]]:
    """A table's lines in parts of a bearable size, the header before each; with the number of each part's first line."""
    found: list[tuple[int, str]] = []
    part, length, first = [header], len(header), 0
    for number, line in zip(count(), lines, strict=False):
        if length + len(line) >= size and len(part) > 1:
            found.append((first, "\n".join(part)))
            part, length, first = [header], len(header), number
        part.append(line)
        length += len(line) + 1
    return [*found, (first, "\n".join(part))]
