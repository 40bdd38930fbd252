"""A turn for which every model has too much to do."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.audit import Action
from bot.turn import Turn
from dialogs.errors import AllBusy, Busy, Unavailable
from dialogs.talk import Event, Usage
from tests.bot.turns import ASK, CLAIM, NOW, Phases, Voice, claim, ways

WAIT = timedelta(seconds=30)
FULL = AllBusy(retry_after=WAIT)


async def test_who_has_to_wait_is_told_how_many_wait_before_them() -> None:
    phases, voice = Phases(), Voice()
    await Turn(phases, ways(voice, [FULL]), CLAIM).run()
    assert voice.chat == ["3 before it"]
    assert (phases.steps[-2:], phases.again, phases.counted) == (["counted", "postponed"], NOW + WAIT, False)


async def test_in_a_later_life_it_is_told_in_the_same_message() -> None:
    phases, voice = Phases(), Voice(chat=["4 before it"])
    await Turn(phases, ways(voice, [FULL]), claim(placeholder="m0", attempts=4)).run()
    assert (voice.chat, phases.steps) == (["3 before it"], ["counted", "postponed"])


async def test_what_it_took_is_metered_all_the_same() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(), [Usage("m", 9, 0), FULL]), CLAIM).run()
    assert phases.record is not None and [usage.input for usage in phases.record.usage] == [9]


async def test_where_teams_does_not_take_the_note_it_is_tried_again_without() -> None:
    phases = Phases()
    await Turn(phases, ways(Voice(refuse={"defer": Unavailable()}), [FULL]), CLAIM).run()
    assert phases.steps[-1] == "postponed"


async def test_after_an_hour_it_is_given_up() -> None:
    phases, voice = Phases(), Voice(chat=["3 before it"])
    since = claim(placeholder="m0", attempts=4, lacking=NOW - timedelta(hours=1))
    await Turn(phases, ways(voice, [AllBusy()]), since).run()
    assert voice.chat == [AllBusy().words]


@pytest.mark.parametrize("error", [Busy(), Unavailable()])
async def test_no_other_error_speaks_of_a_queue(error: Busy | Unavailable) -> None:
    phases, voice = Phases(), Voice()
    await Turn(phases, ways(voice, [error]), CLAIM).run()
    assert voice.chat == ["Thinking…"]


async def test_a_digest_waits_without_a_word() -> None:
    phases, voice = Phases(), Voice()
    digest = replace(ASK, event=Event.DIGEST)
    await Turn(phases, ways(voice, [FULL], asked=digest, action=Action.DIGEST), CLAIM).run()
    assert (voice.chat, phases.steps[-1]) == ([], "postponed")
