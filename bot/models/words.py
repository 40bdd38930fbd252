"""Words as the offline engine counts them.

Floor 6.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from bot.models.tongues import EMPTY, Tongue
from dialogs.japanese import KANJI, SCRIPT, is_japanese

_WORD = re.compile(r"[^\W_]+(?:['’_-][^\W_]+)*")
_PART = re.compile(rf"[^\W_{SCRIPT}]+(?:[_-][^\W_{SCRIPT}]+)*|[{KANJI}]+|[ァ-ヺー]{{2,}}")
"""In Japanese what carries meaning is written in kanji and katakana, as a rule, and what joins it in hiragana."""
STEM = 5
"""Characters of a word that are compared: a stemmer that knows no language."""
PLURAL = 4
"""Letters from which a closing s is taken for a plural's."""
FILLERS = frozenset(
    ["um", "uh", "er", "erm", "hmm", "hm", "mm", "mmm", "mm-hmm", "uh-huh", "oh", "ah", "eh", "äh", "ähm", "öh", "euh"]
)
"""Sounds that are no words."""


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return _WORD.findall(text.casefold())


def content(text: str, tongue: Tongue | None = None) -> list[str]:
    """The stems of the words that carry meaning, in their order; without a language, in any of them."""
    empty = tongue.empty if tongue else EMPTY
    parts = _PART.findall(text.casefold())
    return [
        stem(part) for part in parts if part not in empty and (len(part) > 1 or part.isdigit() or is_japanese(part))
    ]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What a word is compared by: its beginning, without accents and the s of a plural."""
    if len(word) >= PLURAL and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    plain = unicodedata.normalize("NFKD", word[:STEM])
    return "".join(letter for letter in plain if not unicodedata.combining(letter)) or word


def fluency(text: str) -> float:
    """A share: from 1 for written prose down to 0 for talk that is all fillers, repetitions and stumps of words."""
    said = words(text)
    if not said:
        return 0.0
    fillers = sum(word in FILLERS for word in said)
    again = sum(one == two for one, two in pairwise(said))
    return max(0.0, 1 - 2 * (fillers + again) / len(said))


def register(text: str, tongue: Tongue) -> float:
    """From 1 for a text that states a matter down to -1 for one in which people talk to each other.

    Minutes name things, talk points at them: Heylighen and Dewaele, "Variation in the contextuality of language", 2002.
    """
    parts = _PART.findall(text.casefold())
    if not parts:
        return 0.0
    return (sum(part in tongue.stating for part in parts) - sum(part in tongue.chatting for part in parts)) / len(parts)
