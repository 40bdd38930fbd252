"""Mentions in a message: ours are taken out, those of other people stay as their names.

Floor 5. Which words are a mention is said by the entities, never by the text: a person may be called as the bot is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.limits import MENTIONS

_BLANK = re.compile(r"(?:&nbsp;|\s)*")
_TAG = re.compile(r"</?at[^<>]*+>")


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity: who is mentioned, and the words in the text that do it (`<at>Name</at>`)."""

    id: str
    name: str
    text: str


def strip_mentions(text: str, mentions: Sequence[Mention], own: str) -> str:
    """The text without the mentions of `own`; every other one becomes a plain name."""
    found = ""
    at = 0
    for start, mention in sorted(_spans(text, mentions), key=lambda span: span[0]):
        if start < at:
            continue
        found += text[at:start]
        at = start + len(mention.text)
        blank = _BLANK.match(text, at)
        end = blank.end() if blank else at
        if mention.id != own:
            found += (mention.name or _TAG.sub("", mention.text)) + text[at:end].replace("&nbsp;", " ")
        elif found and not found[-1].isspace():
            found += " "
        at = end
    return (found + text[at:]).strip()


def _spans(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[int, Mention]]:
    """Where each mention stands. Entities with the same words stand for one occurrence each, in their order."""
    after: dict[str, int] = {}
    # Each is looked for in the whole text: without a bound, a long text of many mentions would take seconds.
    for mention in mentions[:MENTIONS]:
        start = text.find(mention.text, after.get(mention.text, 0)) if mention.text else -1
        if start >= 0:
            after[mention.text] = start + len(mention.text)
            yield start, mention
