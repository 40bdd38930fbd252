"""A personal chat, from the front door to what stands in the chat."""

from collections.abc import Callable

import pytest

from tests.scenarios.stage import Stage, alone
from tests.world.activities import added, feedback, installed, message
from tests.world.completion import Reply
from tests.world.openai import filtered
from tests.world.people import ADA, BRUNO, Room

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_question_is_answered_as_a_stream(stage: Stage) -> None:
    stage.world.model.next(Reply("The launch is on Friday. " * 3))
    answer = await stage.say(alone(), "When is the launch?")
    assert answer.text == ("The launch is on Friday. " * 3).strip() and answer.steps


async def test_an_answer_carries_the_ai_label_and_the_feedback_buttons(stage: Stage) -> None:
    answer = await stage.say(alone(), "Hello?")
    assert answer.ai and answer.feedback


async def test_a_follow_up_knows_what_was_said_before(stage: Stage) -> None:
    room = alone()
    await stage.say(room, "Our mascot is a heron.")
    await stage.say(room, "What is our mascot?")
    assert "Our mascot is a heron." in stage.world.model.prompts[-1].text


async def test_a_new_chat_knows_nothing_of_the_one_before(stage: Stage) -> None:
    room = alone()
    await stage.say(room, "Our mascot is a heron.")
    await stage.say(room, "new chat")
    await stage.say(room, "What is our mascot?")
    assert "heron" not in stage.world.model.prompts[-1].text


async def test_one_persons_chat_is_not_in_anothers_prompt(stage: Stage) -> None:
    await stage.say(alone(), "The marker is KESTREL.")
    await stage.say(alone(BRUNO), "What is the marker?", BRUNO)
    assert "KESTREL" not in stage.world.model.prompts[-1].text


async def test_help_says_what_there_is_to_do_without_a_model(stage: Stage) -> None:
    asked = len(stage.world.model.prompts)
    answer = await stage.say(alone(), "commands")
    assert "new chat" in answer.text and not answer.ai and len(stage.world.model.prompts) == asked


async def test_the_welcome_says_what_is_kept_and_for_how_long(stage: Stage) -> None:
    room = alone()
    await stage.welcome(room)
    await stage.until(lambda: any("kept for 30 days" in one.reading for one in stage.answers(room)))


async def test_both_events_of_one_installation_are_one_welcome(stage: Stage) -> None:
    room = alone()
    activity = added(room, ADA)
    await stage.give(room, activity)
    for again in (installed(room, ADA), activity):
        assert (await stage.world.post(again))[0] == 202
    await stage.say(room, "help")
    texts = stage.world.teams.chat(room.conversation).texts
    assert texts.count(texts[0]) == 1


@pytest.mark.parametrize("opened", [lambda stage: alone(), Stage.group, Stage.channel], ids=["own", "group", "team"])
async def test_the_welcome_comes_once_whoever_comes_later_and_its_card_again_on_help(
    stage: Stage, opened: Callable[[Stage], Room]
) -> None:
    room = opened(stage)
    await stage.welcome(room)
    for later in (installed(room, ADA), installed(room, ADA, "add-upgrade"), added(room, ADA, BRUNO.teams)):
        assert (await stage.world.post(later))[0] == 202
    await (stage.post if room.kind == "channel" else stage.say)(room, "help")
    chat = stage.world.teams.chat(room.conversation)
    await stage.until(lambda: sum("Where would you like to begin?" in one.reading for one in chat) == 2)
    assert sum("Hello, I'm" in one.text for one in chat) == 1


async def test_a_welcome_needs_not_say_who_added_the_bot(stage: Stage) -> None:
    room = alone()
    activity = added(room, ADA)
    del activity["from"]["aadObjectId"]
    assert "Parley" in (await stage.give(room, activity)).text


async def test_a_thumb_is_answered_with_an_empty_body(stage: Stage) -> None:
    room = alone()
    answer = await stage.say(room, "Hello?")
    assert await stage.world.post(feedback(room, ADA, answer.id, "like")) == (200, b"")


async def test_a_filtered_question_is_told_and_not_retried(stage: Stage) -> None:
    asked = len(stage.world.model.prompts)
    stage.world.model.faults.add(filtered(), times=1)
    answer = await stage.say(alone(), "something filtered")
    assert "content filter" in answer.text and len(stage.world.model.prompts) <= asked + 1


async def test_stop_keeps_what_was_said_and_says_nothing_more(stage: Stage) -> None:
    room = alone()

    async def pause(number: int) -> None:
        if number == 4:
            await stage.until(lambda: any(one.steps for one in stage.world.teams.chat(room.conversation)))
            stage.world.teams.stop(room.conversation)

    stage.world.model.next(Reply("one two three four five six seven eight", pause=pause))
    assert (await stage.world.post(message(room, ADA, "Count.")))[0] == 202
    await stage.until(lambda: any(not one.streaming for one in stage.world.teams.chat(room.conversation)))
    stopped = stage.world.teams.chat(room.conversation).last.text
    await stage.say(room, "help")
    assert (
        stage.world.teams.chat(room.conversation).messages[0].text
        == stopped
        != "one two three four five six seven eight"
    )


async def test_the_last_answer_is_given_once_more_and_shorter_at_one_tap(stage: Stage) -> None:
    room = alone()
    first = await stage.say(room, "Why is the sky blue?")
    await stage.say(room, "shorter")
    prompt = stage.world.model.prompts[-1].text
    assert "Shorter" in first.suggestions
    assert "Keep to a few sentences" in prompt and prompt.count("Why is the sky blue?") == 1
