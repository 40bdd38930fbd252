"""A model that does what a file tells it: what of that stands on a page. In a local world of its own, with that model."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.attacks.obedient import PROSE
from tests.browser.launching import launched
from tests.browser.test_files import EVIL, MARKUP, file
from tests.browser.window import Window, opened
from tests.world.openai import DEPLOYMENTS, ModelDouble

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FORMS = ("link", "autolink", "bare address", "reference", "picture", "html", "mention", "deep link", "lookalike")
OBEYED = "\n\n".join(f"{form}: {PROSE[form]}" for form in FORMS)


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Window]:
    """A page whose bot asks the model."""
    async with ModelDouble(OBEYED) as model:
        settings = {
            "AZURE_OPENAI_ENDPOINTS": model.url,
            "AZURE_OPENAI_DEPLOYMENTS": DEPLOYMENTS[0],
            "AZURE_OPENAI_API_KEY": "local",  # pragma: allowlist secret
        }
        async with (
            launched(tmp_path_factory.mktemp("planted"), **settings) as address,
            opened(browser, address) as found,
        ):
            yield found


async def test_what_a_model_obeys_is_text_on_the_page_and_nothing_of_it_is_fetched(window: Window) -> None:
    await window.send("What does it say?", file("report.docx"))
    shown = window.messages.last
    for form in FORMS:
        await expect(shown).to_contain_text(f"{form}:")
    await window.picture("files-obeyed")
    await expect(shown.locator(MARKUP)).to_have_count(0)
    assert [address for address in window.asked if EVIL in address] == []
