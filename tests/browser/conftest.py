"""One local world, one browser and one page for all tests here."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.browser import needs
from tests.browser.window import Window
from tests.world.playground.child import Gone, child
from tests.world.playground.layout import ROOT, free

SETTINGS = ("PORT", "PAGE_PORT", "PLAYGROUND_PORT")
PATIENCE = 90.0
"""Seconds the local world may take to start on a slow machine."""


def ports(count: int) -> Iterator[int]:
    """Free ports below the range the system uses by itself, beginning at a different one in each process."""
    start = 20_000 + os.getpid() % 10_000
    found = (port for port in range(start, 32_700) if free(port))
    return (next(found) for _ in range(count))


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the local world keeps what it keeps."""
    return tmp_path_factory.mktemp("local")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def address(data: Path) -> AsyncIterator[str]:
    """The address that `make run` prints."""
    needs.playground()
    numbers = dict(zip(SETTINGS, map(str, ports(len(SETTINGS))), strict=True))
    env = {**os.environ, **numbers, "DATA_DIR": str(data)}
    async with child("launcher", sys.executable, "-m", "tests.world.playground", cwd=ROOT, env=env) as launcher:
        writing = asyncio.create_task(launcher.write(data / "launcher.log"))
        try:
            async with asyncio.timeout(PATIENCE):
                found = await launcher.says(rb"is ready: (\S+)")
        except (Gone, TimeoutError):
            pytest.fail(f"The local world did not get ready:\n{launcher.last_words}", pytrace=False)
        yield found[1].decode()
        writing.cancel()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = needs.chromium()
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=program, args=list(needs.FLAGS))
        yield found
        await found.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def window(browser: Browser, address: str) -> AsyncIterator[Window]:
    """The page, opened once: it takes seconds to load."""
    context = await browser.new_context(viewport={"width": 1400, "height": 1100}, locale="en-US")
    found = Window(await context.new_page())
    await found.open(address)
    yield found
    await context.close()
    assert found.faults == []
