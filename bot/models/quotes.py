"""Posts cut into lines that can be quoted: each stands verbatim in its post.

Floor 6. A quote is cut where something stands that could not be shown as it is: a line break, an address, a
transcriber's mark like {vocalsound}, a quotation mark of our own kind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.models.words import content, fluency
from dialogs.plain import INVISIBLE, LINK
from dialogs.talk import Post

LONGEST = 240
"""Characters of a quote; longer sentences are cut at a clause."""
SHORTEST = 30
"""Characters below which a clause is not cut off by itself."""

_BREAK = re.compile(
    rf"\{{[\w ]{{2,24}}\}}|\s{{2,}}|[\r\n\t“”„`]+|\[\d+\]|{LINK.pattern}|{INVISIBLE.pattern}+", re.IGNORECASE
)
_END = re.compile(r"[.!?…]+[\"')\]»]*(?=\s|$)")
_CLAUSE = re.compile(r"(?<=[,;:])\s+|\s+[–—-]\s+|\s+(?=(?:and|but|because|so that|und|aber|weil|et|mais|y|pero)\s)")
_ABBREVIATIONS = """
    mr mrs ms dr prof st hon jr sr vs etc e.g i.e approx no nr fig dept inc ltd co z.b u.a d.h bzw usw ca ggf evtl
    m mme mlle p.ex p.ej sra ud uds
"""
_SHORT = frozenset(_ABBREVIATIONS.split())
_OPENING = re.compile(
    r"^(?:[\s,.;:!?…>*•|–—-]+|\d{1,3}[.)]\s+"
    r"|(?:um|uh|er|erm|hmm+|mm+|mm-hmm|uh-huh|oh|ah|okay|ok|o k|'kay|alright|yeah|and|but|then|so(?! (?:far|much|many|that|long|few|soon))"
    r"|äh|ähm|euh)(?=[\s,.]|$)"
    r"|(?:well|you know|i mean|anyway|naja|na ja|alors|donc|bon|pues|bueno|entonces)(?=\s*[,.]|$))+",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"(?:[\s,;:–—-]+|\s(?:um|uh|er|erm|and|but|so|or|the|a|to|of|you know|i mean))+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quote:
    """A piece of a post. `place` is the post's index in the thread, `broken` tells that the speaker broke off there."""

    post: Post
    place: int
    text: str
    stems: tuple[str, ...]
    fluency: float
    broken: bool = False


def quotes(posts: Sequence[Post]) -> list[Quote]:
    """Every line of every person's post, in their order."""
    return [quote for place, post in enumerate(posts) if not post.bot for quote in _of(post, place)]


def _of(post: Post, place: int) -> Iterator[Quote]:
    for text, broken in sentences(post.text):
        stems = tuple(content(text))
        if stems:
            yield Quote(post, place, text, stems, fluency(text), broken)


def sentences(text: str) -> Iterator[tuple[str, bool]]:
    """The sentences of a text, verbatim and trimmed of fillers, and whether each was broken off by a mark."""
    start = 0
    for mark in _BREAK.finditer(text):
        yield from _ended(text[start : mark.start()], broken=mark[0].startswith("{"))
        start = mark.end()
    yield from _ended(text[start:], broken=False)


def _ended(text: str, *, broken: bool) -> Iterator[tuple[str, bool]]:
    start = 0
    for end in _END.finditer(text):
        if not _is_short(text[start : end.start()]):
            yield from _clauses(text[start : end.end()], broken=False)
            start = end.end()
    yield from _clauses(text[start:], broken=broken)


def _is_short(before: str) -> bool:
    """Whether the full stop belongs to an abbreviation or an initial."""
    last = before.rsplit(maxsplit=1)[-1:] or [""]
    word = last[0].strip("(\"'").casefold()
    return word in _SHORT or (len(word) == 1 and word.isalpha())


def _clauses(text: str, *, broken: bool) -> Iterator[tuple[str, bool]]:
    text = _CLOSING.sub("", _OPENING.sub("", text))
    while len(text) > LONGEST:
        cut = _last_clause(text)
        yield _CLOSING.sub("", text[:cut]), False
        text = _OPENING.sub("", text[cut:])
    if text:
        yield text, broken


def _last_clause(text: str) -> int:
    """Where a long text is best cut: at the last clause that fits, else at a word."""
    ends = [found.start() for found in _CLAUSE.finditer(text, SHORTEST, LONGEST)]
    return ends[-1] if ends else text.rfind(" ", SHORTEST, LONGEST) if " " in text[SHORTEST:LONGEST] else LONGEST
