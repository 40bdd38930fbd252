"""XML of strangers: no document types, no entities, nothing from elsewhere. Elements are known by their local names.

Floor 6. Word, PowerPoint and OpenDocument have two or more namespaces each for the same elements.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import IO, Any

from lxml import etree

from dialogs.errors import Damaged, Dangerous

SAFE: dict[str, Any] = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def tree(data: bytes) -> Any:
    """The root of a part. Raises `Damaged` or `Dangerous`."""
    try:
        root = etree.parse(BytesIO(data), etree.XMLParser(**SAFE)).getroot()
    except etree.XMLSyntaxError as error:
        raise Damaged from error
    sound(root)
    return root


def sound(node: Any) -> None:
    """Refuse a document with a type of its own, in whatever encoding it declares it."""
    if node.getroottree().docinfo.internalDTD is not None:
        raise Dangerous


def blocks(stream: IO[bytes], *wanted: str) -> Iterator[Any]:
    """The outermost elements with one of these names, one after the other and each forgotten after its turn."""
    depth = 0
    try:
        for event, node in etree.iterparse(stream, ("start", "end"), tag=[f"{{*}}{own}" for own in wanted], **SAFE):
            depth += 1 if event == "start" else -1
            if not depth:
                sound(node)
                yield node
                forget(node)
    except etree.XMLSyntaxError as error:
        raise Damaged from error


def forget(node: Any) -> None:
    """Give back the memory of an element that was read and of all before it."""
    node.clear(keep_tail=True)
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]


def name(node: Any) -> str:
    """The local name of an element; "" for a comment or the like."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def attribute(node: Any, wanted: str) -> str:
    """An attribute by its local name, "" where there is none."""
    return next((value for key, value in node.attrib.items() if key.rpartition("}")[2] == wanted), "")


def child(node: Any, *path: str) -> Any | None:
    """The first child with a name, then its child with the next name and so on."""
    for step in path:
        node = next((below for below in node if name(below) == step), None)
        if node is None:
            return None
    return node


def flat(node: Any, shown: Callable[[Any], str | None]) -> str:
    """The text under an element in reading order.

    `shown` says what an element is shown as; None means whatever is within it. A stack of our own, because nesting may be
    deeper than Python's.
    """
    found: list[str] = []
    stack: list[Any] = [node]
    while stack:
        each = stack.pop()
        text = each if isinstance(each, str) else shown(each) if each is not node else None
        if text is None:
            stack += reversed(each)
        else:
            found.append(text)
    return "".join(found)
