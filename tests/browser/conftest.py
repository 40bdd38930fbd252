"""One browser for all tests here; a local world and a page for each file of them.

The Playground's page draws its whole transcript anew with every message: over the plays of all files one step came to take
seconds, and minutes where the cores are shared.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser import needs
from tests.browser.launching import launched
from tests.browser.window import WAIT, Window, opened
from tests.world.openai import DEPLOYMENTS, ModelDouble


@dataclass(frozen=True, slots=True)
class Modelled:
    """A page whose bot asks a language model, and that model."""

    window: Window
    model: ModelDouble


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the local world keeps what it keeps."""
    return tmp_path_factory.mktemp("local")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(data: Path) -> AsyncIterator[str]:
    """The address that `make run` prints."""
    async with launched(data) as address:
        yield address


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = needs.chromium()
    expect.set_options(timeout=WAIT)
    async with async_playwright() as playwright:
        found = await playwright.chromium.launch(executable_path=program, args=list(needs.FLAGS))
        yield found
        await found.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window(browser: Browser, address: str) -> AsyncIterator[Window]:
    """The page, opened once a file: it takes seconds to load."""
    async with opened(browser, address) as window:
        yield window


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def modelled(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Modelled]:
    """A second local world: the one of `window` has the offline engine, which never writes, fails or is slow."""
    async with ModelDouble() as model:
        settings = {
            "AZURE_OPENAI_ENDPOINTS": model.url,
            "AZURE_OPENAI_DEPLOYMENTS": DEPLOYMENTS[0],
            "AZURE_OPENAI_API_KEY": "local",  # pragma: allowlist secret
        }
        async with (
            launched(tmp_path_factory.mktemp("modelled"), **settings) as address,
            opened(browser, address) as found,
        ):
            yield Modelled(found, model)
