"""How the names of teams, channels and chats are compared with what people write.

Floor 6, of the family of `bot.graph`. Pure. Case, accents and quotation marks do not count.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

_QUOTES = re.compile("[\"'“”„«»‘’‚‹›`]")
_EDGES = " .,;:!?"
_CHAT = re.compile(r"chat ?: ?")
_KEY = re.compile(r" ?\[([0-9a-f]{8})\]$")
_IN = re.compile(r" (?:in|im|dans|en) ")


class Fit(IntEnum):
    """How well a name is what somebody wrote, the best first."""

    EXACT = 0
    BEGINS = 1
    HOLDS = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody may have meant. `pairs` are a channel and its team; `team` and `chat` are names, "" where not meant.

    `channel` is a channel of any team. `key` picks one of several that are called the same.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    channel: str = ""
    team: str = ""
    chat: str = ""
    key: str = ""


def wanted(words: str) -> Wanted:
    """`#channel in Team`, `channel in Team`, `#channel`, `Team`, `Chat: topic` or `topic`, with ` [key]` behind it."""
    text = folded(words)
    found = _KEY.search(text)
    key = found[1] if found else ""
    text = text[: found.start()] if found else text
    chat = _CHAT.match(text)
    if chat:
        return Wanted(chat=text[chat.end() :], key=key)
    bare = text.removeprefix("#")
    pairs = tuple((bare[: hit.start()], bare[hit.end() :]) for hit in _IN.finditer(bare))
    if bare != text:
        return Wanted(pairs, channel=bare, key=key)
    return Wanted(pairs, team=text, chat=text, key=key)


def fit(name: str, words: str) -> Fit | None:
    """How a name fits folded words; None where it does not."""
    name = folded(name)
    if not words or not name:
        return None
    if name == words:
        return Fit.EXACT
    if name.startswith(words):
        return Fit.BEGINS
    return Fit.HOLDS if _words(words) and _words(words) <= _words(name) else None


def folded(text: str) -> str:
    """The text without accents, quotation marks and double blanks, in one case."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(_QUOTES.sub("", bare).casefold().split()).strip(_EDGES)


def key_of(home: str) -> str:
    """What tells a channel or chat from another of the same name."""
    return hashlib.sha256(home.encode()).hexdigest()[:8]


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))
