"""Answers made of quotes: from what was said in the chat, from the thread, from the text sent along, from the handbook.

Floor 6. Where nothing fits, it says so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.models.cues import GREETS
from bot.models.handbook import looked_up
from bot.models.quotes import quotes, sentences
from bot.models.ranking import choose, weights
from bot.models.words import content
from dialogs.plain import plain
from dialogs.prompt import Prompt
from dialogs.talk import Message, Post

WHAT_I_AM = "I'm the offline engine: I quote what was written and write nothing of my own."
GREETING = f"Hello! {WHAT_I_AM} Tell me something and ask me about it later, or type **help**."
NOTHING = (
    f"{WHAT_I_AM} I found nothing in what was said here that answers this. Ask me about something that was written in this "
    "chat, or type **help**."
)
NO_QUESTION = (
    f"{WHAT_I_AM} So I have no answer to that. Ask me later about something you wrote here and I'll quote it, or type "
    "**help** to see what else I can do."
)
SUMMARIES = (
    "Mention me with **summarise** in a channel's thread or in a group chat, and I sum it up in quotes. A text that you have "
    "at hand I sum up here: type **summarise:** and paste it after the colon."
)

MOST = 3
"""Quotes of one answer."""
TEXT_POINTS = 5
"""Quotes that sum up a text."""
GOOD = 0.5
"""Share of a question's words that a line must hold to be quoted."""

_TEXT = re.compile(
    r"\s*(?:please )?(?:summari[sz]e|summary of|tl;?dr)(?: this| the following| text)*\s*[:\n]\s*(.{80,})",
    re.IGNORECASE | re.DOTALL,
)
_WANTS_SUMMARY = re.compile(
    r"\b(?:summari[sz]e|sum up|tl;?dr|recap)\b|\ba summary of (?:this|the|our)\b|\b(?:zusammenfass(?:en|ung)|fasse?\b.*\bzusammen)\b"
    r"|\brésum(?:er|é|e|ez)\b|\bresum(?:ir|en|e|as)\b|要約|まとめて",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\?|^\W*(?:who|what|when|where|why|which|how|do|does|did|is|are|was|were|can|could|will|would|should|tell me|show|list|find|remind"
    r"|wer|was|wann|wo|warum|welche\w*|wie|kannst|sag|qui|que|quoi|quand|où|pourquoi|quel\w*|comment|dis|quién|qué|cuándo|dónde|cómo|cuál)\b|？|(?:ですか|ますか|でしょうか|ましたか|教えて(?:ください|下さい)?|とは)\W*$",
    re.IGNORECASE,
)


_RECALLS = re.compile(
    r"\b(?:what did i|what have i|what was my|what were my|remember what i|was habe ich|qu'est-ce que j'ai|qué (?:dije|he dicho))\b"
    r"|\bmy (?:last|previous|first) (?:message|question)\b",
    re.IGNORECASE,
)
_KEEP = re.compile(r"\b(?:remember|note|keep in mind|merk|notier|retiens|souviens|recuerda|anota)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that could be quoted, the words before and the citation's mark after it."""

    lead: str
    text: str
    mark: str = ""


def reply(prompt: Prompt) -> str:
    """The answer in CommonMark; every “…” in it stands verbatim in its source."""
    question = prompt.question.strip()
    if GREETS.search(question):
        return GREETING
    if text := _TEXT.match(question):
        return _summed_up(text[1])
    if not prompt.posts and _WANTS_SUMMARY.search(question):
        return SUMMARIES
    found = _found(question, [*_thread(prompt.posts), *_chat(prompt.history)])
    if not found and _RECALLS.search(question):
        found = list(_chat(prompt.history, everything=True))[-MOST:]
    if found:
        return f"{WHAT_I_AM}\n\n" + "\n".join(f"- {line.lead}“{plain(line.text)}”{line.mark}" for line in found)
    if known := looked_up(question):
        return f"{WHAT_I_AM}\n\n- From my handbook: “{known}”"
    return NOTHING if _ASKS.search(question) else NO_QUESTION


def _summed_up(text: str) -> str:
    post = Post("", "", "", datetime(1970, 1, 1, tzinfo=UTC), text, "")
    lines = quotes([post])
    chosen = choose(lines, TEXT_POINTS, weights(lines))
    if not chosen:
        return NOTHING
    said = "\n".join(f"- “{plain(quote.text)}”" for quote in chosen)
    return f"{WHAT_I_AM} These lines of your text say most:\n\n{said}"


def _thread(posts: Sequence[Post]) -> Iterator[Line]:
    return (
        Line(f"{plain(post.author)}: ", text, f" [{post.id}]")
        for post in posts
        for text, _ in sentences(post.text)
        if not text.endswith("?")
    )


def _chat(history: Sequence[Message], *, everything: bool = False) -> Iterator[Line]:
    """What the person told; what the engine said was a quote itself, and a question is no answer."""
    said = (message.text for message in history if message.role == "user")
    lines = (text for message in said for text, _ in sentences(message))
    return (Line("Earlier you wrote: ", text) for text in lines if everything or _tells(text))


def _tells(text: str) -> bool:
    return not _ASKS.search(text) or _KEEP.search(text) is not None


def _found(question: str, lines: Sequence[Line]) -> list[Line]:
    """The lines that hold most of the question's words, the best first, of equals the newest; none that repeats another."""
    asked = set(content(question))
    scored = [(_share(asked, line), place, line) for place, line in enumerate(lines)]
    best = sorted((entry for entry in scored if entry[0] >= GOOD), key=lambda entry: (-entry[0], -entry[1]))
    return list({line.text: line for _, _, line in best[: 2 * MOST]}.values())[:MOST]


def _share(asked: set[str], line: Line) -> float:
    """How much of what is asked a line holds; its author's name counts, but does not answer by itself."""
    said = asked & set(content(line.text))
    return len(said | (asked & set(content(line.lead)))) / len(asked) if said else 0.0
