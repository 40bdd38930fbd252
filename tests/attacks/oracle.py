"""A reader of what the bot shows that has nothing in common with the bot's own: another parser, and the greediest of clients.

The parser is marko with GitHub's dialect, which knows references, tables, HTML and bare addresses; its HTML is read with
lexbor. On top of that every text outside of code is searched by linkify-it, which presses whatever looks like a host.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape

from linkify_it import LinkifyIt  # type: ignore[import-untyped]
from marko.ext.gfm import gfm
from selectolax.lexbor import LexborHTMLParser, LexborNode

BLOCKS = {"p", "pre", "ul", "ol", "li", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = frozenset({"html", "head", "body", "em", "strong", "del", "code", "br", "a"} | BLOCKS | TABLES)
SAFE_ATTRIBUTES = frozenset({"href", "class", "start", "align"})
FILE = re.compile(r"[\w-]+\.(?:md|py|sh|rs|pl|ps|cc|so|mk|am|la|st|ai|zip|mov|js|ts)", re.IGNORECASE)
"""A file's name of two parts, which a client may press as a host; nothing can be told by it that its name does not tell."""
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufe00-\ufe0e\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
OTHER = re.compile(
    r"\w://|(?<![a-z0-9])(?:tel|sms|sips?|callto|facetime|skype|msteams|slack|file|data|javascript|vbscript|intent|geo"
    r"|search-ms|ms-\w+|mailto|webcal|onenote|localhost|magnet|whatsapp|zoommtg):[^\s\]]|(?<!\\)\\\\[\w.-]+\\|(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}[/\\:?#]",
    re.IGNORECASE,
)
"""What linkify-it does not look for, but some client or the system behind it opens: other schemes, shares, bare numbers."""
_GREEDY = LinkifyIt().add("ftp:", "http:").tlds(["community", "energy", "kitchen", "solar", "zone"], True)


@dataclass(frozen=True, slots=True)
class Page:
    """What can be pressed in a shown text, what loads by itself, and what else a client might take for more than text."""

    pressed: frozenset[str]
    loaded: int
    foreign: frozenset[str]

    def harm(self, allowed: frozenset[str]) -> list[str]:
        """What is wrong with it, in words."""
        wrong = [f"pressed: {address}" for address in sorted(self.pressed - allowed)]
        wrong += [f"foreign: {what}" for what in sorted(self.foreign)]
        return [*wrong, "a picture"] if self.loaded else wrong


@lru_cache(maxsize=200_000)
def page(shown: str) -> Page:
    """The text as it is read."""
    tree = LexborHTMLParser(gfm.convert(shown)).root
    nodes = list(tree.traverse(include_text=True)) if tree else []
    elements = [node for node in nodes if node.is_element_node]
    pressed = {unescape(node.attributes.get("href") or "") for node in elements if node.tag == "a"}
    texts = "\n".join(node.text_content or "" for node in nodes if node.is_text_node and not within(node, "code", "a"))
    return Page(
        frozenset(pressed).union(found(texts)),
        sum("src" in node.attributes or node.tag in ("img", "iframe", "object", "embed") for node in elements),
        frozenset((*strange(elements), *hidden(shown), *tags(shown, elements), *astray(elements))),
    )


def found(text: str) -> Iterator[str]:
    """What a greedy client makes a link of in plain text, and what others would."""
    for match in _GREEDY.match(text) or ():
        if not FILE.fullmatch(match.raw):
            yield match.url
    yield from OTHER.findall(text)


def strange(elements: list[LexborNode]) -> Iterator[str]:
    """Tags and attributes that no text of ours becomes."""
    for node in elements:
        box = node.tag == "input" and node.attributes.get("type") == "checkbox"
        if node.tag not in TAGS and not box:
            yield f"<{node.tag}>"
        if not box:
            yield from (f"{name}=" for name in node.attributes if name not in SAFE_ATTRIBUTES)


def tags(shown: str, elements: list[LexborNode]) -> Iterator[str]:
    """Angle brackets outside of code, which a client less strict than CommonMark may take for a tag's."""
    code = [node for node in elements if node.tag == "code"]
    if shown.count("<") > sum(node.text().count("<") for node in code):
        yield "<"


def astray(elements: list[LexborNode]) -> Iterator[str]:
    """Links that are called by another address than their own."""
    for node in elements:
        label = node.text().strip()
        if node.tag == "a" and re.search(r"://|^www\.", label) and label != unescape(node.attributes.get("href") or ""):
            yield f"astray: {label}"


def hidden(shown: str) -> Iterator[str]:
    """Characters that nobody sees, and mentions."""
    yield from (f"U+{ord(character):04X}" for character in HIDDEN.findall(shown))
    if re.search(r"</?at\b", shown, re.IGNORECASE):
        yield "<at>"


def within(node: LexborNode, *tags: str) -> bool:
    """Whether a node stands inside one of these."""
    parent = node.parent
    while parent is not None:
        if parent.tag in tags:
            return True
        parent = parent.parent
    return False
