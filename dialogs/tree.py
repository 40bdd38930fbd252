"""A reading of any length as one list of points: mapped piece by piece, and reduced in a tree.

Floor 3. A member of the room of `dialogs.summary`. Reading and mapping overlap; what a call answers is checked at once
against the posts it was given, and the ids of those posts are carried through to the end.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice, zip_longest

from dialogs.crew import Crew
from dialogs.errors import AssistantError, Blocked, Busy, TooLong, Unavailable, Unsound
from dialogs.evidence import Evidence
from dialogs.pieces import Piece, Pile
from dialogs.points import READ, Point, Points, Section
from dialogs.ports import Words
from dialogs.reading import STEP, Reading
from dialogs.streams import closing
from dialogs.talk import Checked, Note, Post
from dialogs.writer import Writer

HANDS = 8
"""Calls of a model that one summary has under way at most."""
BUDGET = 1_500_000
"""Tokens of messages that one summary may take."""
MESSAGES = ("Summarising {number} message…", "Summarising {number} messages…")
PASSAGES = ("Summarising {number} passage…", "Summarising {number} passages…")
FAILURES = (Blocked, Busy, TooLong, Unavailable, Unsound)
"""What may befall one call among several without the others being in vain."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A piece that could not be summed up, and why."""

    posts: tuple[Post, ...]
    error: AssistantError


@dataclass(frozen=True, slots=True)
class Mapped:
    """A piece that was summed up."""

    posts: tuple[Post, ...]
    points: Points


@dataclass(frozen=True, slots=True)
class Summed:
    """What came of a reading: the points that stood up to checking, and the messages that they may rest on (`given`).

    `unread` are beyond the budget, `lost` in pieces that could not be summed up. `unmerged`: how often the model failed
    to make one summary of several.
    """

    reading: Reading
    points: Points
    given: tuple[Post, ...]
    unread: tuple[Post, ...] = ()
    lost: tuple[Lost, ...] = ()
    unmerged: int = 0

    @property
    def whole(self) -> bool:
        """Whether every message of the window was read and stood before the model."""
        return not (self.reading.stopped or self.unread or self.lost)


@dataclass(frozen=True, slots=True)
class Merged:
    """One summary of several, and how often that had to do without the model."""

    points: Points
    failures: int = 0


async def summed(readings: AsyncIterator[Reading], writer: Writer, words: Words) -> AsyncIterator[Note | Summed]:
    """Notes of the progress, and at the end what came of it. Raises what the reading raises, and what every piece does."""
    pile = Pile(writer.limit, BUDGET, writer.cost)
    reading = Reading()
    async with Crew[Mapped | Lost](HANDS) as crew, closing(readings):
        async for reading in readings:
            for piece in pile.add(reading.posts):
                crew.take(partial(_mapped, writer, piece))
            if not reading.complete:
                yield _read(reading, words)
        for piece in pile.rest():
            crew.take(partial(_mapped, writer, piece))
        async with closing(_progress(crew, reading, words)) as notes:
            async for note in notes:
                yield note
        found = crew.results
    yield await _whole(reading, found, pile.unread, writer)


async def sound(
    readings: AsyncIterator[Reading], writer: Writer, words: Words
) -> AsyncIterator[Note | Checked | Summed]:
    """The same, with how many points were dropped before the end. Raises `Unsound` where none is left of them."""
    async with closing(summed(readings, writer, words)) as steps:
        async for step in steps:
            for part in _sound(step):
                yield part


def _sound(step: Note | Summed) -> Iterator[Note | Checked | Summed]:
    if isinstance(step, Summed):
        yield Checked(step.points.dropped)
        if step.points.dropped and not step.points.points:
            raise Unsound
    yield step


def _read(reading: Reading, words: Words) -> Note:
    number = reading.met // STEP * STEP
    return Note(words.count("Reading {number} message…", "Reading {number} messages…", number))


async def _progress(crew: Crew[Mapped | Lost], reading: Reading, words: Words) -> AsyncIterator[Note]:
    number = len(reading.posts)
    passages = any(post.locator for post in reading.posts)
    yield Note(words.count(*(PASSAGES if passages else MESSAGES), number))
    async with closing(crew.settled()) as ended:
        async for done in ended:
            if crew.size > 1:
                yield Note(words.say("Summarising {done} of {number}…", done=done, number=crew.size))


async def _mapped(writer: Writer, piece: Piece) -> Mapped | Lost:
    try:
        found = await writer.points(piece)
    except FAILURES as error:
        return Lost(piece.posts, error)
    return Mapped(piece.posts, await writer.checked(found, await writer.evidence(piece.posts)))


async def _whole(reading: Reading, found: Sequence[Mapped | Lost], unread: tuple[Post, ...], writer: Writer) -> Summed:
    """Raises the error of the first piece where there is no other."""
    mapped = [piece for piece in found if isinstance(piece, Mapped)]
    lost = tuple(piece for piece in found if isinstance(piece, Lost))
    if not mapped:
        raise lost[0].error
    covered = {post.id for piece in mapped for post in piece.posts}
    given = tuple(post for post in reading.posts if post.id in covered)
    mapped.sort(key=lambda piece: min(post.time for post in piece.posts))
    merged = await _reduced([Merged(piece.points) for piece in mapped], given, writer)
    return Summed(reading, merged.points, given, unread, lost, merged.failures)


async def _reduced(found: list[Merged], given: Sequence[Post], writer: Writer) -> Merged:
    if len(found) == 1:
        return found[0]
    evidence = await writer.evidence(given)
    while len(found) > 1:
        async with Crew[Merged](HANDS) as crew:
            for group in _groups(found, writer):
                crew.take(partial(_merged, group, evidence, writer))
            async for _ in crew.settled():
                pass
            found = crew.results
    return found[0]


def _groups(found: Sequence[Merged], writer: Writer) -> Iterator[list[Merged]]:
    """Neighbours, as many as the model reads well at once, and never one alone before the last."""
    group: list[Merged] = []
    left = writer.limit
    for one in found:
        size = sum(map(writer.size, one.points.points))
        if len(group) > 1 and size > left:
            yield group
            group, left = [], writer.limit
        group.append(one)
        left -= size
    yield group


async def _merged(group: Sequence[Merged], evidence: Evidence, writer: Writer) -> Merged:
    """The points of several summaries as those of one; of each the first ones where the model fails to merge them."""
    dropped = sum(one.points.dropped for one in group)
    failures = sum(one.failures for one in group)
    by_turns = tuple(_by_turns([one.points for one in group]))
    if len(group) == 1 or not by_turns:
        return Merged(Points(by_turns, dropped), failures)
    fitting = set(_fitting(by_turns, writer))
    drafts = [point for one in group for point in one.points.points if point in fitting]
    try:
        found = await writer.merged(drafts, _sources(drafts, evidence))
    except FAILURES:
        return Merged(Points(by_turns, dropped), failures + 1)
    true = await writer.checked(found, evidence)
    return Merged(Points((*true.points, *_forgotten(by_turns, true)), true.dropped + dropped), failures)


def _forgotten(drafts: Sequence[Point], merged: Points) -> Iterator[Point]:
    """The points of sections of which a merge left nothing: "No decisions found." would be false."""
    for section in Section:
        if not merged.of(section):
            yield from islice((point for point in drafts if point.section is section), READ)


def _by_turns(group: Sequence[Points]) -> Iterator[Point]:
    """The first point of each, then the second of each: who has few is not crowded out."""
    rows = zip_longest(*(points.points for points in group))
    return (point for point in chain.from_iterable(rows) if point)


def _fitting(points: Sequence[Point], writer: Writer) -> Iterator[Point]:
    left = writer.room
    for point in points:
        left -= writer.size(point)
        if left < 0:
            return
        yield point


def _sources(points: Sequence[Point], evidence: Evidence) -> list[Post]:
    posts = {post.id: post for point in points for post in evidence.cited(point.ids)}
    return sorted(posts.values(), key=lambda post: (post.time, post.id))
