"""Files in the personal chat: asked about, summed up, refused, and full of what somebody planted in them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from html import escape

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, TimeoutError, expect

from tests.bot.papers.papers import docx, paragraph, sample
from tests.browser.window import CONSENT, WAIT, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
LATE = "The harbour crane is late by six weeks"
EVIL = "evil.example"
PLANTED = (
    f'The winch is <b>broken</b> since <img src="https://{EVIL}/i.png" onerror="document.title=1">',
    f'Ask about the winch <at>Ada Lindqvist</at> or <a href="https://{EVIL}/a">here</a> or [the workshop](https://{EVIL}/w)',
    f"The winch ![stands](https://{EVIL}/m.png) at https://{EVIL}/bare and www.{EVIL} and <https://{EVIL}/auto>",
)
NAME = f"<b>winch<b> [plan]({EVIL}) ![x]({EVIL}).docx"
MARKUP = "a[href]:not([href='#']), img, b, at, script, iframe"
"""What a page would make of it. `#` is the Playground's own button."""
OPENING = 2_000
"""Milliseconds that a citation takes at most to open under the pointer."""


def file(name: str, data: bytes | None = None) -> FilePayload:
    """A file on the newcomer's disk; without its bytes the sample of that name."""
    content = sample(name) if data is None else data
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def planted() -> FilePayload:
    """A Word document whose words, and whose name, try everything at once."""
    return file(NAME, docx("".join(paragraph(escape(words)) for words in PLANTED)))


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def chat(window: Window) -> AsyncIterator[None]:
    """A chat of its own: those who come after know none of the files."""
    await window.enter_personal()
    yield
    await window.ask("new chat")


async def hover(window: Window) -> None:
    """Over the first citation of the newest answer until it opens: a last part of the answer moves it away once more."""
    async with asyncio.timeout(WAIT / 1000):
        while not await window.popover.count():
            await window.page.mouse.move(0, 0)
            await window.messages.last.locator(".fai-Citation").first.hover()
            with suppress(TimeoutError):
                await window.popover.wait_for(timeout=OPENING)


async def test_a_question_to_a_document_is_answered_with_a_citation_of_its_place(window: Window) -> None:
    assert LATE in await window.send("When does the harbour crane come?", file("report.docx"))
    await hover(window)
    await expect(window.popover).to_contain_text("report.docx, “Risks”")
    await expect(window.popover).to_contain_text(LATE)
    await window.picture("files-citation")


async def test_summarise_with_a_file_sums_it_up_and_says_what_it_covers(window: Window) -> None:
    answer = await window.send("summarise", file("report.docx"))
    assert "Read 3 of 3 parts of report.docx." in answer
    await expect(window.messages.last).to_contain_text(LATE)
    await window.picture("files-summary")


async def test_a_file_alone_is_described_and_summed_up_by_its_button(window: Window) -> None:
    assert "3 parts" in await window.send("", file("report.docx"))
    await window.picture("files-alone")
    assert "Read 3 of 3 parts of report.docx." in await window.press("Summarise")


async def test_a_protected_file_is_refused_with_a_way_on(window: Window) -> None:
    assert "Please send a copy without one." in await window.send("What does it say?", file("locked.pdf"))
    await window.picture("files-protected")


async def test_a_picture_is_declined_where_no_model_can_see(window: Window) -> None:
    assert "no language model that can see pictures" in await window.send("What is on it?", file("drawing.png"))
    await window.picture("files-picture")


async def test_what_is_planted_in_a_file_is_text_on_the_page_and_nothing_of_it_is_fetched(window: Window) -> None:
    await window.send("What is said about the winch?", planted())
    await hover(window)
    await expect(window.popover).to_contain_text("winch")
    await window.picture("files-planted")
    for shown in (window.messages.last, window.popover):
        await expect(shown.locator(MARKUP)).to_have_count(0)
    await expect(window.messages.last).to_contain_text("<b>broken</b>")
    assert [address for address in window.asked if EVIL in address] == []


async def test_a_document_is_offered_where_the_playground_cannot_show_the_card(window: Window) -> None:
    before = await window.messages.get_by_text(CONSENT).count()
    await window.send("When does the harbour crane come?", file("report.docx"))
    assert "my last answer as a document" in await window.ask("give me this as a document")
    await expect(window.messages.get_by_text(CONSENT)).to_have_count(before + 1)
    await window.picture("files-document")
    assert LATE in await window.ask("What of the harbour crane?")
