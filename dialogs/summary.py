"""Summaries of a thread, a channel or a chat, whole or in part; in a personal chat, of files.

Floor 3. `ask.text` is what follows the command's own words ("the last 24 hours", "the budget since Monday", "this file").
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from dialogs import files
from dialogs.answering import notice, unaided
from dialogs.brief import Request, brief
from dialogs.documents import Document, Picture
from dialogs.errors import NotUnderstood
from dialogs.papers import ASIDE, Papers, handed, meant, posted, received
from dialogs.plain import bare, cut, line
from dialogs.points import Section
from dialogs.ports import Desk, Wish
from dialogs.references import Pointed, pointed
from dialogs.streams import closing, forward
from dialogs.talk import Ask, Note, Part, Place, PlaceKind, Say, Window

MESSAGES_ALONE = "I sum up what was written here, and not the file on your message: for that, send it to me one to one with **summarise**."
QUESTIONS: Mapping[tuple[Section, ...], str] = {
    (Section.DECISIONS,): "What decisions does it show?",
    (Section.ACTIONS,): "What action items does it show?",
}
"""What is asked about a picture, which has no text to sum up."""
PICTURED = "What does this picture show?"
HISTORY = 40
"""Lines of a chat among which the files it was last about are looked for."""
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


async def _wished(ask: Ask, desk: Desk, sections: tuple[Section, ...]) -> AsyncIterator[Part | AsyncIterator[Part]]:
    if ask.source.kind is PlaceKind.PERSONAL:
        yield forward(_filed(ask, desk, sections))
        return
    if await _has_file(ask, desk):
        yield Say(f"{desk.words.say(MESSAGES_ALONE)}\n\n")
    yield _brief(ask, desk, desk.calendar.wish(ask.text, ask.person, desk.now), sections)


async def _filed(ask: Ask, desk: Desk, sections: tuple[Section, ...]) -> AsyncIterator[Part | AsyncIterator[Part]]:
    """The summary of the files that came with it, or where nothing did, of those that the chat knows."""
    fresh, papers = handed(ask.attachments), Papers()
    async with closing(received(fresh, desk)) as steps:
        async for step in steps:
            if isinstance(step, Note):
                yield step
            else:
                papers = step
    for refusal in papers.refusals(desk.words):
        yield notice(refusal)
    if papers.pictures and not papers.documents:
        yield _seen(ask, desk, sections, papers.pictures)
        return
    if papers.pictures:
        yield notice(desk.words.say(ASIDE))
    found = pointed(ask.text, attached=bool(fresh)) or Pointed("", ask.text)
    wish = desk.calendar.wish(found.rest, ask.person, desk.now)
    documents = papers.documents if fresh else await _known(found.name, desk)
    words = desk.words.within(wish.language) if wish.language else desk.words
    # "this since Monday" with a file means the file: there are no messages here that it could mean.
    if documents and (fresh or wish.window in (None, Window())):
        yield files.summary(ask, desk, words, files.Wanted(documents, sections))
    elif not fresh:
        yield _no_file(desk) if pointed(ask.text) else elsewhere(ask, desk)


def _seen(ask: Ask, desk: Desk, sections: tuple[Section, ...], pictures: Sequence[Picture]) -> AsyncIterator[Part]:
    """The answer to what the command's words ask of pictures."""
    question = desk.words.say(QUESTIONS.get(sections, PICTURED))
    return unaided(replace(ask, text=f"{question} {ask.text}".rstrip()), desk, pictures)


async def _known(name: str, desk: Desk) -> tuple[Document, ...]:
    """The files of that name that the chat knows; without one those it was last about, or those sent last."""
    kept = await desk.files.kept()
    if name:
        return tuple(each for each in kept if f" {name}".casefold().endswith(f" {line(each.name)}".casefold()))
    scopes = [message.scope for message in await desk.history.recent(HISTORY) if message.scope and message.scope.files]
    talked = meant(scopes[-1], kept) if scopes else ()
    return talked or tuple(each for each in kept if each.at == kept[0].at)


async def _no_file(desk: Desk) -> AsyncIterator[Part]:
    yield Say(desk.words.say("I know no such file in this chat any more. Send it here, and I read it."))


async def _has_file(ask: Ask, desk: Desk) -> bool:
    found, refused = await posted(ask, desk)
    return bool(found or refused)


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
    return cut(" ".join(words[:start]), TOPIC), wished(" ".join(words[start:]), ask, desk) or Wish()


def tail(words: Sequence[str], ask: Ask, desk: Desk) -> int:
    """Where the longest end of the words begins that the calendar understands, never the first; else their number."""
    starts = range(max(1, len(words) - TAIL), len(words))
    return next((start for start in starts if wished(" ".join(words[start:]), ask, desk)), len(words))


def wished(words: str, ask: Ask, desk: Desk) -> Wish | None:
    """The window and the language that words name; None where they name neither."""
    try:
        wish = desk.calendar.wish(words, ask.person, desk.now)
    except NotUnderstood:
        return None
    return wish if wish.language or wish.window not in (None, Window()) else None
