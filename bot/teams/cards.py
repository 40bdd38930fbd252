"""Cards as Adaptive Cards 1.5, the newest that Teams shows, built of typed models (`bot.teams.adaptive`).

Floor 5. Only the heading, and what stands for a card where there are none, are markdown: no address is left in them. No
element fetches anything, none leads anywhere: what a card can do is to say something (`bot.teams.looks.action`).
"""

from __future__ import annotations  # the models are loaded when one is built, not when this is read

from collections.abc import Iterable, Iterator
from itertools import accumulate, takewhile

import orjson
from botbuilder.schema import Attachment

from bot.teams import adaptive as ac
from bot.teams import looks
from bot.teams.adaptive import Element, written
from bot.teams.looks import LABEL as LABEL
from dialogs.cards import Card
from dialogs.plain import cut

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
CARD_BYTES = 26_000
"""Largest card as JSON; Teams refuses messages with cards above 28 KB."""
SPOKEN = 1_300
"""Characters of what a client reads out or shows instead of the card: the longest receipt has room in every language."""
BUTTONS = 6
"""What Teams shows side by side; the others stand in rows above the foot."""


def attachment(card: Card, *, headed: bool = True) -> Attachment:
    """The card as it hangs on a message; not `headed` where its title stands right above it."""
    return Attachment(content_type=CONTENT_TYPE, content=adaptive(card, headed=headed))


def adaptive(card: Card, *, headed: bool = True) -> Element:
    """The card's JSON. Of lines and rows that are too many the last are left out, and it says how many."""
    found = _frame(card, headed)
    chart = [written(looks.chart(card.chart))] if card.chart else []
    above = [written(looks.buttons(actions)) for actions in _actions(card)[:-1]]
    ends = [*map(written, map(looks.field, card.fields)), *_foot(card), *above]
    room = CARD_BYTES - _weight(found) - sum(map(_weight, (*chart, *ends)))
    lines = fitting(map(written, _lines(card)), room)
    rows = fitting(map(written, looks.rows(card.rows)), room - sum(map(_weight, lines)))
    found["body"] = [*found["body"], *lines, *chart, *rows, *ends]
    # Where even that is too much, Teams would refuse it all: a heading is left, and that there was more.
    return found if _weight(found) <= CARD_BYTES else {**_frame(Card(card.title, ()), headed=True), "actions": []}


def _frame(card: Card, headed: bool) -> Element:
    """All of the card that is always there."""
    told = looks.markdown(cut("\n".join(spoken(card)), SPOKEN))
    frame = ac.AdaptiveCard(
        version="1.5",
        fallback_text=told,
        speak=told,
        body=[looks.heading(card.title)] if headed else [],
        actions=_actions(card)[-1],
    )
    return written(frame)


def spoken(card: Card) -> Iterator[str]:
    """What the card says, for who hears it or has a client without cards; what may be pressed comes last."""
    yield from (card.title, *card.lines)
    if card.chart:
        colon = card.chart.colon
        # The numbers may have commas in them.
        yield f"{card.chart.title}{colon}{'; '.join(f'{bar.label}{colon}{bar.figure}' for bar in card.chart.bars)}"
    yield from (", ".join(filter(None, row.cells)) for row in card.rows)
    yield from (field.label for field in card.fields)
    yield from card.foot


def _lines(card: Card) -> list[ac.CardElement]:
    """The first leads; above a button that cannot be taken back they stand in a frame."""
    if any(button.grave for button in card.buttons) and card.lines:
        return [looks.warned(card.lines)]
    return [looks.line(text) if number else looks.lead(text) for number, text in enumerate(card.lines)]


def _actions(card: Card) -> list[list[ac.Action]]:
    """The buttons in rows of about as many. What is filled in is sent by the first: that is what the card is for."""
    form = bool(card.fields)
    all: list[ac.Action] = [looks.action(button, first=form and not at) for at, button in enumerate(card.buttons)]
    most = -(-len(all) // max(1, -(-len(all) // BUTTONS)))
    return [all[start : start + most] for start in range(0, len(all), most)] if all else [[]]


def _foot(card: Card) -> list[Element]:
    return [written(looks.small(text, first=not number)) for number, text in enumerate(card.foot)]


def fitting(elements: Iterable[Element], room: int) -> list[Element]:
    """As many elements as fit, and a line that says how many do not. It speaks no language: `+ 12 …`."""
    found = list(elements)
    if sum(map(_weight, found)) <= room:
        return found
    room -= _weight(_more(len(found)))
    count = sum(1 for _ in takewhile(lambda weight: weight <= room, accumulate(map(_weight, found))))
    return [*found[:count], _more(len(found) - count)]


def _more(count: int) -> Element:
    return written(looks.line(f"+ {count} …"))


def _weight(element: Element) -> int:
    """Bytes, with the comma that follows."""
    return len(orjson.dumps(element)) + 1
