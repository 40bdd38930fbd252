"""Cards as Adaptive Cards 1.5, the newest that Teams shows.

Floor 5. Lines and cells are text runs, in which nothing is markup; only the heading is markdown, and it is escaped. Titles,
labels and choices are plain text by the schema: choices as a list that folds out, where clients agree about that.
"""

from collections.abc import Iterable
from itertools import accumulate, takewhile, zip_longest
from typing import Any

import orjson
from botbuilder.schema import Attachment

from bot.teams.escape import escaped, seen
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
    lines = _fitting(map(_line, card.lines), room)
    shares = _shares(card.rows)
    rows = _fitting((_row(row, shares) for row in card.rows), room - sum(map(_weight, lines)))
    chart = ends[: 1 if card.chart else 0]
    found["body"] = [*heading, *lines, *chart, *rows, *ends[len(chart) :]]
    return found


def _frame(card: Card, headed: bool) -> Element:
    """All of the card that is always there."""
    spoken = cut(seen("\n".join((card.title, *card.lines))), SPOKEN)
    wide = {"msteams": {"width": "Full"}} if any(len(row.cells) > COLUMNS for row in card.rows) else {}
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": spoken,
        "speak": escaped(spoken),
        "body": [_heading(card.title)] if headed else [],
        "actions": list(map(_action, card.buttons)),
        **wide,
    }


def _fitting(elements: Iterable[Element], room: int) -> list[Element]:
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
    text = escaped(seen(title), opening=True)
    return {"type": "TextBlock", "style": "heading", "weight": "Bolder", "wrap": True, "text": text}


def _line(line: str) -> Element:
    return {"type": "RichTextBlock", "inlines": [_run(line)]}


def _run(text: str, **looks: str) -> Element:
    return {"type": "TextRun", "text": seen(text) or EMPTY, **looks}


def _shares(rows: Iterable[Row]) -> list[int]:
    """The width of each column, the same in every row: as its cells want it on the average, and its longest word at least."""
    columns = zip_longest(*(row.cells for row in rows), fillvalue="")
    return [min(max(NARROWEST, _longest(cells), sum(map(len, cells)) // len(cells)) + 2, WIDEST) for cells in columns]


def _longest(cells: Iterable[str]) -> int:
    return max((len(word) for cell in cells for word in cell.split()), default=0)


def _row(row: Row, shares: Iterable[int]) -> Element:
    """Cells side by side, and below them what can be done."""
    looks = {"weight": "Bolder"} if row.head else {}
    columns = _columns((share, _run(cell, **looks)) for share, cell in zip(shares, row.cells, strict=False))
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
        "title": seen(chart.title),
        "showTitle": True,
        "yAxisTitle": seen(chart.unit),
        "color": "categoricalBlue",
        "data": [{"x": seen(bar.label), "y": bar.value} for bar in chart.bars],
        "fallback": _drawn(chart),
    }


def _drawn(chart: Chart) -> Element:
    most = max((bar.value for bar in chart.bars), default=0)
    title = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
    heading = {"type": "RichTextBlock", "inlines": [_run(title, weight="Bolder")]}
    return {"type": "Container", "items": [heading, *(_bar(bar, most) for bar in chart.bars)]}


def _bar(bar: Bar, most: int) -> Element:
    long = -(-bar.value * BLOCKS // most) if most > 0 else 0
    blocks = _run("█" * max(long, 0), color="Accent")
    return _columns(
        ((2, _run(bar.label)), (4, blocks), (2, _run(f"{bar.value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"))))
    )


def _field(field: Field) -> Element:
    label = {"id": field.id, "label": seen(field.label)}
    hint = {"placeholder": seen(field.hint)} if field.hint else {}
    if field.kind != "choice":
        lines = {"isMultiline": field.kind == "lines", "maxLength": FIELD_CHARS}
        return {"type": "Input.Text", **label, "value": seen(field.value), **hint, **lines}
    choices = [{"title": seen(choice.title) or EMPTY, "value": choice.value} for choice in field.choices]
    known = {"value": field.value} if field.value in {choice.value for choice in field.choices} else {}
    return {"type": "Input.ChoiceSet", **label, **known, **hint, "style": "compact", "wrap": True, "choices": choices}


def _action(button: Button) -> Element:
    """Pressing it says the button's text in the person's name; a quiet one's comes as an activity's value, seen by nobody.

    What was filled in on the card comes along with a quiet one: clients put it beside `say`.
    """
    data = {"say": button.text} if button.quiet else {"msteams": {"type": "imBack", "value": button.text}}
    grave = {"style": "destructive"} if button.grave else {}
    return {"type": "Action.Submit", "title": seen(button.title), **grave, "data": data}
