"""Draws every card of the gallery in light and dark, for a desktop and a phone, and the page of them: `make pictures`."""

import asyncio
from collections.abc import Iterable
from io import BytesIO

from PIL import Image
from playwright.async_api import async_playwright

from dialogs.plain import cut
from tests.browser import needs
from tests.browser.gallery import Piece, gallery
from tests.browser.renderer import THEMES, WIDTHS, Easel, easel
from tests.world.faces import lines
from tests.world.playground.layout import ROOT

FOLDER = ROOT / "docs" / "pictures" / "cards"
PAGE = ROOT / "docs" / "cards.md"
INTRO = """# Cards

Every card that Parley can show, with made-up people and figures: left as on a desktop, right as on a phone, above in light and
below in dark. They are drawn by the reference renderer of Adaptive Cards in Teams' colours, not by Teams; `make pictures`
draws them and writes this page anew. Teams draws the usage chart itself; what stands here is what other clients show. Two cards
are Teams' own, and have no picture here: the one to sign in with (OAuthCard), and the one that asks whether a document may be put
into one's OneDrive (FileConsentCard).
"""
COLOURS = 20
"""Of a picture, where one of four shades of grey for each of two themes is enough."""
LANGUAGES = {"en": "English", "de": "German", "fr": "French", "ja": "Japanese"}
LIMITS = frozenset({"held", "too-many", "too-long"})
"""Cards that stand for what cannot be shown: nobody need look at them."""


async def sheet(easel: Easel, piece: Piece) -> bytes:
    """The card four times, as PNG."""
    await easel.clear()
    for theme in THEMES:
        for width in WIDTHS:
            await easel.draw(piece.content, theme, width)
    return small(await easel.page.locator("#sheet").screenshot(animations="disabled"))


def small(picture: bytes) -> bytes:
    """The same picture in few colours."""
    found = BytesIO()
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(found, "PNG", optimize=True)
    return found.getvalue()


def name(piece: Piece) -> str:
    """A picture's file name."""
    return f"{piece.name}.png" if piece.language == "en" else f"{piece.name}-{piece.language}.png"


def page(pieces: Iterable[Piece]) -> str:
    """The page of all pictures, each with what it says in words."""
    return "\n".join((INTRO, *(f"![{_told(piece)}](pictures/cards/{name(piece)})\n" for piece in pieces)))


def _told(piece: Piece) -> str:
    """A picture in words: what its card says first."""
    said = " ".join(lines(piece.content)).replace("[", "").replace("]", "").replace("\\", "")
    return f"The card “{piece.name}”, in {LANGUAGES[piece.language]}: {cut(' '.join(said.split()), 120)}"


async def main() -> None:
    """Writes all pictures anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    shown = [piece for piece in await gallery() if piece.name not in LIMITS]
    PAGE.write_text(page(shown), encoding="utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=needs.chromium(), args=list(needs.FLAGS))
        async with easel(browser) as board:
            pictures = {name(piece): await sheet(board, piece) for piece in shown}
        await browser.close()
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for file, picture in pictures.items():
        (FOLDER / file).write_bytes(picture)
    print(f"{len(pictures)} pictures in {FOLDER.relative_to(ROOT)}, {sum(map(len, pictures.values())) // 1024} KB")


if __name__ == "__main__":
    asyncio.run(main())
