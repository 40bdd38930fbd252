"""What came of attacks: how many were tried, how many were refused, and what was let through, which must be nothing."""

from collections import Counter
from dataclasses import dataclass, field

HEAD = ("attack", "tried", "refused", "let through")


@dataclass(slots=True)
class Report:
    """Counts by the name of an attack, and remarks beside them (figures of time and memory)."""

    tried: Counter[str] = field(default_factory=Counter)
    through: Counter[str] = field(default_factory=Counter)
    remarks: list[str] = field(default_factory=list)

    def count(self, name: str, tried: int, let_through: int) -> None:
        """`let_through` of `tried` attacks of this name had an effect that they must not have."""
        self.tried[name] += tried
        self.through[name] += let_through

    def remark(self, text: str) -> None:
        """A figure beside the table."""
        self.remarks.append(text)

    @property
    def let_through(self) -> int:
        """How many had an effect in all."""
        return self.through.total()

    def table(self) -> str:
        """The table with its sum, and the remarks under it."""
        rows = [(name, self.tried[name], self.through[name]) for name in self.tried]
        rows.append(("all", self.tried.total(), self.let_through))
        cells = [HEAD, *((name, f"{tried:,}", f"{tried - through:,}", f"{through:,}") for name, tried, through in rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(HEAD))]
        return "\n".join([*(line(row, widths) for row in cells), *self.remarks])


def line(row: tuple[str, ...], widths: list[int]) -> str:
    """A row of the table: the name to the left, numbers to the right."""
    numbers = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
    return "  ".join((row[0].ljust(widths[0]), *numbers))
