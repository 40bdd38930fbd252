"""Files and pictures that were sent along, as far as a dialog knows them: text with the places where it stands, and what is
missing of it.

Floor 1. Everything in them is data that a stranger wrote: their names too.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from dialogs.talk import Locator, Post

MOST_PASSAGES = 20_000
"""Passages of one document."""
MOST_CHARACTERS = 2_000_000
"""Characters of one document, all passages together: about a thousand pages."""


class Kind(StrEnum):
    """What a file is, by its first bytes and its content, whatever its name says."""

    WORD = "word"
    SLIDES = "slides"
    SHEET = "sheet"
    PDF = "pdf"
    MAIL = "mail"
    WEB = "web"
    MARKDOWN = "markdown"
    TABLE = "table"
    CODE = "code"
    TEXT = "text"


class Gap(StrEnum):
    """What of a file is not among its passages, or was left alone."""

    MACROS = "macros"
    PICTURES = "pictures"
    SCANS = "scans"
    BEYOND = "beyond"
    ATTACHMENTS = "attachments"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Passage:
    """A page, slide, sheet's part or section of a document, as plain text; a table is a line a row, `a | b | c`."""

    locator: Locator
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as text. `key` tells it from the others of its chat, `at` is when it was sent, `name` is only ever shown.

    `whole` is how many pages, slides, sheets or parts the file has, read or not. `gaps` says how many things of each kind
    were left out: pages without text (`SCANS`), parts beyond the bounds (`BEYOND`), macros, pictures, files within it;
    `HIDDEN` ones were read.
    """

    key: str
    name: str
    kind: Kind
    at: datetime
    passages: tuple[Passage, ...]
    whole: int
    gaps: Mapping[Gap, int] = field(default_factory=dict)

    def posts(self) -> tuple[Post, ...]:
        """The passages as what a model is given and what a citation names: `author` is the file's name.

        Their times differ by microseconds, so that whoever sorts posts by time leaves them in their order.
        """
        return tuple(self.each())

    def each(self) -> Iterator[Post]:
        """The same one by one: of many they take longer than the event loop may stand still."""
        return (
            Post(
                id=f"{self.key}.{number}",
                author=self.name,
                author_id="",
                time=self.at + timedelta(microseconds=number),
                text=passage.text,
                link="",
                thread=self.key,
                locator=passage.locator,
            )
            for number, passage in enumerate(self.passages, start=1)
        )


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for a model that sees: written anew from its pixels, so that nothing else is left of the file."""

    name: str
    media_type: str
    data: bytes = field(repr=False)
    width: int = 0
    height: int = 0
