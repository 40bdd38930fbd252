"""The inside of a paragraph: emphasis, code and allowed links are rebuilt, everything else becomes plain text.

Floor 5, below `bot.teams.render`.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.teams.defang import defanged
from bot.teams.escape import BREAK, code, escaped, leads, seen, strangers, target, words

MARKS = {"em_open": "*", "em_close": "*", "s_open": "~~", "s_close": "~~"}
DEEPEST = 8
"""Levels of brackets in brackets; beyond, all is text. Each level reads what is not closed once more to its end."""
LONGEST = 200
"""Characters that are shown of an address nobody may press."""
BEGINNINGS = "!&*<[\\]_`~\n"
"""What begins anything but text in this dialect, and the end of a label."""


class _Markdown(MarkdownIt):
    """CommonMark that leaves addresses alone: they are compared to the allowed ones letter by letter."""

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


def dialect(deepest: int = DEEPEST) -> MarkdownIt:
    """CommonMark and strike-through, without HTML, which is text then, and without anything that reaches back.

    Reference definitions and underlined headings change what stands before them; a growing message cannot.
    """
    markdown = (
        _Markdown("commonmark", {"html": False, "maxNesting": deepest})
        .enable("strikethrough")
        .disable(["reference", "lheading"])
    )
    # By itself the parser stops at every sign that any extension of it could want.
    markdown.inline.terminator_re = re.compile(f"[{re.escape(BEGINNINGS)}]")
    return markdown


MARKDOWN = dialect()


def inline(content: str, links: frozenset[str]) -> str:
    """The safe markdown of a paragraph's source."""
    return _read(content, links).text.strip()


def removed(content: str, links: frozenset[str]) -> int:
    """How many links and pictures `inline` takes out of a paragraph's source."""
    page = _Counted(links)
    page.read(MARKDOWN.inline.parse(content, MARKDOWN, {}, []))
    page.settle()
    return page.removed


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
_MAILTO = "mailto:"


class _Page:
    """Collects plain text until markup follows, so that no decision about it can be dodged by cutting it up."""

    def __init__(self, links: frozenset[str], start: str = "") -> None:
        self._links = links
        self._strong = "" if start else "**"
        self._done: list[str] = []
        self._out = start
        """The line's last piece: what is still looked at. A whole text would be copied at every mark."""
        self._plain = ""
        self._label = ""
        self._ticked = False

    @property
    def text(self) -> str:
        return "".join(self._done) + self._out

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
                self._removed(token)
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
        if leads(href, self._links):
            self._mark("[")
            self._label = href

    def _close(self, href: str, label: str) -> None:
        mail = href.removeprefix(_MAILTO)
        if leads(href, self._links):
            self._mark(f"]({target(href)})")
            self._label = ""
        elif mail in self._links and mail != href:
            self._plain += f" ({mail})" if seen(label).strip() != mail else ""
        elif href and seen(label).strip() != href:
            self._removed(href)
            self._plain += f" ({defanged(href[:LONGEST])})"

    def _code(self, text: str) -> None:
        if self._ticked or "`" in self._plain:
            # Readers differ about code that follows an escaped backtick, and what one takes for code another follows.
            self._plain += text
            return
        fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
        edge = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
        self.settle()
        space = " " if self._out.endswith("`") else ""
        self._out += f"{space}{fence}{edge}{text}{edge}{fence}"
        self._keep()

    def _mark(self, mark: str) -> None:
        if mark:
            self.settle(mark)
            self._out += mark
            self._keep()

    def _break(self) -> None:
        self.settle()
        self._out = self._out.rstrip(" ") + BREAK if self._done or self._out.strip() else ""
        self._keep()

    def _keep(self) -> None:
        """Lays aside what is not looked at again: all but the last character."""
        if self._out:
            self._done.append(self._out[:-1])
            self._out = self._out[-1]

    def settle(self, mark: str = "") -> None:
        """Writes the text collected so far; its edges must not join with the markup before it and after it."""
        text, self._plain = seen(self._plain), ""
        self._ticked = self._ticked or "`" in text
        # A link that is called by another address than its own would lead astray.
        links = frozenset({self._label}) if self._label else self._links
        self._met(text, links)
        if text[:1] == self._out[-1:] == "~":
            self._out += "\\"
        for piece, link in words(text, links):
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

    def _removed(self, what: object) -> None:
        """A link or picture is left out."""

    def _met(self, text: str, links: frozenset[str]) -> None:
        """Text that may hold addresses."""


class _Counted(_Page):
    """Counts what is left out on the way."""

    removed = 0

    def _removed(self, what: object) -> None:
        self.removed += 1

    def _met(self, text: str, links: frozenset[str]) -> None:
        self.removed += strangers(text, links)
