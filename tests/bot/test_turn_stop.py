"""A turn that its person does not want any more."""

import asyncio
from dataclasses import replace

import pytest

from bot.audit import Outcome
from bot.store.rows import Phase
from bot.turn import Turn, Ways
from dialogs.errors import Busy, Stopped
from dialogs.talk import Errand, Event, Say, Usage, Visit
from tests.bot.turns import ASK, CLAIM, HELLO, NOW, PLACE, Gate, Phases, Voice, claim, ways

WORDS = Stopped().words
LIMIT = 5
"""Seconds after which a test has waited long enough."""


async def stopped_at(gate: Gate, phases: Phases, ways: Ways) -> None:
    """A turn that is stopped when its dialog has come to the gate."""
    stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    running = asyncio.create_task(Turn(phases, ways, CLAIM, stop).run())
    async with asyncio.timeout(LIMIT):
        await gate.reached.wait()
        stop.set_result(None)
        await running


async def test_a_stopped_turn_says_so_in_place_and_goes_on_to_its_end() -> None:
    gate, phases, voice = Gate(), Phases(), Voice()
    await stopped_at(gate, phases, ways(voice, [gate]))
    assert voice.chat == [WORDS] and phases.steps[-1] == "finished"


async def test_what_was_said_until_it_was_stopped_stays() -> None:
    gate, voice = Gate(), Voice()
    await stopped_at(gate, Phases(), ways(voice, [Say("Half"), gate]))
    assert voice.chat == [f"Half\n\n{WORDS}"]


@pytest.mark.parametrize(
    ("half", "closing"),
    [
        ("So:\n```py\na = 1", "\n```"),
        ("~~~py\na = 1", "\n~~~"),
        ("````md\n```py\na = 1\n```", "\n````"),
        ("So:\n```py\na = 1\n```", ""),
        ("```a``` is inline", ""),
        ("1. So:\n   ```py\n   a = 1", ""),
    ],
)
async def test_code_that_was_begun_is_closed_before_the_words(half: str, closing: str) -> None:
    gate, voice = Gate(), Voice()
    await stopped_at(gate, Phases(), ways(voice, [Say(half), gate]))
    assert voice.chat == [f"{half}{closing}\n\n{WORDS}"]


async def test_what_composes_a_stopped_answer_is_closed_and_counted() -> None:
    gate, phases = Gate(), Phases()
    await stopped_at(gate, phases, ways(Voice(), [gate], closing=Usage("m", 5, 1)))
    assert gate.left and phases.record is not None and phases.record.usage == (Usage("m", 5, 1),)


async def test_a_stopped_turn_is_recorded_as_stopped_and_leaves_nothing_behind() -> None:
    gate, phases = Gate(), Phases()
    errand = Errand(Event.POST, PLACE, "key")
    await stopped_at(gate, phases, ways(Voice(), [Say("Half"), Visit("19:c", NOW), errand, gate]))
    assert phases.record is not None and phases.record.outcome is Outcome.STOPPED
    assert (phases.record.visit, phases.record.errands) == (None, ())


async def test_what_was_asked_is_kept_for_who_wants_it_after_all() -> None:
    gate, phases = Gate(), Phases()
    await stopped_at(gate, phases, ways(Voice(), [Say("Half"), gate], asked=replace(ASK, text="Who?")))
    assert phases.record is not None
    assert [line.text for line in phases.record.history] == ["Who?", f"Half\n\n{WORDS}"]


async def test_a_stop_that_only_the_database_knows_of_is_obeyed() -> None:
    phases, voice = Phases(stopped=True), Voice()
    await Turn(phases, ways(voice, HELLO), CLAIM).run()
    assert voice.chat == [f"Hello Anna.\n\n{WORDS}"]
    assert phases.record is not None and phases.record.outcome is Outcome.STOPPED


async def test_an_ask_that_was_stopped_before_its_turn_is_not_answered() -> None:
    phases, voice = Phases(stopped=True), Voice(chat=["Thinking…"])
    await Turn(phases, ways(voice, [ValueError()]), claim(stopped=True, placeholder="m0")).run()
    assert voice.chat == [WORDS]


async def test_an_ask_that_was_stopped_while_it_waited_is_answered_with_that_alone() -> None:
    phases, voice = Phases(stopped=True), Voice()
    await Turn(phases, ways(voice, HELLO), claim(stopped=True)).run()
    assert voice.chat == [WORDS] and phases.steps == ["placed m1", "answered", "finished"]


async def test_a_second_life_does_not_show_an_answer_that_was_stopped() -> None:
    phases, voice = Phases(stopped=True), Voice(chat=["Thinking…"])
    mine = claim(phase=Phase.ANSWERED, placeholder="m0", answer=b"unreadable", stopped=True)
    await Turn(phases, ways(voice, HELLO), mine).run()
    assert voice.chat == [WORDS]


async def test_a_stop_after_the_answer_changes_nothing() -> None:
    phases, voice = Phases(), Voice()
    stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    await Turn(phases, ways(voice, HELLO), CLAIM, stop).run()
    stop.set_result(None)
    assert voice.chat == ["Hello Anna."]


async def test_a_stop_while_the_first_message_is_on_its_way_writes_over_it() -> None:
    gate, voice = Gate(), Voice(slow=True)
    await stopped_at(gate, Phases(), ways(voice, [gate]))
    assert voice.chat == [WORDS]


async def test_a_turn_that_is_ended_with_its_process_is_not_taken_for_stopped() -> None:
    gate, phases, voice = Gate(), Phases(), Voice()
    running = asyncio.create_task(Turn(phases, ways(voice, [gate]), CLAIM).run())
    async with asyncio.timeout(LIMIT):
        await gate.reached.wait()
        running.cancel()
        await asyncio.wait([running])
    assert running.cancelled() and voice.chat == ["Thinking…"]


async def test_a_model_that_is_busy_just_then_is_not_tried_again() -> None:
    stop: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    stop.set_result(None)
    phases, voice = Phases(stopped=True), Voice()
    await Turn(phases, ways(voice, [Busy()]), CLAIM, stop).run()
    assert voice.chat == [WORDS] and phases.again is None


async def test_teams_own_stop_keeps_what_was_said() -> None:
    phases, voice = Phases(), Voice(stop_after=1)
    await Turn(phases, ways(voice, HELLO, asked=replace(ASK, text="Who?")), CLAIM).run()
    assert phases.record is not None and [line.text for line in phases.record.history] == ["Who?", "Hello "]


async def test_the_words_are_the_askers() -> None:
    phases, voice = Phases(stopped=True), Voice()
    german = replace(ways(voice, HELLO), words=lambda error, ask: f"{type(error).__name__} auf Deutsch")
    await Turn(phases, german, CLAIM).run()
    assert voice.chat == ["Hello Anna.\n\nStopped auf Deutsch"]


async def test_a_model_that_breaks_off_after_teams_own_stop_is_not_asked_again() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(stop_after=0), [Busy()]), CLAIM).run()
    assert phases.again is None and phases.record is not None and phases.record.outcome is Outcome.STOPPED
