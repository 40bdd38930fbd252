"""Reading a thread, a chat or a whole channel, and saying exactly what was read.

Floor 2. A reading that breaks off half way is kept and named as such; one that fails at once is an error.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from dialogs.errors import AssistantError, Busy, Unavailable, Unreadable
from dialogs.ports import Threads, Words
from dialogs.streams import closing
from dialogs.talk import Ask, Omitted, Place, PlaceKind, Post, Window

STEP = 100
"""Messages after which a reader is told how far it has come."""

REASONS = {
    "deleted": ("{number} deleted", "{number} deleted"),
    "card": ("{number} card without text", "{number} cards without text"),
    "own": ("{number} of my own", "{number} of my own"),
    "request": ("{number} request to me", "{number} requests to me"),
    "system": ("{number} from the system", "{number} from the system"),
    "blocked": ("{number} blocked by a company policy", "{number} blocked by a company policy"),
    "empty": ("{number} without text", "{number} without text"),
}
"""How what was left out is called, in the order it is listed."""

OLDER = "Reading broke off half way, and older messages are missing:"
NEWER = "Reading broke off half way, and newer messages are missing:"
OTHERS = "Reading broke off half way, and other messages are missing:"
OLD = (
    "Older messages I did not read: ask for them with a time, such as **summarise since Monday**, or with a number, such "
    "as **summarise the last 3000 messages**."
)
"""What is said where there are more messages than were asked for by nobody's wish."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What has been read so far: in the order it arrived, and in the order of `told` once it is `complete`.

    `stopped` is why it broke off; then messages are missing, and `missing` says which, as a sentence.
    """

    posts: tuple[Post, ...] = ()
    omitted: Mapping[str, int] = field(default_factory=dict)
    complete: bool = False
    stopped: AssistantError | None = None
    missing: str = OTHERS

    @property
    def met(self) -> int:
        """How many messages were met, read or left out."""
        return len(self.posts) + sum(self.omitted.values())

    @property
    def human(self) -> bool:
        """Whether a person wrote any of it."""
        return any(not post.bot for post in self.posts)

    def fills(self, window: Window) -> bool:
        """Whether it has as many messages as the window has place for, so that there may be older ones."""
        return window.last is not None and len(self.posts) + self.omitted.get("request", 0) >= window.last


async def gather(threads: Threads, ask: Ask, place: Place, window: Window) -> AsyncIterator[Reading]:
    """The reading after about every `STEP` messages, and the complete one at the end.

    Raises what `Threads.read` raises before the first post.
    """
    posts: list[Post] = []
    omitted: Counter[str] = Counter()
    seen, firsts = 0, list[datetime]()
    async with (
        _breaks(posts) as stops,
        closing(threads.read(ask.person, place, window)) as batches,
        closing(_steps(batches, place, firsts)) as steps,
    ):
        async for step in steps:
            _sort(step, ask, posts, omitted)
            if (len(posts) + omitted.total()) // STEP > seen:
                seen = (len(posts) + omitted.total()) // STEP
                yield Reading(tuple(posts), dict(omitted))
    yield Reading(told(posts), dict(omitted), True, stops[0] if stops else None, _missing(place, firsts))


async def _steps(
    batches: AsyncIterator[Sequence[Post | Omitted]], place: Place, firsts: list[datetime]
) -> AsyncIterator[Sequence[Post | Omitted]]:
    """The batches in steps, of each the newest messages first; `firsts` learns when each begins.

    A thread's root is oldest wherever it arrives, so it tells nothing of the order. A batch may hold thousands, and to
    work on them all would keep the event loop for long.
    """
    async for batch in batches:
        replies = (item.time for item in batch if isinstance(item, Post) and item.id != place.thread)
        firsts += islice(replies, 1)
        for end in range(len(batch), 0, -STEP):
            yield batch[max(0, end - STEP) : end]
            await asyncio.sleep(0)


@asynccontextmanager
async def _breaks(posts: Sequence[Post]) -> AsyncIterator[list[AssistantError]]:
    stops: list[AssistantError] = []
    try:
        yield stops
    except (Unreadable, Unavailable, Busy) as error:
        if not posts:
            raise
        stops.append(error)


def _sort(batch: Iterable[Post | Omitted], ask: Ask, posts: list[Post], omitted: Counter[str]) -> None:
    for item in batch:
        if isinstance(item, Omitted):
            omitted[item.reason] += 1
        elif item.id == ask.id:
            omitted["request"] += 1
        else:
            posts.append(item)


def told(posts: Iterable[Post]) -> tuple[Post, ...]:
    """Posts in the order a reader follows best: each thread by itself, oldest first, the threads by their first post."""
    begun: dict[str, datetime] = {}
    for post in posts:
        begun[post.thread] = min(post.time, begun.get(post.thread, post.time))
    return tuple(sorted(posts, key=lambda post: (begun[post.thread], post.thread, post.time, post.id)))


def _missing(place: Place, firsts: Sequence[datetime]) -> str:
    """Which messages a reading that breaks off has not met, as far as the order of its batches tells."""
    whole = place.kind is PlaceKind.CHANNEL and place.thread is None
    if whole or len(firsts) < 2 or firsts[0] == firsts[-1]:
        return OTHERS
    return OLDER if firsts[0] > firsts[-1] else NEWER


def coverage(reading: Reading, given: Sequence[Post], words: Words) -> str:
    """The line under a summary: how many of the messages were `given` to the model, whose, from when, and what was not."""
    values = {
        "given": len(given),
        "total": _total(reading, words),
        "who": _authors(given, words),
        "when": _when(given, words),
    }
    left = _left_out(reading, len(given), words)
    if not left and reading.stopped:
        line = words.say("Read {given} of {total} by {who}, {when}.", **values)
    else:
        left = left or words.say("nothing left out")
        line = words.say("Read {given} of {total} by {who}, {when}; {left}.", left=left, **values)
    return f"{line} {_break(reading, words)}".rstrip()


def _total(reading: Reading, words: Words) -> str:
    number = len(reading.posts)
    if reading.stopped:
        return words.count("at least {number} message", "at least {number} messages", number)
    return words.count("{number} message", "{number} messages", number)


def _when(given: Sequence[Post], words: Words) -> str:
    times = [post.time for post in given]
    return words.span(min(times), max(times))


def _authors(given: Sequence[Post], words: Words) -> str:
    """`9 people and 2 bots in 14 threads`, as far as there are several."""
    people = len({post.author_id or post.author for post in given if not post.bot})
    bots = len({post.author_id or post.author for post in given if post.bot})
    threads = len({post.thread for post in given})
    who = words.count("{number} person", "{number} people", people)
    if bots:
        who = words.count("{people} and {number} bot", "{people} and {number} bots", bots, people=who)
    if threads < 2:
        return who
    return words.count("{people} in {number} thread", "{people} in {number} threads", threads, people=who)


def _left_out(reading: Reading, given: int, words: Words) -> str:
    left = len(reading.posts) - given
    found = [words.count("{number} not covered", "{number} not covered", left)] if left else []
    found += [
        words.count(one, many, reading.omitted[reason])
        for reason, (one, many) in REASONS.items()
        if reading.omitted.get(reason)
    ]
    return words.say("left out: {list}", list=", ".join(found)) if found else ""


def _break(reading: Reading, words: Words) -> str:
    if reading.stopped is None:
        return ""
    return f"{words.say(reading.missing)} {why(reading.stopped, words)}"


def why(error: AssistantError, words: Words) -> str:
    """What went wrong and, as far as somebody knows, what helps."""
    return f"{words.say(error.text)} {words.say(error.detail)}".rstrip()
