"""A summary made of quotes: the same JSON that a language model is asked for, every text verbatim from its post.

Floor 6.
"""

from collections.abc import Callable, Sequence
from re import Match
from typing import Any

from bot.models.cues import (
    AGREES,
    ASSIGNS,
    COMMITS,
    DECIDED,
    DUE,
    NEEDED,
    PROPOSED,
    RESOLVED,
    UNSETTLED,
    spoken,
)
from bot.models.people import People
from bot.models.questions import open_questions
from bot.models.quotes import Quote, quotes
from bot.models.ranking import alike, choose, order
from bot.models.words import fluency
from dialogs.talk import Post

KEY_POINTS = (5, 7)
"""Key points of a short and of a long thread."""
LONG = 60
"""Posts from which a thread is long."""
SECTION = 5
"""Points of each other section."""
NEAR = 3
"""Posts after a proposal in which agreement counts."""
LEAD = 0.15
"""Share of a thread that opens it, and says what it is about."""
READABLE = 0.5
"""Fluency below which a line is not worth quoting."""

Item = dict[str, Any]
Found = tuple[float, Quote]


def summary(posts: Sequence[Post]) -> dict[str, list[Item]]:
    """Key points, decisions, actions and open questions, each in the order of the thread."""
    lines = quotes(posts)
    people = People(posts)
    readable = [quote for quote in lines if quote.fluency >= READABLE and not quote.broken]
    actions = _best([(_acting(quote, people), quote) for quote in readable], ())
    decisions = _best([(_deciding(quote, posts), quote) for quote in readable], actions)
    questions = _best(open_questions(readable, posts), (*actions, *decisions))
    taken = (*actions, *decisions, *questions)
    rest = [quote for quote in lines if not any(quote is other or alike(quote, other) for other in taken)]
    return {
        "key_points": [_item(quote) for quote in choose(rest, KEY_POINTS[len(posts) > LONG], _prior(len(posts)))],
        "decisions": [_item(quote) for quote in decisions],
        "actions": [{**_item(quote), "owner": _owner(quote, people), "due": _due(quote)} for quote in actions],
        "questions": [_item(quote) for quote in questions],
    }


def _item(quote: Quote) -> Item:
    return {"text": quote.text, "ids": [quote.post.id]}


def _prior(posts: int) -> Callable[[Quote], float]:
    """What speaks for a line before its words are weighed: it opens the thread, and it states something."""
    opening = max(1.0, LEAD * posts)

    def prior(quote: Quote) -> float:
        first = 1 + 0.5 * max(0.0, 1 - quote.place / opening)
        return first * (0.5 if quote.text.endswith("?") else 1.0)

    return prior


def _best(found: Sequence[Found], taken: Sequence[Quote]) -> tuple[Quote, ...]:
    """The highest scores, without those that repeat what is taken, in the order of the thread."""
    chosen: list[Quote] = []
    for score, quote in sorted(found, key=lambda pair: -pair[0]):
        if score <= 0 or len(chosen) == SECTION:
            break
        if not any(quote is other or alike(quote, other) for other in (*taken, *chosen)):
            chosen.append(quote)
    return tuple(sorted(chosen, key=order))


def _weighed(score: float, quote: Quote) -> float:
    """Of two lines with the same cue, the one that reads better and says more."""
    return score + fluency(quote.text) + min(len(set(quote.stems)), 8) / 8


def _deciding(quote: Quote, posts: Sequence[Post]) -> float:
    text = spoken(quote.text)
    if quote.text.endswith("?") or len(set(quote.stems)) < 2:
        return _agreed(quote, posts) if quote.text.endswith("?") else 0
    if _settled(DECIDED.search(text), text):
        return _weighed(4, quote)
    if _settled(RESOLVED.search(text), text):
        return _weighed(2 + _agreed(quote, posts), quote)
    return _agreed(quote, posts) if PROPOSED.search(text) else 0


def _settled(cue: Match[str] | None, text: str) -> bool:
    """Whether a cue stands and nothing before it or inside it takes it back ("we have NOT YET decided")."""
    if cue is None:
        return False
    before, inside = text[: cue.start()].rstrip() + " ", cue[0].rsplit(" ", 1)[0] + " "
    return not UNSETTLED.search(before) and not UNSETTLED.search(f" {inside.removeprefix('we have ')}")


def _agreed(quote: Quote, posts: Sequence[Post]) -> float:
    """How strongly others agree right after a proposal; 0 where it is none or nobody does."""
    if not PROPOSED.search(spoken(quote.text)):
        return 0
    near = posts[quote.place + 1 : quote.place + 1 + NEAR]
    agree = {post.author_id for post in near if post.author_id != quote.post.author_id and AGREES.search(post.text)}
    return _weighed(0.5 * len(agree), quote) if agree else 0


def _acting(quote: Quote, people: People) -> float:
    text = spoken(quote.text)
    if people.assigned(ASSIGNS.finditer(text)):
        score = 4.0
    elif not text.endswith("?") and _settled(COMMITS.search(text), text):
        score = 3.0
    elif NEEDED.search(text):
        score = 2.0
    else:
        return 0
    return _weighed(score + bool(DUE.search(text)), quote) if len(set(quote.stems)) >= 2 else 0


def _owner(quote: Quote, people: People) -> str | None:
    text = spoken(quote.text)
    named = people.assigned(ASSIGNS.finditer(text))
    return named or (quote.post.author if COMMITS.search(text) else None)


def _due(quote: Quote) -> str | None:
    found = DUE.search(quote.text)
    return found[0] if found else None
