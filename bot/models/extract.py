"""A summary made of quotes: the same JSON that a language model is asked for, every text verbatim from its post.

Floor 6.
"""

from collections.abc import Callable, Sequence
from typing import Any

from bot.models.actions import actions, apart
from bot.models.decisions import decisions
from bot.models.finding import Finding, best
from bot.models.focus import Focus, spoken_of
from bot.models.people import People
from bot.models.questions import open_questions
from bot.models.quotes import Quote, passages, quotes
from bot.models.ranking import Weights, alike, choose, weights
from bot.models.turns import Turns
from dialogs.talk import Post

KEY_POINTS = 6
"""Key points of a long thread."""
FEWEST = 3
"""Key points of a short one, if it says as much."""
EACH = 4
"""Posts for one key point in between."""
SURE = {"actions": 7, "decisions": 4, "questions": 3}
"""Points of each other section that a whole summary shows, in the order in which lines are given to them."""
ALONE = {"actions": 20, "decisions": 20, "questions": 3}
"""Points of each that may be asked for alone."""
LEAD = 0.15
"""Share of a thread that opens it, and says what it is about."""
READABLE = 0.5
"""Fluency below which a line is not worth quoting."""
APP = 0.1
"""What an app's words count beside a person's."""

Item = dict[str, Any]


def summary(posts: Sequence[Post], wanted: str = "") -> dict[str, list[Item]]:
    """Key points, decisions, actions and open questions, each in the order of the thread.

    With `wanted`, key points alone: what was said about it.
    """
    lines, turns = quotes(posts), Turns(posts)
    if wanted:
        found = _about(lines, Focus(wanted, turns))
        return {"key_points": found, "decisions": [], "actions": [], "questions": []}
    sections = _sections([quote for quote in lines if not quote.post.bot and _readable(quote)], turns)
    taken = [finding.quote for found in sections.values() for finding in found]
    return {
        "key_points": [_item(quote) for quote in _key_points(lines, turns, taken)],
        "decisions": [_found(finding) for finding in sections["decisions"]],
        "actions": [{**_found(finding), "owner": finding.owner, "due": finding.due} for finding in sections["actions"]],
        "questions": [_found(finding) for finding in sections["questions"]],
    }


def _readable(quote: Quote) -> bool:
    return quote.fluency >= READABLE and not quote.broken


def _item(quote: Quote) -> Item:
    return {"text": quote.text, "ids": [quote.post.id]}


def _found(finding: Finding) -> Item:
    return {"text": finding.quote.text, "ids": [finding.quote.post.id, *(post.id for post in finding.beside)]}


def _sections(lines: Sequence[Quote], turns: Turns) -> dict[str, tuple[Finding, ...]]:
    """A line stands in one section: what is to be done before what was decided before what is open."""
    candidates = {
        "actions": apart(list(actions(lines, turns, People(turns.posts)))),
        "decisions": list(decisions(lines, turns)),
        "questions": list(open_questions(lines, turns)),
    }
    taken: list[Quote] = []
    sections: dict[str, tuple[Finding, ...]] = {}
    for name, most in SURE.items():
        sections[name] = best(candidates[name], most, ALONE[name], taken)
        taken += [finding.quote for finding in sections[name]]
    return sections


def _key_points(lines: Sequence[Quote], turns: Turns, taken: Sequence[Quote]) -> list[Quote]:
    posts = turns.posts
    number = max(FEWEST, min(KEY_POINTS, len(posts) // EACH))
    free = [
        quote for quote in passages(lines) if not any(quote.overlaps(other) or alike(quote, other) for other in taken)
    ]
    return choose(free, number, _worth(lines), _prior(len(posts)), _stretch(turns, number))


def _worth(lines: Sequence[Quote]) -> Weights:
    """What concepts are worth to people; an app that repeats itself does not raise them."""
    return weights([quote for quote in lines if not quote.post.bot] or lines)


def _prior(posts: int) -> Callable[[Quote], float]:
    """What speaks for a line before its words are weighed: it opens the thread, and a person states something."""
    opening = max(1.0, LEAD * posts)

    def prior(quote: Quote) -> float:
        first = 1 + LEAD * 2 * max(0.0, 1 - quote.place / opening)
        return first * (0.6 if quote.text.endswith("?") else 1.0) * (APP if quote.post.bot else 1.0)

    return prior


def _stretch(turns: Turns, number: int) -> Callable[[Quote], object]:
    """Where there are several threads, the thread; in one, which of `number` equal parts."""
    size = len(turns.posts) / number
    return (lambda quote: quote.post.thread) if turns.threads > 1 else (lambda quote: int(quote.place / size))


def _about(lines: Sequence[Quote], focus: Focus) -> list[Item]:
    near = spoken_of(list(passages(lines)), focus)
    apart = _prior(0)
    chosen = choose(near, KEY_POINTS, _worth(lines), lambda quote: apart(quote) * focus.held(quote))
    return [_item(quote) for quote in chosen]
