"""Text that shows as itself: nothing in it becomes a link, a picture, a heading or a false citation.

Floor 1. What people or models wrote is put between our own lines, so it must not be able to look like them.
"""

import re

INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
"""Characters that nobody sees but that hide or reverse what a model or a person reads, and halves of broken pairs."""

_ALIKE = (
    "pdf|docx?|xlsx?|pptx?|txt|csv|md|html?|json|ya?ml|xml|log|zip|png|jpe?g|gif|svg|js|ts|py|java|cs|cpp|sql|sh|exe"
)
_ENDINGS = (
    "com|net|org|edu|gov|info|biz|io|dev|app|xyz|online|site|website|shop|store|club|cloud|live|link|click|tech|page|web"
    "|icu|top|vip|work|support|example|invalid|eu|de|ch|fr|es|uk|nl|pl|pt|ru|cn|jp|br|ca|co|ai"
)
_NAME = r"[^\W_](?>(?:[^\W_]|-){0,62})\."
LINK = re.compile(
    r"(?=[^\W_])(?:[a-z][a-z0-9+.-]{1,20}://\S*|\bwww\.\S+|\bmailto:\S+"
    # A host by itself or with a path. Each part is bounded, and none is looked at twice from within the same word.
    r"|(?<![^\W_])(?<![^\W_][.@/\\-])(?:"
    rf"(?!(?:asp|ado|vb|ml)\.net\b)(?:{_NAME}){{1,6}}?(?:{_ENDINGS})(?![^\W_]|[.@-][^\W_])(?::\d{{1,5}})?(?:[/?#]\S+|/)?"
    rf"|(?=[^\W\d_])(?:{_NAME}){{1,6}}?(?!(?:{_ALIKE})\b)[^\W\d_]{{2,24}}(?::\d{{1,5}})?/\S*))",
    re.IGNORECASE,
)
"""What a client turns into a link by itself: with a scheme, or a host that ends as many do, or any with a path.

No file's name, and nothing like `z.B./usw.`, `and/or`, `v1.2/3`.
"""

_IMAGE = re.compile(r"!\[[^\[\]]*+\](?:\((?>(?:[^()]++|\([^()]*+\))*)\)|\[[^\[\]]*+\])?")
_LABELLED = re.compile(r"\[([^\[\]]*+)\](?:\((?>(?:[^()]++|\([^()]*+\))*)\)|\[[^\[\]]*+\])")
"""No part of these may run over the beginning of another one: a text of nothing but beginnings would take its square."""
_MARK = re.compile(r"\[\s*(\d+)\s*\]")
_SPECIAL = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~])        # a backslash that would hide the next character
      | [`\[]
      | <(?=[A-Za-z/!?])             # the start of a tag
      | &(?=\#?\w{1,32};)            # the start of an entity
      | ~(?=~)
      | \*(?=\S)                     # only what can open emphasis: a closing run alone shows as itself
      | (?<![^\W_])_(?=\S)""",
    re.VERBOSE,
)
_LEADING = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))|^(?=[#>+=-])")


def visible(text: str) -> str:
    """The text without invisible characters; line breaks and tabs stay."""
    return INVISIBLE.sub("", text)


def line(text: str) -> str:
    """The text as one line of visible characters."""
    return " ".join(visible(text).split())


def cut(text: str, size: int) -> str:
    """At most `size` characters, ended by an ellipsis after a whole word where something was cut."""
    if len(text) <= size:
        return text
    head = text[: size - 1]
    return (head[: head.rfind(" ")] if " " in head[size // 2 :] else head).rstrip(" ,;:") + "…"


def unlinked(text: str) -> str:
    """The text without pictures and addresses; of a labelled link its label stays, of a bare host `example[.]com`."""
    text = _IMAGE.sub("", text)
    for _ in range(3):
        text = _LABELLED.sub(r"\1", text)
    return LINK.sub(_unpressed, text)


def _unpressed(link: re.Match[str]) -> str:
    """A bare host is often a company's name: it stays, written so that nobody can press it."""
    host = not link[0].casefold().startswith("www.") and not re.search("[:/?#]", link[0])
    return link[0].replace(".", "[.]") if host else "(link left out)"


def bare(text: str) -> str:
    """One line without pictures, addresses and `[1]` marks."""
    return line(_MARK.sub("", unlinked(visible(text))))


def plain(text: str) -> str:
    """One line of CommonMark that shows `text` as it is, without links, pictures, structure and `[1]` marks."""
    shown = _MARK.sub(r"(\1)", line(unlinked(visible(text))))
    return _LEADING.sub(r"\1\\", _SPECIAL.sub(r"\\\g<0>", shown))
