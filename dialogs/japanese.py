"""Japanese as it is written: without blanks between words, with wide signs from its keyboards, and with verbs at the end.

Floor 1. No dictionary: kinds of characters and a few endings tell enough.
"""

import re
from functools import cache

KANJI = "一-鿿㐀-䶿々"
SCRIPT = f"ぁ-ゖァ-ヺー〆{KANJI}"
"""Kanji, and with hiragana and katakana: pieces of a class of characters in an expression."""

BESIDE = 200
"""Characters that may stand before a command's words, or between them: looking on would take the square of a long text."""

SPARE = 40
"""Characters of politeness before that."""

_ANY = re.compile(f"[{SCRIPT}]")
_WIDE = {
    0x3000: " ",
    ord("、"): ",",
    ord("。"): ".",
    **{0xFF01 + at: chr(0x21 + at) for at in range(94) if chr(0x21 + at).isalnum() or chr(0x21 + at) in "!#,./:?@"},
}
_POLITE = "(?:すみません|すみませんが|恐れ入りますが|恐れ入ります)?[ ,]{0,9}"
_PLEASE = (
    "ください|下さい|ほしい|欲しい|くださいませんか|くれますか|くれる|もらえますか|もらえる|いただけますか|います|いる"
)
_ENDING = (
    "(?:を|は|も)? ?(?:お願い(?:します|いたします|致します|できますか)?"
    "|(?:し|作っ|作成し|教え|見せ|出し|表示し|まとめ|要約し|知らせ|始め|開い|致し|いたし)?"
    f"(?:て(?:{_PLEASE})?|ました|ます|た|る)|する)?(?:です)?(?:か|ね|よ)?[ .!?]*"
)
"""What may follow a command's words and only asks for it, the politer the longer."""


def is_japanese(text: str) -> bool:
    """Whether there is a Japanese character in a text."""
    return _ANY.search(text) is not None


def narrow(text: str) -> str:
    """The text with narrow letters, digits, blanks and stops for wide ones, character for character."""
    return text.translate(_WIDE)


def rest(words: str, text: str) -> str | None:
    """What a narrow text on one line says beside a command's words; None where it is not that command.

    It stands before the words, which come last but for what only asks politely; where `…` is in the words it may stand there
    too, and behind them after a blank, a comma or a colon.
    """
    opening = words.partition("…")[0]
    # Most texts are no command, and each is asked for every one of them.
    begins = opening.casefold() in text[: BESIDE + SPARE + len(opening)].casefold()
    found = _command(words).fullmatch(text) if begins else None
    if found is None:
        return None
    said = (found[name] or "" for name in ("before", "within", "after"))
    return " ".join(part for each in said if (part := each.strip(" ,.!?:")))


@cache
def _command(words: str) -> re.Pattern[str]:
    opening, gap, closing = words.partition("…")
    within = f"(?P<within>.{{0,{BESIDE}}}?)" if gap else "(?P<within>)"
    said = f"{re.escape(opening)}{within}{re.escape(closing)}"
    return re.compile(
        rf"/?{_POLITE}(?P<before>.{{0,{BESIDE}}}?){said}{_ENDING}(?:(?:(?<=[ .!?])|[,:]) *(?P<after>.+))?",
        re.IGNORECASE,
    )


def edged(pattern: str, text: str, *, letters: bool = False) -> str:
    """A pattern for a text where it stands as whole words; between them and Japanese no blank is needed.

    `letters`: a digit beside it does not make it another word.
    """
    part = rf"[^\W\d_{SCRIPT}]" if letters else rf"[^\W{SCRIPT}]"
    before = "" if _ANY.match(text) else f"(?<!{part})"
    after = "" if text and _ANY.match(text[-1]) else f"(?!{part})"
    return f"{before}{pattern}{after}"
