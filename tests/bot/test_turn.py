"""One turn against fakes that keep its phases and what stands in the chat."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.answers import pack
from bot.audit import Action, Outcome
from bot.store.rows import Claim, LeaseLost, Phase, StoreAway
from bot.turn import Act, Broken, Turn
from dialogs.errors import AssistantError, Blocked, Busy, Gone, NotAllowed, Unavailable
from dialogs.rules import ATTEMPTS
from dialogs.talk import Answer, Ask, Message, NewChat, OfferSignIn, Part, Say, Usage
from tests.bot.turns import ASK, CLAIM, HELLO, NOW, Gate, Phases, Voice, claim, ways


async def test_a_turn_goes_through_its_phases_in_their_order() -> None:
    phases, voice = Phases(), Voice()
    await Turn(phases, ways(voice, HELLO), CLAIM).run()
    assert phases.steps == ["placed m1", "answered", "finished"]


async def test_an_answer_that_is_there_before_its_place_is_saved_together_with_it() -> None:
    phases, voice = Phases(), Voice(slow=True)
    await Turn(phases, ways(voice, HELLO), CLAIM).run()
    assert phases.steps == ["answered m1", "finished"]


async def test_the_answer_stands_where_the_first_words_stood() -> None:
    voice = Voice()
    await Turn(Phases(), ways(voice, HELLO), CLAIM).run()
    assert voice.chat == ["Hello Anna."]


async def test_question_and_answer_are_written_to_the_history() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), HELLO), CLAIM).run()
    assert phases.record is not None
    assert phases.record.history == (Message("user", ASK.text), Message("assistant", "Hello Anna."))


async def test_the_history_expires_after_the_time_it_is_kept() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), HELLO), CLAIM).run()
    assert phases.record is not None
    assert phases.record.expires == NOW + timedelta(days=30)


async def test_the_tokens_of_a_turn_are_recorded() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), HELLO), CLAIM).run()
    assert phases.record is not None and phases.record.audit is not None
    assert (phases.record.audit.input_tokens, phases.record.audit.output_tokens) == (12, 3)


async def test_a_new_chat_is_begun_at_the_end_of_its_turn() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), (Say("Fresh."), NewChat())), CLAIM).run()
    assert phases.record is not None and phases.record.new_chat


async def test_a_second_life_writes_over_the_first_ones_message() -> None:
    phases, voice = Phases(), Voice(chat=["Thinking…"])
    await Turn(phases, ways(voice, HELLO), claim(phase=Phase.PLACED, placeholder="m0")).run()
    assert voice.chat == ["Hello Anna."] and phases.steps == ["answered", "finished"]


async def test_an_answer_that_is_complete_is_not_asked_for_again() -> None:
    phases, voice = Phases(), Voice(chat=["Thinking…"])
    saved = pack(Answer("Done before."))
    await Turn(phases, ways(voice, [ValueError()]), claim(placeholder="m0", answer=saved)).run()
    assert voice.chat == ["Done before."] and phases.steps == ["finished"]


async def test_a_busy_model_is_tried_again_later() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), [Busy(retry_after=timedelta(seconds=30))]), CLAIM).run()
    assert phases.again == NOW + timedelta(seconds=30)


def lacking() -> Unavailable:
    """What a token that does not come is told as."""
    error = Unavailable()
    error.counts = False
    return error


async def test_a_try_without_a_token_does_not_count_and_is_never_the_last() -> None:
    phases = Phases()
    last = claim(attempts=ATTEMPTS - 1, placeholder="m0")
    await Turn(phases, ways(Voice(chat=["Thinking…"]), [lacking()]), last).run()
    assert (phases.steps, phases.counted) == (["postponed"], False)


async def test_a_try_without_a_token_to_speak_with_does_not_count_either() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(refuse={"open": lacking()}), HELLO), claim(attempts=ATTEMPTS - 1)).run()
    assert (phases.steps, phases.counted) == (["postponed"], False)


async def test_any_other_try_counts() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), [Unavailable()]), CLAIM).run()
    assert phases.counted


async def test_after_an_hour_without_a_token_a_try_counts_like_any_other() -> None:
    phases, voice = Phases(), Voice(chat=["Thinking…"])
    since = claim(attempts=1, placeholder="m0", lacking=NOW - timedelta(hours=1))
    await Turn(phases, ways(voice, [lacking()]), since).run()
    assert (phases.steps, phases.counted) == (["postponed"], True)
    await Turn(phases, ways(voice, [lacking()]), replace(since, attempts=ATTEMPTS - 1)).run()
    assert voice.chat == [Unavailable().words] and phases.record is not None
    assert phases.record.outcome is Outcome.DEAD


async def test_after_the_last_try_the_person_reads_why() -> None:
    phases, voice = Phases(), Voice(chat=["Thinking…"])
    last = claim(attempts=ATTEMPTS - 1, placeholder="m0")
    await Turn(phases, ways(voice, [Busy()]), last).run()
    assert voice.chat == [Busy().words] and phases.record is not None and phases.record.outcome is Outcome.DEAD


async def test_an_ask_that_ended_its_process_too_often_gets_an_apology() -> None:
    phases, voice = Phases(), Voice(chat=["Thinking…"])
    await Turn(phases, ways(voice, HELLO), claim(attempts=ATTEMPTS, placeholder="m0")).run()
    assert voice.chat == [AssistantError().words]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(Blocked(), Outcome.BLOCKED), (NotAllowed(), Outcome.REFUSED), (ValueError("x"), Outcome.DEAD)],
)
async def test_an_error_is_told_and_recorded(error: Exception, outcome: Outcome) -> None:
    phases, voice = Phases(), Voice()
    await Turn(phases, ways(voice, [Say("Half an "), error]), CLAIM).run()
    expected = error.words if isinstance(error, AssistantError) else AssistantError().words
    assert voice.chat == [expected] and phases.record is not None and phases.record.outcome is outcome


async def test_an_error_leaves_nothing_in_the_history() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), [Say("Half"), Blocked()]), CLAIM).run()
    assert phases.record is not None and phases.record.history == ()


async def test_a_fault_of_ours_is_reported() -> None:
    faults: list[BaseException] = []
    fault = ValueError()
    await Turn(Phases(), ways(Voice(), [fault], faults), CLAIM).run()
    assert faults == [fault]


async def test_stop_ends_the_dialog_and_keeps_what_was_said() -> None:
    phases, voice = Phases(), Voice(stop_after=1)
    await Turn(phases, ways(voice, HELLO), CLAIM).run()
    assert phases.record is not None and phases.record.outcome is Outcome.STOPPED
    assert phases.record.history[-1] == Message("assistant", "Hello ")


async def test_a_conversation_that_is_gone_ends_the_ask() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(refuse={"open": Gone()}), HELLO), CLAIM).run()
    assert phases.record is not None and phases.record.outcome is Outcome.GONE


async def test_an_answer_that_could_not_be_shown_is_shown_later() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(refuse={"close": Unavailable()}), HELLO), CLAIM).run()
    assert phases.steps == ["placed m1", "answered", "postponed"]


async def test_who_has_lost_the_lane_shows_nothing() -> None:
    voice = Voice()
    with pytest.raises(LeaseLost):
        await Turn(Phases(refuse={"answered": LeaseLost()}), ways(voice, HELLO), CLAIM).run()
    assert voice.chat == ["Thinking…"]


async def test_a_fault_while_speaking_is_tried_again() -> None:
    phases = Phases(refuse={"answered": TypeError()})
    await Turn(phases, ways(Voice(), HELLO), CLAIM).run()
    assert phases.steps == ["placed m1", "postponed"]


async def test_a_fault_that_stays_is_told_in_the_end() -> None:
    phases, voice = Phases(refuse={"answered": TypeError()}), Voice(chat=["Thinking…"])
    await Turn(phases, ways(voice, HELLO), claim(attempts=ATTEMPTS - 1, placeholder="m0")).run()
    assert voice.chat == [Broken().words] and phases.record is not None and phases.record.outcome is Outcome.DEAD


async def test_a_database_that_is_away_in_the_middle_is_no_fault_of_the_dialog() -> None:
    with pytest.raises(StoreAway):
        await Turn(Phases(), ways(Voice(), [StoreAway()]), CLAIM).run()


async def test_what_a_stopped_answer_took_is_recorded() -> None:
    phases = Phases()
    await Turn(
        phases, ways(Voice(stop_after=1), [Say("Half"), Say("an answer")], closing=Usage("m", 5, 1)), CLAIM
    ).run()
    assert phases.record is not None and phases.record.usage == (Usage("m", 5, 1),)


async def test_who_asks_for_the_card_to_sign_in_with_is_shown_it() -> None:
    phases, voice = Phases(), Voice()
    await Turn(phases, ways(voice, [Say("Here."), OfferSignIn()], action=Action.SIGN_IN), CLAIM).run()
    assert voice.offers == 1
    assert phases.record is not None and (phases.record.outcome, phases.record.history) == (Outcome.OK, ())


async def test_what_an_attempt_took_is_kept_though_it_failed() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), [Usage("m", 9, 0), Busy()]), CLAIM).run()
    assert phases.steps[-1] == "postponed" and phases.record is not None and phases.record.usage == (Usage("m", 9, 0),)


async def test_why_nothing_could_be_shown_is_written_over_the_note_that_stands() -> None:
    voice, stood = Voice(refuse={"close": NotAllowed()}), list[str | None]()

    async def speak(claim: Claim, asked: Ask, act: Act) -> None:
        stood.append(claim.placeholder)
        await act(voice)

    await Turn(Phases(), replace(ways(voice, HELLO), speak=speak), CLAIM).run()
    assert stood == [None, "m1"]


async def test_something_is_said_before_teams_tells_where_it_is_and_the_dialog_learns_it() -> None:
    told, places = asyncio.Event(), list[str | None]()
    voice = Voice(locating=told)

    async def answer(claim: Claim, asked: Ask, meter: Callable[[Usage], None]) -> AsyncIterator[Part]:
        places.append(asked.place.team)
        yield Say("Hello.")

    turn = asyncio.create_task(Turn(Phases(), replace(ways(voice, ()), answer=answer), CLAIM).run())
    for _ in range(50):
        await asyncio.sleep(0)
    assert (voice.chat, places) == (["Thinking…"], [])
    told.set()
    await turn
    assert places == ["found"]


async def test_something_is_said_at_once_and_not_only_when_the_dialog_has_something_to_say() -> None:
    gate, phases, voice = Gate(), Phases(), Voice()
    turn = asyncio.create_task(Turn(phases, ways(voice, [gate, *HELLO]), CLAIM).run())
    for _ in range(50):
        await asyncio.sleep(0)
    assert (voice.chat, voice.heard, gate.reached.is_set()) == (["Thinking…"], 0, True)
    turn.cancel()
    await asyncio.wait({turn})
