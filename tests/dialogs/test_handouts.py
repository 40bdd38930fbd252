"""The last answer as a document."""

import pytest

from dialogs.attachments import Handover
from dialogs.errors import NotUnderstood, Personal
from dialogs.handouts import as_markdown, as_word
from dialogs.ports import Dialog
from dialogs.talk import Cite, Message, PlaceKind
from tests.dialogs.desk import FakeFiles, FakeHistory, ScriptedModel, a_desk, an_ask, said, shown

CITE = Cite(1, "report.pdf, page 1", "Sales rose.", "")
HISTORY = FakeHistory((Message("user", "Sales?"), Message("assistant", "They **rose** [1].", cites=(CITE,))))


@pytest.mark.parametrize(("dialog", "form"), [(as_word, "docx"), (as_markdown, "md")])
async def test_the_last_answer_is_written_with_its_sources_and_handed_over(dialog: Dialog, form: str) -> None:
    files = FakeFiles()
    found = await shown(dialog, an_ask("", PlaceKind.PERSONAL), a_desk(ScriptedModel(), history=HISTORY, files=files))
    assert files.written == [("They **rose** [1].", (CITE,), form)]
    assert found.handovers == (Handover("key", f"answer.{form}", 18),)
    assert found.text.startswith("This is my last answer as a document.") and not found.ai


@pytest.mark.parametrize("history", [FakeHistory(), said("Hello?"), said("Hello?", " ")])
async def test_where_there_is_no_answer_yet_that_is_said(history: FakeHistory) -> None:
    with pytest.raises(NotUnderstood, match="no answer of mine"):
        await shown(as_word, an_ask("", PlaceKind.PERSONAL), a_desk(ScriptedModel(), history=history))


@pytest.mark.parametrize("kind", [PlaceKind.CHANNEL, PlaceKind.GROUP])
async def test_among_others_nothing_is_handed_over(kind: PlaceKind) -> None:
    with pytest.raises(Personal):
        await shown(as_word, an_ask("", kind), a_desk(ScriptedModel(), history=HISTORY))
