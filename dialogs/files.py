"""A summary of files: read piece by piece, checked and cited as that of a conversation, with what of them it covers.

Floor 3. A member of the room of `dialogs.summary`.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from dialogs.contents import gaps, share, title
from dialogs.documents import Document
from dialogs.instructions import DOCUMENTS
from dialogs.page import Page
from dialogs.points import Section, chosen, limits
from dialogs.ports import Desk, Words
from dialogs.preferences import Length
from dialogs.reading import Reading, why
from dialogs.sources import CITATIONS
from dialogs.streams import closing
from dialogs.talk import Ask, Part, Post, Say, Scope, Window
from dialogs.tree import Summed, sound
from dialogs.writer import Writer


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which files are to be summed up, and what of them."""

    documents: tuple[Document, ...]
    sections: tuple[Section, ...] = tuple(Section)


async def summary(ask: Ask, desk: Desk, words: Words, wanted: Wanted) -> AsyncIterator[Part]:
    """The summary with its citations and coverage, its `Scope`, and how many points were dropped. Raises as models do."""
    writer = Writer(desk.model, words.language, words.tongue, wanted.sections, instructions=DOCUMENTS)
    async with closing(sound(_readings(wanted.documents), writer, words)) as steps:
        async for step in steps:
            if isinstance(step, Summed):
                found = step
            else:
                yield step
    yield Say(f"**{', '.join(title(each.name, words) for each in wanted.documents)}**\n\n", ai=True)
    for part in _page(words, wanted, found, writer, desk.preferences.length).parts():
        yield part
    yield Say(" ".join(_covered(wanted.documents, found, words)), ai=True)
    yield Scope(ask.place, Window(), tuple(each.key for each in wanted.documents))


async def _readings(documents: Sequence[Document]) -> AsyncIterator[Reading]:
    """All of them at once: they have been read."""
    yield Reading(tuple(post for document in documents for post in document.posts()), complete=True)


def _page(words: Words, wanted: Wanted, found: Summed, writer: Writer, length: Length) -> Page:
    return Page(
        words=words,
        points=chosen(found.points, sources=CITATIONS, sections=wanted.sections, most=limits(length)),
        posts={post.id: post for post in found.reading.posts},
        sections=wanted.sections,
        quoting=writer.quoting,
    )


def _covered(documents: Sequence[Document], found: Summed, words: Words) -> Iterator[str]:
    """What was read of each file, and what was not, and why."""
    for document in documents:
        yield words.say("Read {share}.", share=share(document, found.given, words))
    for one in {piece.error.words: piece for piece in found.lost}.values():
        posts = [post for piece in found.lost if piece.error.words == one.error.words for post in piece.posts]
        yield _lost(posts, why(one.error, words), words)
    if found.unread:
        yield words.count(
            "{number} passage was more than I take in at once.",
            "{number} passages were more than I take in at once.",
            len(found.unread),
        )
    yield from filter(None, (gaps(document, words) for document in documents))


def _lost(posts: Sequence[Post], reason: str, words: Words) -> str:
    return words.count(
        "{number} passage could not be summed up: {why}",
        "{number} passages could not be summed up: {why}",
        len(posts),
        why=reason,
    )
