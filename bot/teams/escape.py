"""Plain text as markdown that shows exactly that text: nothing of it is markup, and no address in it can be pressed.

Floor 5. Every decision looks at one word alone, so that the text may be cut between two words at any time and what
was shown of it stays as it was.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from bot.teams.defang import defanged, unpressed
from dialogs.addresses import MAIL
from dialogs.plain import visible

BREAK = "  \n"
"""Teams runs lines together unless two spaces stand before the line break."""
ADDRESS = re.compile(r"((?:[a-z][a-z0-9+.-]{1,20}://|(?<![a-z0-9])www\.)[!-~]*)", re.IGNORECASE | re.ASCII)
"""What Teams turns into a link by itself, as far as it is ASCII: its beginning is what matters."""

_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0e\uffa0]"
    "|(?<![0-9#*\xa9\xae\u200d\u203c-\u3299\U0001f000-\U0001faff])\ufe0f"
    "|[\u200c\u200d]{2,}|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)
"""Fillers and variation selectors. One of these makes a picture of an emoji, and the joiners belong to Persian, to Indic
scripts and to emoji: these stay where they join something."""
_ENDS = {0x2028: " ", 0x2029: " "}
_SPACE = re.compile(r"[\t\n\r]")
_AFTER = ".,;:!?'\")]}*_"
_SPECIAL = re.compile(
    r"""[\\*`]
      | (?<![^\W_])_ | _(?![^\W_])              # inside a word an underscore is no emphasis
      | ~(?=~) | (?<=~)~
      | (?<=\])[(:]                             # what would make a link or a definition of [brackets]""",
    re.VERBOSE,
)
_ENTITY = re.compile(r"&(?=\#?[A-Za-z0-9]{1,32};)")
_OPENING = re.compile(r"^(?:(?=(?:\#{1,6}|[-=]+|\+)(?:\s|$))|(\d{1,9})(?=[.)](?:\s|$)))")
_HARMLESS = re.compile(r"[^\\*`_~(:&<>\t\n\r]*")
"""Text in which `escaped` finds nothing, but for what begins a line."""
_OPENINGS = re.compile(_OPENING.pattern, re.MULTILINE)
_TAG = re.compile(r"<(?=/?at\b)", re.IGNORECASE)
_MARKS = "\u3001\u3002\uff08\uff09\uff0c\uff1a\u300c\u300d"
_APART = re.compile(rf"(?:\A|[\s({_MARKS}]|(?:\A|\s)<)\Z")
"""What may stand before a mail address that is pressed. An angle bracket is shown as `&lt;`, of which some programs take the
end for a part of the address: before it nothing may stand."""
_END = re.compile(rf"[).,;:!?>]*+(?:\s|\Z)|[{_MARKS}]")
_UNFIT = re.compile(r"[\s()<>\\]")


def seen(text: str) -> str:
    """The text without what nobody sees: control, joining, direction and tag characters, halves of surrogate pairs."""
    if text.isascii() and text.isprintable():  # most are
        return text
    return _UNSEEN.sub("", visible(text)).translate(_ENDS)


def escaped(text: str, *, opening: bool = False) -> str:
    """`text` as markdown; `opening` says that it begins a line."""
    if not _HARMLESS.fullmatch(text):
        text = _ENTITY.sub("&amp;", _SPACE.sub(" ", text))
        text = _SPECIAL.sub(r"\\\g<0>", text).replace("<", "&lt;").replace(">", "&gt;")
    return _OPENING.sub(r"\1\\", text.lstrip()) if opening else text


def flat(text: str) -> str:
    """A long text, line by line, as markdown that shows it, without links."""
    lines = "\n".join(filter(None, map(str.strip, text.split("\n"))))
    shown = "".join(piece for piece, _ in words(lines, frozenset()))
    return _OPENINGS.sub(r"\1\\", "\n".join(map(escaped, shown.split("\n")))).replace("\n", BREAK)


def tame(text: str) -> str:
    """Plain text for where nothing is markup, and no client is to find an address or a mention in it."""
    return code("".join(piece for piece, _ in words(seen(text), frozenset())))


def words(text: str, links: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The text in pieces with the link each carries, "" for none; addresses that are not in `links` are defanged."""
    for number, piece in enumerate(ADDRESS.split(text)):
        address = piece.rstrip(_AFTER) if number % 2 else ""
        if address and piece in links:
            yield piece, piece
        elif address and address in links:
            yield address, address
            yield piece[len(address) :], ""
        else:
            yield defanged(piece) if address else _tamed(piece, links), ""


def leads(address: str, links: frozenset[str]) -> bool:
    """Whether a link may lead there. Mail addresses stand as text only: as a link's target one would be a page's name."""
    return "://" in address and address in links


def strangers(text: str, links: frozenset[str]) -> int:
    """How many addresses of a text `words` would defang."""
    others, found = ADDRESS.split(text)[::2], ADDRESS.findall(text)
    changed = (piece for piece in others if _tamed(piece, links) != piece)
    hosts = sum(_tamed(word, links) != word for piece in changed for word in piece.split() if not word.isalnum())
    return hosts + sum(bool(one.rstrip(_AFTER)) and not {one, one.rstrip(_AFTER)} & links for one in found)


def _tamed(text: str, links: frozenset[str]) -> str:
    """Text without schemes, of whose addresses only the mail addresses in `links` can be pressed."""
    if "@" not in text or not links:
        return unpressed(text)
    parts, end = [], 0
    for mail in MAIL.finditer(text):
        # A client takes far more into an address than belongs to one: `secret,anna@…` is one to it, and leads there.
        if (
            mail[1] in links
            and _APART.search(text, max(0, mail.start() - 2), mail.start())
            and _END.match(text, mail.end())
        ):
            parts += [unpressed(text[end : mail.start()]), mail[0]]
            end = mail.end()
    return "".join([*parts, unpressed(text[end:])])


def target(address: str) -> str:
    """The address as it may stand between the parentheses of a link."""
    return _UNFIT.sub(lambda found: quote(found[0]), address)


def code(text: str) -> str:
    """Text for a code span or block, where nothing can be escaped: only what Teams reads even there is broken up."""
    return _TAG.sub("< ", seen(text))
