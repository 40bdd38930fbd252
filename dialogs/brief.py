"""What one summary does: read, sum up, check, show what stood up to it, and say what it covers.

Floor 3. A member of the room of `dialogs.summary`.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial

from dialogs.errors import NothingThere, OnlyBots
from dialogs.heading import heading
from dialogs.mine import assigned, mentions, names
from dialogs.page import MENTIONS, MINE, Page
from dialogs.points import MOST, Section, chosen, limits
from dialogs.ports import Desk, Words
from dialogs.preferences import Length
from dialogs.reading import OLD, Reading, coverage, gather, why
from dialogs.sources import CITATIONS
from dialogs.streams import closing
from dialogs.talk import Ask, Part, Place, Post, Say, Scope, Visit, Window
from dialogs.times import zone
from dialogs.tree import Lost, Summed, sound
from dialogs.writer import Writer

OVERLAP = timedelta(minutes=1)
"""How far Graph's clock and ours may lie apart, and how late it may show a message: so much is told twice, and not lost."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be summed up. `focus`: only what was said about it. `mine`: first what concerns the asker.

    `heading` is the line it begins with, as CommonMark in the reader's language; without one it names place and window.
    `bounded`: the window's `last` is our own bound, and nobody's wish. `visit`: who is told of all of it knows the place.
    """

    place: Place
    window: Window
    sections: tuple[Section, ...] = tuple(Section)
    focus: str = ""
    mine: bool = False
    heading: str = ""
    bounded: bool = False
    visit: bool = False

    def meant(self, reading: Reading) -> Window:
        """The window as the reader is told of it: our own bound is none where there is nothing beyond."""
        return Window() if self.bounded and not reading.fills(self.window) else self.window

    def known(self, now: datetime) -> Visit:
        """What somebody knows who has been told of all of it."""
        return Visit(self.place.home, min(self.window.until or now, now) - OVERLAP)


async def brief(ask: Ask, desk: Desk, words: Words, request: Request) -> AsyncIterator[Part]:
    """The summary with its citations and coverage, its `Scope`, how many points were dropped, and the `Visit` that it is.

    It is none where reading broke off, or a message found no place or was lost on the way. Raises `NothingThere`,
    `OnlyBots`, `Unsound`, and what reading and models raise; before anything was said.
    """
    writer = Writer(desk.model, words.language, words.tongue, request.sections, request.focus)
    readings = _readings(ask, desk, words, request)
    async with closing(sound(readings, writer, words)) as steps:
        async for step in steps:
            if isinstance(step, Summed):
                found = step
            else:
                yield step
    where = heading(ask.person, desk, words, request.place, request.meant(found.reading))
    yield Say(f"{request.heading or f'**{where}**'}\n\n", ai=True)
    for part in _page(ask, words, request, found, writer, desk.preferences.length).parts():
        yield part
    yield Say(_covered(found, request, words, zone(ask.person.zone)), ai=True)
    yield Scope(request.place, request.window)
    if request.visit and found.whole:
        yield request.known(desk.now)


async def _readings(ask: Ask, desk: Desk, words: Words, request: Request) -> AsyncIterator[Reading]:
    """The reading as far as it is; what nobody wrote is not summed up, unless it could not be read."""
    if request.window.since and request.window.since > desk.now:
        where = heading(ask.person, desk, words, request.place, request.window)
        raise NothingThere(words.say("That time is still to come. What you asked for: {scope}.", scope=where))
    async with closing(gather(desk.threads, ask, request.place, request.window)) as readings:
        async for reading in readings:
            if reading.complete and not reading.human:
                raise reading.stopped or _nobody(reading)(_looked(ask, desk, words, request, reading))
            yield reading


def _nobody(reading: Reading) -> type[OnlyBots | NothingThere]:
    return OnlyBots if reading.posts else NothingThere


def _looked(ask: Ask, desk: Desk, words: Words, request: Request, reading: Reading) -> str:
    window = request.meant(reading)
    if window == Window() and not request.place.name:
        return ""
    return words.say("I looked here: {scope}.", scope=heading(ask.person, desk, words, request.place, window))


def _page(ask: Ask, words: Words, request: Request, found: Summed, writer: Writer, length: Length) -> Page:
    posts = found.reading.posts
    called = names(posts, ask.person) if request.mine else frozenset()
    mine = mentions(posts, ask.person) if request.mine else None
    sections = (Section.KEY_POINTS,) if request.focus else request.sections
    points = chosen(
        found.points,
        sources=CITATIONS - len((mine or ())[:MENTIONS]),
        sections=sections,
        most=limits(length, MINE if request.mine else MOST),
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


def _covered(found: Summed, request: Request, words: Words, where: tzinfo) -> str:
    """What was read, and of what was not, how to have it."""
    lines = [coverage(found.reading, found.given, words), *_failed(found.lost, words)]
    if found.unread:
        lines.append(_unread(found.unread, words, where))
    if request.bounded and found.reading.fills(request.window):
        lines.append(words.say(OLD))
    return " ".join(lines)


def _failed(lost: Sequence[Lost], words: Words) -> Iterator[str]:
    for one in {piece.error.words: piece for piece in lost}.values():
        posts = [post for piece in lost if piece.error.words == one.error.words for post in piece.posts]
        yield words.count(
            "{number} message, {span}, could not be summed up: {why}",
            "{number} messages, {span}, could not be summed up: {why}",
            len(posts),
            span=_span(posts, words),
            why=why(one.error, words),
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
