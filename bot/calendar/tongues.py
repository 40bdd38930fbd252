"""The names of languages: `in German`, `auf Deutsch`, `en allemand`, `en alemán`.

Floor 5, behind `bot.calendar`. The names come from Babel's locale data.
"""

import re
from functools import cache

from babel import Locale

from bot.calendar.phrases import LANGUAGES, in_all, plain

INTO = re.compile(in_all("into"))
LONGEST = 3
"""How many words the name of a language may have."""


def tongue(text: str) -> tuple[str, str | None]:
    """Plain text without the language it names at its beginning or end, and that language's two-letter code."""
    words = text.split()
    for length in range(min(LONGEST, len(words) - 1), 0, -1):
        if code := _code(words[-length - 1 :]):
            return " ".join(words[: -length - 1]), code
        if code := _code(words[: length + 1]):
            return " ".join(words[length + 1 :]), code
    return text, None


def _code(words: list[str]) -> str | None:
    return _codes().get(" ".join(words[1:])) if INTO.fullmatch(words[0]) else None


@cache
def _codes() -> dict[str, str]:
    """The names of all languages, as each of ours calls them."""
    return {
        plain(name): code
        for language in LANGUAGES
        for code, name in Locale(language).languages.items()
        if len(code) == 2
    }
