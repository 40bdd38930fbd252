"""The reference renderer of Adaptive Cards in Chromium, coloured and spaced as Teams is.

The colours are those of Fluent's themes for Teams (webLight and teamsDark tokens); sizes and spacings are Teams' own.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from playwright.async_api import Browser, Page

from tests.browser import needs
from tests.world.playground.layout import ROOT

SCRIPT = ROOT / "node_modules" / "adaptivecards" / "dist" / "adaptivecards.min.js"
PHONE, DESKTOP = 320, 500
"""Widths of a card in Teams, in pixels."""
WIDTHS = (DESKTOP, PHONE)


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one theme."""

    name: str
    page: str
    ground: str
    text: str
    subtle: str
    accent: str
    emphasis: str
    warning: str
    line: str
    primary: str
    grave: str


LIGHT = Theme(
    *(
        "light",
        "#f5f5f5",
        "#ffffff",
        "#242424",
        "#616161",
        "#5b5fc7",
        "#f0f0f0",
        "#fdf3f4",
        "#d1d1d1",
        "#5b5fc7",
        "#c4314b",
    )
)
DARK = Theme(
    *(
        "dark",
        "#1f1f1f",
        "#292929",
        "#ffffff",
        "#adadad",
        "#9299f7",
        "#1f1f1f",
        "#3b1219",
        "#666666",
        "#5b5fc7",
        "#c4314b",
    )
)
THEMES = (LIGHT, DARK)


def config(theme: Theme) -> Mapping[str, Any]:
    """The renderer's HostConfig."""
    grounds = {"default": theme.ground, "emphasis": theme.emphasis, "attention": theme.warning}
    return {
        "supportsInteractivity": True,
        "fontFamily": "'Segoe UI', 'Noto Sans', 'DejaVu Sans', 'Noto Sans CJK JP', sans-serif",
        "fontSizes": {"small": 12, "default": 14, "medium": 16, "large": 18, "extraLarge": 24},
        "fontWeights": {"lighter": 300, "default": 400, "bolder": 600},
        "lineHeights": {"small": 16, "default": 20, "medium": 22, "large": 24, "extraLarge": 32},
        "spacing": {"small": 8, "default": 12, "medium": 16, "large": 20, "extraLarge": 24, "padding": 16},
        "separator": {"lineThickness": 1, "lineColor": theme.line},
        "containerStyles": {
            name: {"backgroundColor": ground, "foregroundColors": _inks(theme)} for name, ground in grounds.items()
        },
        "actions": {
            "maxActions": 6,
            "spacing": "default",
            "buttonSpacing": 8,
            "actionsOrientation": "horizontal",
            "actionAlignment": "left",
        },
        "inputs": {"label": {"inputSpacing": "small", "optionalInputs": {"weight": "bolder"}}},
    }


def _inks(theme: Theme) -> Mapping[str, Any]:
    colours = {"default": theme.text, "accent": theme.accent, "attention": theme.grave}
    return {name: {"default": colour, "subtle": theme.subtle} for name, colour in colours.items()}


def style(theme: Theme) -> str:
    """What a client draws itself: the card's frame, buttons and inputs."""
    of = f".{theme.name}"
    return f"""
{of} {{ background: {theme.page}; color: {theme.text}; }}
{of} .ac-adaptiveCard {{ background: {theme.ground}; border: 1px solid {theme.line}; border-radius: 6px; }}
{of} .ac-pushButton {{ background: {theme.ground}; color: {theme.text}; border: 1px solid {theme.line}; }}
{of} .style-positive {{ background: {theme.primary}; color: #ffffff; border-color: {theme.primary}; }}
{of} .style-destructive {{ background: {theme.grave}; color: #ffffff; border-color: {theme.grave}; }}
{of} .ac-input {{ background: {theme.ground}; color: {theme.text}; border: 1px solid {theme.line}; }}
{of} a, {of} .ac-anchor {{ color: {theme.accent}; }}
{of} .ac-input::placeholder {{ color: {theme.subtle}; opacity: 1; }}
"""


STYLE = """
* { box-sizing: border-box; }
body { margin: 0; font: 14px 'Noto Sans', 'DejaVu Sans', 'Noto Sans CJK JP', sans-serif; }
#sheet { display: inline-grid; grid-template-columns: auto auto; }
.stand { padding: 14px; }
.ac-pushButton { font: inherit; font-weight: 600; border-radius: 4px; padding: 5px 12px; min-height: 32px; max-width: 100%;
  text-align: center; white-space: normal; overflow-wrap: anywhere; }
.ac-actionSet { flex-wrap: wrap; gap: 8px 0; }
.ac-input { font: inherit; width: 100%; border-radius: 4px; padding: 5px 10px; min-height: 32px; }
textarea.ac-input { min-height: 72px; }
:focus-visible { outline: 2px solid #5b5fc7; outline-offset: 1px; }
"""
PROGRAM = """
const unescaped = text => text.replace(/\\\\([^A-Za-z0-9\\s])/g, '$1');
AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = `<p>${unescaped(text)}</p>`; result.didProcess = true;
};
window.pressed = [];
window.draw = (json, theme, width, config) => {
  const context = new AdaptiveCards.SerializationContext(AdaptiveCards.Versions.v1_5);
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig(config);
  card.onExecuteAction = action => window.pressed.push(action.title);
  card.parse(json, context);
  const told = Array.from({length: context.eventCount}, (_, at) => context.getEventAt(at).message);
  told.push(...card.validateProperties().validationEvents.map(event => event.message));
  const stand = document.createElement('div');
  stand.className = `stand ${theme}`; stand.style.width = `${width + 28}px`;
  stand.append(card.render());
  document.getElementById('sheet').append(stand);
  return told;
};
window.clear = () => { document.getElementById('sheet').replaceChildren(); window.pressed = []; };
"""
PAGE = f"<!doctype html><meta charset=utf-8><style>{STYLE}{''.join(map(style, THEMES))}</style><div id=sheet></div>"


class Easel:
    """A page on which cards are drawn. `faults` is what went wrong in it, or was warned of on its console."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type in ("warning", "error") else None)

    async def draw(self, card: Mapping[str, Any], theme: Theme, width: int) -> Sequence[str]:
        """Draws it beside what is there already; what the renderer has to say against it."""
        found: list[str] = await self.page.evaluate(
            "([card, theme, width, config]) => draw(card, theme, width, config)",
            [orjson.loads(orjson.dumps(card)), theme.name, width, config(theme)],
        )
        return found

    async def clear(self) -> None:
        await self.page.evaluate("clear()")


@asynccontextmanager
async def easel(browser: Browser) -> AsyncIterator[Easel]:
    """A page that asks for nothing."""
    if not SCRIPT.exists():
        needs.lacking("The renderer of Adaptive Cards is not installed (make setup)")
    context = await browser.new_context(viewport={"width": 1200, "height": 1000}, offline=True)
    found = Easel(await context.new_page())
    await found.page.set_content(PAGE)
    await found.page.add_script_tag(path=SCRIPT)
    await found.page.evaluate(PROGRAM)
    yield found
    await context.close()
