"""What people see of their own use and data, and what administrators see and do."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser import past
from tests.browser.window import CONSENT, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def chat(window: Window) -> Window:
    await window.enter_personal()
    return window


async def test_usage_is_a_picture_of_the_last_days(window: Window, data: Path) -> None:
    await past.used(data, datetime.now(UTC).date())
    card = await window.ask_for("usage")
    await expect(card).to_contain_text("On the busiest day: 64,800")
    await window.picture("keeping-usage")


async def test_privacy_and_about_say_what_holds_here(window: Window) -> None:
    card = await window.ask_for("privacy")
    await expect(card).to_contain_text("Nothing leaves this computer")
    await window.picture("keeping-privacy")
    assert "locally on this computer" in await window.ask("about")


async def test_an_answer_is_rated_with_words_and_the_report_counts_it(window: Window) -> None:
    await window.ask("When is the demo?")
    await window.page.get_by_role("button", name="Like", exact=True).last.click()
    await window.dialog.get_by_role("textbox").fill("to the point")
    await window.dialog.get_by_role("button", name="Submit").click()
    await window.dialog.get_by_text("Thank you").wait_for()
    await window.dialog.get_by_role("button", name="Close").click()
    card = await window.ask_for("admin feedback")
    await window.picture("keeping-feedback")
    await expect(card).to_contain_text("With a comment")


async def test_an_administrator_sees_figures(window: Window) -> None:
    card = await window.ask_for("admin")
    await expect(card).to_contain_text("Tokens today")
    await window.picture("keeping-admin")
    await window.press_for("Use")
    await window.picture("keeping-admin-usage")


async def test_a_rule_is_set_on_its_card_and_taken_back(window: Window) -> None:
    await window.ask_for("admin rules")
    await window.picture("keeping-rules")
    await window.pick("Rule", "feature.digests")
    await window.fill("Value", "off")
    assert "within ten seconds" in await window.press("Set")
    assert "feature.digests" in await window.ask("admin rules unset feature.digests")
    await window.picture("keeping-rule")


async def test_what_is_kept_of_a_person_is_told_and_handed_over(window: Window) -> None:
    card = await window.ask_for("what do you know about me")
    await expect(card).to_contain_text("What you wrote to me and what I answered")
    await window.picture("keeping-know")
    before = await window.messages.get_by_text(CONSENT).count()
    assert "everything I keep of you" in await window.press("Export my data")
    await expect(window.messages.get_by_text(CONSENT)).to_have_count(before + 2)
    await window.picture("keeping-export")


async def test_who_wants_to_be_forgotten_is_asked_and_gets_a_receipt(window: Window) -> None:
    card = await window.ask_for("forget me")
    await expect(card).to_contain_text("It cannot be brought back.")
    await window.picture("keeping-forget")
    receipt = await window.press_for("Forget me")
    assert "I have forgotten you" in window.answers[-1]
    await expect(receipt).to_contain_text("we start afresh")
    await window.picture("keeping-receipt")
