"""A Word document as sections: what stands under one heading.

Floor 6. Its notes and comments stand in brackets where they are called, headers and footers come first. Text that is
formatted as hidden is not read: it is where instructions are put that no reader sees.
"""

import re
from collections.abc import Callable
from typing import Any

from bot.papers.draft import Draft, Reading, Sections
from bot.papers.ooxml import Package, leaf, table, value
from bot.papers.xml import attribute, blocks, child, flat, name
from dialogs.documents import Kind

HEADING = re.compile(r"(heading|title|subtitle)( \d)?", re.IGNORECASE)
"""What Word calls the styles of headings in every language's version."""
NOTES = {"footnotes": "footnote", "endnotes": "endnote", "comments": "comment"}
DEEPEST_STYLE = 10
OFF = ("0", "false", "off")


def read(package: Package) -> Reading:
    """Every section of the document."""
    draft = Draft(Kind.WORD)
    draft.gaps.update(package.gaps())
    sections = Sections(draft)
    for line in margins(package):
        sections.line(line)
    styles, shown = headings(package), showing(notes(package))
    with package.open(package.main) as stream:
        for node in blocks(stream, "p", "tbl"):
            if not draft.full or heading(node, styles):
                write(sections, node, styles, shown)
    return sections.done()


def write(sections: Sections, node: Any, styles: frozenset[str], shown: Callable[[Any], str | None]) -> None:
    """Add a paragraph or a table to the section it stands in, or begin one."""
    if name(node) == "tbl":
        for line in table(node, shown):
            sections.line(line)
        return
    text = flat(node, shown).strip()
    if text and heading(node, styles):
        sections.head(text)
    elif text:
        sections.line(f"- {text}" if child(node, "pPr", "numPr") is not None else text)


def heading(node: Any, styles: frozenset[str]) -> bool:
    """Whether a paragraph is a heading, by its style or by its own level in the outline."""
    properties = child(node, "pPr")
    if properties is None:
        return False
    level = value(child(properties, "outlineLvl"))
    return value(child(properties, "pStyle")) in styles or (level.isdigit() and int(level) < 9)


def headings(package: Package) -> frozenset[str]:
    """The ids of the styles that make a heading."""
    part = next(package.leads(package.main, "styles"), None)
    styles = (
        {attribute(style, "styleId"): style for style in package.tree(part) if name(style) == "style"} if part else {}
    )
    return frozenset(key for key in styles if heads(key, styles))


def heads(key: str, styles: dict[str, Any]) -> bool:
    """Whether a style, or one that it is made from, is that of a heading."""
    for _ in range(DEEPEST_STYLE):
        style = styles.get(key)
        if style is None:
            return False
        level = value(child(style, "pPr", "outlineLvl"))
        if HEADING.fullmatch(value(child(style, "name"))) or (level.isdigit() and int(level) < 9):
            return True
        key = value(child(style, "basedOn"))
    return False


def notes(package: Package) -> dict[tuple[str, str], str]:
    """The text of every note and comment, by its kind and id."""
    found = {}
    for use, kind in NOTES.items():
        for part in package.leads(package.main, use):
            for node in (each for each in package.tree(part) if name(each) == kind and not attribute(each, "type")):
                text = " ".join(flat(node, leaf).split())
                found[kind, attribute(node, "id")] = f"{attribute(node, 'author')}: {text}".removeprefix(": ")
    return found


def margins(package: Package) -> list[str]:
    """The lines of headers and footers, each once."""
    parts = (part for use in ("header", "footer") for part in package.leads(package.main, use))
    lines = (" ".join(flat(each, leaf).split()) for part in parts for each in package.tree(part).iter("{*}p"))
    return list(dict.fromkeys(filter(None, lines)))


def showing(notes: dict[tuple[str, str], str]) -> Callable[[Any], str | None]:
    """What an element of a paragraph is shown as, with these notes."""

    def shown(node: Any) -> str | None:
        own = name(node)
        if own.endswith("Reference"):
            note = notes.get((own.removesuffix("Reference"), attribute(node, "id")))
            return f" [{note}]" if note else ""
        return "" if own == "r" and hidden(node) else leaf(node)

    return shown


def hidden(run: Any) -> bool:
    """Whether a run is formatted so that nobody sees it."""
    mark = child(run, "rPr", "vanish")
    return mark is not None and value(mark) not in OFF
