"""Every card of the product in the reference renderer: as it looks, as it is read out, as it is worked with keys."""

import ast
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.teams.adaptive import AdaptiveCard
from dialogs.cards import Card
from tests.browser.album import FOLDER, LIMITS, PAGE, name, page
from tests.browser.gallery import Piece, gallery
from tests.browser.renderer import PHONE, THEMES, WIDTHS, Easel, Theme, easel
from tests.world.faces import Element, buttons, inputs, walk
from tests.world.playground.layout import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="session")

ELSEWHERE = frozenset({"bot.answers._card", "bot.teams.desk.answer"})
"""What makes a card of one that was made before, and what takes a whole turn to get at: the gallery has its card by hand."""
FORESEEN = 'Unknown element type "Chart.VerticalBar". Fallback will be used if present.'
"""Teams' own chart is younger than the reference renderer, which draws what is there for such clients, and says so."""
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const ground = node => { for (; node; node = node.parentElement) {
    const found = rgb(getComputedStyle(node).backgroundColor); if (found[3] > 250) return found; } return [255, 255, 255, 255]; };
  const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const told = [];
  const see = (node, colour, words) => { const found = ratio(rgb(colour), ground(node)); if (found < 4.5) told.push(`${words}: ${found.toFixed(2)}`); };
  const texts = document.createTreeWalker(document.getElementById('sheet'), NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (texts.nextNode()) { const node = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim()) { seen += 1; see(node, getComputedStyle(node).color, texts.currentNode.data); } }
  for (const input of document.querySelectorAll('#sheet input, #sheet textarea'))
    if (input.placeholder) see(input, getComputedStyle(input, '::placeholder').color, input.placeholder);
  if (!seen) told.push('no text was seen');
  return told;
}"""
BEYOND = """() => [...document.querySelectorAll('#sheet .ac-adaptiveCard')].flatMap(card => {
  const edge = card.getBoundingClientRect();
  const told = [];
  const texts = document.createTreeWalker(card, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (texts.nextNode()) { range.selectNodeContents(texts.currentNode);
    if (texts.currentNode.parentElement.closest('button')) continue;  // cut with an ellipsis by the client
    const place = texts.currentNode.parentElement.closest('.ac-columnSet > div') || card;
    const limit = Math.min(edge.right, place.getBoundingClientRect().right) + 1;
    if (range.getBoundingClientRect().width && range.getBoundingClientRect().right > limit) told.push(texts.currentNode.data); }
  for (const node of card.querySelectorAll('button, input, select, textarea'))
    if (node.getBoundingClientRect().right > edge.right) told.push(node.outerHTML);
  return told;
})"""
NAMELESS = """() => [...document.querySelectorAll('#sheet input, #sheet select, #sheet textarea')].filter(node =>
  !(node.labels && node.labels.length) && !(node.getAttribute('aria-labelledby') || '').split(' ').some(
    id => id && document.getElementById(id) && document.getElementById(id).textContent.trim()) &&
  !node.getAttribute('aria-label')).map(node => node.outerHTML)"""
REACHED = "() => [...document.querySelectorAll('#sheet button, #sheet input, #sheet select, #sheet textarea')].indexOf(document.activeElement)"
STOPS = "document.querySelectorAll('#sheet button, #sheet input, #sheet select, #sheet textarea').length"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pieces() -> list[Piece]:
    return await gallery()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def board(browser: Browser) -> AsyncIterator[Easel]:
    async with easel(browser) as found:
        yield found


async def each(pieces: list[Piece], board: Easel, script: str, widths: tuple[int, ...] = WIDTHS) -> dict[str, Any]:
    """What a script finds wrong with each card, in both themes."""
    wrong = {}
    for piece in pieces:
        for theme in THEMES:
            for width in widths:
                await board.clear()
                await board.draw(piece.content, theme, width)
                if found := await board.page.evaluate(script):
                    wrong[f"{piece.name} {piece.language} {theme.name} {width}"] = found
    return wrong


async def test_the_reference_renderer_has_nothing_to_say_against_any_card(pieces: list[Piece], board: Easel) -> None:
    wrong = {}
    for piece in pieces:
        for theme in THEMES:
            for width in WIDTHS:
                await board.clear()
                if told := set(await board.draw(piece.content, theme, width)) - {FORESEEN}:
                    wrong[f"{piece.name} {piece.language} {theme.name} {width}"] = told
    assert (wrong, board.faults) == ({}, [])


async def test_the_reference_renderer_would_say_it(board: Easel) -> None:
    bad = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "Input.Text"}, {"type": "Nothing"}]}
    assert len(await board.draw(bad, THEMES[0], PHONE)) >= 2


async def test_all_text_stands_out_from_its_ground(pieces: list[Piece], board: Easel) -> None:
    assert await each(pieces, board, CONTRAST) == {}


async def test_too_faint_a_text_would_be_seen(pieces: list[Piece], board: Easel) -> None:
    pale = Theme(**{name: getattr(THEMES[0], name) for name in Theme.__slots__} | {"text": "#999999"})
    await board.clear()
    await board.draw(pieces[0].content, pale, PHONE)
    assert await board.page.evaluate(CONTRAST)


async def test_that_no_text_was_seen_at_all_would_be_told(board: Easel) -> None:
    await board.clear()
    assert await board.page.evaluate(CONTRAST) == ["no text was seen"]


async def test_nothing_is_wider_than_its_place(pieces: list[Piece], board: Easel) -> None:
    assert await each(pieces, board, BEYOND) == {}


async def test_every_field_has_a_name_that_is_read_out(pieces: list[Piece], board: Easel) -> None:
    assert await each(pieces, board, NAMELESS, (PHONE,)) == {}


async def test_tab_reaches_all_there_is_to_press_and_fill_in_from_top_to_bottom(
    pieces: list[Piece], board: Easel
) -> None:
    wrong = {}
    for piece in pieces:
        await board.clear()
        await board.draw(piece.content, THEMES[0], PHONE)
        stops: int = await board.page.evaluate(STOPS)
        if (way := await _walked(board, stops)) != list(range(stops)):
            wrong[f"{piece.name} {piece.language}"] = way
    assert wrong == {}


async def _walked(board: Easel, stops: int) -> list[int]:
    await board.page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
    way = []
    for _ in range(stops + 1):  # the card itself is a stop too
        await board.page.keyboard.press("Tab")
        way.append(await board.page.evaluate(REACHED))
    return way[1:]


async def test_enter_presses_every_button(pieces: list[Piece], board: Easel) -> None:
    for piece in pieces:
        await board.clear()
        await board.draw(piece.content, THEMES[0], PHONE)
        for button in await board.page.locator("#sheet button").all():
            await button.press("Enter")
        pressed = await board.page.evaluate("pressed")
        assert pressed == [one["title"] for one in buttons(piece.content)], piece.name


async def test_what_is_read_out_says_what_the_card_says(pieces: list[Piece]) -> None:
    for piece in pieces:
        spoken = piece.content["speak"]
        assert spoken and spoken == piece.content["fallbackText"], piece.name
        assert len(spoken) > 900 or not [label for label in _essential(piece.content) if label not in spoken], (
            piece.name
        )


def _essential(card: Element) -> Iterator[str]:
    """Its heading and its fields' labels."""
    yield from (one["text"] for one in walk(card) if one.get("style") == "heading")
    yield from (one.label for one in inputs(card))


async def test_a_picture_is_told_in_words(pieces: list[Piece]) -> None:
    for piece in pieces:
        for chart in (one for one in walk(piece.content) if str(one.get("type")).startswith("Chart.")):
            assert chart["fallback"] and chart["title"] in piece.content["speak"]
            shown = [
                [run["text"] for run in walk(bar) if run.get("type") == "TextRun"] for bar in chart["fallback"]["items"]
            ]
            assert all(f"{label}: {figure}" in piece.content["speak"] for label, _, figure in shown[1:])


async def test_what_cannot_be_taken_back_looks_like_it_and_stands_beside_words(pieces: list[Piece]) -> None:
    grave = {piece.name for piece in pieces for one in buttons(piece.content) if one.get("style") == "destructive"}
    assert grave == {"chats-delete", "chats-delete-all", "forget", "prompts-delete", "admin-erase", "admin-dead"}
    # An emptied letter says what it does on its button: of what it held, nothing was ever shown.
    asked = [piece for piece in pieces if piece.name in grave - {"admin-dead"} and piece.language == "en"]
    assert all("cannot be brought back" in piece.content["speak"] for piece in asked)


async def test_a_form_has_one_button_that_stands_out(pieces: list[Piece]) -> None:
    for piece in pieces:
        standing = [one for one in buttons(piece.content) if one.get("style") == "positive"]
        assert len(standing) == (1 if inputs(piece.content) else 0) or piece.name in LIMITS, piece.name


async def test_no_card_of_the_product_is_missing_in_the_gallery() -> None:
    made: set[str] = set()

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code in (Card.__init__.__code__, AdaptiveCard.__init__.__code__):
            made.add(_maker(frame))

    sys.setprofile(watch)
    try:
        await gallery()
    finally:
        sys.setprofile(None)
    assert set(_makers()) - made - ELSEWHERE == set()


def _maker(frame: FrameType) -> str:
    """The function that makes a card at this moment."""
    found = frame.f_back
    return f"{found.f_globals['__name__']}.{found.f_code.co_name}" if found else ""


def _makers() -> Iterator[str]:
    """Every function of the product in which a card is made."""
    for path in sorted((*(ROOT / "dialogs").rglob("*.py"), *(ROOT / "bot").rglob("*.py"))):
        yield from _makers_of(path)


def _makers_of(path: Path) -> Iterator[str]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for function in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            calls = (one.func for one in ast.walk(function) if isinstance(one, ast.Call))
            if any(getattr(call, "id", getattr(call, "attr", "")) in ("Card", "AdaptiveCard") for call in calls):
                yield f"{module}.{function.name}"


async def test_every_card_has_its_picture(pieces: list[Piece]) -> None:
    shown = {name(piece) for piece in pieces if piece.name not in LIMITS}
    assert {path.name for path in FOLDER.glob("*.png")} == shown
    assert PAGE.read_text(encoding="utf-8") == page(piece for piece in pieces if piece.name not in LIMITS)
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < 2_000_000
