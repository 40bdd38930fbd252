"""What may go wrong with the message that becomes the answer, and what a person sees of it."""

import asyncio

import pytest
from aiohttp.web import StreamResponse

from bot.teams.errors import Ambiguous, Oversize
from bot.teams.speaker import Speaker
from dialogs.talk import Answer, Say
from tests.bot.teams.stage import HOME, ME, TEXT, Stage, spoken
from tests.world.door import Answer as Reply
from tests.world.door import Call, Fault
from tests.world.faults import accepted, refused, status, throttled
from tests.world.people import GROUP, THREAD, Room

STOPPED = refused(403, "ContentStreamNotAllowed", "Content stream was canceled by user")


def final(call: Call) -> bool:
    return b'"final"' in call.body


def growing(call: Call) -> bool:
    return b'"streaming"' in call.body


@pytest.mark.parametrize("room", [GROUP, THREAD])
@pytest.mark.parametrize("private", [False, True])
async def test_an_answer_whose_note_was_deleted_is_said_once_though_an_acknowledgement_was_lost(
    stage: Stage, room: Room, private: bool
) -> None:
    stage.room, stage.alone = room, ME if private else None
    ids: list[str] = []

    async def first(speaker: Speaker) -> None:
        ids.append(await speaker.open("Thinking…"))
        stage.teams.faults.add(refused(404, "ActivityNotFoundInConversation"), of="update", times=2)
        stage.teams.faults.add(accepted(status(502)), when=lambda call: call.kind != "update")
        await speaker.close(Answer(TEXT))

    with pytest.raises(Ambiguous):
        await stage.turn(first)
    await stage.turn(lambda speaker: speaker.close(Answer(TEXT)), placeholder=ids[0])
    assert stage.chat.texts.count(TEXT) == 1


async def test_a_stop_that_is_learnt_when_the_answer_is_written_over_the_stream_is_a_stop(stage: Stage) -> None:
    voices: list[Speaker] = []
    stage.teams.faults.add(status(502), of="send", when=final)
    stage.teams.faults.add(STOPPED, of="update", times=None)

    async def act(speaker: Speaker) -> None:
        voices.append(speaker)
        await spoken(speaker)

    await stage.turn(act)
    assert voices[0].stopped and TEXT not in stage.chat.texts


@pytest.mark.parametrize("fault", [throttled(), status(503), status(412), status(408)])
async def test_a_step_is_tried_once_and_its_successor_shows_all_of_it(stage: Stage, fault: Fault) -> None:
    bodies: list[bytes] = []
    met = asyncio.Event()

    async def once(call: Call, answer: Reply) -> StreamResponse:
        bodies.append(call.body)
        met.set()
        return await (fault(call, answer) if len(bodies) == 1 else answer(call))

    stage.teams.faults.add(once, when=growing, times=None)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One "))
        await met.wait()
        await speaker.add(Say("two "))
        await stage.shows("One two")
        await speaker.close(Answer("One two three."))

    await stage.turn(act)
    assert stage.chat.texts == ["One two three."] and len(set(bodies)) == len(bodies)


async def test_an_answer_that_teams_finds_too_large_is_an_error_of_its_own(stage: Stage) -> None:
    stage.room = HOME
    stage.teams.faults.add(refused(413, "MessageSizeTooBig"), when=final)
    stage.teams.faults.add(refused(413, "MessageSizeTooBig"), of="update")
    with pytest.raises(Oversize) as found:
        await stage.turn(spoken)
    assert "longer than Microsoft Teams takes" in found.value.words
