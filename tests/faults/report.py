"""What came of faults: one line for each, printed as it comes, with its figure and the bar it is held against."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

SHOW: Callable[[str], None] = partial(print, flush=True)


@dataclass(frozen=True, slots=True)
class Line:
    """One fault: what was seen, what was promised, and whether that held."""

    name: str
    seen: str
    bar: str
    held: bool

    def __str__(self) -> str:
        return f"{'held  ' if self.held else 'BROKEN'}  {self.name}: {self.seen} ({self.bar})"


@dataclass(slots=True)
class Report:
    """The lines so far. `show` is told each as it comes."""

    show: Callable[[str], None] = SHOW
    lines: list[Line] = field(default_factory=list)

    def line(self, name: str, seen: str, bar: str, *, held: bool) -> None:
        """A fault was played to its end."""
        found = Line(name, seen, bar, held)
        self.lines.append(found)
        self.show(str(found))

    @property
    def broken(self) -> list[Line]:
        """Where the promise did not hold."""
        return [line for line in self.lines if not line.held]
