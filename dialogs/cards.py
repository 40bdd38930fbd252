"""Cards: what a person reads at a glance, fills in and presses.

Floor 1. Values only, in plain text: nothing in them is markup. How they look is the business of `bot.teams.cards`.
"""

from dataclasses import dataclass
from typing import Literal

COLON = ": "
"""What stands between a name and its value in English (`Words.colon`)."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press that says `text` in the person's name; a `quiet` one says it to the assistant alone.

    A quiet one also brings what was filled in on its card (`Ask.fields`). `grave`: what it does cannot be taken back.
    """

    title: str
    text: str
    quiet: bool = False
    grave: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values a field may take."""

    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """Something to fill in: a line, several `lines`, or one of `choices`. `id` is its name in `Ask.fields`."""

    id: str
    label: str
    kind: Literal["line", "lines", "choice"] = "line"
    value: str = ""
    choices: tuple[Choice, ...] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list or table, with what can be done about it. `head`: it names the columns.

    A head's `colon` stands between such a name and a value, where they are not shown one below the other.
    """

    cells: tuple[str, ...]
    buttons: tuple[Button, ...] = ()
    head: bool = False
    colon: str = COLON


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart. `shown` is its value as the person writes numbers."""

    label: str
    value: int
    shown: str = ""

    @property
    def figure(self) -> str:
        """The value as it is read."""
        return self.shown or str(self.value)


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars side by side. `unit` is what is counted; `colon` stands between a label and its figure where they are told."""

    title: str
    bars: tuple[Bar, ...]
    unit: str = ""
    colon: str = COLON


@dataclass(frozen=True, slots=True)
class Card:
    """A card: a heading, lines of which the first leads, a picture, rows, fields to fill in, small print (`foot`), buttons."""

    title: str
    lines: tuple[str, ...]
    buttons: tuple[Button, ...] = ()
    fields: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    chart: Chart | None = None
    foot: tuple[str, ...] = ()
