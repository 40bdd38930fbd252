"""Other ways to choose lines of a thread: its first ones, LexRank and TextRank (sumy)."""

import re
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any

from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
from sumy.nlp.stemmers import Stemmer
from sumy.summarizers.lex_rank import LexRankSummarizer
from sumy.summarizers.text_rank import TextRankSummarizer
from sumy.utils import get_stop_words

from bot.models.quotes import sentences
from dialogs.talk import Post

LANGUAGE = "english"


class Words:
    """Tells sumy what a word is; its own tokenizer downloads data."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(re.findall(r"[^\W\d_]+", sentence.lower()))


def lines_of(posts: Sequence[Post]) -> list[str]:
    """The sentences that the engine chooses from too."""
    return [text for post in posts if not post.bot for text, _ in sentences(post.text)]


def lead(lines: Sequence[str]) -> Sequence[int]:
    """The lines as they come."""
    return range(len(lines))


def lex_rank(lines: Sequence[str]) -> Sequence[int]:
    return _ranked(LexRankSummarizer, lines)


def text_rank(lines: Sequence[str]) -> Sequence[int]:
    return _ranked(TextRankSummarizer, lines)


BASELINES: dict[str, Callable[[Sequence[str]], Sequence[int]]] = {
    "lead-n": lead,
    "LexRank": lex_rank,
    "TextRank": text_rank,
}
"""Each gives the numbers of the lines, the best first."""


def cut(lines: Sequence[str], ranked: Sequence[int], words: int) -> str:
    """The best lines until `words` is reached, in the order of the thread."""
    lengths = accumulate((len(lines[number].split()) for number in ranked), initial=0)
    taken = [number for number, before in zip(ranked, lengths, strict=False) if before < words]
    return "\n".join(lines[number] for number in sorted(taken))


def _ranked(summarizer: type[LexRankSummarizer | TextRankSummarizer], lines: Sequence[str]) -> Sequence[int]:
    document = ObjectDocumentModel([Paragraph([Sentence(line, Words()) for line in lines])])
    chosen = _Order()
    method = summarizer(Stemmer(LANGUAGE))
    method.stop_words = get_stop_words(LANGUAGE)
    method(document, chosen)
    return chosen.ranked


class _Order:
    """Stands where sumy takes how many sentences are wanted, and sees the order of all of them."""

    ranked: Sequence[int] = ()

    def __call__(self, infos: Sequence[Any]) -> Sequence[Any]:
        self.ranked = [info.order for info in infos]
        return infos
