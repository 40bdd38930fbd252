"""Pictures as SVG: boxes, arrows, numbers and words, in two colour schemes that the reader's machine chooses from. Pure text out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

SIZE = 13
"""Of letters, in pixels."""
LINE = 17
"""From one line of words to the next."""
LETTER = 0.53
"""A letter's width by its height, on the average; rather too wide for Segoe UI, Helvetica and Arial."""
FACES = "'Segoe UI', 'Helvetica Neue', Helvetica, Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Colours:
    """What a kind of box is filled and edged with, and the colours of words, lines and numbers."""

    paper: str
    ink: str
    faint: str
    line: str
    badge: str
    number: str
    fills: Mapping[str, str]
    edges: Mapping[str, str]


LIGHT = Colours(
    paper="#ffffff",
    ink="#16202e",
    faint="#4a5568",
    line="#3d4b60",
    badge="#1d4fa0",
    number="#ffffff",
    fills={"band": "#f4f6fa", "room": "#ffffff", "touched": "#dbe9ff", "outside": "#fff4dc", "door": "#ffe1dd"},
    edges={"band": "#8a94a6", "room": "#6b7890", "touched": "#1d5fbf", "outside": "#9a6b00", "door": "#b3261e"},
)
DARK = Colours(
    paper="#0f141c",
    ink="#eef2f8",
    faint="#b6c0d0",
    line="#a9b6ca",
    badge="#8ab8ff",
    number="#0b1220",
    fills={"band": "#182030", "room": "#1f2937", "touched": "#17365f", "outside": "#3a2e10", "door": "#4a1b18"},
    edges={"band": "#64748b", "room": "#7b8aa3", "touched": "#6ea8ff", "outside": "#d9a441", "door": "#ff8a80"},
)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with lines of words, in its middle or at its top. Pixels; `kind` is one of the colours' fills."""

    x: float
    y: float
    wide: float
    high: float
    lines: tuple[str, ...] = ()
    kind: str = "room"
    top: bool = False

    @property
    def svg(self) -> str:
        """The element, and its words."""
        shape = f'<rect class="{self.kind}" {place(self)} rx="6"/>'
        return "\n".join([shape, *(words(line, x, y, self.style(n)) for n, (line, x, y) in enumerate(self.spots()))])

    def spots(self) -> Iterator[tuple[str, float, float]]:
        """Each line with the point that it begins at, or has its middle over."""
        first = self.y + (20 if self.top else (self.high - LINE * len(self.lines)) / 2 + 12.5)
        for number, line in enumerate(self.lines):
            yield line, self.x + (12 if self.top else self.wide / 2), first + number * LINE

    def style(self, number: int) -> str:
        """The class of a line: the first of a band is its name."""
        return ("name" if number == 0 else "faint") if self.top else "middle"

    @property
    def room(self) -> float:
        """How much wider it is than its widest line needs."""
        return self.wide - max((width(line) for line in self.lines), default=0) - (24 if self.top else 8)


@dataclass(frozen=True, slots=True)
class Arrow:
    """A line through points, with a head at its end; `kind` is "way" or "open", which is the one that everybody may take."""

    points: tuple[tuple[float, float], ...]
    kind: str = "way"

    @property
    def svg(self) -> str:
        """The element."""
        way = " ".join(f"{x:g},{y:g}" for x, y in self.points)
        return f'<polyline class="{self.kind}" points="{way}" marker-end="url(#{self.kind})"/>'


@dataclass(frozen=True, slots=True)
class Badge:
    """A number in a disc."""

    x: float
    y: float
    number: int

    @property
    def svg(self) -> str:
        """The elements."""
        return f'<circle class="badge" cx="{self.x:g}" cy="{self.y:g}" r="10"/>\n' + words(
            str(self.number), self.x, self.y + 4.5, "number"
        )


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words by itself; `style` is "plain", "faint", "name", "middle" or "centre", which is faint over its middle."""

    text: str
    x: float
    y: float
    style: str = "plain"

    @property
    def svg(self) -> str:
        """The element."""
        return words(self.text, self.x, self.y, self.style)


Part = Box | Arrow | Badge | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: what it is called, what it shows in words for who does not see it, its size and its parts."""

    title: str
    shows: str
    wide: int
    high: int
    parts: Sequence[Part]

    @property
    def svg(self) -> str:
        """The file."""
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.wide} {self.high}" width="{self.wide}" '
                f'height="{self.high}" role="img" aria-labelledby="title shows">',
                f'<title id="title">{escape(self.title)}</title>',
                f'<desc id="shows">{escape(self.shows)}</desc>',
                f"<style>\n{style(LIGHT)}\n@media (prefers-color-scheme: dark) {{\n{style(DARK)}\n}}\n</style>",
                f"<defs>{head('way')}{head('open')}</defs>",
                f'<rect class="paper" width="{self.wide}" height="{self.high}"/>',
                *(part.svg for part in self.parts),
                "</svg>\n",
            ]
        )


def width(text: str) -> float:
    """How wide a line is at most, in pixels."""
    return len(text) * SIZE * LETTER


def place(box: Box) -> str:
    """Where a rectangle stands."""
    return f'x="{box.x:g}" y="{box.y:g}" width="{box.wide:g}" height="{box.high:g}"'


def words(text: str, x: float, y: float, style: str) -> str:
    """A line of words."""
    return f'<text class="{style}" x="{x:g}" y="{y:g}">{escape(text)}</text>'


def head(kind: str) -> str:
    """An arrow's head."""
    shape = f'<path class="{kind}-head" d="M0,0 L8,4 L0,8 z"/>'
    return f'<marker id="{kind}" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">{shape}</marker>'


def style(colours: Colours) -> str:
    """The style sheet of a scheme."""
    kinds = [
        f".{kind} {{ fill: {fill}; stroke: {colours.edges[kind]}; }}" for kind, fill in sorted(colours.fills.items())
    ]
    lines = [("way", colours.line), ("open", colours.edges["door"])]
    return "\n".join(
        [
            f"text {{ font: {SIZE}px {FACES}; fill: {colours.ink}; }}",
            f".faint, .centre {{ fill: {colours.faint}; }} .name {{ font-weight: 600; }}",
            ".middle, .centre, .number { text-anchor: middle; }",
            f".number {{ fill: {colours.number}; font-weight: 600; }} .badge {{ fill: {colours.badge}; }}",
            f".paper {{ fill: {colours.paper}; }}",
            *kinds,
            *(f".{kind} {{ fill: none; stroke: {line}; stroke-width: 1.6; }}" for kind, line in lines),
            *(f".{kind}-head {{ fill: {line}; }}" for kind, line in lines),
        ]
    )
