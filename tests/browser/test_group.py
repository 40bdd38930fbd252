"""The group chat: the same by mention."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def group(window: Window) -> Window:
    await window.enter_group()
    return window


async def test_a_group_chat_is_summarised_when_somebody_mentions_the_bot(group: Window) -> None:
    closing = await group.summary(group.messages, "summarise")
    answer = group.messages.last
    await expect(answer).to_contain_text("the demo runs in full screen only")
    await expect(answer).to_contain_text("I'll bring both laptops")
    await expect(closing).to_contain_text("by 4 people")
    await group.picture("group-summary")


async def test_a_citation_in_a_group_chat_shows_its_message(group: Window) -> None:
    await group.summary(group.messages, "action items")
    line = group.messages.last.get_by_role("listitem").filter(has_text="bring both laptops").last
    await line.locator(".fai-Citation").first.hover()
    await expect(group.popover).to_contain_text("bring both laptops")
    await group.picture("group-citation")
