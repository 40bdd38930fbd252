"""Cards as Adaptive Cards 1.5, the newest that Teams shows.

Floor 5. Lines and cells are text runs, in which nothing is markup. Only the heading, and what stands for a card where there
are none, are markdown: no address is left in them, and what is not escaped by a client that knows no backslash is no link
either. Titles, labels and choices are plain text by the schema: choices as a list that folds out, where clients agree about
that. No element fetches anything, none leads anywhere: what a card can do is to say something (`_action`).
"""

import re
from collections.abc import Iterable
from itertools import accumulate, takewhile, zip_longest
from typing import Any

import orjson
from botbuilder.schema import Attachment

from bot.teams.escape import code, escaped, seen, tame
from dialogs.cards import Bar, Button, Card, Chart, Field, Row
from dialogs.plain import cut

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
CARD_BYTES = 26_000
"""Largest card as JSON; Teams refuses messages with cards above 28 KB."""
SPOKEN = 1_000
"""Characters of what a client reads out or shows instead of the card."""
COLUMNS = 4
"""What fits into a card of the usual width."""
NARROWEST, WIDEST = 6, 30
"""Characters between which a column's share of the width lies."""
BLOCKS = 16
"""How long the longest bar is where a bar is drawn of blocks."""
FIELD_CHARS = 20_000
LABEL = 200
"""Characters of a heading, a label, a hint, or what stands on a button."""
CHOICES = 100
"""Choices of one field."""
_FILLED_IN = re.compile(r"\$(?=\{)|\{(?=\{)")
"""What begins `${…}` of templates and `{{DATE(…)}}` of text: a client that fills them in would show what nobody wrote."""
EMPTY = "\N{NO-BREAK SPACE}"

Element = dict[str, Any]


def attachment(card: Card, *, headed: bool = True) -> Attachment:
    """The card as it hangs on a message; not `headed` where its title stands right above it."""
    return Attachment(content_type=CONTENT_TYPE, content=adaptive(card, headed=headed))


def adaptive(card: Card, *, headed: bool = True) -> Element:
    """The card's JSON. Of lines and rows that are too many the last are left out, and it says how many."""
    found = _frame(card, headed)
    heading = found["body"]
    ends = [*([_chart(card.chart)] if card.chart else []), *map(_field, card.fields)]
    room = CARD_BYTES - _weight(found) - sum(map(_weight, ends))
    lines = fitting(map(_line, card.lines), room)
    shares = _shares(card.rows)
    rows = fitting((_row(row, shares) for row in card.rows), room - sum(map(_weight, lines)))
    chart = ends[: 1 if card.chart else 0]
    found["body"] = [*heading, *lines, *chart, *rows, *ends[len(chart) :]]
    # Where even that is too much, Teams would refuse it all: a heading is left, and that there was more.
    return found if _weight(found) <= CARD_BYTES else {**_frame(Card(card.title, ()), headed=True), "actions": []}


def _frame(card: Card, headed: bool) -> Element:
    """All of the card that is always there."""
    spoken = _markdown(cut("\n".join((card.title, *card.lines)), SPOKEN))
    wide = {"msteams": {"width": "Full"}} if any(len(row.cells) > COLUMNS for row in card.rows) else {}
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": spoken,
        "speak": spoken,
        "body": [_heading(card.title)] if headed else [],
        "actions": list(map(_action, card.buttons)),
        **wide,
    }


def fitting(elements: Iterable[Element], room: int) -> list[Element]:
    """As many elements as fit, and a line that says how many do not. It speaks no language: `+ 12 …`."""
    found = list(elements)
    if sum(map(_weight, found)) <= room:
        return found
    room -= _weight(_line(f"+ {len(found)} …"))
    count = sum(1 for _ in takewhile(lambda weight: weight <= room, accumulate(map(_weight, found))))
    return [*found[:count], _line(f"+ {len(found) - count} …")]


def _weight(element: Element) -> int:
    """Bytes, with the comma that follows."""
    return len(orjson.dumps(element)) + 1


def _heading(title: str) -> Element:
    return {
        "type": "TextBlock",
        "style": "heading",
        "weight": "Bolder",
        "wrap": True,
        "text": _markdown(cut(title, LABEL)),
    }


def _markdown(text: str) -> str:
    """Markdown that shows the text, line by line; a space between `]` and `(` makes no link of it anywhere."""
    lines = _plain(tame(text)).replace("](", "] (").split("\n")
    return "\n".join(escaped(line, opening=True) for line in lines)


def _short(text: str) -> str:
    return _plain(cut(text, LABEL))


def _plain(text: str) -> str:
    """Text that is shown as it is, by the schema. What is filled in on a card is the person's own and stays untouched."""
    return _FILLED_IN.sub(r"\g<0> ", code(text))


def _line(line: str) -> Element:
    return {"type": "RichTextBlock", "inlines": [run(line)]}


def run(text: str, **looks: object) -> Element:
    """Text that is shown as it is."""
    return {"type": "TextRun", "text": _plain(text) or EMPTY, **looks}


def _shares(rows: Iterable[Row]) -> list[int]:
    """The width of each column, the same in every row: as its cells want it on the average, and its longest word at least."""
    columns = zip_longest(*(row.cells for row in rows), fillvalue="")
    return [min(max(NARROWEST, _longest(cells), sum(map(len, cells)) // len(cells)) + 2, WIDEST) for cells in columns]


def _longest(cells: Iterable[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=0)


def _row(row: Row, shares: Iterable[int]) -> Element:
    """Cells side by side, and below them what can be done."""
    looks: Element = {"weight": "Bolder"} if row.head else {}
    columns = _columns((share, run(cell, **looks)) for share, cell in zip(shares, row.cells, strict=False))
    actions = [{"type": "ActionSet", "actions": list(map(_action, row.buttons))}] if row.buttons else []
    return {"type": "Container", "separator": not row.head, "spacing": "Small", "items": [columns, *actions]}


def _columns(cells: Iterable[tuple[int, Element]]) -> Element:
    """Text runs side by side, each with its share of the width."""
    columns = [
        {"type": "Column", "width": width, "items": [{"type": "RichTextBlock", "inlines": [run]}]}
        for width, run in cells
    ]
    return {"type": "ColumnSet", "spacing": "Small", "columns": columns}


def _chart(chart: Chart) -> Element:
    """A picture where the client can draw one (Teams' own element), and blocks of text where it cannot."""
    return {
        "type": "Chart.VerticalBar",
        "title": _short(chart.title),
        "showTitle": True,
        "yAxisTitle": _short(chart.unit),
        "color": "categoricalBlue",
        "data": [{"x": _short(bar.label), "y": bar.value} for bar in chart.bars],
        "fallback": _drawn(chart),
    }


def _drawn(chart: Chart) -> Element:
    most = max((bar.value for bar in chart.bars), default=0)
    title = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
    heading = {"type": "RichTextBlock", "inlines": [run(title, weight="Bolder")]}
    return {"type": "Container", "items": [heading, *(_bar(bar, most) for bar in chart.bars)]}


def _bar(bar: Bar, most: int) -> Element:
    long = -(-bar.value * BLOCKS // most) if most > 0 else 0
    blocks = run("█" * max(long, 0), color="Accent")
    return _columns(
        ((2, run(bar.label)), (4, blocks), (2, run(f"{bar.value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"))))
    )


def _field(field: Field) -> Element:
    label = {"id": field.id, "label": _short(field.label)}
    hint = {"placeholder": _short(field.hint)} if field.hint else {}
    if field.kind != "choice":
        lines = {"isMultiline": field.kind == "lines", "maxLength": FIELD_CHARS}
        return {"type": "Input.Text", **label, "value": seen(field.value), **hint, **lines}
    choices = [{"title": _short(choice.title) or EMPTY, "value": choice.value} for choice in field.choices[:CHOICES]]
    known = {"value": field.value} if field.value in {choice["value"] for choice in choices} else {}
    return {"type": "Input.ChoiceSet", **label, **known, **hint, "style": "compact", "wrap": True, "choices": choices}


def _action(button: Button) -> Element:
    """Pressing it says the button's text in the person's name; a quiet one's comes as an activity's value, seen by nobody.

    What was filled in on the card comes along with a quiet one: clients put it beside `say`.
    """
    data = {"say": button.text} if button.quiet else {"msteams": {"type": "imBack", "value": button.text}}
    grave = {"style": "destructive"} if button.grave else {}
    return {"type": "Action.Submit", "title": _short(button.title), **grave, "data": data}
