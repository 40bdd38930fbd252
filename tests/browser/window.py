"""A browser window on the Playground, in the words of somebody who uses it."""

import re
from collections.abc import Awaitable

import orjson
from playwright.async_api import Locator, Page, Route, WebSocket

from tests.world.bell import Bell
from tests.world.people import BOT_NAME, CHANNEL, GROUP
from tests.world.playground.layout import ROOT

PICTURES = ROOT / "pictures"
WAIT = 15_000
"""Milliseconds an answer may take to stand on the page."""
CARD = "Try it"
"""The title of the card that closes a greeting."""
COVERAGE = re.compile(r"Read \d+ of ")


class Window:
    """One page. `steps` are the kinds and texts of the stream steps it was told of, `faults` what went wrong in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self._place = page.locator("body")
        self._bell = Bell()
        page.set_default_timeout(WAIT)
        page.on("websocket", self._listen)
        page.on("pageerror", lambda error: self.faults.append(str(error)))

    async def open(self, address: str) -> None:
        """In the personal chat, with the whole welcome on it."""
        await self.page.context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), block)
        await self.page.goto(address)
        await self.messages.get_by_text(CARD).first.wait_for()

    async def enter_channel(self) -> None:
        """At the sample thread."""
        await self._enter(CHANNEL.name)
        self._place = self.thread

    async def enter_group(self) -> None:
        """With the bot's greeting on it."""
        await self._enter(GROUP.name)
        await self.messages.get_by_text(CARD).first.wait_for()

    async def _enter(self, name: str) -> None:
        await self.page.get_by_role("treeitem", name=name).click()

    @property
    def messages(self) -> Locator:
        """What the others wrote in a personal or group chat."""
        return self.page.locator(".fai-OutputCard")

    @property
    def thread(self) -> Locator:
        """The sample thread in the channel."""
        return self.page.locator(".fui-Card").filter(has_text="Sample thread with invented people")

    @property
    def popover(self) -> Locator:
        """What shows over a citation."""
        return self.page.locator(".fui-PopoverSurface")

    @property
    def _editor(self) -> Locator:
        """The field at the end of a chat or thread."""
        return self._place.locator("[data-lexical-editor=true]").last

    async def say(self, text: str) -> None:
        await self._editor.click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    async def mention(self, text: str) -> None:
        """Writes to the bot among others."""
        await self._editor.click()
        await self.page.keyboard.type("@")
        await self.page.get_by_role("menuitem", name=BOT_NAME).click()
        await self.page.keyboard.type(f" {text}")
        await self.page.keyboard.press("Enter")

    async def ask(self, text: str) -> str:
        """Writes in the personal chat; the text of the answer, once it is whole."""
        return await self._answer(self.say(text))

    async def press(self, name: str) -> str:
        """Presses a card's button in the personal chat; the text of the answer."""
        return await self._answer(self.page.get_by_role("button", name=name, exact=True).last.click())

    async def _answer(self, doing: Awaitable[None]) -> str:
        before = len(self.answers)
        await doing
        await self._bell.until(lambda: len(self.answers) > before, WAIT / 1000, lambda: str(self.steps))
        return self.answers[-1]

    @property
    def answers(self) -> list[str]:
        """The texts of the streams that came to their end."""
        return [text for kind, text in self.steps if kind == "final"]

    async def summary(self, place: Locator, request: str) -> Locator:
        """Asks for a summary in a place; the line that closes it."""
        lines = place.get_by_text(COVERAGE)
        before = await lines.count()
        await self.mention(request)
        await lines.nth(before).wait_for()
        return lines.nth(before)

    async def picture(self, name: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        await self.page.screenshot(path=PICTURES / f"{name}.png")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._heard)

    def _heard(self, data: str | bytes) -> None:
        message = orjson.loads(data).get("message") or {}
        step = message.get("streamEntity")
        if step:
            self.steps.append((step["streamType"], message.get("text") or ""))
            self._bell.ring()


async def block(route: Route) -> None:
    """Nothing leaves this machine."""
    await route.abort()
