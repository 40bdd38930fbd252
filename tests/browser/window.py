"""A browser window on the Playground, in the words of somebody who uses it."""

import re
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urljoin

import orjson
from playwright.async_api import Browser, FilePayload, Locator, Page, Route, WebSocket

from tests.world.bell import Bell
from tests.world.people import BOT_NAME, CHANNEL, GROUP
from tests.world.playground.buttons import NEXT
from tests.world.playground.layout import ROOT
from tests.world.playground.paperclip import PATH

PICTURES = ROOT / "pictures"
WAIT = 45_000
"""Milliseconds an answer may take to stand on the page: a second as a rule, many where cores are shared."""
LOADING = 60_000
"""The same for the page itself, whose program is large: a second of work for a core, many where cores are shared."""
CARD = "All commands"
"""The last button of the card that closes a greeting."""
COVERAGE = re.compile(r"Read \d+ of ")
CONSENT = "File Consent Card is not supported yet"
"""What the Playground draws in place of the card that hands a document over."""
EDITOR = "[data-lexical-editor=true]"
SAMPLE = "Sample thread with invented people"
LAUNCH, HOTLINE = 2, 1
"""The sample threads by their place on the page, the newest first."""


class Window:
    """One page. `steps` are the kinds and texts of the stream steps it was told of, `faults` what went wrong in it, `asked`
    the addresses that it asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self.asked: list[str] = []
        self._frames: list[str] = []
        self._place = page.locator("body")
        self._bell = Bell()
        page.set_default_timeout(WAIT)
        page.on("websocket", self._listen)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    async def open(self, address: str) -> None:
        """In the personal chat, with the whole welcome on it."""
        await self.page.context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), block)
        await self.page.goto(address, timeout=LOADING)
        await self.messages.get_by_text(CARD).first.wait_for()

    async def enter_personal(self) -> None:
        """In the chat with the bot."""
        await self._enter("Personal Chat")

    async def enter_channel(self) -> None:
        """At the sample thread."""
        await self._enter(CHANNEL.name)
        self._place = self.thread

    async def enter_group(self) -> None:
        """With the bot's greeting on it."""
        await self._enter(GROUP.name)
        await self.messages.get_by_text(CARD).first.wait_for()

    async def _enter(self, name: str) -> None:
        self._place = self.page.locator("body")
        await self.page.get_by_role("treeitem", name=name).click()

    @property
    def messages(self) -> Locator:
        """What the others wrote in a personal or group chat, without the buttons beneath it."""
        return self.page.locator(f".fai-OutputCard:not(:has([aria-label='{NEXT}']))")

    @property
    def thread(self) -> Locator:
        """The sample thread in the channel."""
        return self._sample(LAUNCH)

    def _sample(self, number: int) -> Locator:
        return self._posts.filter(has_text=SAMPLE).nth(number)

    @property
    def _posts(self) -> Locator:
        """The channel's posts with their threads, the newest first; before them the field for a new one."""
        return self.page.locator(".fui-Card").filter(has=self.page.locator(EDITOR))

    @property
    def newest(self) -> Locator:
        """The channel's newest post with its thread."""
        return self._posts.nth(1)

    @property
    def dialog(self) -> Locator:
        """The window over the page."""
        return self.page.get_by_role("dialog")

    @property
    def popover(self) -> Locator:
        """What shows over a citation."""
        return self.page.locator(".fui-PopoverSurface")

    @property
    def _editor(self) -> Locator:
        """The field at the end of a chat or thread."""
        return self._place.locator(EDITOR).last

    async def say(self, text: str) -> None:
        await self._editor.click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    async def mention(self, text: str) -> None:
        """Writes to the bot among others."""
        await self._type(self._editor, text)
        await self.page.keyboard.press("Enter")

    async def _type(self, editor: Locator, text: str) -> None:
        await editor.click()
        await self.page.keyboard.type("@")
        await self.page.get_by_role("menuitem", name=BOT_NAME).click()
        await self.page.keyboard.type(f" {text}")

    async def post(self, text: str) -> Locator:
        """Writes to the bot in a new post of the channel; the post with its thread."""
        before = await self._posts.count()
        await self._type(self.page.locator(EDITOR).first, text)
        await self.page.get_by_role("button", name="Post", exact=True).click()
        await self._posts.nth(before).wait_for()
        return self.newest

    async def choose(self, command: str) -> None:
        """Starts an action from the menu of a reply in a sample thread."""
        await self._sample(HOTLINE).get_by_role("button", name="Show more information").nth(3).click()
        await self.page.get_by_role("menuitem", name="Action Command").click()
        await self.dialog.get_by_role("textbox").fill(command)
        await self.dialog.get_by_role("button", name="Create").click()

    @asynccontextmanager
    async def speaking(self, language: str) -> AsyncIterator[None]:
        """As with a browser in another language."""
        await self.page.set_extra_http_headers({"Accept-Language": language})
        yield
        await self.page.set_extra_http_headers({"Accept-Language": "en-US"})

    def told(self, words: str) -> int:
        """How often the page was told of something with these words in it."""
        return sum(words in frame for frame in self._frames)

    async def until_told(self, words: str, times: int) -> None:
        """Until the page was told of it so often."""
        await self._bell.until(lambda: self.told(words) >= times, WAIT / 1000, lambda: f"{times} times {words}")

    async def ask(self, text: str) -> str:
        """Writes in the personal chat; the text of the answer, once it is whole."""
        return await self._answer(self.say(text))

    async def send(self, text: str, *files: FilePayload) -> str:
        """Sends files to the personal chat, on the page for that; the text of the answer."""
        return await self._answer(self._enclose(text, files))

    async def _enclose(self, text: str, files: Sequence[FilePayload]) -> None:
        async with await self.page.context.new_page() as page:
            await page.goto(urljoin(self.page.url, PATH))
            await page.get_by_label("Files").set_input_files(list(files))
            await page.get_by_label("Message").fill(text)
            await page.get_by_role("button", name="Send").click()
            await page.get_by_text("Sent.").wait_for()

    async def press(self, name: str) -> str:
        """Presses a card's button in the personal chat; the text of the answer."""
        return await self._answer(self.page.get_by_role("button", name=name, exact=True).last.click())

    async def _answer(self, doing: Awaitable[None]) -> str:
        before = len(self.answers)
        await doing
        await self._bell.until(lambda: len(self.answers) > before, WAIT / 1000, lambda: str(self.steps))
        return self.answers[-1]

    async def ask_for(self, text: str) -> Locator:
        """Writes in the personal chat what is answered with a card; the card."""
        return await self._card(self.ask(text))

    async def press_for(self, name: str) -> Locator:
        """Presses the newest button of that name, which is answered with a card; the card."""
        return await self._card(self.press(name))

    async def _card(self, doing: Awaitable[str]) -> Locator:
        before = await self.cards.count()
        await doing
        await self.cards.nth(before).wait_for()
        return self.cards.nth(before)

    @property
    def cards(self) -> Locator:
        """The cards in a personal or group chat."""
        return self.page.locator(f".fai-OutputCard .ac-adaptiveCard:not([aria-label='{NEXT}'])")

    async def fill(self, label: str, text: str) -> None:
        """Writes in a field of the newest card that has one of this name."""
        await self.page.get_by_label(label, exact=True).last.fill(text)

    async def pick(self, label: str, choice: str) -> None:
        """Chooses in a field of the newest card that has one of this name."""
        await self.page.get_by_role("combobox", name=label).last.click()
        await self.page.get_by_role("option", name=choice, exact=True).click()

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
        await self.page.screenshot(path=PICTURES / f"{name}.png", animations="disabled")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._heard)

    def _heard(self, data: str | bytes) -> None:
        message = orjson.loads(data).get("message") or {}
        self._frames.append(data if isinstance(data, str) else data.decode())
        step = message.get("streamEntity")
        if step:
            self.steps.append((step["streamType"], message.get("text") or ""))
        self._bell.ring()


@asynccontextmanager
async def opened(browser: Browser, address: str) -> AsyncIterator[Window]:
    """A page on which nothing may go wrong."""
    context = await browser.new_context(viewport={"width": 1400, "height": 1100}, locale="en-US")
    found = Window(await context.new_page())
    await found.open(address)
    yield found
    await context.close()
    assert found.faults == []


async def block(route: Route) -> None:
    """Nothing leaves this machine."""
    await route.abort()
