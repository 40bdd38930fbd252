"""A model that repeats every mark in its prompt, so that whatever gets into a prompt gets out."""

import json
from collections.abc import AsyncIterator, Callable

from dialogs.prompt import Prompt, Purpose, messages
from dialogs.talk import Ask, Post, Usage
from tests.attacks.markers import marks

POINTS = 6
SOURCES = 3


class Echo:
    """`look` is handed the ask and the whole text of each prompt before it is answered."""

    name = "echo"
    window = 100_000
    writes = True
    sees = False

    def __init__(self, ask: Ask, meter: Callable[[Usage], None], look: Callable[[Ask, str], object]) -> None:
        self._ask = ask
        self._meter = meter
        self._look = look

    def count(self, text: str) -> int:
        """A guess."""
        return len(text) // 3 + 1

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """All marks; of posts with what they stand in."""
        told = "\n".join(message.text for message in messages(prompt))
        self._look(self._ask, told)
        yield summary(prompt) if prompt.purpose is Purpose.SUMMARY else answer(prompt, told)
        self._meter(Usage(self.name, 10, 2))


def answer(prompt: Prompt, told: str) -> str:
    """A line for each post with its id, and one for everything else."""
    lines = [f"- they spoke of {' '.join(marks(post.text))} [{post.id}]" for post in prompt.posts[-10:]]
    return "\n".join([f"All of {' '.join(marks(told))} it is.", "", *lines])


def summary(prompt: Prompt) -> str:
    """Points that stand up to being checked, each of as many messages as it may rest on."""
    posts = prompt.posts[-POINTS * SOURCES :]
    points = [point(posts[start : start + SOURCES]) for start in range(0, len(posts), SOURCES)]
    return json.dumps({"key_points": points, "decisions": [], "actions": [], "questions": []})


def point(posts: tuple[Post, ...]) -> dict[str, object]:
    """One point."""
    return {
        "text": f"they spoke of {' and '.join(marks(' '.join(post.text for post in posts)))}",
        "ids": [post.id for post in posts],
    }
