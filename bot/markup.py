"""What a person sees of a Teams message, as plain text.

Floor 5. Teams' HTML and card JSON go in; what is hidden from a reader's eyes is hidden from the model too, because
that is where instructions to it are put.
"""

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from itertools import chain
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from dialogs.plain import visible

LONGEST = 50_000
"""Characters of one message that are looked at; Teams takes about 28 KB."""
TAGS = 2_000
"""Tags of one message that are looked at: to parse and walk them costs more than any words do, nested ones quadratically."""
PLAIN = re.compile(r'(</?p>|<br ?/?>|<at id="\d+">|</at>)')
"""The tags of a message that was simply typed."""
UNSEEN = frozenset({"script", "style", "template", "title", "head", "noscript", "iframe", "object", "attachment"})
IDLE = re.compile(r"/\*.*?(?:\*/|\Z)|\s|!important", re.DOTALL)
"""What changes nothing in a style. A comment that does not end takes the rest, or it would be looked for in vain often."""
CONCEALING = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|color:transparent|mso-hide:all|\\"
    r"|(?<![\w-])(?:font-size|opacity|(?:max-)?(?:width|height)):[-+]?(?:0+(?:\.0*)?|\.0+)(?:[a-z%]+)?(?![\d.a-z%])"
    r"|(?:left|top|text-indent):-\d{3}"
)
QUOTE, UNQUOTE, KEPT = "\x02", "\x03", "\x04"
"""Marks between the pieces of a text: a quote begins, ends, and a line whose indentation is meant."""
MARKS = str.maketrans("", "", QUOTE + UNQUOTE + KEPT)
EMPTY_ITEM = re.compile(r"(?<=\n- )\s*\n")
DEEPEST = 3
"""Levels of quotes that are shown."""
SHAPES = {
    "br": ("\n", ""),
    "li": ("\n- ", "\n"),
    "td": ("", " | "),
    "th": ("", " | "),
    "blockquote": (f"\n{QUOTE}", f"{UNQUOTE}\n"),
}
BLOCKS = frozenset(
    {"p", "div", "ul", "ol", "tr", "table", "pre", "codeblock", "hr", "h1", "h2", "h3", "h4", "h5", "h6"}
)
RAW = frozenset({"pre", "code", "codeblock"})
DECORATION = re.compile(
    "[\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]"
    "|[\u200c\u200d]{2,}|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
"""Variation selectors and fillers; the joiners of Persian, Indic scripts and emoji only where they join nothing."""


def text_of(content: str) -> str:
    """The visible text of an HTML body: one line a paragraph, `- ` before items, `> ` before quoted lines."""
    plain = paragraphs(content) if len(content) <= LONGEST else None
    if plain is not None:
        return lines(plain)
    looked_at = "<".join(content[:LONGEST].split("<", TAGS)[:TAGS])
    body = LexborHTMLParser(looked_at).body
    text = lines("".join(pieces(body))) if body is not None else ""
    return f"{text}…" if len(looked_at) < len(content) else text


def paragraphs(content: str) -> str | None:
    """What `pieces` gives for a body of bare paragraphs and mentions, as most are: a third of the work; None for others."""
    parts = PLAIN.split(content)
    words, tags = parts[::2], parts[1::2]
    if any("<" in text for text in words):
        return None
    breaks = ["" if "at" in tag else "\n" for tag in tags]
    return "".join(chain.from_iterable(zip(map(flowing, words), [*breaks, ""], strict=True)))


def flowing(text: str) -> str:
    """Text between tags, its entities decoded, without invisible characters and with single spaces."""
    return re.sub(r"\s+", " ", clean(unescape(text)))


def clean(text: str) -> str:
    """Text without characters that nobody sees, with the line breaks of Unix."""
    if text.isascii() and text.isprintable():  # most are, and this is the dear part of reading thousands
        return text
    return DECORATION.sub("", visible(text.replace("\r\n", "\n").replace("\r", "\n")))


def pieces(body: LexborNode) -> Iterator[str]:
    """The text of a tree in reading order. A stack of our own, because nesting may be deeper than Python's."""
    stack: list[LexborNode | str] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
        else:
            stack += inside(node)


def inside(node: LexborNode) -> list[LexborNode | str]:
    """What a node is made of, last first."""
    if node.is_text_node:
        return [words(node)]
    if hidden(node):
        return []
    before, after = shape(node)
    return [after, *reversed(list(node.iter(include_text=True))), before]


def words(node: LexborNode) -> str:
    """The text of a text node. Cleaned here, after its entities are decoded, so that it cannot hold our marks."""
    text = clean(node.text_content or "")
    if node.parent is not None and node.parent.tag in RAW:
        return KEPT + text.replace("\n", f"\n{KEPT}")
    return re.sub(r"\s+", " ", text)


def shape(node: LexborNode) -> tuple[str, str]:
    """What stands before and after an element's text."""
    tag = node.tag or ""
    if tag in ("emoji", "img"):
        return (emoji(node), "")
    return SHAPES.get(tag) or (("\n", "\n") if tag in BLOCKS else ("", ""))


def emoji(node: LexborNode) -> str:
    """The character of an emoji; of another picture nothing."""
    seen = node.tag == "emoji" or "emoji" in (node.attributes.get("itemtype") or "").lower()
    return (node.attributes.get("alt") or "")[:8] if seen else ""


def hidden(node: LexborNode) -> bool:
    """Whether an element is not shown, by its kind, its `hidden` attribute or its style."""
    attributes = node.attributes
    if node.tag in UNSEEN or not node.is_element_node or "hidden" in attributes:
        return True
    if not attributes:
        return False
    style = IDLE.sub("", (attributes.get("style") or "").lower())
    return bool(CONCEALING.search(style)) or any(attributes.get(side) in ("0", "0px") for side in ("width", "height"))


def lines(text: str) -> str:
    """The lines of a text without empty ones, with `> ` before quoted ones."""
    depth, found = 0, []
    for line in EMPTY_ITEM.sub("", text).split("\n"):
        depth += line.count(QUOTE)
        shown = (line if line.startswith(KEPT) else line.lstrip(" ")).translate(MARKS).rstrip(" |")
        if shown.strip(" -"):
            found.append("> " * min(depth, DEEPEST) + shown)
        depth -= line.count(UNQUOTE)
    return "\n".join(found)


def card_text(content: object) -> str:
    """The lines of a card that are shown: texts, runs and facts of an Adaptive Card, titles and texts of older ones."""
    try:
        card = json.loads(content) if isinstance(content, str) else content
    except (ValueError, RecursionError):
        return ""
    return "\n".join(filter(None, (clean(line).strip() for line in card_lines(card))))


def card_lines(card: Any) -> Iterator[str]:
    """Every text of a card, top to bottom."""
    stack = [card]
    while stack:
        part = stack.pop()
        if isinstance(part, Mapping) and part.get("isVisible") is not False:
            yield from card_words(part)
            stack += reversed([runs(name, value) for name, value in part.items() if isinstance(value, list | Mapping)])
        stack += reversed(part) if isinstance(part, list) else ()


def runs(name: str, value: Any) -> Any:
    """What a property of a card holds; a run of a RichTextBlock may be a bare string."""
    if name != "inlines" or not isinstance(value, list):
        return value
    return [{"text": run} if isinstance(run, str) else run for run in value]


def card_words(part: Mapping[str, Any]) -> list[str]:
    """The texts of one element of a card; `value` is text only beside a fact's title."""
    names = ("title", "subtitle", "text", "value" if "title" in part else "text")
    return [part[name] for name in dict.fromkeys(names) if isinstance(part.get(name), str)]
