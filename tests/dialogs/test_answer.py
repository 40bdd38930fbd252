"""A question and its answer."""

import pytest

from dialogs.answer import answer
from dialogs.errors import Busy, TooLong, Unreadable
from dialogs.prompt import Purpose, messages
from dialogs.talk import Attachment, Message, PlaceKind, Say
from tests.dialogs.desk import FakeThreads, ScriptedModel, a_desk, an_ask, parts, said, shown, thread

POSTS = thread(("Anna Weber", "The hall costs 900 euros."), ("Ben Okafor", "I would take the other one."))
PERSONAL = PlaceKind.PERSONAL


async def test_an_answer_grows_piece_by_piece_and_is_marked_as_made_by_ai() -> None:
    found = await parts(answer, an_ask("Why?", PERSONAL), a_desk(ScriptedModel(["Be", "cause."])))
    assert found == [Say("Be", ai=True), Say("cause.", ai=True)]


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
    async for _ in (stream := answer(an_ask("Count.", PERSONAL), a_desk(model))):
        break
    await stream.aclose()  # type: ignore[attr-defined]
    assert model.closed == 1


async def test_nothing_is_read_for_a_personal_chat() -> None:
    threads = FakeThreads(POSTS)
    await parts(answer, an_ask("Why?", PERSONAL), a_desk(ScriptedModel("So."), threads))
    assert threads.windows == []


async def test_a_file_is_not_passed_over_in_silence() -> None:
    ask = an_ask("What is in it?", PERSONAL, attachments=(Attachment("plan.pdf", "application/pdf", ""),))
    found = await shown(answer, ask, a_desk(ScriptedModel("I don't know.")))
    assert found.text == "I can't open attached files yet, so I go by your words alone.\n\nI don't know."


async def test_a_file_without_words_asks_the_model_nothing() -> None:
    model = ScriptedModel("Hm.")
    await parts(
        answer, an_ask("", PERSONAL, attachments=(Attachment("plan.pdf", "application/pdf", ""),)), a_desk(model)
    )
    assert model.prompts == []


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
