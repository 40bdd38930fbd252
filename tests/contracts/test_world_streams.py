"""The rules by which Teams lets a message grow (facts S1): where, how, how long, and in which words it refuses."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contracts.wire import Wire, error, step
from tests.world.faults import throttled
from tests.world.people import ADA, BRUNO, GROUP, THREAD, personal
from tests.world.teams import TeamsDouble, streams

CHAT = personal(ADA).conversation


class Clock:
    """Seconds that pass when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def teams(clock: Clock) -> AsyncIterator[TeamsDouble]:
    async with TeamsDouble(clock=clock) as double:
        yield double


@pytest.fixture
async def bot(teams: TeamsDouble) -> AsyncIterator[Wire]:
    async with Wire(teams.url) as wire:
        yield wire


async def begun(bot: Wire, text: str = "Hello") -> str:
    """A stream with one piece of content; its id."""
    status, body = await bot.step(CHAT, text, streamSequence=1)
    assert status == 201
    return str(body["id"])


def words(body: Any) -> str:
    assert error(body) == "ContentStreamNotAllowed"
    return str(body["error"]["message"])


async def test_the_first_step_is_answered_with_the_id_of_the_message(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    assert teams.chat(CHAT).last.id == id
    assert teams.chat(CHAT).last.streaming


async def test_a_later_step_is_answered_202_without_an_id(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    assert await bot.step(CHAT, "Hello you", streamId=id, streamSequence=2) == (202, {})
    assert teams.chat(CHAT).texts == ["Hello you"]


async def test_a_final_settles_the_message(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    assert (await bot.step(CHAT, "Hello you.", streamId=id, streamType="final"))[0] == 202
    chat = await teams.settled(CHAT)
    assert [(one.text, one.streaming, one.steps) for one in chat] == [("Hello you.", False, ("Hello",))]


async def test_an_informative_line_is_no_part_of_the_text(teams: TeamsDouble, bot: Wire) -> None:
    _, body = await bot.step(CHAT, "Searching…", streamType="informative", streamSequence=1)
    status, _ = await bot.step(CHAT, "Found it", streamId=body["id"], streamSequence=2)
    assert status == 202
    assert teams.chat(CHAT).texts == ["Found it"]


async def test_an_informative_line_after_content_is_not_shown(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    await bot.step(CHAT, "Still searching", streamId=id, streamType="informative", streamSequence=2)
    assert teams.chat(CHAT).texts == ["Hello"]


@pytest.mark.parametrize("conversation", [GROUP.conversation, THREAD.conversation])
async def test_streams_exist_in_personal_chats_only(bot: Wire, conversation: str) -> None:
    status, body = await bot.step(conversation, "Hello", streamSequence=1)
    assert (status, words(body)) == (403, "Content stream is not allowed")


async def test_a_step_without_text_is_refused(bot: Wire) -> None:
    status, body = await bot.step(CHAT, " ", streamSequence=1)
    assert (status, error(body)) == (400, "BadRequest")


async def test_the_first_sequence_number_is_one(bot: Wire) -> None:
    assert (await bot.step(CHAT, "Hello", streamSequence=2))[0] == 400


async def test_a_step_of_an_unknown_stream_is_refused(bot: Wire) -> None:
    assert (await bot.step(CHAT, "Hello", streamId="77", streamSequence=2))[0] == 400


async def test_a_stream_belongs_to_its_conversation(bot: Wire) -> None:
    id = await begun(bot)
    assert (await bot.step(personal(BRUNO).conversation, "Hello you", streamId=id, streamSequence=2))[0] == 400


async def test_a_final_carries_no_sequence_number(bot: Wire) -> None:
    id = await begun(bot)
    assert (await bot.step(CHAT, "Hello.", streamId=id, streamType="final", streamSequence=2))[0] == 400


async def test_a_later_step_carries_a_sequence_number(bot: Wire) -> None:
    id = await begun(bot)
    assert (await bot.step(CHAT, "Hello you", streamId=id))[0] == 400


async def test_a_step_that_is_a_message_is_refused(bot: Wire) -> None:
    assert (await bot.say(CHAT, {**step("Hello", streamSequence=1), "type": "message"}))[0] == 400


async def test_a_step_with_an_attachment_is_refused(bot: Wire) -> None:
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": {}}
    assert (await bot.say(CHAT, {**step("Hello", streamSequence=1), "attachments": [card]}))[0] == 400


async def test_a_final_may_carry_a_card(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": {"type": "AdaptiveCard"}}
    await bot.say(CHAT, {**step("Hello.", streamId=id, streamType="final"), "attachments": [card]})
    assert teams.chat(CHAT).last.cards == [{"type": "AdaptiveCard"}]


async def test_a_step_out_of_order_is_dropped_and_answered_202(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    await bot.step(CHAT, "Hello you there", streamId=id, streamSequence=3)
    assert (await bot.step(CHAT, "Hello you", streamId=id, streamSequence=2))[0] == 202
    assert teams.chat(CHAT).texts == ["Hello you there"]


@pytest.mark.parametrize("mark", [{"streamSequence": 2}, {"streamType": "final"}])
async def test_what_was_streamed_cannot_be_rewritten(teams: TeamsDouble, bot: Wire, mark: dict[str, Any]) -> None:
    id = await begun(bot)
    status, body = await bot.step(CHAT, "Goodbye", streamId=id, **mark)
    assert (status, words(body)) == (403, "Request streamed content should contain the previously streamed content")
    assert teams.chat(CHAT).texts == ["Hello"]


async def test_a_completed_stream_takes_no_more(bot: Wire) -> None:
    id = await begun(bot)
    await bot.step(CHAT, "Hello.", streamId=id, streamType="final")
    status, body = await bot.step(CHAT, "Hello. And", streamId=id, streamSequence=3)
    assert status == 403
    assert "already completed" in words(body)


async def test_a_stream_ends_after_two_minutes(clock: Clock, bot: Wire) -> None:
    id = await begun(bot)
    clock.now = 121
    status, body = await bot.step(CHAT, "Hello you", streamId=id, streamSequence=2)
    assert (status, words(body)) == (403, "Content stream finished due to exceeded streaming time.")


async def test_a_stream_that_took_too_long_is_completed_by_an_update(
    teams: TeamsDouble, clock: Clock, bot: Wire
) -> None:
    id = await begun(bot)
    clock.now = 121
    assert (await bot.update(CHAT, id, "Hello, and all the rest"))[0] == 200
    assert [(one.text, one.streaming) for one in teams.chat(CHAT)] == [("Hello, and all the rest", False)]


async def test_a_stopped_stream_says_so_at_its_next_step_and_keeps_its_text(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    teams.stop(CHAT)
    status, body = await bot.step(CHAT, "Hello you", streamId=id, streamSequence=2)
    assert (status, words(body)) == (403, "Content stream was canceled by user")
    assert [(one.text, one.streaming) for one in teams.chat(CHAT)] == [("Hello", False)]


async def test_a_stopped_stream_takes_no_final(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    teams.stop(CHAT)
    assert (await bot.step(CHAT, "Hello.", streamId=id, streamType="final"))[0] == 403


async def test_there_is_nothing_to_stop_where_nothing_streams(teams: TeamsDouble) -> None:
    with pytest.raises(LookupError):
        teams.stop(CHAT)


async def test_a_chat_has_one_live_stream(bot: Wire) -> None:
    await begun(bot)
    assert (await bot.step(CHAT, "Another", streamSequence=1))[0] == 403


async def test_after_the_final_a_new_stream_may_begin(teams: TeamsDouble, bot: Wire) -> None:
    id = await begun(bot)
    await bot.step(CHAT, "Hello.", streamId=id, streamType="final")
    await begun(bot, "Again")
    assert teams.chat(CHAT).texts == ["Hello.", "Again"]


async def test_an_update_that_claims_to_be_a_step_is_refused(bot: Wire) -> None:
    id = await begun(bot)
    assert (await bot.update(CHAT, id, step("Hello you", streamId=id)))[0] == 400


async def test_a_stream_that_grows_too_large_is_refused_in_the_words_of_streams(bot: Wire) -> None:
    id = await begun(bot)
    status, body = await bot.step(CHAT, "Hello" + "x" * 60_000, streamId=id, streamSequence=2)
    assert (status, words(body)) == (403, "Message size too large")


async def test_faults_can_be_told_to_meet_steps_only(teams: TeamsDouble, bot: Wire) -> None:
    teams.faults.add(throttled(1), when=streams)
    assert (await bot.say(CHAT, "plain"))[0] == 201
    assert (await bot.step(CHAT, "Hello", streamSequence=1))[0] == 429
