"""A presentation: a part a slide, with what the speaker noted to it.

Floor 6. Slides that are hidden in the show are read, and it is said how many they are.
"""

from collections.abc import Iterator
from typing import Any

from bot.papers.draft import Draft, Reading
from bot.papers.ooxml import CELL, Package, leaf, table
from bot.papers.xml import attribute, child, flat, name
from dialogs.documents import Gap, Kind
from dialogs.errors import NoText

MECHANICAL = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})
"""Placeholders that hold a number or a date on every slide."""
HIDDEN = ("0", "false")
MOST_SLIDES = 5_000


def read(package: Package) -> Reading:
    """Every slide in the order of the show."""
    draft = Draft(Kind.SLIDES)
    draft.gaps.update(package.gaps() | {Gap.PICTURES: 0})
    parts = list(order(package))
    number = 0
    for number, part in enumerate(parts[:MOST_SLIDES], start=1):
        slide(draft, package, part, number)
        if draft.full:
            break
    if draft.gaps[Gap.PICTURES] and not draft.written:
        raise NoText
    return draft.done(len(parts), len(parts) - number + draft.full)


def order(package: Package) -> Iterator[str]:
    """The slides' parts."""
    links = package.links(package.main)
    listed = child(package.tree(package.main), "sldIdLst")
    keys = (attribute_of(node) for node in (listed if listed is not None else ()))
    return (links[key].part for key in keys if key in links and links[key].part in package.names)


def attribute_of(node: Any) -> str:
    """The relationship that an entry of the list of slides names; its own id has no namespace."""
    return next((value for key, value in node.attrib.items() if key.endswith("}id")), "")


def slide(draft: Draft, package: Package, part: str, number: int) -> None:
    """Add one slide with its diagrams, charts and notes."""
    root = package.tree(part)
    draft.missed(Gap.HIDDEN, attribute(root, "show") in HIDDEN)
    draft.missed(Gap.PICTURES, sum(1 for _ in root.iter("{*}pic")))
    found = [*lines(root)]
    for diagram in package.leads(part, "diagramData"):
        found += paragraphs(package.tree(diagram))
    for chart in package.leads(part, "chart"):
        found += figures(package.tree(chart))
    for notes in package.leads(part, "notesSlide"):
        found += lines(package.tree(notes))
    draft.add("slide", str(number), "\n".join(found))


def lines(root: Any) -> Iterator[str]:
    """The lines of a slide's shapes and tables."""
    for node in root.iter("{*}sp", "{*}tbl"):
        if name(node) == "tbl":
            yield from table(node)
        elif kind(node) not in MECHANICAL:
            yield from paragraphs(node)


def paragraphs(node: Any) -> list[str]:
    """The paragraphs under an element that have any text."""
    return list(filter(None, (flat(each, leaf).strip() for each in node.iter("{*}p"))))


def kind(shape: Any) -> str:
    """What a shape is the placeholder for."""
    holder = child(shape, "nvSpPr", "nvPr", "ph")
    return "" if holder is None else attribute(holder, "type")


def figures(chart: Any) -> Iterator[str]:
    """A chart as lines: its title, then a line a series, `name | a: 1 | b: 2`."""
    for title in chart.iter("{*}title"):
        yield from paragraphs(title)
    for series in chart.iter("{*}ser"):
        heads = values(child(series, "cat")) or values(child(series, "xVal"))
        numbers = values(child(series, "val")) or values(child(series, "yVal"))
        pairs = [f"{heads.get(key, key)}: {number}" for key, number in numbers.items()]
        yield CELL.join([*values(child(series, "tx")).values(), *pairs])


def values(node: Any | None) -> dict[str, str]:
    """The values that a chart remembers of its sheet, by their places."""
    points = () if node is None else node.iter("{*}pt")
    return {attribute(point, "idx"): (getattr(child(point, "v"), "text", "") or "") for point in points}
