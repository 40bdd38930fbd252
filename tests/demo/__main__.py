"""`make demo`: plays the story, prints each scene, leaves the pictures and a page of them. Ends by itself."""

import asyncio
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from playwright.async_api import Error, async_playwright

from tests.browser import needs, past
from tests.browser.launching import SETTINGS, ports
from tests.browser.window import PICTURES, Window, opened
from tests.demo.gallery import emptied, file, page
from tests.demo.story import STORY, play
from tests.world.playground.child import Gone, words
from tests.world.playground.layout import ROOT, Layout, installed
from tests.world.playground.local import running

FOLDER = PICTURES / "demo"
CHAT = {"x": 0, "y": 48, "width": 1070, "height": 1052}
"""The part of the page, in pixels, that is Teams; beside it the Playground logs."""


class Missing(Exception):
    """The machine lacks what the story is played with; the message says what and what to do."""


class Failed(Exception):
    """A scene did not come to what must be seen; the message says which."""


def layout(data: Path) -> Layout:
    """Ports of its own, so that `make run` may run beside it. Raises `Missing`."""
    node = installed()
    if node is None:
        raise Missing("make demo needs the Agents Playground: install Node.js 20 or newer with npm, then try again.")
    numbers = dict(zip(SETTINGS, ports(len(SETTINGS)), strict=True))
    return Layout(data, numbers["PORT"], numbers["PLAYGROUND_PORT"], numbers["PAGE_PORT"], node)


def chromium() -> str:
    """The browser's program. Raises `Missing`."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, needs.NAMES)), None)
    if found is None:
        raise Missing('make demo needs Chromium: install "chromium", or name its program: CHROMIUM=/path make demo')
    return found


@asynccontextmanager
async def stage(data: Path, program: str) -> AsyncIterator[Window]:
    """The local world and a page of it."""
    place = layout(data)
    print("Starting Parley, the Agents Playground and a browser …", flush=True)
    async with running(place), async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=list(needs.FLAGS))
        async with opened(browser, place.page) as window:
            await past.used(data, datetime.now(UTC).date())
            yield window
        await browser.close()


async def tell(window: Window) -> None:
    """The whole story. Raises `Failed`."""
    for number, scene in enumerate(STORY, 1):
        print(f"{number:2} of {len(STORY)}  {scene.title} …", end="", flush=True)
        began = monotonic()
        try:
            await play(scene, window)
        except (AssertionError, Error) as wrong:
            raise Failed(
                f"\nScene {number} did not show “{scene.seen}”:\n{str(wrong).partition('Call log:')[0]}"
            ) from None
        await window.page.screenshot(path=FOLDER / file(number, scene), animations="disabled", clip=CHAT)  # type: ignore[arg-type]
        print(f" {monotonic() - began:.1f} s", flush=True)


async def main() -> None:
    """From nothing to the page. Raises `Missing` or `Failed`, or what ended the local world, each perhaps in a group."""
    program, began = chromium(), monotonic()
    with tempfile.TemporaryDirectory(prefix="parley-demo-") as data:
        async with stage(Path(data), program) as window:
            emptied(FOLDER)
            await tell(window)
            print("Stopping …", flush=True)
    (FOLDER / "index.html").write_text(page(STORY), encoding="utf-8")
    print(f"{len(STORY)} pictures in {monotonic() - began:.0f} s. Open {(FOLDER / 'index.html').relative_to(ROOT)}")


def run() -> int:
    """The exit code."""
    code = 0
    try:
        asyncio.run(main())
    except* (Missing, Failed, Gone, TimeoutError, Error) as errors:
        print("\n".join(words(errors)), file=sys.stderr)
        code = 1
    except* KeyboardInterrupt:
        code = 130
    return code


if __name__ == "__main__":
    sys.exit(run())
