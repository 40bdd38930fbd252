"""What a model is given, and how it is cut to fit.

Floor 2. Posts are data: they are delimited as documents in the form that Azure's detection of indirect attacks
looks for, JSON-escaped, and stripped of everything that could be taken for the delimiter.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dialogs.plain import visible
from dialogs.talk import Message, Post

Count = Callable[[str], int]
"""How many tokens a text takes at most."""


class Purpose(StrEnum):
    """What the model is asked for: prose for a person, or a summary as JSON."""

    ANSWER = "answer"
    SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model. `schema` is the JSON schema its answer must fit; `reply` the tokens left for it."""

    purpose: Purpose
    instructions: str
    question: str
    history: tuple[Message, ...] = ()
    posts: tuple[Post, ...] = ()
    schema: Mapping[str, Any] | None = None
    reply: int = 2_000
    language: str = "en"


def messages(prompt: Prompt) -> tuple[Message, ...]:
    """The prompt as chat messages, the question last, because the filters look at the latest user message."""
    question = f"{prompt.question}\n\n{documents(prompt.posts)}" if prompt.posts else prompt.question
    return (Message("system", prompt.instructions), *prompt.history, Message("user", question))


def documents(posts: Sequence[Post]) -> str:
    """The posts in the documented delimiters (Azure OpenAI, "document embedding in prompts")."""
    lines = "\n".join(json.dumps(record(post)) for post in posts)
    return f'""" <documents>\n{lines}\n</documents> """'


def record(post: Post) -> dict[str, str]:
    """One post as a JSON record; the angle brackets of look-alike delimiters do not survive."""
    return {
        "id": post.id,
        "author": _data(post.author),
        "time": f"{post.time:%Y-%m-%d %H:%M}",
        "text": _data(post.text),
    }


def _data(text: str) -> str:
    return visible(text).replace("<", "‹").replace(">", "›")


def recent(history: Sequence[Message], budget: int, count: Count) -> tuple[Message, ...]:
    """The newest messages of a history that fit into `budget` tokens, in their order."""
    kept: list[Message] = []
    for message in reversed(history):
        budget -= count(message.text)
        if budget < 0:
            break
        kept.append(message)
    return tuple(reversed(kept))


def newest(posts: Sequence[Post], budget: int, count: Count) -> tuple[Post, ...]:
    """The newest posts whose records fit into `budget` tokens, in their order."""
    kept: list[Post] = []
    for post in reversed(posts):
        budget -= count(json.dumps(record(post)) + "\n")
        if budget < 0:
            break
        kept.append(post)
    return tuple(reversed(kept))
