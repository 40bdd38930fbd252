"""What was decided: said in so many words, or proposed and agreed to.

Floor 6.
"""

from collections.abc import Iterator, Sequence

from bot.models.cues import AGREES, ASSENTS, DECIDED, DISAGREES, PROPOSED, RESOLVED, opening, settled, spoken
from bot.models.finding import Finding, weighed
from bot.models.quotes import Quote
from bot.models.turns import Turns
from dialogs.talk import Post

NEAR = 3
"""Posts after a proposal in which agreement or disagreement counts."""
SAYS = 2
"""Content words from which a line says what was decided."""


def decisions(lines: Sequence[Quote], turns: Turns) -> Iterator[Finding]:
    """Every line that settles something."""
    for quote in lines:
        if len(set(quote.stems)) >= SAYS and (found := _decision(quote, turns)):
            yield found


def _decision(quote: Quote, turns: Turns) -> Finding | None:
    text = spoken(quote.text)
    asks = text.endswith("?")
    if not asks and settled(DECIDED.search(text), text):
        return Finding(quote, weighed(4, quote))
    resolved = not asks and settled(RESOLVED.search(text), text)
    if not resolved and not PROPOSED.search(text):
        return None
    near = [post for post in turns.after(quote.place, NEAR) if post.author_id != quote.post.author_id]
    agree = _agreeing(near, asks)
    if _disputed(near) or not (resolved or agree):
        return None
    people = len({post.author_id for post in agree})
    return Finding(quote, weighed(2 * resolved + 0.5 * people, quote), tuple(agree[:1]))


def _agreeing(near: Sequence[Post], asked: bool) -> list[Post]:
    """The posts that agree; a bare yes does so only as the answer to a question."""
    return [
        post for post in near if AGREES.search(opening(post.text)) or (asked and ASSENTS.search(opening(post.text)))
    ]


def _disputed(near: Sequence[Post]) -> bool:
    return any(DISAGREES.search(opening(post.text)) for post in near)
