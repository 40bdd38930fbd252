"""A question and its answer."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from dialogs.answer import answer
from dialogs.errors import AssistantError, Busy, NotMember, TooLong, Unreadable
from dialogs.preferences import Preferences
from dialogs.prompt import Purpose, messages
from dialogs.talk import Ask, Links, Message, Omitted, Person, Place, PlaceKind, Post, Say, Scope, Window
from tests.dialogs.desk import (
    NOW,
    START,
    FakeHistory,
    FakeThreads,
    ScriptedModel,
    a_desk,
    a_post,
    an_ask,
    notes,
    parts,
    said,
    shown,
    thread,
)

POSTS = thread(("Anna Weber", "The hall costs 900 euros."), ("Ben Okafor", "I would take the other one."))
PERSONAL = PlaceKind.PERSONAL
THREAD = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")
CHANNEL = replace(THREAD, thread=None)
CHAT = Place(PlaceKind.GROUP, "19:chat")
WEEK = Window(START, NOW)


def asked(place: Place, text: str = "Cost?") -> Ask:
    return replace(an_ask(text), place=place)


def after(*scopes: Scope | None) -> FakeHistory:
    """A history of answers about these."""
    lines = [(Message("user", "And?"), Message("assistant", "The hall costs 900 euros.", scope)) for scope in scopes]
    return FakeHistory(tuple(line for pair in lines for line in pair))


class Refusing(FakeThreads):
    """Lets one see something before it refuses."""

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        yield [a_post(number, "Anna", "Secret.") for number in range(120)]
        raise NotMember


async def test_an_answer_grows_piece_by_piece_and_is_marked_as_made_by_ai() -> None:
    found = await parts(answer, an_ask("Why?", PERSONAL), a_desk(ScriptedModel(["Be", "cause."])))
    assert found == [Links(()), Say("Be", ai=True), Say("cause.", ai=True)]


async def test_an_answer_may_link_to_what_the_person_wrote_and_to_nothing_the_model_wrote() -> None:
    history = said("It is at https://contoso.sharepoint.com/a", "Also at https://contoso.sharepoint.com/b")
    found = await parts(
        answer,
        an_ask("And https://contoso.sharepoint.com/c?", PERSONAL),
        a_desk(ScriptedModel("There."), history=history),
    )
    assert found[0] == Links(("https://contoso.sharepoint.com/c", "https://contoso.sharepoint.com/a"))


async def test_the_model_knows_what_was_said_before() -> None:
    model = ScriptedModel("Blue.")
    await parts(answer, an_ask("And mine?", PERSONAL), a_desk(model, history=said("My colour is blue.", "Noted.")))
    prompt = model.prompts[0]
    assert prompt.history == (Message("user", "My colour is blue."), Message("assistant", "Noted."))
    assert (prompt.purpose, prompt.question, prompt.posts) == (Purpose.ANSWER, "And mine?", ())


async def test_a_long_history_is_cut_to_its_newest_part_that_fits() -> None:
    model = ScriptedModel("Yes.", window=8_000)
    await parts(
        answer, an_ask("Well?", PERSONAL), a_desk(model, history=said(*(f"{n} " + "word " * 100 for n in range(40))))
    )
    prompt = model.prompts[0]
    assert prompt.history[-1].text.startswith("39 ")
    assert 0 < len(prompt.history) < 40
    assert sum(len(message.text) for message in messages(prompt)) + prompt.reply <= model.window


async def test_a_question_longer_than_the_model_can_read_is_too_long() -> None:
    with pytest.raises(TooLong):
        await parts(answer, an_ask("x" * 8_000, PERSONAL), a_desk(ScriptedModel("Yes.", window=8_000)))


async def test_a_models_error_is_the_persons() -> None:
    with pytest.raises(Busy):
        await parts(answer, an_ask("Why?", PERSONAL), a_desk(ScriptedModel(Busy())))


async def test_an_answer_that_is_no_longer_wanted_stops_the_model() -> None:
    model = ScriptedModel(["One", "two", "three"])
    async for part in (stream := answer(an_ask("Count.", PERSONAL), a_desk(model))):
        if isinstance(part, Say):
            break
    await stream.aclose()  # type: ignore[attr-defined]
    assert model.closed == 1


async def test_nothing_is_read_for_a_personal_chat() -> None:
    threads = FakeThreads(POSTS)
    await parts(answer, an_ask("Why?", PERSONAL), a_desk(ScriptedModel("So."), threads))
    assert threads.windows == []


@pytest.mark.parametrize("kind", [PlaceKind.CHANNEL, PlaceKind.GROUP])
async def test_among_others_the_answer_cites_what_was_written_there(kind: PlaceKind) -> None:
    model = ScriptedModel("It costs 900 euros [m1]. Ben wants the other one [m2, m1].")
    found = await shown(answer, an_ask("What does it cost?", kind), a_desk(model, POSTS))
    assert found.text == "It costs 900 euros [1]. Ben wants the other one [2][1]."
    assert [(cite.number, cite.link) for cite in found.cites] == [(1, POSTS[0].link), (2, POSTS[1].link)]


async def test_marks_that_name_no_message_are_taken_out() -> None:
    model = ScriptedModel("It costs 900 euros [m1][m9], they say [7]. A [nice] one, see [this](x).")
    found = await shown(answer, an_ask("Cost?"), a_desk(model, POSTS))
    assert found.text == "It costs 900 euros [1], they say. A [nice] one, see [this](x)."


async def test_a_question_in_a_thread_that_cannot_be_read_is_answered_and_says_so() -> None:
    found = await shown(answer, an_ask("Cost?"), a_desk(ScriptedModel("900."), FakeThreads((), Unreadable())))
    assert found.text == "I could not read the messages of this conversation, so I go by your words alone.\n\n900."


async def test_an_answer_from_a_part_of_the_thread_says_so() -> None:
    found = await shown(answer, an_ask("Cost?"), a_desk(ScriptedModel("900."), FakeThreads(POSTS, Unreadable())))
    assert found.text.startswith("900.\n\nRead 2 of at least 2 messages")


async def test_a_question_that_opens_a_thread_is_answered_without_one() -> None:
    model = ScriptedModel("Paris.")
    found = await shown(answer, an_ask("Capital of France?"), a_desk(model))
    assert (found.text, model.prompts[0].posts) == ("Paris.", ())


async def test_a_question_after_a_summary_of_the_channel_is_answered_from_that_part_of_the_channel() -> None:
    threads, model = FakeThreads(POSTS), ScriptedModel("It costs 900 euros [m1].")
    found = await shown(answer, asked(THREAD), a_desk(model, threads, after(Scope(CHANNEL, WEEK), None)))
    assert (threads.places, threads.windows) == ([CHANNEL], [WEEK])
    assert (found.text, found.scope) == ("It costs 900 euros [1].", Scope(CHANNEL, WEEK))
    assert model.prompts[0].history[-1].text == "The hall costs 900 euros."


@pytest.mark.parametrize(
    ("place", "scope"),
    [
        (THREAD, None),
        (THREAD, Scope(THREAD, Window(last=5))),
        (THREAD, Scope(replace(CHANNEL, channel="19:another"), WEEK)),
        (THREAD, Scope(CHAT, WEEK)),
    ],
)
async def test_among_others_any_other_question_is_answered_from_their_own_thread(
    place: Place, scope: Scope | None
) -> None:
    threads = FakeThreads(POSTS)
    await shown(answer, asked(place), a_desk(ScriptedModel("900."), threads, after(scope)))
    assert (threads.places, threads.windows) == ([place], [Window()])


@pytest.mark.parametrize("scope", [None, Scope(CHAT, WEEK), Scope(CHANNEL, WEEK)])
async def test_in_a_group_chat_a_question_is_answered_from_its_last_messages(scope: Scope | None) -> None:
    threads = FakeThreads(POSTS)
    found = await shown(answer, asked(CHAT), a_desk(ScriptedModel("900."), threads, after(scope)))
    assert (threads.places, threads.windows) == ([CHAT], [Window(last=500)])
    assert found.text == "900."


async def test_an_answer_from_as_many_messages_as_are_read_says_how_older_ones_are_asked_for() -> None:
    many = [a_post(number, "Anna", "Hm.") for number in range(500)]
    found = await shown(answer, asked(CHAT), a_desk(ScriptedModel("900."), many))
    assert found.text.startswith("900.\n\nRead 500 of 500 messages by 1 person")
    assert "Older messages I did not read: ask for them with a time, such as **summarise since Monday**" in found.text


async def test_the_newest_summary_decides_what_is_read() -> None:
    threads, newest = FakeThreads(POSTS), Scope(THREAD, Window())
    history = after(Scope(CHANNEL, WEEK), newest)
    await shown(answer, asked(THREAD), a_desk(ScriptedModel("900."), threads, history))
    assert threads.places == [THREAD]


async def test_in_a_personal_chat_a_question_after_a_digest_reads_its_messages_again() -> None:
    threads, model = FakeThreads(POSTS), ScriptedModel("It costs 900 euros [m1].")
    history = after(Scope(CHANNEL, WEEK))
    found = await shown(answer, an_ask("Cost?", PERSONAL), a_desk(model, threads, history))
    assert (threads.places, threads.windows, model.prompts[0].posts) == ([CHANNEL], [WEEK], POSTS)
    assert (found.text, found.scope) == ("It costs 900 euros [1].", Scope(CHANNEL, WEEK))
    assert [cite.link for cite in found.cites] == [POSTS[0].link]


async def test_a_personal_answer_that_rests_on_none_of_it_is_not_about_it() -> None:
    found = await shown(
        answer, an_ask("Hi", PERSONAL), a_desk(ScriptedModel("Hi!"), POSTS, after(Scope(CHANNEL, WEEK)))
    )
    assert found.scope is None


async def test_when_the_talk_has_moved_on_nothing_is_read_again() -> None:
    threads = FakeThreads(POSTS)
    history = after(Scope(CHANNEL, WEEK), None, None, None)
    await shown(answer, an_ask("Cost?", PERSONAL), a_desk(ScriptedModel("900."), threads, history))
    assert threads.places == []


@pytest.mark.parametrize("error", [Unreadable(), NotMember()])
async def test_what_may_no_longer_be_read_is_answered_from_the_chat_and_says_so(error: AssistantError) -> None:
    desk = a_desk(ScriptedModel("900."), FakeThreads((), error), after(Scope(CHANNEL, WEEK)))
    found = await shown(answer, an_ask("Cost?", PERSONAL), desk)
    assert found.text == "I could not read those messages again, so I go by what was said in this chat.\n\n900."
    assert found.scope is None


async def test_nothing_that_was_read_before_a_refusal_is_used() -> None:
    model = ScriptedModel("900.")
    await shown(answer, an_ask("Cost?", PERSONAL), a_desk(model, Refusing(), after(Scope(CHANNEL, WEEK))))
    assert model.prompts[0].posts == ()


async def test_among_others_who_may_not_read_gets_no_answer() -> None:
    model = ScriptedModel("900.")
    with pytest.raises(NotMember):
        await parts(answer, asked(THREAD), a_desk(model, Refusing()))
    assert model.prompts == []


async def test_of_many_threads_the_newest_messages_that_fit_are_given_thread_by_thread() -> None:
    many = [replace(a_post(n, "Anna", "word " * 40, minutes=n), thread="ab"[n % 2]) for n in range(60)]
    model = ScriptedModel("Yes.", window=9_000)
    found = await shown(answer, asked(THREAD), a_desk(model, many, after(Scope(CHANNEL, WEEK))))
    given = model.prompts[0].posts
    assert 0 < len(given) < 60 and {post.id for post in given} == {f"m{n}" for n in range(60 - len(given), 60)}
    assert [post.thread for post in given] == sorted(post.thread for post in given)
    assert f"Read {len(given)} of 60 messages" in found.text


async def test_a_message_too_long_to_be_read_is_said() -> None:
    posts = thread(("Anna", "x" * 9_000))
    found = await shown(answer, asked(THREAD), a_desk(ScriptedModel("Hm.", window=8_000), posts))
    assert found.text == "The messages of this conversation are too long for me, so I go by your words alone.\n\nHm."


async def test_progress_of_the_reading_is_told() -> None:
    many = [a_post(number, "Anna", "Hm.") for number in range(150)]
    assert notes(await parts(answer, asked(THREAD), a_desk(ScriptedModel("Hm."), many)))[-1] == "Reading 150 messages…"


# how a person wants to be answered


async def test_an_answer_is_asked_for_as_the_person_wishes() -> None:
    model = ScriptedModel("Ja.")
    mine = Preferences(length="long", creativity="low", language="de", tone="formal")
    await parts(answer, an_ask("Why?", PERSONAL), a_desk(model, preferences=mine))
    prompt = model.prompts[0]
    assert all(words in prompt.instructions for words in ("Go into detail", "formal", "German"))
    assert (prompt.creativity, prompt.language) == ("low", "de")


async def test_a_short_answer_is_left_less_room_and_a_long_one_more() -> None:
    model = ScriptedModel("Yes.")
    wished = [Preferences(length="short"), Preferences(), Preferences(length="long")]
    for mine in wished:
        await parts(answer, an_ask("Why?", PERSONAL), a_desk(model, preferences=mine))
    short, usual, long = (prompt.reply for prompt in model.prompts)
    assert short < usual < long


async def test_wishes_hold_for_questions_about_what_people_wrote_too() -> None:
    model = ScriptedModel("900 [m1].")
    await parts(answer, asked(CHAT), a_desk(model, POSTS, preferences=Preferences(tone="plain")))
    assert "without jargon" in model.prompts[0].instructions
