"""The one look of all cards: a heading, a lead, lines, a chart, rows, fields, buttons, small print.

Floor 5, a member of the room of `bot.teams.cards`. Lines and cells are text runs, in which nothing is markup; titles, labels
and choices are plain text by the schema. What a thing is, is said in words: colour and weight only repeat it.
"""

from __future__ import annotations  # the models are loaded when one is built, not when this is read

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from bot.teams import adaptive as ac
from bot.teams.escape import code, escaped, seen, tame
from dialogs.cards import Bar, Button, Chart, Field, Row
from dialogs.japanese import is_japanese
from dialogs.plain import cut

COLUMNS = 2
"""What stands side by side on a phone, whatever the words."""
ROOM, GAP, GLYPH = 286, 12, 10
"""Pixels of a card on a phone, between two columns, and of a bold character as wide as they come."""
BETWEEN = "  ·  "
BESIDE = ", "
"""Parts what is read out as one name; clients make a pause of it, in every language."""
NARROWEST, WIDEST = 3, 30
"""Characters between which a column's share of the width lies."""
BLOCKS = 10
"""How long the longest bar is where a bar is drawn of blocks."""
FIELD_CHARS = 20_000
LABEL = 200
"""Characters of a heading, a label, a hint, or what stands on a button."""
CHOICES = 100
"""Choices of one field."""
_FILLED_IN = re.compile(r"\$(?=\{)|\{(?=\{)")
"""What begins `${…}` of templates and `{{DATE(…)}}` of text: a client that fills them in would show what nobody wrote."""
EMPTY = "\N{NO-BREAK SPACE}"


def heading(title: str) -> ac.TextBlock:
    """The heading is markdown: no address is left in it, and what is not escaped is no link either."""
    return ac.TextBlock(text=markdown(cut(title, LABEL)), style="heading", size="Large", weight="Bolder", wrap=True)


def markdown(text: str) -> str:
    """Markdown that shows the text, line by line; a space between `]` and `(` makes no link of it anywhere."""
    lines = _plain(tame(text)).replace("](", "] (").split("\n")
    return "\n".join(escaped(line, opening=True) for line in lines)


def run(text: str, **looks: Any) -> ac.CardElement:
    """Text that is shown as it is. `looks` are properties of the model."""
    return ac.TextRun(text=_plain(text) or EMPTY, **looks)


def line(text: str, **looks: Any) -> ac.RichTextBlock:
    """A line of its own."""
    return ac.RichTextBlock(inlines=[run(text, **looks)])


def lead(text: str) -> ac.RichTextBlock:
    """What the card is about, close to its heading."""
    return ac.RichTextBlock(inlines=[run(text)], spacing="Small")


def warned(lines: Sequence[str]) -> ac.Container:
    """What is to be read before something is done that cannot be taken back; the words say so, the frame repeats it."""
    return ac.Container(style="attention", spacing="Medium", items=list(map(line, lines)))


def small(text: str, *, first: bool) -> ac.RichTextBlock:
    """Small print, parted from what stands above its `first` line."""
    return ac.RichTextBlock(
        inlines=[run(text, size="Small", is_subtle=True)], separator=first, spacing="Medium" if first else "Small"
    )


def _shares(rows: Iterable[Row]) -> list[int]:
    """The width of each column, the same in every row: as its cells want it on the average, and its longest word at least."""
    columns = zip_longest(*(row.cells for row in rows), fillvalue="")
    return [
        min(max(NARROWEST, _longest(cells), sum(map(_width, cells)) // len(cells)) + 2, WIDEST) for cells in columns
    ]


def _longest(cells: Iterable[str]) -> int:
    """Japanese has no longest word: it is broken anywhere."""
    return max((len(word) for cell in cells for word in cell.split() if not is_japanese(word)), default=0)


def _width(cell: str) -> int:
    """A Japanese character is as wide as two others."""
    return len(cell) + sum(map(is_japanese, cell))


def rows(rows: Sequence[Row]) -> Iterator[ac.Container]:
    """A table where a phone shows it; else every row for itself, its values with their names."""
    widths, names = _shares(rows), _names(rows)
    if len(widths) <= COLUMNS or (rows[0].head and _fits(rows, widths)):
        yield from (_row(row, called, widths) for row, called in zip(rows, names, strict=True))
        return
    head = Row((), head=True)
    for row, called in zip(rows, names, strict=True):
        if row.head:
            head = row
        else:
            yield _entry(row, called, head)


def _fits(rows: Sequence[Row], widths: Sequence[int]) -> bool:
    """Whether no word is wider than its column on a phone: clients do not break words there."""
    room = ROOM - GAP * (len(widths) - 1)
    columns = zip_longest(*(row.cells for row in rows), fillvalue="")
    return all(
        width * room / sum(widths) >= _longest(cells) * GLYPH for width, cells in zip(widths, columns, strict=True)
    )


def _row(row: Row, called: str, widths: Iterable[int]) -> ac.Container:
    """Cells side by side, and below them what can be done."""
    look = {"weight": "Bolder"} if row.head else {}
    columns = _columns((width, run(cell, **look)) for width, cell in zip(widths, row.cells, strict=False))
    spacing: ac.Spacing = "Medium" if row.head else "Small"
    return ac.Container(separator=not row.head, spacing=spacing, items=[columns, *_done(row, called)])


def _entry(row: Row, called: str, head: Row) -> ac.Container:
    """What it is about, then all else that is known of it in one line that may be broken, each with its name."""
    name, *values = row.cells
    names = [each and f"{each}{head.colon}" for each in head.cells[1 : len(row.cells)]]
    facts = [fact for pair in zip_longest(values, names, fillvalue="") if pair[0] for fact in _fact(*pair)]
    known = [ac.RichTextBlock(inlines=facts[1:], spacing="Small")] if facts else []
    items = [line(name, weight="Bolder"), *known, *_done(row, called)]
    return ac.Container(separator=True, spacing="Medium" if row.buttons else "Default", items=items)


def _fact(value: str, name: str) -> Iterator[ac.CardElement]:
    """What parts it from the one before, its name, and the value."""
    yield run(BETWEEN)
    if name:
        yield run(name, is_subtle=True)
    yield run(value)


def _done(row: Row, called: str) -> list[ac.CardElement]:
    """What can be done about a row that is called so."""
    return [buttons(action(button, about=called) for button in row.buttons)] if row.buttons else []


def _names(rows: Sequence[Row]) -> list[str]:
    """What tells each row from the others: its first cell, and further ones where others begin as it does."""
    known = Counter(beginning for row in rows for beginning in _beginnings(row))
    return [
        next((name for name in _beginnings(row) if known[name] == 1), BESIDE.join(filter(None, row.cells)))
        for row in rows
    ]


def _beginnings(row: Row) -> Iterator[str]:
    """The first cell, the first two, and so on."""
    cells = [cell for cell in row.cells if cell]
    return (BESIDE.join(cells[:count]) for count in range(1, len(cells) + 1))


def _columns(cells: Iterable[tuple[int, ac.CardElement]]) -> ac.ColumnSet:
    """Text runs side by side, each with its share of the width."""
    return ac.ColumnSet(
        spacing="Small",
        columns=[ac.Column(width=width, items=[ac.RichTextBlock(inlines=[run])]) for width, run in cells],
    )


def chart(chart: Chart) -> ac.VerticalBarChart:
    """A picture where the client can draw one (Teams' own element), and blocks of text where it cannot."""
    return ac.VerticalBarChart(
        title=short(chart.title),
        show_title=True,
        y_axis_title=short(chart.unit),
        color="categoricalBlue",
        spacing="Medium",
        data=[ac.VerticalBarChartDataValue(x=short(bar.label), y=bar.value) for bar in chart.bars],
        fallback=_drawn(chart),
    )


def _drawn(chart: Chart) -> ac.Container:
    most = max((bar.value for bar in chart.bars), default=0)
    title = f"{chart.title} ({chart.unit})" if chart.unit else chart.title
    return ac.Container(
        style="emphasis",
        spacing="Medium",
        items=[line(title, weight="Bolder"), *(_bar(bar, most) for bar in chart.bars)],
    )


def _bar(bar: Bar, most: int) -> ac.ColumnSet:
    long = -(-bar.value * BLOCKS // most) if most > 0 else 0
    blocks = run("█" * max(long, 0), color="Accent")
    return _columns(((2, run(bar.label)), (6, blocks), (4, run(bar.figure))))


def field(field: Field) -> ac.TextInput | ac.ChoiceSetInput:
    """Something to fill in, under its label. Choices fold out, where clients agree about what is in them."""
    label, hint = short(field.label), short(field.hint) if field.hint else None
    if field.kind != "choice":
        return ac.TextInput(
            id=field.id,
            label=label,
            value=seen(field.value),
            placeholder=hint,
            is_multiline=field.kind == "lines",
            max_length=FIELD_CHARS,
            spacing="Medium",
        )
    choices = [ac.Choice(title=short(each.title) or EMPTY, value=each.value) for each in field.choices[:CHOICES]]
    known = field.value if field.value in {choice.value for choice in choices} else None
    return ac.ChoiceSetInput(
        id=field.id,
        label=label,
        value=known,
        placeholder=hint,
        style="compact",
        wrap=True,
        choices=choices,
        spacing="Medium",
    )


def action(button: Button, *, first: bool = False, about: str = "") -> ac.SubmitAction:
    """Pressing it says the button's text in the person's name; a quiet one's comes as an activity's value, seen by nobody.

    What was filled in on the card comes along with a quiet one: clients put it beside `say`. `first`: what the card is for.
    `about`: what it is done to, for who hears the button without seeing its row; clients read a tooltip out. The title
    stands in it too, because some read it instead. Source: `Action.tooltip` of the schema's explorer, since 1.5.
    """
    data = {"say": button.text} if button.quiet else {"msteams": {"type": "imBack", "value": button.text}}
    style: ac.ActionStyle | None = "destructive" if button.grave else "positive" if first else None
    title = short(button.title)
    told = short(f"{title}{BESIDE}{about}") if about else None
    return ac.SubmitAction(title=title, tooltip=told, style=style, data=data)


def buttons(actions: Iterable[ac.Action]) -> ac.ActionSet:
    """Buttons inside the card."""
    return ac.ActionSet(actions=list(actions), spacing="Small")


def short(text: str) -> str:
    """Plain text on one line."""
    return _plain(cut(text, LABEL))


def _plain(text: str) -> str:
    """Text that is shown as it is, by the schema. What is filled in on a card is the person's own and stays untouched."""
    return _FILLED_IN.sub(r"\g<0> ", code(text))
