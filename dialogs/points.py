"""The points of a summary: what a model must answer, and what of its answer is believed.

Floor 2. Nothing a model says is taken on trust: a point without a message behind it, or with a name, a number, a day, an
owner or a deadline that does not stand there, does not reach a person.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from dialogs.errors import Unsound
from dialogs.evidence import Evidence, due
from dialogs.figures import numbers
from dialogs.names import nouns_have_capitals, tokens
from dialogs.plain import bare, line
from dialogs.preferences import Length


class Section(StrEnum):
    """The sections of a summary, in the order they are shown."""

    KEY_POINTS = "key_points"
    DECISIONS = "decisions"
    ACTIONS = "actions"
    QUESTIONS = "questions"


FEW = 2
"""Most points of each section of a short summary."""
MOST = {Section.KEY_POINTS: 6, Section.DECISIONS: 4, Section.ACTIONS: 7, Section.QUESTIONS: 3}
"""Most points of each section; together not more than there may be citations, so that each can have one."""
SOURCES = 3
"""Most messages one point is shown to rest on."""
READ = 30
"""Most points of one section of an answer that are looked at."""
LONGEST = 500
"""Longest text of one point in characters; what is longer is no point."""
RAW = 4 * LONGEST
"""Longest text of one point before pictures and addresses are taken out, and longest owner and deadline."""


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
    return items[:READ] if isinstance(items, list) else []


def _point(section: Section, item: Any) -> Point | None:
    if not isinstance(item, dict) or not isinstance(item.get("text"), str) or not isinstance(item.get("ids"), list):
        return None
    if len(item["text"]) > RAW:
        return None
    ids = tuple(key for key in item["ids"] if isinstance(key, str))
    return Point(section, item["text"], ids, _words(item.get("owner")), _words(item.get("due")))


def _words(value: Any) -> str | None:
    return line(value) or None if isinstance(value, str) and len(value) <= RAW else None


def weighed(found: Points, evidence: Evidence, *, quoting: bool = False) -> Iterator[Point | None]:
    """Each point as far as it is borne out by the evidence: by the posts that the model was given and by no others.

    One by one, for each may take a while. What is not borne out is None. `quoting`: the texts must stand verbatim in
    the first message they cite.
    """
    german = nouns_have_capitals(" ".join(point.text for point in found.points))
    for point in found.points:
        sourced = _sourced(point, evidence, quoting)
        true = sourced.ids and _is_short(sourced) and _borne_out(sourced, evidence, quoting, german)
        yield _owned(sourced, evidence) if true else None


def kept(found: Points, weighed: Iterable[Point | None]) -> Points:
    """What is left of `found` once it has been weighed."""
    true = tuple(point for point in weighed if point)
    return Points(true, found.dropped + len(found.points) - len(true))


def _sourced(point: Point, evidence: Evidence, quoting: bool) -> Point:
    ids = tuple(dict.fromkeys(key for key in point.ids if key in evidence.posts))[:SOURCES]
    return replace(point, ids=ids, text=point.text if quoting else bare(point.text))


def _is_short(point: Point) -> bool:
    return line(point.text) != "" and len(point.text) <= LONGEST


def _borne_out(point: Point, evidence: Evidence, quoting: bool, german: bool) -> bool:
    cited = evidence.cited(point.ids)
    return point.text in cited[0].text if quoting else evidence.bears_out(point.text, cited, german=german)


def _owned(point: Point, evidence: Evidence) -> Point:
    """The point with the owner and the deadline that stand in its messages, and without any other."""
    cited = evidence.cited(point.ids)
    return replace(point, owner=evidence.owner(point.owner, cited), due=due(point.due, cited))


def limits(length: Length, most: Mapping[Section, int] = MOST) -> Mapping[Section, int]:
    """How many points of each section are shown; a longer summary would have points without a citation."""
    return {section: min(count, FEW) for section, count in most.items()} if length == "short" else most


def chosen(
    found: Points,
    *,
    sources: int,
    sections: Sequence[Section] = tuple(Section),
    most: Mapping[Section, int] = MOST,
    first: Callable[[Point], bool] = lambda point: False,
) -> Points:
    """The points to show of the wanted `sections`, without repetitions and at most so many; the others are counted.

    `sources`: how many different messages all points together may cite; a section asked for alone may use them all.
    `first`: points that come before the others of their section.
    """
    wanted = [point for point in found.points if point.section in sections]
    distinct = _distinct(sorted(wanted, key=first, reverse=True))
    shown = tuple(_capped(distinct, sources, most if len(sections) > 1 else dict.fromkeys(sections, sources)))
    further = Counter(point.section for point in distinct) - Counter(point.section for point in shown)
    return Points(shown, found.dropped, dict(further))


def _distinct(points: Iterable[Point]) -> list[Point]:
    """Without repetitions; a decision, action or question is kept rather than the key point that says the same."""
    order = sorted(points, key=lambda point: point.section is Section.KEY_POINTS)
    kept: dict[object, Point] = {}
    for point in order:
        kept.setdefault(("".join(tokens(point.text.casefold())), tuple(numbers(point.text))), point)
    return list(kept.values())


def _capped(points: Sequence[Point], sources: int, most: Mapping[Section, int]) -> Iterator[Point]:
    """At most `most` points of a section, and `sources` messages together: first one for each, then the others."""
    kept: list[Point] = []
    for section, limit in most.items():
        kept += [point for point in points if point.section is section][:limit]
    cited = dict.fromkeys(point.ids[0] for point in kept)
    for point in kept:
        cited |= dict.fromkeys([key for key in point.ids if key not in cited][: sources - len(cited)])
        yield replace(point, ids=tuple(key for key in point.ids if key in cited))
