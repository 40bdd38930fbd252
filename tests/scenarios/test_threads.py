"""Summaries in a channel and a group chat, from the front door to what stands there."""

import re

import pytest

from tests.scenarios.stage import ID, Stage, honest, summary, thread
from tests.world.activities import message
from tests.world.completion import Asked
from tests.world.generator import generate
from tests.world.people import ADA, BRUNO, CHANNEL, PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="session")


def liar(asked: Asked) -> str:
    """A model that makes things up."""
    ids = ID.findall(asked.text)
    return summary(
        key_points=[
            {"text": "This never happened.", "ids": ["424242"]},
            {"text": "![spy](https://evil.example/x.png) [click](https://evil.example) true", "ids": ids[:1]},
        ],
        actions=[{"text": "Send money.", "owner": "The CEO", "due": "at once", "ids": ids[:1]}],
    )


def planted(stage: Stage, seed: int, posts: int = 30) -> str:
    """A thread in the channel; its root."""
    return str(stage.world.graph.load(generate(seed, posts=posts).record)[0]["id"])


async def test_a_summary_stands_in_its_thread_with_citations_and_coverage(stage: Stage) -> None:
    root = planted(stage, 1)
    stage.world.model.next(honest)
    answer = await stage.say(thread(root), "summarise")
    assert answer.thread == root and "Key points" in answer.text
    assert "They spoke of the launch" in answer.text and "[1]" in answer.text
    assert re.search(r"Read \d+ of \d+ messages by \d+ people", answer.text)


async def test_a_citation_opens_the_message_it_names(stage: Stage) -> None:
    root = planted(stage, 2)
    stage.world.model.next(honest)
    answer = await stage.say(thread(root), "summarise")
    appearance = answer.citations[0]["appearance"]
    cited = ID.findall(stage.world.model.prompts[-1].text)[0]
    assert appearance["url"] == stage.world.graph.record(cited)["webUrl"]


async def test_what_a_lying_model_invents_is_not_shown(stage: Stage) -> None:
    root = planted(stage, 3)
    stage.world.model.next(liar)
    answer = await stage.say(thread(root), "summarise")
    shown = answer.text + str(answer.citations)
    assert "never happened" not in shown and "evil.example" not in shown and "CEO" not in shown


async def test_a_group_chat_is_summarised_by_mention(stage: Stage) -> None:
    room = stage.group()
    for person, text in zip(PEOPLE, ("We ship on Friday.", "I will write the notes.", "Who tests?"), strict=False):
        stage.world.graph.post(room.conversation, person, text)
    stage.world.model.next(honest)
    answer = await stage.say(room, "summarise")
    assert "Read 4 of 4 messages by 3 people" in answer.text


async def test_what_does_not_mention_the_bot_wakes_nobody(stage: Stage) -> None:
    room, asked = stage.group(), len(stage.world.model.prompts)
    status, _ = await stage.world.post(message(room, BRUNO, "lunch?", mentioned=False))
    await stage.say(room, "hello?")
    assert status == 202 and len(stage.answers(room)) == 1 and len(stage.world.model.prompts) == asked + 1


async def test_a_thread_that_may_not_be_read_is_said_and_not_made_up(stage: Stage) -> None:
    root = planted(stage, 4)
    stage.world.graph.readers[CHANNEL.conversation] = set()
    try:
        answer = await stage.say(thread(root), "summarise")
    finally:
        del stage.world.graph.readers[CHANNEL.conversation]
    assert "could not read" in answer.text and "ChannelMessage.Read.Group" in answer.text


async def test_one_threads_words_are_not_in_anothers_prompt(stage: Stage) -> None:
    marked, other = planted(stage, 5), planted(stage, 6)
    stage.world.graph.post(thread(marked).conversation, ADA, "The marker is OSPREY.")
    stage.world.model.next(honest)
    await stage.say(thread(other), "summarise")
    assert "OSPREY" not in stage.world.model.prompts[-1].text


async def test_a_team_that_the_activity_does_not_name_is_asked_for(stage: Stage) -> None:
    root = planted(stage, 7)
    activity = message(thread(root), ADA, "summarise")
    del activity["channelData"]["team"]["aadGroupId"]
    stage.world.model.next(honest)
    assert "They spoke of the launch" in (await stage.give(thread(root), activity)).text
