"""What a Japanese person sees: the cards in Japanese, and commands that are typed without blanks."""

import pytest
from playwright.async_api import expect

from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_the_cards_turn_japanese_and_back_and_japanese_words_are_understood(window: Window) -> None:
    await window.enter_personal()
    await window.ask_for("settings")
    await window.pick("Language", "日本語")
    card = await window.press_for("Save")
    await expect(card.get_by_text("あなただけに適用")).to_be_visible()
    await window.picture("japanese-settings")
    assert "ここでできることは次のとおりです" in await window.ask("ヘルプ")
    await window.picture("japanese-help")
    await window.ask_for("使用量")
    await window.picture("japanese-usage")
    await window.ask_for("設定")
    await window.press_for("既定に戻す")
