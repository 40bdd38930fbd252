"""The points of a summary: what a model must answer, and what of its answer is believed.

Floor 2. Nothing a model says is taken on trust: a point without a message behind it, or with a name, a number, an
owner or a deadline that does not stand there, does not reach a person.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from dialogs.errors import Unsound
from dialogs.plain import bare, line
from dialogs.talk import Post


class Section(StrEnum):
    """The sections of a summary, in the order they are shown."""

    KEY_POINTS = "key_points"
    DECISIONS = "decisions"
    ACTIONS = "actions"
    QUESTIONS = "questions"


MOST = {Section.KEY_POINTS: 6, Section.DECISIONS: 4, Section.ACTIONS: 7, Section.QUESTIONS: 3}
"""Most points of each section; together not more than there may be citations, so that each can have one."""
SOURCES = 3
"""Most messages one point is shown to rest on."""
LONGEST = 500
"""Longest text of one point in characters; what is longer is no point."""
OWNER = 80
"""Longest name of an owner in characters."""


@dataclass(frozen=True, slots=True)
class Point:
    """One point: its text, the ids of the messages it rests on; `owner` and `due` of an action."""

    section: Section
    text: str
    ids: tuple[str, ...]
    owner: str | None = None
    due: str | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """Points in the order of the model's answer, and how many others were dropped because they were false.

    `further` are true ones that were too many to show, by section.
    """

    points: tuple[Point, ...]
    dropped: int = 0
    further: Mapping[Section, int] = field(default_factory=dict)

    def of(self, section: Section) -> tuple[Point, ...]:
        """The points of one section."""
        return tuple(point for point in self.points if point.section is section)


def _list_of(**more: Any) -> dict[str, Any]:
    properties = {"text": {"type": "string"}, "ids": {"type": "array", "items": {"type": "string"}}, **more}
    item = {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}
    return {"type": "array", "items": item}


_NAME_OR_NULL = {"type": ["string", "null"]}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        Section.KEY_POINTS.value: _list_of(),
        Section.DECISIONS.value: _list_of(),
        Section.ACTIONS.value: _list_of(owner=_NAME_OR_NULL, due=_NAME_OR_NULL),
        Section.QUESTIONS.value: _list_of(),
    },
    "required": [section.value for section in Section],
    "additionalProperties": False,
}
"""The JSON schema of a summary, within what "strict" structured outputs of Azure OpenAI allow."""


def parse(answer: str) -> Points:
    """The points of a model's answer, which may stand in a code fence. Raises `Unsound` when it is not JSON."""
    start, end = answer.find("{"), answer.rfind("}")
    try:
        found = json.loads(answer[start : end + 1])
    except (ValueError, RecursionError) as error:
        raise Unsound from error
    items = [(section, item) for section in Section for item in _items(found, section)]
    points = [point for section, item in items if (point := _point(section, item))]
    return Points(tuple(points), len(items) - len(points))


def _items(found: Any, section: Section) -> list[Any]:
    items = found.get(section.value) if isinstance(found, dict) else None
    return items if isinstance(items, list) else []


def _point(section: Section, item: Any) -> Point | None:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not isinstance(item.get("ids"), list):
        return None
    ids = tuple(key for key in item["ids"] if isinstance(key, str))
    return Point(section, item["text"], ids, _words(item.get("owner")), _words(item.get("due")))


def _words(value: Any) -> str | None:
    return line(value) or None if isinstance(value, str) else None


def verify(
    found: Points,
    posts: Sequence[Post],
    *,
    sources: int,
    quoting: bool = False,
    sections: Sequence[Section] = tuple(Section),
) -> Points:
    """What of `found` is borne out by `posts`, which are those the model was given, in the wanted `sections`.

    `sources`: how many different messages all points together may cite; a section asked for alone may use them all.
    `quoting`: the texts must stand verbatim in the first message they cite.
    """
    names = _Names(posts)
    by_id = {post.id: post for post in posts}
    sourced = [point for point in (_sourced(point, by_id, quoting) for point in found.points) if point.ids]
    true = [
        _owned(point, _of(point, by_id), names) for point in sourced if _true(point, _of(point, by_id), names, quoting)
    ]
    dropped = found.dropped + len(found.points) - len(true)
    distinct = [point for point in _distinct(true) if point.section in sections]
    most = MOST if len(sections) > 1 else dict.fromkeys(sections, sources)
    shown = tuple(_capped(distinct, sources, most))
    further = Counter(point.section for point in distinct) - Counter(point.section for point in shown)
    return Points(shown, dropped, dict(further))


def _of(point: Point, posts: Mapping[str, Post]) -> list[Post]:
    return [posts[key] for key in point.ids]


def _sourced(point: Point, posts: Mapping[str, Post], quoting: bool) -> Point:
    ids = tuple(dict.fromkeys(key for key in point.ids if key in posts))[:SOURCES]
    return replace(point, ids=ids, text=point.text if quoting else bare(point.text))


def _true(point: Point, cited: Sequence[Post], names: "_Names", quoting: bool) -> bool:
    if not line(point.text) or len(point.text) > LONGEST:
        return False
    if quoting:
        return point.text in cited[0].text
    return names.fit(point.text, cited) and _numbers(point.text) <= _numbers(_all(cited))


def _all(posts: Iterable[Post]) -> str:
    return "\n".join(post.text for post in posts)


def _numbers(text: str) -> set[str]:
    return {re.sub(r"\D", "", number) for number in re.findall(r"\d+(?:[.,:'’]\d+)*", text)}


def _owned(point: Point, cited: Sequence[Post], names: "_Names") -> Point:
    """The point with the owner and the deadline that stand in its messages, and without any other."""
    owner = point.owner
    if owner and not _is_named(owner, cited) and not names.called(owner, cited):
        owner = None
    due = point.due if point.due and line(point.due).casefold() in line(_all(cited)).casefold() else None
    return replace(point, owner=owner, due=due)


def _is_named(owner: str, cited: Sequence[Post]) -> bool:
    if len(owner) > OWNER or owner[0].islower() or not any(map(str.isalpha, owner)):
        return False
    name = re.compile(rf"(?<!\w){re.escape(owner)}(?!\w)")
    return any(name.search(line(post.author)) or name.search(line(post.text)) for post in cited)


class _Names:
    """Who wrote in a thread, and which words mean them.

    A part of a name that is also an ordinary word in the thread ("Will", "Project") means nobody by itself.
    """

    def __init__(self, posts: Sequence[Post]) -> None:
        ordinary = {word for post in posts for word in _tokens(post.text) if word.islower()}
        self._authors: dict[str, set[str]] = {}
        for author in {post.author for post in posts}:
            for word in (author, *(part for part in _tokens(author) if part[0].isupper() and len(part) > 1)):
                if word.casefold() not in ordinary:
                    self._authors.setdefault(word, set()).add(author)

    def fit(self, text: str, cited: Sequence[Post]) -> bool:
        """Whether everybody named in `text` wrote one of the `cited` messages or is named there."""
        written = {post.author for post in cited}
        said = _all(cited)
        return all(self._authors[name] & written or _occurs(name, said) for name in self._meant(text))

    def called(self, author: str, cited: Sequence[Post]) -> bool:
        """Whether the `cited` messages name this author by a part of the name that means nobody else."""
        parts = [word for word, authors in self._authors.items() if authors == {author}]
        return any(_occurs(part, _all(cited)) for part in parts)

    def _meant(self, text: str) -> Iterator[str]:
        words = set(_tokens(text))
        return (name for name in self._authors if (name in words if name.isalnum() else _occurs(name, text)))


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def _occurs(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None


def _distinct(points: Iterable[Point]) -> list[Point]:
    """Without repetitions; a decision, action or question is kept rather than the key point that says the same."""
    order = sorted(points, key=lambda point: point.section is Section.KEY_POINTS)
    first: dict[str, Point] = {}
    for point in order:
        first.setdefault("".join(_tokens(point.text.casefold())) + "".join(_numbers(point.text)), point)
    return list(first.values())


def _capped(points: Sequence[Point], sources: int, most: Mapping[Section, int]) -> Iterator[Point]:
    """At most `most` points of a section, and `sources` messages together: first one for each, then the others."""
    kept: list[Point] = []
    for section, limit in most.items():
        kept += [point for point in points if point.section is section][:limit]
    chosen = dict.fromkeys(point.ids[0] for point in kept)
    for point in kept:
        chosen |= dict.fromkeys([key for key in point.ids if key not in chosen][: sources - len(chosen)])
        yield replace(point, ids=tuple(key for key in point.ids if key in chosen))
