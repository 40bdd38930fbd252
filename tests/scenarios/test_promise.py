"""What was accepted is answered once and in order, whatever happens to the process in between."""

import asyncio

import pytest

from tests.scenarios.stage import Stage, alone
from tests.world.activities import message
from tests.world.bots import BotProcess
from tests.world.completion import Asked, Reply
from tests.world.faults import throttled
from tests.world.people import ADA

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_message_delivered_five_times_is_answered_once(stage: Stage) -> None:
    room = stage.group()
    activity = message(room, ADA, "hello?")
    answers = await asyncio.gather(*(stage.world.post(activity) for _ in range(5)))
    await stage.until(lambda: bool(stage.answers(room)))
    await stage.say(room, "and again?")
    assert {status for status, _ in answers} == {202} and len(stage.answers(room)) == 2


async def test_messages_of_one_conversation_are_answered_in_their_order(stage: Stage) -> None:
    room = alone()
    for number in range(3):
        stage.world.model.next(Reply(f"answer {number}"))
        assert (await stage.world.post(message(room, ADA, f"question {number}")))[0] == 202
    await stage.until(lambda: len(stage.answers(room)) == 3)
    asked = [prompt.question for prompt in stage.world.model.prompts[-3:]]
    assert asked == ["question 0", "question 1", "question 2"]


async def test_a_slow_conversation_holds_no_other_up(stage: Stage) -> None:
    slow, released = stage.group(), asyncio.Event()

    async def pause(number: int) -> None:
        await released.wait()

    def held(asked: Asked) -> Reply:
        return Reply("late", pause=pause)

    stage.world.model.next(held)
    await stage.world.post(message(slow, ADA, "take your time"))
    quick = await stage.say(alone(), "help")
    released.set()
    await stage.until(lambda: bool(stage.answers(slow)))
    assert quick.text


async def test_a_process_killed_while_answering_loses_nothing_and_says_nothing_twice(stage: Stage) -> None:
    room, began = stage.group(), asyncio.Event()

    async def pause(number: int) -> None:
        began.set()
        await asyncio.Event().wait()

    stage.world.model.next(lambda asked: Reply("never finished", pause=pause))
    environ = stage.world.environ(DATABASE_URL=stage.database_url, REQUIRE_SIGN_IN="false")
    async with BotProcess(environ) as doomed:
        usual, stage.world.bot = stage.world.bot, doomed.url
        assert (await stage.world.post(message(room, ADA, "are you there?")))[0] == 202
        stage.world.bot = usual
        await asyncio.wait_for(began.wait(), 10)
        await stage.until(lambda: len(stage.world.teams.chat(room.conversation)) == 1)
        await doomed.kill()
    # The other process takes the lane over when its lease has run out, and writes over what stands there.
    await stage.world.teams.until(lambda: bool(stage.answers(room)), 30)
    assert [one.text for one in stage.world.teams.chat(room.conversation)] == ["Hello."]


async def test_a_busy_model_is_asked_again(stage: Stage) -> None:
    room = stage.group()
    stage.world.model.faults.add(throttled(after=1), times=1)
    told = await stage.say(room, "hello?")
    await stage.until(lambda: [each.text for each in stage.answers(room)] == ["Hello."])
    assert "I ask again by myself" in told.text


async def test_a_process_told_to_end_finishes_what_it_began(stage: Stage) -> None:
    room, released, began = stage.group(), asyncio.Event(), asyncio.Event()

    async def pause(number: int) -> None:
        began.set()
        await released.wait()

    stage.world.model.next(lambda asked: Reply("finished", pause=pause))
    environ = stage.world.environ(DATABASE_URL=stage.database_url, REQUIRE_SIGN_IN="false")
    async with BotProcess(environ) as ending:
        usual, stage.world.bot = stage.world.bot, ending.url
        await stage.world.post(message(room, ADA, "wait for me"))
        stage.world.bot = usual
        await asyncio.wait_for(began.wait(), 10)
        over = asyncio.create_task(ending.end())
        released.set()
        assert await over == 0
    assert stage.answers(room)[-1].text == "finished"
