"""Summaries of a thread, a channel or a chat, whole or in part.

Floor 3. `ask.text` is what follows the command's own words ("the last 24 hours", "the budget since Monday").
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

from dialogs.brief import Request, brief
from dialogs.errors import NotUnderstood
from dialogs.plain import bare, cut
from dialogs.points import Section
from dialogs.ports import Desk, Wish
from dialogs.streams import forward
from dialogs.talk import Ask, Part, Place, PlaceKind, Say, Window

RECENT = timedelta(hours=24)
"""What of a whole channel is summed up where nobody says since when."""
LAST = 1_000
"""How many messages of a chat are summed up where nobody says how many: the whole chat may be years."""
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


def about(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """What was said about a topic; the words after it may name a window."""
    return forward(_about(ask, desk))


async def elsewhere(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """In a personal chat there is nothing to read: says where there is."""
    yield Say(
        desk.words.say(
            "There are no messages for me to read in our own chat. Name a channel or chat of yours: **summarise "
            "#incidents in Engineering since Monday**. Or send me the text here: **summarise:** and then the text."
        )
    )


def _summary(ask: Ask, desk: Desk, sections: tuple[Section, ...]) -> AsyncIterator[Part]:
    return forward(_wished(ask, desk, sections))


async def _wished(ask: Ask, desk: Desk, sections: tuple[Section, ...]) -> AsyncIterator[AsyncIterator[Part]]:
    yield _brief(ask, desk, desk.calendar.wish(ask.text, ask.person, desk.now), sections)


async def _about(ask: Ask, desk: Desk) -> AsyncIterator[AsyncIterator[Part]]:
    topic, wish = _topic(ask, desk)
    if not topic:
        raise NotUnderstood("Say what about: **what was said about the budget since Monday**.")
    yield _brief(ask, desk, wish, (Section.KEY_POINTS,), topic)


def _brief(ask: Ask, desk: Desk, wish: Wish, sections: tuple[Section, ...], focus: str = "") -> AsyncIterator[Part]:
    words = desk.words.within(wish.language) if wish.language else desk.words
    place, window = _meant(ask, desk)
    bounded = wish.window is None and window.last is not None
    return brief(ask, desk, words, Request(place, wish.window or window, sections, focus, bounded=bounded))


def _meant(ask: Ask, desk: Desk) -> tuple[Place, Window]:
    """The place, and the window of it for who names none: a channel's last day, a chat's last messages, a whole thread."""
    if ask.opens and ask.about is None:
        return replace(ask.place, thread=None), Window(since=desk.now - RECENT)
    if ask.source.kind is PlaceKind.GROUP:
        return ask.source, Window(last=LAST)
    whole = ask.about is not None and ask.about.kind is PlaceKind.CHANNEL and ask.about.thread is None
    return ask.source, Window(since=desk.now - RECENT) if whole else Window()


def _topic(ask: Ask, desk: Desk) -> tuple[str, Wish]:
    """The topic, and what the longest end of the words asks for that the calendar understands."""
    words = bare(ask.text).translate(HARMLESS).strip(" ?!.:").split()
    start = tail(words, ask, desk)
    return cut(" ".join(words[:start]), TOPIC), _wish(" ".join(words[start:]), ask, desk) or Wish()


def tail(words: Sequence[str], ask: Ask, desk: Desk) -> int:
    """Where the longest end of the words begins that the calendar understands, never the first; else their number."""
    starts = range(max(1, len(words) - TAIL), len(words))
    return next((start for start in starts if _wish(" ".join(words[start:]), ask, desk)), len(words))


def _wish(words: str, ask: Ask, desk: Desk) -> Wish | None:
    try:
        wish = desk.calendar.wish(words, ask.person, desk.now)
    except NotUnderstood:
        return None
    return wish if wish.language or wish.window not in (None, Window()) else None
