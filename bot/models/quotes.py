"""Posts cut into lines that can be quoted: each stands verbatim in its post.

Floor 6. A quote is cut where something stands that could not be shown as it is: a line break, an address, a
transcriber's mark like {vocalsound}, a quotation mark of our own kind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.models.tongues import Tongue, tongue
from bot.models.words import content, fluency
from dialogs.plain import INVISIBLE, LINK
from dialogs.talk import Post

LONGEST = 240
"""Characters of a quote; longer sentences are cut at a clause."""
SHORTEST = 30
"""Characters below which a clause is not cut off by itself."""
TAIL = 60
"""Characters at the end of a text in which words are trimmed."""
WORD = 30
"""Characters of the longest word that may be an abbreviation."""
RUN = 8
"""Lines of the longest run that is quoted as one."""
SAMPLED = 200
"""Posts, and characters of each, that a thread's language is told from."""

_BREAK = re.compile(
    rf"\{{[\w ]{{2,24}}\}}|(?<!\S)@(?: @)*(?!\S)|\s{{2,}}|[\r\n\t“”„`]+|\[\d+\]|{LINK.pattern}|{INVISIBLE.pattern}+",
    re.IGNORECASE,
)
_END = re.compile(r"[.!?…]+[\"')\]»]*(?=\s|$)|[。！？]+[」』）)]*")
_CLAUSE = re.compile(
    r"(?<=[,;:])\s+|(?<=、)|\s+[–—-]\s+|\s+(?=(?:and|but|because|so that|und|aber|weil|et|mais|y|pero)\s)"
)
_ABBREVIATIONS = """
    mr mrs ms dr prof st hon jr sr vs etc e.g i.e approx no nr fig dept inc ltd co z.b u.a d.h bzw usw ca ggf evtl
    m mme mlle p.ex p.ej sra ud uds
"""
_SHORT = frozenset(_ABBREVIATIONS.split())
_ORDINAL = re.compile(
    r"\d\. (?:januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|quartal|stock|klasse)",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:[\s,.;:!?…>*•|–—、。・-]+|\d{1,3}[.)]\s+"
    r"|(?:um|uh|er|erm|hmm+|mm+|mm-hmm|uh-huh|oh|ah|okay|ok|o k|'kay|alright|yeah|and|but|then|so(?! (?:far|much|many|that|long|few|soon))"
    r"|äh|ähm|euh)(?=[\s,.]|$)"
    r"|(?:well|you know|i mean|anyway|naja|na ja|alors|donc|bon|pues|bueno|entonces)(?=\s*[,.]|$))+",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"(?:[\s,;:–—-]|\s(?:um|uh|er|erm|and|but|so|or|the|a|to|of|you know|i mean))+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of a post, from its character `start`. `place` is the post's index in the thread.

    `broken` tells that the speaker broke off there.
    """

    post: Post
    place: int
    start: int
    text: str
    tongue: Tongue
    stems: tuple[str, ...]
    fluency: float
    broken: bool = False

    @property
    def end(self) -> int:
        """The character after the last."""
        return self.start + len(self.text)

    def overlaps(self, other: "Quote") -> bool:
        """Whether the two share words of one post."""
        return self.place == other.place and self.start < other.end and other.start < self.end


def quotes(posts: Sequence[Post]) -> list[Quote]:
    """Every line of every post, in their order."""
    mostly = tongue(" ".join(post.text[:SAMPLED] for post in posts[:SAMPLED]))
    return [quote for place, post in enumerate(posts) for quote in _of(post, place, tongue(post.text, mostly))]


def _of(post: Post, place: int, language: Tongue) -> Iterator[Quote]:
    end = 0
    for text, broken in sentences(post.text):
        start = post.text.find(text, end)
        end = start + len(text)
        if stems := tuple(content(text, language)):
            yield Quote(post, place, start, text, language, stems, fluency(text), broken)


def passages(lines: Sequence[Quote]) -> Iterator[Quote]:
    """Every run of neighbouring lines of a post that is short enough to be quoted as one, single lines included."""
    for number, first in enumerate(lines):
        yield first
        stems = list(first.stems)
        for last, line in pairwise(lines[number : number + RUN]):
            if not _joined(first, last, line):
                break
            stems += line.stems
            text = first.post.text[first.start : line.end]
            yield Quote(
                first.post, first.place, first.start, text, first.tongue, tuple(stems), fluency(text), line.broken
            )


def _joined(first: Quote, last: Quote, line: Quote) -> bool:
    """Whether a run from `first` to `last` may go on with `line`."""
    if line.place != first.place or last.broken or line.end - first.start > LONGEST:
        return False
    return _BREAK.search(first.post.text, last.end, line.start) is None


def sentences(text: str) -> Iterator[tuple[str, bool]]:
    """The sentences of a text, verbatim and trimmed of fillers, and whether each was broken off by a mark."""
    start = 0
    for mark in _BREAK.finditer(text):
        yield from _ended(text[start : mark.start()], broken=mark[0][0] in "{@")
        start = mark.end()
    yield from _ended(text[start:], broken=False)


def _ended(text: str, *, broken: bool) -> Iterator[tuple[str, bool]]:
    start = 0
    for end in _END.finditer(text):
        if not (_is_short(text[max(start, end.start() - WORD) : end.start()]) or _ORDINAL.match(text, end.start() - 1)):
            yield from _clauses(text[start : end.end()], broken=False)
            start = end.end()
    yield from _clauses(text[start:], broken=broken)


def _is_short(before: str) -> bool:
    """Whether the full stop belongs to an abbreviation or an initial."""
    last = before.rsplit(maxsplit=1)[-1:] or [""]
    word = last[0].strip("(\"'").casefold()
    return word in _SHORT or (len(word) == 1 and word.isalpha())


def _clauses(text: str, *, broken: bool) -> Iterator[tuple[str, bool]]:
    text = _closed(_opened(text))
    while len(text) > LONGEST:
        cut = _last_clause(text)
        yield _closed(text[:cut]), False
        text = _opened(text[cut:])
    if text:
        yield text, broken


def _opened(text: str) -> str:
    found = _OPENING.match(text)
    return text[found.end() :] if found else text


def _closed(text: str) -> str:
    """Looks at the end alone, so that no long text is searched again and again."""
    return text[:-TAIL] + _CLOSING.sub("", text[-TAIL:])


def _last_clause(text: str) -> int:
    """Where a long text is best cut: at the last clause that fits, else at a word."""
    ends = [found.start() for found in _CLAUSE.finditer(text, SHORTEST, LONGEST)]
    return ends[-1] if ends else text.rfind(" ", SHORTEST, LONGEST) if " " in text[SHORTEST:LONGEST] else LONGEST
