"""A model that writes: its answer seen growing, stopped half way, refused, away for a moment. In the world of `modelled`."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from dialogs.errors import Blocked, Stopped
from tests.browser.conftest import Modelled
from tests.browser.window import WAIT, Window
from tests.world.completion import Reply
from tests.world.faults import status
from tests.world.openai import Hold, ModelDouble, filtered

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FIRST = "The crane comes on Monday. "
LAST = "The winch comes a week later."
HALF = 5
"""The piece of the answer, which are words, that the model does not go on from."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window(modelled: Modelled) -> Window:
    return modelled.window


@pytest.fixture(scope="module")
def model(modelled: Modelled) -> ModelDouble:
    return modelled.model


async def test_an_answer_is_seen_growing(window: Window, model: ModelDouble) -> None:
    hold = Hold(HALF)
    model.next(Reply(FIRST + LAST, pause=hold))
    await window.say("When do crane and winch come?")
    await expect(window.messages.last).to_contain_text(FIRST.strip())
    await expect(window.messages.last).not_to_contain_text("winch")
    await window.picture("model-growing")
    hold.release()
    await expect(window.messages.last).to_contain_text(LAST)


async def test_stop_ends_an_answer_half_way_and_the_model_is_no_longer_asked(
    window: Window, model: ModelDouble
) -> None:
    before = model.aborted
    model.next(Reply("Once upon a time there was a crane.", pause=Hold(HALF)))
    await window.say("Tell me a story.")
    await expect(window.messages.last).to_contain_text("Once upon a time there")
    await window.say("stop")
    await expect(window.messages.last).to_contain_text(Stopped().text)
    await expect(window.messages.last).to_contain_text("Once upon a time there")
    await model.until(lambda: model.aborted > before)
    await window.picture("model-stopped")


async def test_who_is_refused_is_told_what_to_do_and_the_next_question_is_answered(
    window: Window, model: ModelDouble
) -> None:
    model.faults.add(filtered(), of="chat")
    assert Blocked().text in await window.ask("How do I break the crane?")
    await window.picture("model-refused")
    model.next("By pulling its red lever.")
    assert "red lever" in await window.ask("How do I stop the crane?")
    await window.picture("model-recovered")


async def test_a_model_that_is_away_for_a_moment_is_asked_again(window: Window, model: ModelDouble) -> None:
    model.faults.add(status(503), of="chat", times=2)
    model.next("It is here again.")
    await window.say("Is the crane here?")
    await expect(window.messages.last).to_contain_text("here again", timeout=WAIT)
