"""The inside of a paragraph: emphasis, code and allowed links are rebuilt, everything else becomes plain text.

Floor 5, below `bot.teams.render`.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.teams.escape import code, defanged, escaped, seen, strangers, target, words

MARKS = {"em_open": "*", "em_close": "*", "s_open": "~~", "s_close": "~~"}
LONGEST = 200
"""Characters that are shown of an address nobody may press."""
BREAK = "  \n"
"""Teams runs lines together unless two spaces stand before the line break."""


class _Markdown(MarkdownIt):
    """CommonMark that leaves addresses alone: they are compared to the allowed ones letter by letter."""

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


def dialect() -> MarkdownIt:
    """CommonMark and strike-through, without HTML, which is text then, and without anything that reaches back.

    Reference definitions and underlined headings change what stands before them; a growing message cannot.
    """
    options = {"html": False, "maxNesting": 40}
    return _Markdown("commonmark", options).enable("strikethrough").disable(["reference", "lheading"])


MARKDOWN = dialect()


def inline(content: str, links: frozenset[str]) -> str:
    """The safe markdown of a paragraph's source."""
    return _read(content, links).text.strip()


def removed(content: str, links: frozenset[str]) -> int:
    """How many links and pictures `inline` takes out of a paragraph's source."""
    return _read(content, links).removed


def bold(content: str, links: frozenset[str]) -> str:
    """The same as one bold line; what is strong in it already is not marked again."""
    text = _read(content, links, "**").text.rstrip()
    return f"{text}**" if text != "**" else ""


def _read(content: str, links: frozenset[str], start: str = "") -> "_Page":
    page = _Page(links, start)
    page.read(MARKDOWN.inline.parse(content, MARKDOWN, {}, []))
    page.settle()
    return page


_LABEL = re.compile(r"[\[\]]")


class _Page:
    """Collects plain text until markup follows, so that no decision about it can be dodged by cutting it up."""

    def __init__(self, links: frozenset[str], start: str = "") -> None:
        self._links = links
        self._strong = "" if start else "**"
        self._out = start
        self._plain = ""
        self._label = False
        self.removed = 0

    @property
    def text(self) -> str:
        return self._out

    def read(self, tokens: Sequence[Token]) -> None:
        opened: list[tuple[str, int]] = []
        for number, token in enumerate(tokens):
            if token.type == "link_open" and token.markup != "autolink":
                opened.append((str(token.attrs.get("href", "")), number))
                self._open(opened[-1][0])
            elif token.type == "link_close" and token.markup != "autolink":
                href, start = opened.pop()
                self._close(href, "".join(inner.content for inner in tokens[start:number]))
            else:
                self._add(token)

    def _add(self, token: Token) -> None:
        match token.type:
            case "text" | "text_special":
                self._plain += token.content
            case "image":
                self.removed += 1
                self._plain += "".join(inner.content for inner in token.children or ())
            case "softbreak" | "hardbreak":
                self._break()
            case "code_inline":
                self._code(code(token.content))
            case "strong_open" | "strong_close":
                self._mark(self._strong)
            case kind:
                self._mark(MARKS.get(kind, ""))

    def _open(self, href: str) -> None:
        if href in self._links:
            self._mark("[")
            self._label = True

    def _close(self, href: str, label: str) -> None:
        if href in self._links:
            self._mark(f"]({target(href)})")
            self._label = False
        elif href and seen(label).strip() != href:
            self.removed += 1
            self._plain += f" ({defanged(href[:LONGEST])})"

    def _code(self, text: str) -> None:
        fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
        edge = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
        self.settle()
        space = " " if self._out.endswith("`") else ""
        self._out += f"{space}{fence}{edge}{text}{edge}{fence}"

    def _mark(self, mark: str) -> None:
        if mark:
            self.settle(mark)
            self._out += mark

    def _break(self) -> None:
        self.settle()
        self._out = self._out.rstrip(" ") + BREAK if self._out.strip() else ""

    def settle(self, mark: str = "") -> None:
        """Writes the text collected so far; its edges must not join with the markup before it and after it."""
        text, self._plain = seen(self._plain), ""
        self.removed += strangers(text, self._links)
        if text[:1] == self._out[-1:] == "~":
            self._out += "\\"
        for piece, link in words(text, self._links):
            if self._label:
                self._out += _LABEL.sub(r"\\\g<0>", escaped(piece))
            elif link:
                self._bend("!")
                self._out += f"[{escaped(piece)}]({target(link)})"
            else:
                self._out += escaped(piece, opening=not self._out or self._out.endswith("\n"))
        if text and mark[:1] in ("[", "~"):
            self._bend("!" if mark[0] == "[" else "~")

    def _bend(self, last: str) -> None:
        """Escapes the last character if it would change what follows."""
        if self._out.endswith(last):
            self._out = f"{self._out[:-1]}\\{last}"
