"""Where no stream can be: channels, group chats, and messages that nobody waits for."""

from itertools import pairwise

import pytest

from bot.teams.errors import Rejected
from bot.teams.speaker import Speaker
from dialogs.talk import Answer, Note
from tests.bot.teams.stage import ANSWER, TEXT, Stage, said, spoken
from tests.world.faults import refused
from tests.world.people import GROUP, THREAD, Room


@pytest.mark.parametrize("room", [GROUP, THREAD])
async def test_outside_a_personal_chat_a_placeholder_becomes_the_answer(stage: Stage, room: Room) -> None:
    stage.room = room

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for part in said(TEXT):
            await speaker.add(part)
        await speaker.close(ANSWER)

    await stage.turn(act)
    (shown,) = stage.chat
    assert (shown.text, shown.edits, shown.steps) == (TEXT, ("Thinking…",), ())
    assert (shown.ai, shown.feedback, len(shown.citations)) == (True, True, 2)


async def test_notes_are_written_over_the_placeholder_at_their_pace(stage: Stage) -> None:
    stage.room = GROUP

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for note in ("Reading…", "Still reading…"):
            await speaker.add(Note(note))
            await stage.shows(note)
        await speaker.close(Answer("Done."))

    await stage.turn(act)
    assert stage.chat.last.edits == ("Thinking…", "Reading…", "Still reading…")
    assert all(later - earlier >= 2 for earlier, later in pairwise(stage.times[:-1]))


async def test_a_placeholder_that_was_deleted_does_not_swallow_the_answer(stage: Stage) -> None:
    stage.room = GROUP
    gone = refused(404, "ActivityNotFoundInConversation")

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        stage.teams.faults.add(gone, of="update")
        await speaker.close(ANSWER)

    await stage.turn(act)
    assert stage.chat.last.text == TEXT


async def test_a_first_message_that_is_refused_is_told(stage: Stage) -> None:
    stage.room = GROUP
    stage.teams.faults.add(refused(403, "NotEnoughPermissions"))

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")

    with pytest.raises(Rejected):
        await stage.turn(act)


async def test_what_nobody_waits_for_is_no_stream(stage: Stage) -> None:
    stage.proactive = True
    await stage.turn(spoken)
    (shown,) = stage.chat
    assert (shown.text, shown.edits, shown.steps) == (TEXT, ("Thinking…",), ())


@pytest.mark.parametrize("proactive", [False, True])
async def test_an_answer_may_be_said_without_a_note_before(stage: Stage, proactive: bool) -> None:
    stage.proactive = proactive
    await stage.turn(lambda speaker: speaker.close(ANSWER))
    (shown,) = stage.chat
    assert (shown.text, shown.edits, shown.ai) == (TEXT, (), True)


async def test_how_to_sign_in_comes_under_the_answer(stage: Stage) -> None:
    stage.room = GROUP
    await stage.turn(lambda speaker: speaker.close(Answer("First sign in.", sign_in=True)))
    assert stage.chat.texts == ["First sign in.", "Sign in here."]
