"""A package of Office since 2007: parts that point at each other, and the text that paragraphs and tables hold in all of them.

Floor 6. Straight over lxml: both transitional and strict documents, and those with macros, are read alike.
"""

import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any
from zipfile import ZipFile

from bot.papers.xml import attribute, flat, name, tree
from dialogs.documents import Gap, Kind
from dialogs.errors import Damaged, Foreign

TYPES = "[Content_Types].xml"
MACROS = "vbaproject.bin"
CELL, INNER = " | ", " / "
"""Between the cells of a row; between the paragraphs of a cell."""
ROOTS = {"document": Kind.WORD, "presentation": Kind.SLIDES, "workbook": Kind.SHEET}
"""By the beginning of the main part's name."""
LEAVES: dict[str, Callable[[Any], str]] = {
    "t": lambda node: node.text or "",
    "tab": lambda node: "\t",
    "br": lambda node: "\n",
    "cr": lambda node: "\n",
    "noBreakHyphen": lambda node: "-",
    **dict.fromkeys(("delText", "del", "moveFrom", "instrText", "Fallback", "pPr", "rPr", "tcPr"), lambda node: ""),
}
"""What is shown of an element. What was deleted, a field's instructions and a drawing's second version are not."""


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship: what it is for, and the part it leads to."""

    use: str
    part: str


class Package:
    """The parts of a document. Nothing outside of it is ever looked at."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self.names = frozenset(archive.namelist())

    @property
    def main(self) -> str:
        """The part everything begins with. Raises `Foreign` where it is none of Office."""
        links = self.links("").values()
        part = next((link.part for link in links if link.use == "officeDocument"), "")
        if not part:
            raise Foreign
        return part

    @property
    def kind(self) -> Kind:
        """What the document is."""
        stem = posixpath.basename(self.main)
        kind = next((kind for root, kind in ROOTS.items() if stem.startswith(root)), None)
        if kind is None:
            raise Foreign
        return kind

    def open(self, part: str) -> IO[bytes]:
        """The bytes of a part. Raises `Damaged` where it is missing."""
        if part not in self.names:
            raise Damaged
        return self._archive.open(part)

    def tree(self, part: str) -> Any:
        """The root of a part. Raises `Damaged` or `Dangerous`."""
        with self.open(part) as stream:
            return tree(stream.read())

    def links(self, part: str) -> dict[str, Link]:
        """Where a part leads, by relationship id; what lies outside of the package is left out."""
        folder, own = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{own}.rels")
        if listed not in self.names:
            return {}
        inner = [node for node in self.tree(listed) if name(node) and node.get("TargetMode") != "External"]
        return {
            node.get("Id", ""): Link(use(node.get("Type", "")), below(folder, node.get("Target", ""))) for node in inner
        }

    def leads(self, part: str, use: str) -> Iterator[str]:
        """The parts that are there and that a part uses so."""
        return (link.part for link in self.links(part).values() if link.use == use and link.part in self.names)

    def gaps(self) -> dict[Gap, int]:
        """What is in the package besides its text."""
        return {
            Gap.MACROS: sum(part.lower().endswith(MACROS) for part in self.names),
            Gap.PICTURES: sum("/media/" in part for part in self.names),
            Gap.ATTACHMENTS: sum("/embeddings/" in part for part in self.names),
        }


def use(kind: str) -> str:
    """What a relationship is for, whichever of the namespaces names it."""
    return kind.rpartition("/")[2]


def below(folder: str, target: str) -> str:
    """The name of a part that another one in `folder` points at."""
    return posixpath.normpath(target if target.startswith("/") else posixpath.join("/", folder, target)).lstrip("/")


def leaf(node: Any) -> str | None:
    """What an element is shown as; None means whatever is within it."""
    known = LEAVES.get(name(node))
    return known(node) if known else None


def boxed(box: Any) -> str:
    """The paragraphs of a text box, apart from the one that it hangs on."""
    return "".join(
        f"\n{flat(paragraph, leaf)}\n" for paragraph in box.iter("{*}p") if nearest(paragraph, "txbxContent") is box
    )


LEAVES["txbxContent"] = boxed


def table(node: Any, shown: Callable[[Any], str | None] = leaf, row: str = "tr", cell: str = "tc") -> list[str]:
    """The lines of a table: `a | b | c`."""
    own = [below for below in node.iter(f"{{*}}{row}") if nearest(below, name(node)) is node]
    cells = ([cell_text(each, shown) for each in line if name(each) == cell] for line in own)
    return [line for line in (CELL.join(texts) for texts in cells) if line.strip(" |")]


def nearest(node: Any, wanted: str) -> Any:
    """The next element above with a name."""
    return next((above for above in node.iterancestors() if name(above) == wanted), None)


def cell_text(cell: Any, shown: Callable[[Any], str | None]) -> str:
    """The text of a cell in one line."""
    paragraphs = (" ".join(flat(each, shown).split()) for each in cell.iter("{*}p", "{*}h"))
    return INNER.join(filter(None, paragraphs))


def value(node: Any | None) -> str:
    """The `val` of an element, "" where there is none."""
    return "" if node is None else attribute(node, "val")
