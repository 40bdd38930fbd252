"""Plain text as markdown that shows exactly that text: nothing of it is markup, and no address in it can be pressed.

Floor 5. Every decision looks at one word alone, so that the text may be cut between two words at any time and what
was shown of it stays as it was.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from dialogs.plain import visible

ADDRESS = re.compile(r"((?:[a-z][a-z0-9+.-]{1,20}://|(?<![a-z0-9])www\.)[!-~]*)", re.IGNORECASE | re.ASCII)
"""What Teams turns into a link by itself, as far as it is ASCII: its beginning is what matters."""

_UNSEEN = re.compile("[\ud800-\udfff\u034f\u115f\u1160\u17b4\u17b5\u3164\ufe00-\ufe0e\uffa0\U000e0100-\U000e01ef]")
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
_TAG = re.compile(r"<(?=/?at\b)", re.IGNORECASE)
_UNFIT = re.compile(r"[\s()<>\\]")


def seen(text: str) -> str:
    """The text without what nobody sees: control, joining, direction and tag characters, halves of surrogate pairs."""
    return _UNSEEN.sub("", visible(text)).translate(_ENDS)


def escaped(text: str, *, opening: bool = False) -> str:
    """`text` as markdown; `opening` says that it begins a line."""
    text = _ENTITY.sub("&amp;", _SPACE.sub(" ", text))
    text = _SPECIAL.sub(r"\\\g<0>", text).replace("<", "&lt;").replace(">", "&gt;")
    return _OPENING.sub(r"\1\\", text.lstrip()) if opening else text


def defanged(address: str) -> str:
    """The address as people write one that must not be pressed: `https[:]//example[.]com`."""
    shown = address.replace("://", "[:]//") if "://" in address else address.replace(":", "[:]", 1)
    return shown.replace(".", "[.]")


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
            yield defanged(piece) if address else piece, ""


def strangers(text: str, links: frozenset[str]) -> int:
    """How many addresses of a text `words` would defang."""
    found = ADDRESS.findall(text)
    return sum(bool(one.rstrip(_AFTER)) and not {one, one.rstrip(_AFTER)} & links for one in found)


def target(address: str) -> str:
    """The address as it may stand between the parentheses of a link."""
    return _UNFIT.sub(lambda found: quote(found[0]), address)


def code(text: str) -> str:
    """Text for a code span or block, where nothing can be escaped: only what Teams reads even there is broken up."""
    return _TAG.sub("< ", seen(text))
