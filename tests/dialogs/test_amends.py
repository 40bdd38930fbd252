from dataclasses import replace

from dialogs.amends import amend
from dialogs.changes import Amended
from dialogs.talk import Event
from tests.dialogs.desk import ScriptedModel, a_desk, an_ask, parts

EDIT = replace(an_ask("hello again"), event=Event.AMEND, amends="17")


async def test_an_edited_message_is_kept_as_it_reads_now_and_nothing_is_said() -> None:
    assert await parts(amend, EDIT, a_desk(ScriptedModel())) == [Amended("17", "hello again")]


async def test_of_a_deleted_message_nothing_is_kept() -> None:
    assert await parts(amend, replace(EDIT, text=""), a_desk(ScriptedModel())) == [Amended("17", "")]
