"""What of some files a question is answered from: all of them where they are short, else the passages nearest to it.

Floor 2. A member of the room of `dialogs.reading`.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialogs.documents import Document
from dialogs.prompt import Count, cost
from dialogs.relevance import counted, related, scores, terms
from dialogs.slices import in_slices
from dialogs.talk import Post


@dataclass(frozen=True, slots=True)
class Weighed:
    """The passages of some files, and how near each is to a question; `related`: whether any has to do with it."""

    posts: tuple[Post, ...]
    near: tuple[float, ...]
    related: bool

    def ranked(self) -> Iterator[Post]:
        """The nearest first; what is equally near by turns, from the beginning of each file."""
        turns = dict.fromkeys((post.thread for post in self.posts), 0)
        places = []
        for post in self.posts:
            places.append(turns[post.thread])
            turns[post.thread] += 1
        order = sorted(range(len(self.posts)), key=lambda at: (-self.near[at], places[at]))
        return (self.posts[at] for at in order)


async def weighed(question: str, documents: Sequence[Document]) -> Weighed:
    """The passages of the files, weighed. A file's name counts as if each of its passages held it."""
    posts = tuple(post for document in documents for post in document.posts())
    asked = terms(question)
    texts = [f"{post.author}\n{post.locator.value if post.locator else ''}\n{post.text}" for post in posts]
    counts = await in_slices(counted(texts, asked), asyncio.Lock())
    near = scores(counts, [len(post.text) for post in posts], asked)
    return Weighed(posts, tuple(near), related(counts, asked))


def fitting(found: Weighed, budget: int, count: Count) -> tuple[Post, ...]:
    """The nearest passages that fit into `budget` tokens, in the order of the files."""
    kept: set[str] = set()
    for post in found.ranked():
        price = cost(post, count)
        if price > budget and kept:
            break
        if price <= budget:
            kept.add(post.id)
            budget -= price
    return tuple(post for post in found.posts if post.id in kept)
