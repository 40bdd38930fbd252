"""Somebody whose browser speaks German."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import opened

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_is_asked_in_german_is_answered_in_german(browser: Browser, address: str) -> None:
    async with opened(browser, address, "de-DE") as window:
        await window.enter_channel()
        post = await window.post("fasse die letzten 24 Stunden zusammen")
        for words in ("Dieser Kanal seit", "Entscheidungen", "Aufgaben", "Gelesen"):
            await expect(post).to_contain_text(words)
        await window.picture("german-summary")
