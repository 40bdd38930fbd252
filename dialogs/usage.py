"""What a person has used of the models, and what is left of it today.

Floor 3. No model has a hand in this. Days are those of UTC, like the allowance; when it begins afresh is told in the person's
own time.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

from dialogs.cards import Bar, Card, Chart
from dialogs.errors import Personal
from dialogs.ports import Desk
from dialogs.shelves import Spending
from dialogs.talk import Ask, Part, PlaceKind, Say

DAYS = 14
"""How far the picture goes back, today included."""


async def usage(ask: Ask, desk: Desk) -> AsyncIterator[Part]:
    """Today's allowance in words, and the last days as a picture. Raises `Personal`."""
    if ask.place.kind is not PlaceKind.PERSONAL:
        raise Personal
    spending = await desk.records.spending(DAYS)
    yield Say(_today(spending, desk))
    yield _card(spending, desk)


def _today(spending: Spending, desk: Desk) -> str:
    words, left = desk.words, max(0, spending.limit - spending.used)
    afresh = words.stamp(datetime.combine(desk.now.astimezone(UTC) + timedelta(days=1), time(), UTC))
    used = words.count(
        "You have used **{number} token** of today's {limit}.",
        "You have used **{number} tokens** of today's {limit}.",
        spending.used,
        limit=spending.limit,
    )
    if not left:
        return f"{used} {words.say('Nothing is left until {time}.', time=afresh)}"
    rest = words.count("**{number}** is left until {time}.", "**{number}** are left until {time}.", left, time=afresh)
    return f"{used} {rest}"


def _card(spending: Spending, desk: Desk) -> Card:
    """The picture, and what it shows in words: some clients show no pictures, and some people see none."""
    words, each = desk.words, [tokens for _, tokens in spending.days]
    lines: list[str] = []
    foot = words.say("A token is a piece of a word. What you write counts, what I read for you, and what I answer.")
    chart = None
    if any(each):
        lines.append(
            words.say(
                "In the last {days} days: {total} tokens. On the busiest day: {most}.",
                days=len(each),
                total=sum(each),
                most=max(each),
            )
        )
        bars = tuple(Bar(str(day.day), tokens, words.number(tokens)) for day, tokens in spending.days)
        chart = Chart(words.say("By day of the month"), bars, words.say("tokens"), words.colon)
    else:
        lines.append(words.say("In the last {days} days you have used nothing.", days=len(each)))
    return Card(words.say("What you have used"), tuple(lines), chart=chart, foot=(foot,))
