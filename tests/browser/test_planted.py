"""A model that does what a file tells it: what of that stands on a page. In the world of `modelled`."""

import pytest
from playwright.async_api import expect

from tests.attacks.obedient import PROSE
from tests.browser.conftest import Modelled
from tests.browser.test_files import EVIL, MARKUP, file

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
FORMS = ("link", "autolink", "bare address", "reference", "picture", "html", "mention", "deep link", "lookalike")
OBEYED = "\n\n".join(f"{form}: {PROSE[form]}" for form in FORMS)


async def test_what_a_model_obeys_is_text_on_the_page_and_nothing_of_it_is_fetched(modelled: Modelled) -> None:
    window, modelled.model.answer = modelled.window, OBEYED
    await window.send("What does it say?", file("report.docx"))
    shown = window.messages.last
    for form in FORMS:
        await expect(shown).to_contain_text(f"{form}:")
    await window.picture("files-obeyed")
    await expect(shown.locator(MARKUP)).to_have_count(0)
    assert [address for address in window.asked if EVIL in address] == []
