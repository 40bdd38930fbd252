"""What the pace means in the chat: against the double that keeps Teams' limits, in a time of its own."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.web import StreamResponse

from bot.teams.errors import Throttled
from bot.teams.pacing import Pacing
from bot.teams.speaker import Speaker
from dialogs.talk import Answer, Note, Say
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.bot.teams.stage import Stage, idle
from tests.world.chat import Shown
from tests.world.door import Answer as Reply
from tests.world.door import Call
from tests.world.faults import Hang, status, throttled
from tests.world.pace import Pace
from tests.world.people import CHANNEL, GROUP
from tests.world.teams import TeamsDouble

BUSY = 40


@pytest.fixture
async def pace() -> Pace:
    return Pace()


@pytest.fixture
async def paced(clock: Clock, session: aiohttp.ClientSession, pace: Pace) -> AsyncIterator[Stage]:
    """A stage whose bot keeps the pace, in a Teams that insists on it."""
    drawn: list[Shown] = []

    def heard(conversation: str, shown: Shown) -> None:
        drawn.append(shown)

    async with TeamsDouble(clock=clock.seconds, heard=heard, pace=pace) as teams:
        spoken = speech(session, clock, teams.url, pacing=Pacing(clock.seconds))
        yield Stage(teams, clock, spoken.adapter, drawn)


async def one(stage: Stage, number: int) -> None:
    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.close(Answer(f"Answer {number}."))

    await stage.turn(act)


async def test_a_busy_group_chat_gets_all_its_answers_and_teams_refuses_nothing(paced: Stage, pace: Pace) -> None:
    paced.room = GROUP
    began = paced.clock.seconds()
    for number in range(BUSY):
        await one(paced, number)
    assert paced.chat.texts == [f"Answer {number}." for number in range(BUSY)]
    assert (pace.refused, paced.clock.seconds() - began < 45) == (0, True)


async def test_a_busy_channel_gets_all_its_answers_whichever_threads_they_belong_to(paced: Stage, pace: Pace) -> None:
    for number in range(BUSY):
        paced.room = CHANNEL.at(str(1_793_610_101_000 + number))
        await one(paced, number)
    assert len(paced.teams.chat(CHANNEL.conversation)) == BUSY
    assert pace.refused == 0


async def test_steps_are_left_out_where_a_chat_is_busy_and_the_answer_comes_at_once(paced: Stage, pace: Pace) -> None:
    waits: list[float] = []
    for number in range(20):
        await one(paced, number)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for number in range(60):
            await speaker.add(Say(f"word{number} "))
            await idle()
        began = paced.clock.seconds()
        await speaker.close(Answer(" ".join(f"word{number}" for number in range(60))))
        waits.append(paced.clock.seconds() - began)

    await paced.turn(act)
    assert paced.chat.last.text.endswith("word59") and max(paced.clock.pauses) > 3
    assert pace.refused == 0 and waits[0] <= 2


async def test_a_note_that_was_left_out_is_shown_when_there_is_room(paced: Stage, pace: Pace) -> None:
    paced.room = GROUP
    for number in range(22):
        await one(paced, number)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Note("Reading 600 messages…"))
        await paced.shows("Reading 600 messages…")
        await speaker.close(Answer("Done."))

    await paced.turn(act)
    assert paced.chat.last.edits == ("Thinking…", "Reading 600 messages…")
    assert pace.refused == 0 and max(paced.clock.pauses) > 3


@pytest.mark.parametrize("wish", [3, None])
async def test_what_one_call_learns_from_a_429_the_others_of_its_chat_need_not(paced: Stage, wish: int | None) -> None:
    """Two threads of one channel: the second waits for as long as Teams told the first."""
    paced.teams.faults.add(throttled(wish), times=1)
    first, second = CHANNEL.at("1793610101001"), CHANNEL.at("1793610101002")
    paced.room = first
    began = paced.clock.seconds()
    await one(paced, 1)
    paced.room = second
    await one(paced, 2)
    assert [shown.text for shown in paced.teams.chat(CHANNEL.conversation)] == ["Answer 1.", "Answer 2."]
    assert paced.drawn[0].at - began >= (wish or 2)


async def test_a_step_that_was_refused_is_not_said_again_but_its_successor_is(paced: Stage) -> None:
    held = Hang()

    async def late(call: Call, answer: Reply) -> StreamResponse:
        async def refuse(call: Call) -> StreamResponse:
            return await throttled()(call, answer)

        return await held(call, refuse)

    paced.teams.faults.add(late, when=lambda call: b'"streaming"' in call.body)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        await speaker.add(Say("One "))
        await held.reached.wait()
        await speaker.add(Say("two "))
        held.release()
        await paced.shows("One two")
        await speaker.close(Answer("One two three."))

    await paced.turn(act)
    assert paced.chat.last.steps == ("Thinking…", "One two")


async def test_an_answer_does_not_wait_behind_a_step_that_was_refused(paced: Stage) -> None:
    waits: list[float] = []
    paced.teams.faults.add(status(503), when=lambda call: b'"streaming"' in call.body, times=None)

    async def act(speaker: Speaker) -> None:
        await speaker.open("Thinking…")
        for number in range(8):
            await speaker.add(Say(f"word{number} "))
            await idle()
        began = paced.clock.seconds()
        await speaker.close(Answer("All of it."))
        waits.append(paced.clock.seconds() - began)

    await paced.turn(act)
    assert paced.chat.texts == ["All of it."] and waits[0] <= 1


async def test_a_chat_that_teams_wants_left_alone_for_long_is_left_to_the_schedule(paced: Stage, pace: Pace) -> None:
    paced.room = GROUP
    paced.teams.faults.add(throttled(600), times=1)
    with pytest.raises(Throttled):
        await one(paced, 1)
    with pytest.raises(Throttled) as second:
        await one(paced, 2)
    assert second.value.retry_after is not None and second.value.retry_after.total_seconds() > 590
    assert paced.teams.faults.left == 0
