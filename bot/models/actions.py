"""What is to be done: by whom and until when, where the thread says so.

Floor 6.
"""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from bot.models.cues import OPEN, opening, settled, spoken
from bot.models.dues import due
from bot.models.finding import Finding, weighed
from bot.models.people import People
from bot.models.quotes import Quote
from bot.models.tasks import ACCEPTS, ASKS, ASSIGNS, COMMITS, DUTY, NEEDED, REFUSES, TALKS, VOLUNTEERS
from bot.models.turns import Turns
from bot.models.words import content
from dialogs.talk import Post

NEAR = 3
"""Posts after a request in which its answer counts."""
SAYS = 2
"""Content words from which a line says what is to be done."""


def actions(lines: Sequence[Quote], turns: Turns, people: People) -> Iterator[Finding]:
    """Every line that gives somebody something to do."""
    for quote in lines:
        if len(set(quote.stems)) >= SAYS and (found := _action(quote, turns, people)):
            yield found


def _action(quote: Quote, turns: Turns, people: People) -> Finding | None:
    text = spoken(quote.text)
    if owner := people.assigned(ASSIGNS, text, quote.post):
        return _asked(quote, owner, turns)
    if not text.endswith("?") and settled(COMMITS.search(text), text):
        return _borne(quote, 3, quote.post.author, ())
    if OPEN.search(text):
        return None
    return _wanted(quote, turns) if NEEDED.search(text) or _everybodys(quote, text) else None


def _everybodys(quote: Quote, text: str) -> bool:
    """Whether it is said to be everybody's, by a deadline; mere talk is not."""
    duty = not text.endswith("?") and DUTY.search(text) and not TALKS.search(text)
    return bool(duty) and due(quote.text) is not None


def _asked(quote: Quote, owner: str, turns: Turns) -> Finding | None:
    """What one person was asked to do, unless they would not."""
    theirs = [post for post in _answers(quote, turns) if post.author == owner]
    if any(REFUSES.search(opening(post.text)) for post in theirs[:1]):
        return None
    yes = [post for post in theirs if ACCEPTS.search(opening(post.text)) or VOLUNTEERS.search(opening(post.text))]
    return _borne(quote, 4, owner, yes)


def _wanted(quote: Quote, turns: Turns) -> Finding:
    """What nobody in particular was asked to do; it is theirs who say that they will."""
    yes = [post for post in _answers(quote, turns) if VOLUNTEERS.search(opening(post.text))]
    return _borne(quote, 2, yes[0].author if yes else None, yes)


def _answers(quote: Quote, turns: Turns) -> list[Post]:
    """What others say next, until somebody wants something else."""
    near = takewhile(lambda post: not _wants(post), turns.after(quote.place, NEAR))
    return [post for post in near if post.author_id != quote.post.author_id]


def _wants(post: Post) -> bool:
    text = opening(post.text)
    return any(cue.search(text) for cue in (NEEDED, DUTY, ASKS))


def _borne(quote: Quote, score: float, owner: str | None, yes: Sequence[Post]) -> Finding:
    when = due(quote.text) or (due(yes[0].text) if yes else None)
    return Finding(quote, weighed(score + (when is not None), quote), tuple(yes[:1]), owner, when)


def apart(found: Sequence[Finding]) -> list[Finding]:
    """Without the answers that bear out another finding: "I'll do it" says nothing beside what was asked for."""
    answers = {post.id for finding in found for post in finding.beside}
    return [one for one in found if one.quote.post.id not in answers or not _opens(one.quote)]


def _opens(quote: Quote) -> bool:
    """Whether a line is the first of its post that says something."""
    return not content(quote.post.text[: quote.start])
