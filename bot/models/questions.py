"""Questions that nobody answered.

Floor 6. Rather too few than one that was answered: an open question sends people to do something.
"""

from collections.abc import Iterator, Sequence

from bot.models.cues import EXCUSES, OPEN, OPENING, REPLIES, RHETORICAL, THANKS, opening, spoken
from bot.models.finding import STEMS, Finding
from bot.models.quotes import Quote
from bot.models.tasks import ASKS
from bot.models.turns import Turns
from bot.models.words import content
from dialogs.talk import Post

NEAR = 6
"""Posts after a question in which its answer is looked for."""
ANSWERED = 2.0
"""Evidence from which a question counts as answered."""
LONGEST = 160
"""Characters from which a question is a speech that wants no answer."""
SAYING = 3
"""Content words from which a post says something."""


def open_questions(lines: Sequence[Quote], turns: Turns) -> Iterator[Finding]:
    """Every line that asks what nobody answered."""
    for quote in lines:
        if (score := _score(quote, turns)) > 0:
            yield Finding(quote, score)


def _score(quote: Quote, turns: Turns) -> float:
    text = spoken(quote.text)
    says = min(len(set(quote.stems)), STEMS) / STEMS
    if OPEN.search(text) and len(set(quote.stems)) >= SAYING - 1:
        return 2 + says
    if not text.endswith("?") or len(text) > LONGEST or len(set(quote.stems)) < SAYING or RHETORICAL.search(text):
        return 0
    return 1 + says + quote.place / len(turns.posts) if not _answered(quote, turns) else 0


def _answered(quote: Quote, turns: Turns) -> bool:
    """Whether the asker went on to answer it in the same breath, or somebody else did soon after."""
    after = quote.post.text[quote.end : quote.end + OPENING]
    if len(content(after)) > 2 * SAYING and "?" not in after:
        return True
    evidence = (_evidence(quote, post, distance) for distance, post in enumerate(_near(quote, turns)))
    return sum(evidence) >= ANSWERED


def _near(quote: Quote, turns: Turns) -> tuple[Post, ...]:
    """The posts that may answer: those after the question, up to the next question of somebody."""
    after = turns.after(quote.place, NEAR)
    asks = (number for number, post in enumerate(after) if number and post.text.rstrip().endswith("?"))
    return after[: next(asks, NEAR)]


def _evidence(quote: Quote, post: Post, distance: int) -> float:
    """How much a post looks like the answer, or like the asker's thanks for one."""
    text = opening(post.text)
    if EXCUSES.search(text) and not ASKS.search(spoken(quote.text)):
        return 0.0
    if post.author_id == quote.post.author_id:
        return 1.0 if distance and THANKS.search(text) else 0.0
    stems, asked = set(content(text)), set(quote.stems)
    if text.rstrip().endswith("?") or not stems:
        return (1.5 if distance else ANSWERED) if REPLIES.search(text) else 0.0
    return _shared(len(stems & asked), len(asked)) + _begins(text, len(stems), distance)


def _shared(common: int, asked: int) -> float:
    return 2.0 if common > 1 or 3 * common >= asked else float(common)


def _begins(text: str, stems: int, distance: int) -> float:
    """An answer begins like one, or comes at once; at once and short it is hardly anything else."""
    begins = 1.5 if distance < SAYING and REPLIES.search(text) else 0.0
    return begins + (0.0 if distance else 0.75 if stems >= SAYING else ANSWERED)
