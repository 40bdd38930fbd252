"""Summaries of a thread, a channel or a chat, whole or in part.

Floor 3. `ask.text` is what follows the command's own words ("the last 24 hours", "the budget since Monday").
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

from dialogs.brief import Request, brief
from dialogs.errors import NotUnderstood
from dialogs.plain import bare, cut
from dialogs.points import Section
from dialogs.ports import Desk, Wish
from dialogs.streams import closing
from dialogs.talk import Ask, Part, Place, Say, Window

RECENT = timedelta(hours=24)
"""What of a whole channel is summed up where nobody says since when."""
TOPIC = 200
"""Longest topic in characters."""
HARMLESS = str.maketrans("<>", "‹›", '"')
"""What of a topic could be taken for the delimiters of documents."""
TAIL = 12
"""Most words at the end of a topic that are taken for a window."""


def summarise(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """The whole summary."""
    return _summary(ask, desk, tuple(Section))


def decisions(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What was decided."""
    return _summary(ask, desk, (Section.DECISIONS,))


def actions(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Who is to do what."""
    return _summary(ask, desk, (Section.ACTIONS,))


async def about(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What was said about a topic; the words after it may name a window."""
    topic, wish = _topic(ask, desk)
    if not topic:
        raise NotUnderstood("Say what about: **what was said about the budget since Monday**.")
    async with closing(_brief(ask, desk, wish, (Section.KEY_POINTS,), topic)) as parts:
        async for part in parts:
            yield part


async def elsewhere(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """In a personal chat there is nothing to read: says where there is."""
    yield Say(
        desk.words.say(
            "There are no messages for me to read in our own chat. Mention me with **summarise** in a channel's "
            "thread or a group chat that I belong to, or send me the text here: **summarise:** and then the text."
        )
    )


async def _summary(ask: Ask, desk: Desk, sections: tuple[Section, ...]) -> AsyncIterator[Part]:
    wish = desk.calendar.wish(ask.text, ask.person, desk.now)
    async with closing(_brief(ask, desk, wish, sections)) as parts:
        async for part in parts:
            yield part


def _brief(ask: Ask, desk: Desk, wish: Wish, sections: tuple[Section, ...], focus: str = "") -> AsyncIterator[Part]:
    words = desk.words.within(wish.language) if wish.language else desk.words
    place, window = _meant(ask, desk)
    if wish.window:
        window = wish.window
    return brief(ask, desk, words, Request(place, window, sections, focus))


def _meant(ask: Ask, desk: Desk) -> tuple[Place, Window]:
    """The place, and the window of it for who names none: of a new post's channel the last day, else everything."""
    if ask.opens and ask.about is None:
        return replace(ask.place, thread=None), Window(since=desk.now - RECENT)
    return ask.source, Window()


def _topic(ask: Ask, desk: Desk) -> tuple[str, Wish]:
    """The topic, and what the longest end of the words asks for that the calendar understands."""
    words = bare(ask.text).translate(HARMLESS).strip(" ?!.:").split()
    for start in range(max(1, len(words) - TAIL), len(words)):
        if wish := _wish(" ".join(words[start:]), ask, desk):
            return cut(" ".join(words[:start]), TOPIC), wish
    return cut(" ".join(words), TOPIC), Wish()


def _wish(words: str, ask: Ask, desk: Desk) -> Wish | None:
    try:
        wish = desk.calendar.wish(words, ask.person, desk.now)
    except NotUnderstood:
        return None
    return wish if wish.language or wish.window not in (None, Window()) else None
