"""The personal chat, as a newcomer meets it."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.window import WAIT, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def chat(window: Window) -> Window:
    await window.enter_personal()
    return window


async def test_a_newcomer_is_told_what_the_bot_can_do_and_what_it_keeps(window: Window) -> None:
    await expect(window.messages.first).to_contain_text("Parley")
    card = window.messages.nth(1)
    await expect(card).to_contain_text("have me sum up a channel or chat of yours")
    await expect(card).to_contain_text("kept for 30 days")
    await expect(card.get_by_role("button", name="All commands")).to_be_visible()
    await window.picture("personal-welcome")


async def test_an_answer_is_streamed_and_carries_the_ai_label_and_feedback_buttons(window: Window) -> None:
    await window.ask("Which day is the launch?")
    assert [kind for kind, _ in window.steps][-3:] == ["informative", "streaming", "final"]
    await expect(window.page.get_by_text("AI generated").last).to_be_visible()
    await expect(window.page.get_by_role("button", name="Like", exact=True).last).to_be_visible()
    await expect(window.page.get_by_role("button", name="Dislike", exact=True).last).to_be_visible()
    await window.picture("personal-answer")


async def test_a_follow_up_knows_what_was_said_before(window: Window) -> None:
    await window.ask("The code word of the project is heron.")
    assert "heron" in await window.ask("What is the code word of the project?")
    await expect(window.messages.last).to_contain_text("heron")
    await window.picture("personal-follow-up")


@pytest.mark.parametrize("reaction", ["Like", "Dislike"])
async def test_feedback_is_taken(window: Window, reaction: str) -> None:
    buttons = window.page.get_by_role("button", name=reaction, exact=True)
    if not await buttons.count():
        await window.ask("Is there anything new?")
    await buttons.last.click()
    dialog = window.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("to the point")
    await dialog.get_by_role("button", name="Submit").click()
    await dialog.get_by_text("Thank you").wait_for()
    await window.picture(f"personal-{reaction.lower()}")
    await dialog.get_by_role("button", name="Close").click()


async def test_help_says_what_can_be_typed(window: Window) -> None:
    assert "new chat" in await window.ask("commands")
    await window.picture("personal-help")


async def test_a_button_says_its_words_and_is_answered(window: Window) -> None:
    card = await window.press_for("Privacy")
    await expect(card).to_contain_text("kept for 30 days")
    await window.picture("personal-button")


async def test_a_new_chat_forgets_what_was_said(window: Window) -> None:
    await window.ask("The password hint is lighthouse.")
    await window.ask("new chat")
    assert "lighthouse" not in await window.ask("What is the password hint?")
    await window.picture("personal-new-chat")


async def test_a_reload_keeps_what_stands_there(window: Window) -> None:
    before = await window.messages.all_text_contents()
    await window.page.reload()
    await expect(window.messages).to_have_text(before, timeout=WAIT)
