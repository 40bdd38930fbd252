"""Starting afresh, and stopping."""

import pytest

from dialogs.chats import new_chat, stop
from dialogs.talk import PlaceKind
from tests.dialogs.desk import ScriptedModel, a_desk, an_ask, shown


@pytest.mark.parametrize("kind", list(PlaceKind))
async def test_a_new_chat_begins_everywhere(kind: PlaceKind) -> None:
    assert (await shown(new_chat, an_ask(kind=kind), a_desk(ScriptedModel()))).new_chat


async def test_among_others_it_says_that_their_messages_are_still_read() -> None:
    answer = await shown(new_chat, an_ask(), a_desk(ScriptedModel()))
    assert answer.text.endswith("The messages of this conversation I still read.")


async def test_without_anything_under_way_stop_says_so() -> None:
    answer = await shown(stop, an_ask("stop"), a_desk(ScriptedModel()))
    assert (answer.text, answer.new_chat) == ("There is nothing under way that I could stop.", False)
