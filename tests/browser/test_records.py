"""What people see of what is kept for them: settings, chats, tasks, prompts."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.window import Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
DEMO = "The demo of Booking 4.2 is on Friday at three."
GARAGE = "The parking garage closes at ten in the evening."
REPORT = (
    "The pilot ran for six weeks in two branches. Customers liked the new seat map. The payment page was too slow on "
    "old phones, so we decided to fix it before the launch. The launch stays on the eighth."
)


@pytest_asyncio.fixture(scope="module", loop_scope="session", autouse=True)
async def chat(window: Window) -> Window:
    await window.enter_personal()
    return window


async def test_the_settings_card_takes_another_language(window: Window) -> None:
    await window.ask_for("settings")
    await window.picture("keeping-settings")
    await window.pick("Language", "Deutsch")
    card = await window.press_for("Save")
    await expect(card.get_by_text("Sprache")).to_be_visible()
    await window.picture("keeping-settings-saved")


async def test_the_next_answer_is_in_that_language_until_it_is_taken_back(window: Window) -> None:
    assert "Das kann ich hier" in await window.ask("help")
    await window.picture("keeping-german")
    await window.press_for("Zurück zum Üblichen")
    assert "offline engine" in await window.ask("models")
    await window.picture("keeping-models")


async def test_two_chats_are_listed_with_how_they_begin(window: Window) -> None:
    await window.ask("new chat")
    await window.ask(DEMO)
    await window.ask("new chat")
    await window.ask(GARAGE)
    card = await window.ask_for("chats")
    await expect(card).to_contain_text(DEMO)
    await expect(card).to_contain_text(f"{GARAGE} (open now)")
    await window.picture("keeping-chats")


async def test_a_chat_is_found_by_a_word_and_opened(window: Window) -> None:
    await window.fill("Search titles and messages", "booking")
    card = await window.press_for("Search")
    await expect(card).to_contain_text(DEMO)
    await expect(card).not_to_contain_text(GARAGE)
    await window.picture("keeping-search")
    assert "We go on with" in await window.press("Open")
    assert "Friday" in await window.ask("When is the demo?")


async def test_a_chat_is_renamed_on_a_card(window: Window) -> None:
    await window.press_for("Rename")
    await window.picture("keeping-rename")
    await window.fill("Title", "Demo of Booking")
    assert "Demo of Booking" in await window.press("Save")


async def test_a_chat_is_deleted_after_a_question(window: Window) -> None:
    await window.ask_for("chats")
    card = await window.press_for("Delete")
    await expect(card).to_contain_text("It cannot be brought back.")
    await window.picture("keeping-delete")
    assert "Deleted" in await window.press("Delete")


async def test_a_text_is_summarised_on_the_card_of_tasks(window: Window) -> None:
    await window.ask_for("tasks")
    await window.picture("keeping-tasks")
    await window.fill("The text", REPORT)
    assert "launch" in await window.press("Run")
    await window.picture("keeping-summarised")


async def test_a_question_is_answered_from_a_text(window: Window) -> None:
    await window.ask_for("answer from:")
    await window.fill("The text", REPORT)
    await window.fill("Question", "Which page was too slow?")
    assert "payment page" in await window.press("Run")
    await window.picture("keeping-answered")


async def test_what_needs_a_model_that_writes_is_declined_kindly(window: Window) -> None:
    assert "only quotes" in await window.ask("translate to German: Good morning, dear colleagues.")
    await window.picture("keeping-declined")


async def test_a_prompt_is_saved_and_run(window: Window) -> None:
    await window.ask_for("prompts")
    await window.fill("Name", "Weekly")
    await window.fill("Prompt", "What was decided? {text}")
    assert "Weekly" in await window.press("Save")
    await window.ask_for("prompts")
    await window.picture("keeping-prompts")
    await window.press_for("Run")
    await window.fill("The text", REPORT)
    await window.press("Run")
    await window.picture("keeping-prompt-run")
