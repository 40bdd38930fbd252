"""The whole channel, asked for in new posts."""

import pytest
import pytest_asyncio
from playwright.async_api import Route, expect

from tests.browser.window import COVERAGE, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
DECISION = "we book the agency for the evening of the launch"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def channel(window: Window) -> Window:
    """With something said this very minute, so that the week has begun however early on a Monday this runs."""
    await window.enter_channel()
    await window.say("The press kit is ready.")
    return window


async def test_a_new_posts_summary_is_the_whole_channel_of_the_last_day(channel: Window) -> None:
    post = await channel.post("summarise")
    await expect(post.get_by_text(COVERAGE)).to_contain_text("in 3 threads")
    await expect(post).to_contain_text("This channel since")
    for title in ("Key points", "Decisions", "Action items", "Open questions"):
        await expect(post).to_contain_text(title)
    await channel.picture("posts-summary")


async def test_its_citations_show_messages_of_its_threads(channel: Window) -> None:
    line = channel.newest.get_by_role("listitem").filter(has_text=DECISION)
    await line.locator(".fai-Citation").first.hover()
    await expect(channel.popover).to_contain_text(DECISION)
    await expect(channel.popover).to_contain_text("Ada Lindqvist")
    await channel.picture("posts-citation")


async def test_a_window_in_plain_words_is_named_in_the_answer(channel: Window) -> None:
    post = await channel.post("summarise since Monday")
    await expect(post.get_by_text(COVERAGE)).to_be_visible()
    await expect(post).to_contain_text("This channel since Mon")
    await channel.picture("posts-since-monday")


async def test_one_subject_alone_can_be_asked_for(channel: Window) -> None:
    post = await channel.post("what was said about the agency?")
    await expect(post.get_by_text(COVERAGE)).to_be_visible()
    await expect(post).to_contain_text("480 euros")
    await expect(post).not_to_contain_text("Action items")
    await channel.picture("posts-about")


async def test_a_catch_up_begins_with_what_concerns_the_newcomer(channel: Window) -> None:
    post = await channel.post("catch me up")
    await expect(post.get_by_text(COVERAGE)).to_be_visible()
    text = await post.inner_text()
    assert text.index("Mentions of you") < text.index("Assigned to you") < text.index("Key points")
    assert "duty roster" in text
    await channel.picture("posts-catch-up")


async def test_a_second_catch_up_begins_at_the_last_visit(channel: Window) -> None:
    post = await channel.post("catch me up")
    await expect(post).to_contain_text("Since your last visit")
    await expect(post).not_to_contain_text("book the agency")
    await channel.picture("posts-caught-up-again")


async def test_words_that_name_no_window_are_asked_back(channel: Window) -> None:
    post = await channel.post("summarise since the flood")
    await expect(post).to_contain_text("I did not understand that")
    await channel.picture("posts-asked-back")


async def test_a_digest_is_promised_and_can_be_switched_off(channel: Window) -> None:
    await expect(await channel.post("digest daily 9:00")).to_contain_text("every day at 09:00")
    await channel.picture("posts-digest")
    await expect(await channel.post("digest off")).to_contain_text("I no longer send you a digest")
    await channel.picture("posts-digest-off")


async def test_the_button_on_a_digests_card_switches_it_off_and_who_pressed_it_alone_is_told(channel: Window) -> None:
    promised = await channel.post("digest weekly Monday 9:00")
    await promised.get_by_role("button", name="Switch off").click()
    await channel.enter_personal()
    await expect(channel.messages.last).to_contain_text("Switched off")
    await channel.picture("posts-digest-button")
    await channel.enter_channel()


async def test_who_asks_in_german_with_a_german_browser_is_answered_in_german(channel: Window) -> None:
    async with channel.speaking("de-DE"):
        post = await channel.post("fasse die letzten 24 Stunden zusammen")
        for words in ("Dieser Kanal seit", "Entscheidungen", "Aufgaben", "gelesen"):
            await expect(post).to_contain_text(words)
    await channel.picture("posts-german")


async def test_an_answer_that_is_there_before_the_page_knows_of_its_post_is_drawn(channel: Window) -> None:
    """As on a page that is busy: without care it would draw nothing any more."""
    told = channel.told("Thinking")

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await channel.until_told("Thinking", told + 1)
        await route.fulfill(response=answer)

    await channel.page.route("**/messages", late, times=1)
    post = await channel.post("summarise")
    await expect(post.get_by_text(COVERAGE)).to_be_visible()
