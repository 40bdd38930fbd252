"""What somebody typed: a command's words at its beginning, and whether it is meant for one pair of eyes.

Floor 2. Texts come from outside and may be long: nothing is gone over more than once.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from dialogs import japanese

POLITE = ("", "please", "bitte", "s'il te plaît", "s'il vous plaît", "por favor")
"""What may follow a command that takes nothing."""
PRIVATE = (
    "privately|in private|just for me|only for me|nur für mich|en privé|pour moi seule?|en privado|solo para mí|privat"
)
PRIVATE_JAPANESE = "自分だけに|自分にだけ|私だけに|私にだけ|非公開で|プライベートで"
BEFORE = re.compile(
    rf"\s*(?:please |bitte )?(?:({PRIVATE})([\s:：,、]+)|(?:{PRIVATE_JAPANESE})[\s:：,、]*)", re.IGNORECASE
)
AFTER = re.compile(rf"(?:[\s,、]+(?:{PRIVATE})|[\s,、]*(?:{PRIVATE_JAPANESE}))[\s.!。！]*$", re.IGNORECASE)
FIRST = re.compile(r"/?(?:please |bitte )?([^ .!?:,]*)", re.IGNORECASE)
OPERANDS = {"#": "[0-9]{1,18}", "@": "[0-9a-f-]{4,36}(?: [0-9a-f-]{4,36})*", "…": ".+"}
"""What stands in a form for a number, for keys or object ids, and for any words."""
CHARACTERS = 3
"""As many of them are about a word in Japanese."""
SHORT = 200
"""Longest text, in characters, at whose end `privately` is looked for."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that mean a command in a language (two letters); `…` in them stands for what it takes."""

    words: str
    language: str


@dataclass(frozen=True, slots=True)
class Said:
    """What follows a command's words, or stands in their middle, and the language of these words."""

    rest: str
    language: str


def tidy(text: str) -> str:
    """The text on one line, with narrow signs for Japanese wide ones."""
    return " ".join(japanese.narrow(text).split())


def length(text: str) -> int:
    """How many words a text has; of Japanese about how many."""
    return len(text) // CHARACTERS if japanese.is_japanese(text) else len(text.split())


def original(text: str, end: str) -> str:
    """The end of a text that is `end` on one line, with the line breaks that it was written with."""
    count = sum(not each.isspace() for each in end)
    marks = [at for at, each in enumerate(text) if not each.isspace()]
    return text[marks[-count] :].rstrip() if count else ""


def opening(text: str) -> str:
    """The word that a text begins with, for looking up; "" where it is a sign."""
    found = FIRST.match(text)
    return found[1].casefold() if found else ""


def said(phrases: Iterable[Phrase], text: str) -> Said | None:
    """What the text says with one of the phrases; None where it begins with none of them."""
    found = ((_left(phrase, text), phrase.language) for phrase in phrases)
    return next((Said(rest, language) for rest, language in found if rest is not None), None)


def is_alone(found: Said | None) -> bool:
    """Whether a command was said and nothing else, but for politeness."""
    return found is not None and found.rest.casefold().strip(" .!?") in POLITE


def fits(forms: Iterable[str], rest: str) -> bool:
    """Whether what follows a command has one of these forms: words, and `OPERANDS` in their places."""
    return any(_form(form).fullmatch(rest.rstrip(" .!?")) for form in forms)


def before(text: str) -> tuple[str, bool] | None:
    """What follows the words that ask for privacy at the beginning, and whether they can mean nothing else.

    "Privat versichert …" asks for nothing; "privat: …" does. None where there are no such words.
    """
    found = BEFORE.match(text)
    if found is None:
        return None
    return text[found.end() :], found[1] is None or found[1].casefold() != "privat" or found[2].strip() != ""


def after(text: str) -> str | None:
    """What stands before the words that ask for privacy at the end of a short text; None where there are none."""
    found = AFTER.search(text) if len(text) <= SHORT else None
    return text[: found.start()] if found else None


def _left(phrase: Phrase, text: str) -> str | None:
    return japanese.rest(phrase.words, text) if phrase.language == "ja" else _rest(phrase.words, text)


def _rest(words: str, text: str) -> str | None:
    opening, _, closing = words.partition(" … ")
    begun = _opening(opening).match(text)
    if begun is None:
        return None
    rest = text[begun.end() :]
    if closing:
        ended = _closing(closing).search(rest[-len(closing) - 4 :])
        if ended is None:
            return None
        rest = rest[: len(rest) - len(ended[0])]
    if not rest.strip(" .!?:,"):
        return ""
    return rest.lstrip(" :,") if rest[0] in " :," else None


@cache
def _form(form: str) -> re.Pattern[str]:
    return re.compile(" ".join(OPERANDS.get(each) or re.escape(each) for each in form.split()), re.IGNORECASE)


@cache
def _opening(words: str) -> re.Pattern[str]:
    return re.compile(rf"/?(?:please |bitte )?{re.escape(words)}(?![^ .!?:,])", re.IGNORECASE)


@cache
def _closing(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^ ]){re.escape(words)}[ .!?]{{0,3}}$", re.IGNORECASE)
