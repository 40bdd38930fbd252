"""What text becomes where PostgreSQL could not hold it: ids stay once-only, other text loses what cannot be kept.

Floor 6.
"""

import hashlib

LONGEST = 500
"""Characters of an id. An index entry holds 2,700 bytes, and a key is made of three ids."""


MARK = "\x1f"
"""Stands between ids where several are one text; no key holds it."""


def key(text: str) -> str:
    """The id itself, or its hash where it is too long, holds a NUL or a mark, or is not Unicode. That of a hash is itself."""
    if len(text) <= LONGEST and MARK not in text and holds(text):
        return text
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def holds(text: str) -> bool:
    """Whether a text column can hold it."""
    if "\0" in text:
        return False
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def plain(text: str) -> str:
    """The text without NUL, and with a question mark for each half of a broken surrogate pair."""
    return text if holds(text) else text.replace("\0", "").encode("utf-8", "replace").decode()
