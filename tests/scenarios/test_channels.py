"""Summaries of a whole channel, one subject, and what somebody missed."""

import re
from datetime import timedelta

import pytest

from tests.scenarios.stage import ID, Stage, honest, summary
from tests.world.archive import mention
from tests.world.completion import Asked
from tests.world.people import ADA, BRUNO, CHIDI, Room

pytestmark = pytest.mark.asyncio(loop_scope="session")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def talk(stage: Stage) -> Room:
    """A channel with an old thread that got a new reply, a new thread, and one that nobody touched for days."""
    channel = stage.channel()
    old = stage.write(channel, ADA, "ALPHA was written long ago.", 5 * DAY)
    stage.write(channel.at(old), BRUNO, "BRAVO answers it today.", 2 * HOUR)
    new = stage.write(channel, CHIDI, "CHARLIE begins something new.", 3 * HOUR)
    stage.write(channel.at(new), ADA, "DELTA goes on with it.", HOUR)
    stage.write(channel, BRUNO, "ECHO was left alone for days.", 4 * DAY)
    return channel


def words(stage: Stage) -> set[str]:
    """Which of the marked messages the model was given last."""
    return set(re.findall("ALPHA|BRAVO|CHARLIE|DELTA|ECHO", stage.world.model.prompts[-1].text))


async def test_a_new_posts_summary_is_the_channel_of_the_last_day_with_its_replies(stage: Stage) -> None:
    channel = talk(stage)
    stage.world.model.next(honest)
    answer = await stage.post(channel, "summarise")
    assert words(stage) == {"BRAVO", "CHARLIE", "DELTA"}
    assert "Read 3 of 3 messages" in answer.text and "2 threads" in answer.text


async def test_a_window_in_plain_words_is_the_one_that_is_read(stage: Stage) -> None:
    channel = talk(stage)
    stage.world.model.next(honest)
    answer = await stage.post(channel, "summarise the last 6 days")
    assert words(stage) == {"ALPHA", "BRAVO", "CHARLIE", "DELTA", "ECHO"}
    assert "Read 5 of 5 messages" in answer.text


async def test_the_newest_messages_of_a_channel_are_counted_over_its_threads(stage: Stage) -> None:
    channel = talk(stage)
    stage.world.model.next(honest)
    await stage.post(channel, "summarise the last 2 messages")
    assert words(stage) == {"BRAVO", "DELTA"}


async def test_the_window_is_understood_in_german_and_answered_in_german(stage: Stage) -> None:
    channel = talk(stage)
    stage.world.model.next(honest)
    answer = await stage.post(channel, "fasse die letzten 24 Stunden auf Deutsch zusammen")
    assert words(stage) == {"BRAVO", "CHARLIE", "DELTA"}
    assert "German" in stage.world.model.prompts[-1].text and "Key points" not in answer.text


async def test_a_japanese_window_is_read_and_answered_in_japanese_with_its_span_as_japan_writes_it(
    stage: Stage,
) -> None:
    channel = talk(stage)
    stage.world.model.next(honest)
    answer = await stage.post(channel, "過去24時間のやり取りを要約してください。")
    assert words(stage) == {"BRAVO", "CHARLIE", "DELTA"}
    assert "Japanese" in stage.world.model.prompts[-1].text
    assert "3 件のメッセージ" in answer.text and "要点" in answer.text and re.search(r"月\d{1,2}日\(.\)", answer.text)


async def test_words_that_name_no_window_are_asked_back(stage: Stage) -> None:
    channel, asked = talk(stage), len(stage.world.model.prompts)
    answer = await stage.post(channel, "summarise since the flood")
    assert "did not understand" in answer.text and len(stage.world.model.prompts) == asked


async def test_a_window_in_the_future_is_asked_back(stage: Stage) -> None:
    channel = talk(stage)
    answer = await stage.post(channel, "summarise since 2099-01-01")
    assert "future" in answer.text


async def test_a_window_in_which_nobody_wrote_is_said(stage: Stage) -> None:
    channel = talk(stage)
    answer = await stage.post(channel, "summarise the last 5 minutes")
    assert "nothing to summarise" in answer.text


async def test_one_subject_alone_is_asked_of_the_model(stage: Stage) -> None:
    channel = talk(stage)
    stage.world.model.next(honest)
    answer = await stage.post(channel, "what was said about the beginning in the last 24 hours?")
    assert "the beginning" in stage.world.model.prompts[-1].text
    assert "They spoke of the launch" in answer.text and "Action items" not in answer.text


async def test_a_second_catch_up_begins_where_the_first_ended(stage: Stage) -> None:
    channel = talk(stage)
    stage.world.model.next(honest)
    told = await stage.post(channel, "catch me up")
    first = words(stage)
    await stage.say(channel.at(told.thread), "help")  # what the catch-up left behind is written by then
    stage.write(channel, CHIDI, "ECHO is new.", timedelta())
    stage.world.model.next(honest)
    answer = await stage.post(channel, "catch me up")
    assert first == {"BRAVO", "CHARLIE", "DELTA"} and words(stage) == {"ECHO"}
    assert "last visit" in answer.text


async def test_one_persons_visit_is_not_anothers(stage: Stage) -> None:
    channel = talk(stage)
    stage.world.model.next(honest, honest)
    await stage.post(channel, "catch me up", ADA)
    await stage.post(channel, "catch me up", BRUNO)
    assert words(stage) == {"BRAVO", "CHARLIE", "DELTA"}


async def test_what_concerns_a_person_comes_first(stage: Stage) -> None:
    channel = stage.channel()
    tag, entry = mention(0, ADA)
    fields = {"body": {"contentType": "html", "content": f"<p>{tag} please bring the keys.</p>"}, "mentions": [entry]}
    stage.write(channel, BRUNO, "", HOUR, **fields)

    def model(asked: Asked) -> str:
        ids = ID.findall(asked.text)
        action = {"text": "Bring the keys.", "owner": "Ada Lindqvist", "due": None, "ids": ids[:1]}
        return summary(key_points=[{"text": "They spoke of keys.", "ids": ids[:1]}], actions=[action])

    stage.world.model.next(model)
    answer = (await stage.post(channel, "catch me up")).text
    assert answer.index("Mentions of you") < answer.index("Assigned to you") < answer.index("Key points")
    assert "please bring the keys" in answer and answer.count("Bring the keys.") == 1


async def test_a_follow_up_reads_what_was_summarised_again(stage: Stage) -> None:
    channel = talk(stage)
    stage.world.model.next(honest)
    first = await stage.post(channel, "summarise the last 24 hours")
    stage.world.model.next(lambda asked: f"Chidi began it. [{ID.findall(asked.text)[0]}]")
    answer = await stage.say(channel.at(first.thread), "who began it?")
    assert words(stage) == {"BRAVO", "CHARLIE", "DELTA"}
    assert "They spoke of the launch" in str(stage.world.model.prompts[-1].messages)
    assert "Chidi began it" in answer.text and answer.citations


async def test_the_same_person_may_ask_in_two_threads_at_once(stage: Stage) -> None:
    one, two = talk(stage), talk(stage)
    stage.world.model.next(honest, honest)
    first = await stage.post(one, "summarise")
    second = await stage.post(two, "summarise")
    assert "Read 3 of 3" in first.text and "Read 3 of 3" in second.text
