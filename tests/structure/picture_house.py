"""The picture of the house: its floors as `floors.py` has them, and the way of a message through its rooms, by numbers."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.structure.floors import FLOORS
from tests.structure.svg import LINE, Badge, Box, Drawing, Part, Words, width

WAY: Sequence[tuple[str, str]] = (
    ("bot.teams.endpoint", "Teams posts a message. Token, origin and tenant are looked at"),
    ("bot.store", "accept: the message is committed. Only then is Teams told 202"),
    ("bot.worker", "the conversation's lane is taken, or was by the same statement"),
    ("bot.turn", "one ask is served: a first line stands in the chat, its id is saved"),
    ("dialogs.menu", "what was typed becomes a dialog"),
    ("dialogs.answer", "the dialog yields parts: say, note, cite, card …"),
    ("bot.graph", "messages of a channel are read when somebody asks, and not kept"),
    ("bot.models", "the model in the company's own Azure writes"),
    ("bot.teams.speaker", "the message in the chat grows; then it is complete"),
    ("bot.store", "finish: history, usage, audit and the closed ask, in one transaction"),
)
"""The rooms that a message passes, in order, and what happens there."""

WIDE, LEFT, GAP, HIGH = 1080, 118, 8, 26
SAYS = {"app": "puts together", "bot": "the outside world", "dialogs": "what it does"}


def drawing() -> Drawing:
    """The whole picture."""
    parts: list[Part] = []
    y = 16.0
    for floor in sorted(FLOORS, reverse=True):
        chips = list(rows(FLOORS[floor], y + 10))
        bottom = max(chip.y for chip in chips) + HIGH + 10
        parts += [Box(10, y, WIDE - 20, bottom - y, (f"floor {floor}", SAYS[room_of(floor)]), "band", top=True), *chips]
        parts += [badge for chip in chips for badge in badges(chip, floor)]
        y = bottom + 8
    parts += legend(y + 22)
    return Drawing(
        "The floors of the house, and the way of a message",
        "Eight floors; imports go down and never sideways. "
        + " ".join(f"{n}. {said}." for n, (_, said) in enumerate(WAY, 1)),
        WIDE,
        round(y + 22 + len(WAY) * (LINE + 6) + 30),
        parts,
    )


def room_of(floor: int) -> str:
    """app, bot or dialogs."""
    return FLOORS[floor][0].partition(".")[0]


def rows(names: Sequence[str], y: float) -> Iterator[Box]:
    """The rooms of a floor as boxes, as many beside each other as there is place for."""
    x = float(LEFT + 24)
    for name in names:
        text = name.partition(".")[2] or name
        wide = width(text) + 16
        if x + wide > WIDE - 20:
            x, y = float(LEFT + 24), y + HIGH + GAP
        yield Box(x, y, wide, HIGH, (text,), "touched" if any(name == room for room, _ in WAY) else "room")
        x += wide + GAP + 16 * sum(name == room for room, _ in WAY)


def badges(chip: Box, floor: int) -> Iterator[Badge]:
    """The numbers of the way at a room's upper right corner."""
    numbers = [
        n
        for n, (room, _) in enumerate(WAY, 1)
        if room in FLOORS[floor] and chip.lines[0] == (room.partition(".")[2] or room)
    ]
    yield from (Badge(chip.x + chip.wide + place * 20, chip.y, number) for place, number in enumerate(numbers))


def legend(y: float) -> list[Part]:
    """What the numbers say."""
    parts: list[Part] = [
        Words("The way of a message. Imports go down, floor by floor, and never sideways.", 14, y, "name")
    ]
    for number, (room, said) in enumerate(WAY, 1):
        at = y + number * (LINE + 6)
        parts += [Badge(26, at - 4.5, number), Words(f"{room}: {said}", 46, at)]
    return parts


def overlapping(boxes: Sequence[Box]) -> list[tuple[Box, Box]]:
    """Boxes of one row that touch."""
    ordered = sorted((box for box in boxes if box.kind != "band"), key=lambda box: (box.y, box.x))
    return [(one, other) for one, other in pairwise(ordered) if one.y == other.y and one.x + one.wide > other.x]
