"""The channel: a sample thread, and summaries of it that can be checked."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
DECISION = "we launch Booking 4.2 on Tuesday the 8th at 10:00"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def channel(window: Window) -> Window:
    await window.enter_channel()
    return window


async def test_the_sample_thread_stands_there_under_its_authors_names(channel: Window) -> None:
    thread = channel.thread
    await expect(thread).to_contain_text("Sample thread with invented people")
    for name in ("Ada", "Bruno", "Chidi", "Dana", "Emre", "Fatima"):
        await expect(thread).to_contain_text(name)
    await channel.picture("channel-thread")


async def test_a_summary_has_its_sections_and_says_what_it_covers(channel: Window) -> None:
    closing = await channel.summary(channel.thread, "summarise")
    for title in ("Key points", "Decisions", "Action items", "Open questions"):
        await expect(channel.thread).to_contain_text(title)
    await expect(closing).to_contain_text("by 6 people")
    await expect(closing).to_contain_text("1 deleted")
    await channel.picture("channel-summary")


async def test_a_citation_shows_the_message_it_comes_from(channel: Window) -> None:
    await channel.summary(channel.thread, "decisions")
    line = channel.thread.get_by_role("listitem").filter(has_text=DECISION).last
    await line.locator(".fai-Citation").first.hover()
    await expect(channel.popover).to_contain_text(DECISION)
    await expect(channel.popover).to_contain_text("Ada Lindqvist")
    await channel.picture("channel-citation")


async def test_what_the_newcomer_adds_is_summarised_too(channel: Window) -> None:
    await channel.say("Decision: the launch party is in the canteen.")
    await channel.summary(channel.thread, "decisions")
    line = channel.thread.get_by_role("listitem").filter(has_text="canteen").last
    await expect(line).to_contain_text("Robin Keller")
    await channel.picture("channel-own-words")
