"""What a model is given, and how it is cut to fit.

Floor 2. Posts are data: they are delimited as documents in the form that Azure's detection of indirect attacks
looks for, JSON-escaped, and stripped of everything that could be taken for the delimiter.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from dialogs.documents import Picture
from dialogs.plain import cut, line, visible
from dialogs.preferences import LANGUAGES, Creativity, Length, Preferences, Tone
from dialogs.talk import Locator, Message, Post

Count = Callable[[str], int]
"""How many tokens a text takes at most."""

MANNER = "\nThe person you answer wants it so, whatever was said above:"
STYLES: Mapping[Length, str] = {
    "short": "Keep to a few sentences.",
    "long": "Go into detail, with reasons and examples where they help.",
}
TONES: Mapping[Tone, str] = {
    "friendly": "Sound warm and friendly.",
    "formal": "Be formal and polite, and where the language has a polite form of address, use it.",
    "plain": "Use plain words and short sentences, without jargon.",
}
LONGEST = 20_000
"""Characters of a post that a model is given."""
NAME = 120
"""Characters of a file's name, and of the heading or sheet that a passage stands under."""


class Purpose(StrEnum):
    """What the model is asked for: prose for a person, or a summary as JSON."""

    ANSWER = "answer"
    SUMMARY = "summary"


Draft = Mapping[str, Any]
"""A point of an earlier answer: its section, text, the ids it rests on, owner and due."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model. `schema` is the JSON schema its answer must fit; `reply` the tokens left for it.

    `drafts` are points of earlier answers that are to become one summary; `focus` is the one thing it is to be about,
    in the asker's words; `language` has two letters. `creativity` is a wish, which not every model heeds. `pictures` are
    for models that see.
    """

    purpose: Purpose
    instructions: str
    question: str
    history: tuple[Message, ...] = ()
    posts: tuple[Post, ...] = ()
    schema: Mapping[str, Any] | None = None
    reply: int = 2_000
    language: str = "en"
    focus: str = ""
    drafts: tuple[Draft, ...] = ()
    creativity: Creativity = ""
    pictures: tuple[Picture, ...] = ()


def style(preferences: Preferences) -> str:
    """Lines for the instructions: how long, in which tone and language a person wants to be answered; "" for no wish."""
    language = LANGUAGES.get(preferences.language, "")
    wishes = (
        STYLES.get(preferences.length, ""),
        TONES.get(preferences.tone, ""),
        f"Answer in {language}, unless you are asked for another language." if language else "",
    )
    told = "".join(f"\n- {wish}" for wish in wishes if wish)
    return f"{MANNER}{told}" if told else ""


def messages(prompt: Prompt) -> tuple[Message, ...]:
    """The prompt as chat messages, the question last, because the filters look at the latest user message."""
    return spoken(prompt, tuple(lines(prompt)))


def lines(prompt: Prompt) -> Iterator[str]:
    """One line of JSON for each post and draft; where posts are of several threads, each says of which.

    Made one by one: a long prompt takes longer than the event loop may stand still.
    """
    several = len({post.thread for post in prompt.posts}) > 1
    yield from (written(record(post, threaded=several)) for post in prompt.posts)
    yield from (written(_harmless(draft)) for draft in prompt.drafts)


def written(found: Mapping[str, Any]) -> str:
    """A record as one line of JSON. Letters stay letters: escaped, each of Japanese would cost several tokens."""
    return json.dumps(found, ensure_ascii=False).replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")


def spoken(prompt: Prompt, lines: Sequence[str]) -> tuple[Message, ...]:
    """The chat messages of a prompt whose `lines` these are."""
    question = f"{prompt.question}\n\n{documents(lines)}" if lines else prompt.question
    return (Message("system", prompt.instructions), *prompt.history, Message("user", question))


def documents(lines: Iterable[str]) -> str:
    """Records, a line each, in the documented delimiters (Azure OpenAI, "document embedding in prompts")."""
    records = "\n".join(lines)
    return f'""" <documents>\n{records}\n</documents> """'


def record(post: Post, *, threaded: bool = False) -> dict[str, Any]:
    """One post as a JSON record; the angle brackets of look-alike delimiters do not survive."""
    if post.locator:
        return _passage(post, post.locator)
    found = {
        "id": post.id,
        "author": _data(post.author),
        "time": f"{post.time:%Y-%m-%d %H:%M}",
        "text": _data(cut(post.text, LONGEST)),
    }
    marks = {"thread": threaded and post.thread, "edited": post.edited, "app": post.bot}
    return found | {name: mark for name, mark in marks.items() if mark}


def _passage(post: Post, locator: Locator) -> dict[str, Any]:
    """A passage of a file says where it stands, in place of who wrote it and when."""
    return {
        "id": post.id,
        "file": _data(cut(line(post.author), NAME)),
        locator.label: _data(cut(line(locator.value), NAME)),
        "text": _data(cut(post.text, LONGEST)),
    }


def _harmless(draft: Draft) -> dict[str, Any]:
    return {name: _data(value) if isinstance(value, str) else value for name, value in draft.items()}


def _data(text: str) -> str:
    return visible(text).replace("<", "‹").replace(">", "›")


def cost(post: Post, count: Count) -> int:
    """At most how many tokens a post takes in a prompt."""
    return count(written(record(post, threaded=True)) + "\n")


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
    """The last posts that fit into `budget` tokens, in their order."""
    kept: list[Post] = []
    for post in reversed(posts):
        budget -= cost(post, count)
        if budget < 0:
            break
        kept.append(post)
    return tuple(reversed(kept))
