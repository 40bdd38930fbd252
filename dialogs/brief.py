"""What one summary does: read, sum up, check, show what stood up to it, and say what it covers.

Floor 3. A member of the room of `dialogs.summary`.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial

from dialogs.errors import NothingThere, OnlyBots, Unsound
from dialogs.heading import heading
from dialogs.mine import assigned, mentions, names
from dialogs.page import MENTIONS, MINE, Page
from dialogs.points import MOST, Section, chosen
from dialogs.ports import Desk, Words
from dialogs.reading import Reading, coverage, gather
from dialogs.sources import CITATIONS
from dialogs.streams import closing
from dialogs.talk import Ask, Checked, Note, Part, Place, Post, Say, Scope, Window
from dialogs.times import zone
from dialogs.tree import Lost, Summed, summed
from dialogs.writer import Writer


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be summed up. `focus`: only what was said about it. `mine`: first what concerns the asker.

    `heading` is the line it begins with, as CommonMark in the reader's language; without one it names place and window.
    """

    place: Place
    window: Window
    sections: tuple[Section, ...] = tuple(Section)
    focus: str = ""
    mine: bool = False
    heading: str = ""


async def brief(ask: Ask, desk: Desk, words: Words, request: Request) -> AsyncIterator[Part]:
    """The summary with its citations and coverage, its `Scope` and how many points were dropped.

    Raises `NothingThere`, `OnlyBots`, `Unsound`, and what reading and models raise; before anything was said.
    """
    where = heading(ask.person, desk, words, request.place, request.window)
    writer = Writer(desk.model, words.language, request.sections, request.focus)
    readings = _readings(ask, desk, words, request, where)
    async with closing(summed(readings, writer, words)) as steps:
        async for step in steps:
            if isinstance(step, Note):
                yield step
            else:
                found = step
    if found.points.dropped and not found.points.points:
        raise Unsound
    yield Say(f"{request.heading or f'**{where}**'}\n\n", ai=True)
    for part in _page(ask, words, request, found, writer).parts():
        yield part
    yield Say(_covered(found, words, zone(ask.person.zone)), ai=True)
    yield Scope(request.place, request.window)
    yield Checked(found.points.dropped)


async def _readings(ask: Ask, desk: Desk, words: Words, request: Request, where: str) -> AsyncIterator[Reading]:
    """The reading as far as it is; what nobody wrote is not summed up."""
    if request.window.since and request.window.since > desk.now:
        raise NothingThere(words.say("That time is still to come. What you asked for: {scope}.", scope=where))
    async with closing(gather(desk.threads, ask, request.place, request.window)) as readings:
        async for reading in readings:
            if reading.complete and not reading.human:
                error = OnlyBots if reading.posts else NothingThere
                raise error(_looked(request.window, words, where))
            yield reading


def _looked(window: Window, words: Words, where: str) -> str:
    return "" if window == Window() else words.say("I looked here: {scope}.", scope=where)


def _page(ask: Ask, words: Words, request: Request, found: Summed, writer: Writer) -> Page:
    posts = found.reading.posts
    called = names(posts, ask.person) if request.mine else frozenset()
    mine = mentions(posts, ask.person) if request.mine else None
    sections = (Section.KEY_POINTS,) if request.focus else request.sections
    points = chosen(
        found.points,
        sources=CITATIONS - len((mine or ())[:MENTIONS]),
        sections=sections,
        most=MINE if request.mine else MOST,
        first=partial(assigned, called=called),
    )
    return Page(
        words=words,
        points=points,
        posts={post.id: post for post in posts},
        sections=sections,
        quoting=writer.quoting,
        focus=request.focus,
        mentions=mine,
        assigned=[point for point in points.points if assigned(point, called)] if request.mine else None,
    )


def _covered(found: Summed, words: Words, where: tzinfo) -> str:
    """What was read, and of what was not, how to have it."""
    lines = [coverage(found.reading, found.given, words), *_failed(found.lost, words)]
    if found.unread:
        lines.append(_unread(found.unread, words, where))
    return " ".join(lines)


def _failed(lost: Sequence[Lost], words: Words) -> Iterator[str]:
    for one in {piece.error.text: piece for piece in lost}.values():
        posts = [post for piece in lost if piece.error.text == one.error.text for post in piece.posts]
        yield words.count(
            "{number} message, {span}, could not be summed up: {why}",
            "{number} messages, {span}, could not be summed up: {why}",
            len(posts),
            span=_span(posts, words),
            why=words.say(one.error.text),
        )


def _unread(posts: Sequence[Post], words: Words, where: tzinfo) -> str:
    days = [post.time.astimezone(where).date().isoformat() for post in posts]
    return words.count(
        "{number} older message was more than I take in at once, {span}: ask for **from {first} to {last}**.",
        "{number} older messages were more than I take in at once, {span}: ask for **from {first} to {last}**.",
        len(posts),
        span=_span(posts, words),
        first=min(days),
        last=max(days),
    )


def _span(posts: Sequence[Post], words: Words) -> str:
    times = [post.time for post in posts]
    return words.span(min(times), max(times))
