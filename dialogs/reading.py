"""Reading a thread or chat, and saying exactly what was read.

Floor 2. A reading that breaks off half way is kept and named as such; one that fails at once is an error.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import tzinfo

from dialogs.errors import AssistantError, Busy, Unavailable, Unreadable
from dialogs.ports import Threads
from dialogs.streams import closing
from dialogs.talk import Ask, Omitted, Post, Window
from dialogs.times import span

STEP = 100
"""Messages after which a reader is told how far it has come."""

REASONS = {
    "deleted": "{} deleted",
    "system": "{} from the system",
    "blocked": "{} blocked by a company policy",
    "empty": "{} without text",
    "own": "{} of my own",
    "request": "{} asked of me",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What has been read so far, oldest first. `stopped` is why it broke off; then messages are missing."""

    posts: tuple[Post, ...] = ()
    omitted: Mapping[str, int] = field(default_factory=dict)
    stopped: AssistantError | None = None

    @property
    def met(self) -> int:
        """How many messages were met, read or left out."""
        return len(self.posts) + sum(self.omitted.values())

    @property
    def human(self) -> bool:
        """Whether a person wrote any of it."""
        return any(not post.bot for post in self.posts)


async def gather(threads: Threads, ask: Ask, window: Window) -> AsyncIterator[Reading]:
    """The reading after every `STEP` messages and at the end. Raises what `Threads.read` raises before the first post."""
    posts: list[Post] = []
    omitted: Counter[str] = Counter()
    async with _breaks(posts) as stops, closing(threads.read(ask.person, ask.place, window)) as found:
        async for item in found:
            _sort(item, ask, posts, omitted)
            if (len(posts) + omitted.total()) % STEP == 0:
                yield Reading(tuple(posts), dict(omitted))
    yield Reading(tuple(posts), dict(omitted), stops[0] if stops else None)


@asynccontextmanager
async def _breaks(posts: Sequence[Post]) -> AsyncIterator[list[AssistantError]]:
    stops: list[AssistantError] = []
    try:
        yield stops
    except (Unreadable, Unavailable, Busy) as error:
        if not posts:
            raise
        stops.append(error)


def _sort(item: Post | Omitted, ask: Ask, posts: list[Post], omitted: Counter[str]) -> None:
    if isinstance(item, Omitted):
        omitted[item.reason] += 1
    elif item.id == ask.id:
        omitted["request"] += 1
    else:
        posts.append(item)


def coverage(reading: Reading, given: Sequence[Post], where: tzinfo) -> str:
    """The line under a summary: what of the messages met was `given` to the model, and what was not."""
    total = f"at least {reading.met}" if reading.stopped else f"{reading.met}"
    when = span(given[0].time, given[-1].time, where)
    read = f"Read {len(given)} of {total} messages by {_authors(given)}, {when}; {_left_out(reading, given)}."
    return f"{read} {_break(reading)}".rstrip()


def _authors(posts: Sequence[Post]) -> str:
    people = {post.author_id or post.author for post in posts if not post.bot}
    bots = {post.author_id or post.author for post in posts if post.bot}
    words = "1 person" if len(people) == 1 else f"{len(people)} people"
    return words + (f" and {len(bots)} bot{'s' if len(bots) > 1 else ''}" if bots else "")


def _left_out(reading: Reading, given: Sequence[Post]) -> str:
    older = len(reading.posts) - len(given)
    words = [f"{older} older ones that were too much for the model at once"] if older else []
    words += [REASONS[reason].format(count) for reason, count in sorted(reading.omitted.items())]
    return f"left out: {', '.join(words)}" if words else "nothing left out"


def _break(reading: Reading) -> str:
    if reading.stopped is None:
        return ""
    return "Reading broke off half way: messages beyond these were not read and are not covered."
