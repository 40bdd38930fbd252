"""Answers for one person: asked for with a word, or through a message's menu."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
POST = "Post to the thread"
POSTED = "Posted for Robin Keller"
POSTING = "I'm posting it to the thread"
STANDING = "It stands there already"
OFFER = "Only you see this"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def channel(window: Window) -> Window:
    await window.enter_channel()
    return window


async def test_a_private_summary_stands_in_the_persons_own_chat(channel: Window) -> None:
    before = channel.told(OFFER)
    post = await channel.post("privately summarise")
    await channel.until_told(OFFER, before + 1)
    await expect(post).not_to_contain_text("Key points")
    await channel.enter_personal()
    await expect(channel.messages.last).to_contain_text(OFFER)
    await expect(channel.messages.filter(has_text="Key points").last).to_contain_text("This channel since")
    await channel.picture("private-answer")


async def test_posted_by_its_button_it_stands_in_the_thread_once(channel: Window) -> None:
    await channel.enter_personal()
    for told in (POSTING, STANDING):
        await channel.page.get_by_role("button", name=POST).last.click()
        await expect(channel.messages.filter(has_text=told)).to_have_count(1)
    await channel.picture("private-pressed")
    await channel.enter_channel()
    await expect(channel.newest.get_by_text(POSTED)).to_have_count(1)
    await channel.picture("private-posted")


async def test_a_messages_menu_shows_the_summary_of_its_thread_in_its_window(channel: Window) -> None:
    await channel.enter_channel()
    before = channel.told(OFFER)
    await channel.choose("summariseThread")
    await expect(channel.dialog).to_contain_text("I'm reading these messages")
    await channel.picture("menu-reading")
    await channel.until_told(OFFER, before + 1)
    await channel.dialog.get_by_role("button", name="Show it here").click()
    await expect(channel.dialog).to_contain_text("Decision: we book the agency")
    await channel.picture("menu-summary")
    await channel.dialog.get_by_role("button").first.click()
