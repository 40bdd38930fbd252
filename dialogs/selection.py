"""What of some files a question is answered from: all of them where they are short, else the passages nearest to it.

Floor 2. A member of the room of `dialogs.reading`.
"""

import asyncio
import heapq
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, compress

from dialogs.documents import Document
from dialogs.plain import line
from dialogs.prompt import Count, cost
from dialogs.relevance import counted, related, scores, terms, weights
from dialogs.slices import Ration, in_slices
from dialogs.talk import Post

MOST = 1_000_000
"""Characters that are looked through for one question."""
FRAME = 100
"""What a passage counts beside its characters: thousands of short ones take their time too."""
STEM = 3
"""Fewest characters of a file's name, without its ending, by which it is known in a question."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The passages of some files, and of each how near it is to a question and whether it has to do with it.

    `beyond`: some of the files' passages are not among them, for they were more than one question looks through.
    """

    posts: tuple[Post, ...]
    near: tuple[float, ...]
    bears: tuple[bool, ...]
    beyond: bool = False

    @property
    def related(self) -> bool:
        """Whether any has to do with the question."""
        return any(self.bears)

    def of(self, documents: Collection[Document]) -> "Weighed":
        """What was weighed of these files alone."""
        keys = {document.key for document in documents}
        mine = [post.thread in keys for post in self.posts]
        posts, near, bears = compress(self.posts, mine), compress(self.near, mine), compress(self.bears, mine)
        beyond = sum(mine) < sum(len(document.passages) for document in documents)
        return Weighed(tuple(posts), tuple(near), tuple(bears), beyond)

    def ranks(self) -> Iterator[tuple[float, int, int]]:
        """What orders the passages, the last being the place of each: the nearest first, and what is equally near by turns, from
        the beginning of each file.
        """
        turns = Counter[str]()
        for at, post in enumerate(self.posts):
            yield -self.near[at], turns[post.thread], at
            turns[post.thread] += 1


async def weighed(question: str, documents: Sequence[Document]) -> Weighed:
    """The passages of the files, weighed: of those that the question names first, and then in their order, up to `MOST`.

    A file's name counts as if each of its passages held it.
    """
    ration = _ration(asyncio.get_running_loop())
    posts = tuple(await in_slices(_within(_named_first(question, documents)), ration))
    asked = terms(question)
    texts = (f"{post.author}\n{post.locator.value if post.locator else ''}\n{post.text}" for post in posts)
    counts = await in_slices(counted(texts, asked), ration)
    worth = await in_slices(weights(counts, asked), ration)
    near = await in_slices(scores(counts, [len(post.text) for post in posts], worth), ration)
    bears = await in_slices(related(counts, worth), ration)
    beyond = len(posts) < sum(len(document.passages) for document in documents)
    return Weighed(posts, tuple(near), tuple(bears), beyond)


async def fitting(found: Weighed, budget: int, count: Count) -> tuple[Post, ...]:
    """The nearest passages that fit into `budget` tokens, in the order of the files."""
    ration = _ration(asyncio.get_running_loop())
    ranks = await in_slices(found.ranks(), ration)
    heapq.heapify(ranks)  # all of them in order would take longer, and only the first are wanted
    kept = set(await in_slices(_kept((found.posts[at] for *_, at in _popped(ranks)), budget, count), ration))
    return tuple(post for post in found.posts if post.id in kept)


def _popped(heap: list[tuple[float, int, int]]) -> Iterator[tuple[float, int, int]]:
    while heap:
        yield heapq.heappop(heap)


def _kept(ranked: Iterable[Post], budget: int, count: Count) -> Iterator[str]:
    """The ids of the first that fit, and "" for one that does not."""
    any_kept = False
    for post in ranked:
        price = cost(post, count)
        fits = price <= budget
        if not fits and any_kept:
            return
        any_kept |= fits
        budget -= price if fits else 0
        yield post.id if fits else ""


def _within(documents: Sequence[Document]) -> Iterator[Post]:
    """The passages that one question looks through."""
    room = MOST
    for post in chain.from_iterable(document.each() for document in documents):
        room -= len(post.text) + len(post.author) + FRAME
        if room < 0:
            return
        yield post


def _named_first(question: str, documents: Sequence[Document]) -> list[Document]:
    said = question.casefold()
    return sorted(documents, key=lambda document: not _is_named(document, said))


def _is_named(document: Document, said: str) -> bool:
    name = line(document.name).casefold()
    stem = name.rpartition(".")[0] or name
    return len(stem) >= STEM and stem in said


@lru_cache(maxsize=1)
def _ration(loop: asyncio.AbstractEventLoop) -> Ration:
    """One for everybody on the loop, or the slices of several people would add up. A ration belongs to a single loop."""
    return Ration()
