"""The pictures of docs/user-guide.md and of the README: `python -m tests.structure.album` cuts them out of what tests/browser left in pictures/.

Each is a part of a page of the Agents Playground, in as many colours as it needs and no more, so that it stays small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

TAKEN, KEPT = Path("pictures"), Path("docs/pictures")
COLOURS = 96
LARGEST = 150_000
"""Bytes of a picture that a page shows."""
LEFT, RIGHT = 335, 1065
"""Where the chat stands on the page, in pixels."""
EDGE = 0
"""Where the list of chats beside it begins."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A picture of a page: its name, the browser's picture that it is cut from, and from where to where in pixels."""

    name: str
    source: str
    upper: int
    lower: int
    left: int = LEFT


CUTS: Sequence[Cut] = (
    Cut("channel", "posts-citation", 45, 1100, EDGE),
    Cut("private", "private-answer", 150, 1010),
    Cut("chats", "keeping-chats", 150, 1010),
    Cut("files", "files-citation", 512, 890),
    Cut("recovered", "model-recovered", 570, 1090),
    Cut("usage", "keeping-usage", 330, 1100),
    Cut("guide-catch-up", "posts-catch-up", 300, 1090),
    Cut("guide-digest", "posts-digest", 320, 745),
    Cut("guide-forget", "keeping-receipt", 80, 1000),
    Cut("guide-know", "keeping-know", 180, 1000),
    Cut("guide-question", "personal-follow-up", 380, 1000),
    Cut("guide-settings", "keeping-settings", 600, 1010),
    Cut("guide-tasks", "keeping-tasks", 295, 1010),
)


def cut(each: Cut) -> Image.Image:
    """The part of the page that is shown."""
    with Image.open(TAKEN / f"{each.source}.png") as page:
        return page.crop((each.left, each.upper, RIGHT, each.lower))


def small(picture: Image.Image) -> Image.Image:
    """The same in few colours."""
    return picture.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def main() -> None:
    """Cut and keep them, those that there are."""
    for each in CUTS:
        if (TAKEN / f"{each.source}.png").exists():
            small(cut(each)).save(KEPT / f"{each.name}.png", optimize=True)
            print(KEPT / f"{each.name}.png", (KEPT / f"{each.name}.png").stat().st_size)


if __name__ == "__main__":
    main()
