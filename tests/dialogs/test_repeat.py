"""The last answer once more: anew, shorter, longer, in another language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.calendar.calendar import Calendar
from dialogs.attachments import Attachment
from dialogs.choice import follow, mean
from dialogs.errors import NeedsWriter, NotUnderstood
from dialogs.menu import ANSWER
from dialogs.repeat import NO_ANSWER, NONE_OPEN, Manner
from dialogs.talk import Answer, Message, Place, PlaceKind, Scope, Window
from tests.dialogs.desk import (
    NOW,
    FakeCalendar,
    FakeFiles,
    FakeHistory,
    FakeMemory,
    FakeThreads,
    ScriptedModel,
    a_desk,
    a_document,
    a_point,
    a_summary,
    an_ask,
    said,
    shown,
    thread,
)

PERSONAL, GROUP, CHANNEL = PlaceKind.PERSONAL, PlaceKind.GROUP, PlaceKind.CHANNEL
TALK = thread(("Ada", "The launch is on Friday."), ("Ben", "The venue is booked."))
SUMMARY = a_summary(key_points=[a_point("The launch is on Friday.", "m1")])


async def again(
    text: str, model: ScriptedModel, history: FakeHistory, kind: PlaceKind = PERSONAL, **desk: object
) -> Answer:
    ask = an_ask(text, kind)
    at = a_desk(model, history=history, calendar=Calendar(), **desk)  # type: ignore[arg-type]
    return await shown(follow(mean(ask, at.calendar, NOW), ask), ask, at)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("again", Manner()),
        ("Regenerate.", Manner()),
        ("noch einmal, bitte", Manner()),
        ("nochmal", Manner()),
        ("もう一度お願いします", Manner()),
        ("shorter please", Manner("short")),
        ("kürzer", Manner("short")),
        ("plus court", Manner("short")),
        ("más breve", Manner("short")),
        ("もっと短くしてください", Manner("short")),
        ("longer", Manner("long")),
        ("in German", Manner(language="de")),
        ("auf Englisch bitte", Manner(language="en")),
        ("en français", Manner(language="fr")),
        ("ドイツ語で", Manner(language="de")),
        ("in Italian", None),
        ("in detail", None),
        ("shorter working hours in France?", None),
        ("again: what is the plan", None),
    ],
)
def test_what_is_wanted_of_the_last_answer(text: str, wish: Manner | None) -> None:
    assert mean(an_ask(text, PERSONAL), Calendar(), NOW).manner == wish


@pytest.mark.parametrize("text", ["again", "shorter", "in more detail", "in German", "短くまとめてください"])
def test_what_comes_with_a_file_is_not_about_the_last_answer(text: str) -> None:
    meant = mean(an_ask(text, PERSONAL, attachments=(Attachment("a.pdf", "application/pdf", ""),)), Calendar(), NOW)
    assert (meant.command, meant.manner) == (ANSWER, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [("again", ""), ("shorter", "a few sentences"), ("longer", "Go into detail"), ("in German", "Answer in German")],
)
async def test_the_question_is_asked_again_as_if_it_had_no_answer(text: str, told: str) -> None:
    model = ScriptedModel("Anew.")
    assert (await again(text, model, said("Hi", "Hello.", "Why?", "Because."))).text == "Anew."
    [prompt] = model.prompts
    assert (prompt.question, [line.text for line in prompt.history]) == ("Why?", ["Hi", "Hello."])
    assert told in prompt.instructions


async def test_wishes_that_came_after_the_question_are_heeded_too() -> None:
    model = ScriptedModel("Kurz.")
    await again("shorter", model, said("Why?", "Because.", "in German", "Darum.", "longer", "Darum, weil."))
    [prompt] = model.prompts
    assert prompt.question == "Why?" and "few sentences" in prompt.instructions and prompt.language == "de"


async def test_an_answer_from_a_file_is_given_again_from_that_file_with_its_citations() -> None:
    scope = Scope(Place(PERSONAL, "conversation"), Window(), ("f1",))
    history = FakeHistory((Message("user", "Who pays?"), Message("assistant", "Ada.", scope)))
    model = ScriptedModel("Ada pays [f1.1].")
    found = await again("shorter", model, history, files=FakeFiles(known=(a_document("a.pdf", "Ada pays."),)))
    assert [post.id for post in model.prompts[0].posts] == ["f1.1"] and len(found.cites) == 1


async def test_a_summary_is_made_again_from_its_messages_and_checked_again() -> None:
    history = FakeHistory((Message("user", "summarise"), Message("assistant", "It was …")))
    lie = a_summary(key_points=[a_point("The launch is on Friday.", "m1"), a_point("It costs 5000 euros.", "m2")])
    found = await again("again", ScriptedModel(lie), history, GROUP, threads=TALK)
    assert found.cites and "5000" not in found.text and found.dropped == 1


async def test_a_short_summary_has_fewer_points() -> None:
    talk = thread(*(("Ada", f"Point {word} is settled.") for word in ("one", "two", "three", "four")))
    points = [a_point(post.text, post.id) for post in talk]
    history = FakeHistory((Message("user", "summarise"), Message("assistant", "It was …")))
    found = await again("shorter", ScriptedModel(a_summary(key_points=points)), history, GROUP, threads=talk)
    assert found.text.count("is settled") == 2


async def test_a_summary_that_named_a_language_is_given_in_the_one_that_is_wished_for_now() -> None:
    history = FakeHistory((Message("user", "summarise in German"), Message("assistant", "Es ging …")))
    model = ScriptedModel(SUMMARY)
    await again("in French", model, history, GROUP, threads=TALK)
    assert "Write in French" in model.prompts[0].instructions


async def test_the_summary_of_a_whole_channel_is_one_again_in_the_thread_that_it_began() -> None:
    channel = Place(CHANNEL, "conversation")
    history = FakeHistory((Message("user", "summarise"), Message("assistant", "It …", Scope(channel, Window()))))
    threads = FakeThreads(TALK)
    ask = replace(an_ask("again", CHANNEL), place=replace(channel, thread="root"))
    desk = a_desk(ScriptedModel(SUMMARY), threads, history)
    await shown(follow(mean(ask, FakeCalendar(), NOW), ask), ask, desk)
    assert [place.thread for place in threads.places] == [None]


async def test_a_catch_up_is_told_again_from_where_it_began() -> None:
    since = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    scope = Scope(Place(GROUP, "conversation"), Window(since, NOW))
    history = FakeHistory((Message("user", "catch me up"), Message("assistant", "You missed …", scope)))
    threads = FakeThreads(TALK)
    memory = FakeMemory({"conversation": NOW - timedelta(minutes=1)})
    await again("again", ScriptedModel(SUMMARY), history, GROUP, threads=threads, memory=memory)
    assert threads.windows[0].since == since


async def test_without_an_answer_it_says_what_to_do_first() -> None:
    with pytest.raises(NotUnderstood, match="Ask me something first"):
        await again("shorter", ScriptedModel(), FakeHistory())
    assert NO_ANSWER.endswith("first.")


@pytest.mark.parametrize("kind", [GROUP, CHANNEL])
async def test_where_only_private_answers_were_given_it_says_that_it_repeats_none(kind: PlaceKind) -> None:
    with pytest.raises(NotUnderstood) as refused:
        await again("shorter", ScriptedModel(), FakeHistory(), kind)
    assert refused.value.detail == NONE_OPEN


async def test_after_a_digest_it_is_a_question_about_the_digest() -> None:
    model = ScriptedModel("In short: nothing.")
    await again("shorter", model, FakeHistory((Message("assistant", "Your digest …"),)))
    assert model.prompts[0].question == "shorter"


async def test_what_a_task_wrote_is_reworded_by_the_model_from_the_chat() -> None:
    model = ScriptedModel("Hallo.")
    await again("in German", model, said("translate to French: Hello", "Bonjour"))
    assert (model.prompts[0].question, [line.text for line in model.prompts[0].history][-1]) == ("in German", "Bonjour")


async def test_what_the_model_reworded_may_be_wanted_once_more_too() -> None:
    found = await again("shorter", ScriptedModel("Hi."), said("translate to French: Hello", "Bonjour"))
    assert "longer" in [button.text for button in found.suggested]


async def test_an_engine_that_only_quotes_says_that_it_cannot() -> None:
    with pytest.raises(NeedsWriter):
        await again("shorter", ScriptedModel("Quote.", writes=False), said("Why?", "Because."))


def test_a_question_without_such_a_wish_stays_a_question() -> None:
    meant = mean(an_ask("Why?", PERSONAL), Calendar(), NOW)
    assert meant.command is ANSWER and meant.manner is None
