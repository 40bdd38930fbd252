"""The data map as a picture: a row for each kind of data, a column for each place, and in it whether it passes or rests there."""

from collections.abc import Iterator

from tests.structure.datamap import KINDS, PLACES, Kind, Rest
from tests.structure.svg import LINE, Box, Drawing, Part, Words

NAMES, COLUMN, TOP = 176, 118, 62
ENOUGH = 15
"""Letters that a column holds."""


def drawing() -> Drawing:
    """The whole picture."""
    parts: list[Part] = [Words(name, middle(n), 40, "middle") for n, name in enumerate(PLACES)]
    y = float(TOP)
    for kind in KINDS:
        high = 14 + LINE * max(len(lines(kind, place)) for place in PLACES)
        parts += [
            Box(10, y, NAMES + COLUMN * len(PLACES) + 4, high, (), "band"),
            Words(kind.short, 22, y + high / 2 + 4.5, "name"),
        ]
        parts += [cell for n, place in enumerate(PLACES) for cell in cells(kind, place, n, y, high)]
        y += high + 4
    parts += legend(y + 8)
    return Drawing(
        "What data there is, where it passes and where it rests",
        "The table above the picture says the same in words: sealed contents rest in the database alone; messages of channels "
        "rest nowhere in Parley; logs hold no content.",
        NAMES + COLUMN * len(PLACES) + 24,
        round(y + 56),
        parts,
    )


def middle(number: int) -> float:
    """Of a column."""
    return 10 + NAMES + COLUMN * (number + 0.5)


def resting(kind: Kind, place: str) -> tuple[Rest, ...]:
    """How it rests in a place."""
    return tuple(rest for rest in kind.rests if rest.place == place)


def lines(kind: Kind, place: str) -> tuple[str, ...]:
    """What its cell says."""
    return tuple(line for rest in resting(kind, place) for line in folded(rest.long)) or ("passes",)


def folded(text: str) -> Iterator[str]:
    """A text in lines that a column holds."""
    line = ""
    for word in text.replace("`", "").split():
        if line and len(line) + len(word) + 1 > ENOUGH:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def cells(kind: Kind, place: str, number: int, y: float, high: float) -> list[Part]:
    """Its cell in a column: a box where it rests, a word where it only passes."""
    rests = resting(kind, place)
    if rests:
        sealed = "touched" if any(rest.sealed for rest in rests) else "outside" if foreign(rests) else "room"
        return [Box(middle(number) - COLUMN / 2 + 3, y + 3, COLUMN - 6, high - 6, lines(kind, place), sealed)]
    return [Words("passes", middle(number), y + high / 2 + 4.5, "centre")] if place in kind.passes else []


def foreign(rests: tuple[Rest, ...]) -> bool:
    """Whether it rests where Parley has no say."""
    return all(rest.long.endswith("own") for rest in rests)


def legend(y: float) -> list[Part]:
    """What the colours say, each in a box of it."""
    said = (
        ("touched", "rests, sealed by Parley"),
        ("room", "rests: ids, counts, times, keys"),
        ("outside", "rests by Microsoft 365's rules, not Parley's"),
    )
    return [Box(10 + 330 * n, y, 320, 30, (text,), kind) for n, (kind, text) in enumerate(said)]
