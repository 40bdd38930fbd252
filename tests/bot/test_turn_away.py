"""A turn whose database is away in the middle."""

from collections.abc import Callable

import pytest

from bot.audit import Outcome
from bot.store.insisting import ATTEMPTS, Insisting
from bot.store.rows import LeaseLost, Record, StoreAway
from bot.turn import Turn
from tests.bot.turns import CLAIM, HELLO, NOW, Phases, Voice, ways


class Away(Phases):
    """Phases of a store that is away for the next few steps; `unheard`: it does them all the same."""

    left = 0
    unheard = False

    def _step(self, name: str) -> None:
        self.left -= 1
        if self.unheard or self.left < 0:
            Phases._step(self, name)
        if self.left >= 0:
            raise StoreAway


def away(steps: int, unheard: bool = False) -> Away:
    phases = Away()
    phases.left, phases.unheard = steps, unheard
    return phases


def patient(waits: list[int]) -> Callable[[Phases], Insisting]:
    async def wait(attempt: int) -> None:
        waits.append(attempt)

    return lambda phases: Insisting(phases, wait)


async def test_what_stands_in_the_chat_is_saved_though_the_answer_met_an_absent_database() -> None:
    phases, voice = Phases(), Voice(slow=True)
    with pytest.raises(StoreAway):
        await Turn(phases, ways(voice, [StoreAway()]), CLAIM).run()
    assert phases.steps == ["placed m1"]


async def test_a_turn_outlives_a_short_absence_of_the_database() -> None:
    phases, voice, waits = away(3), Voice(), list[int]()
    await Turn(patient(waits)(phases), ways(voice, HELLO), CLAIM).run()
    assert (voice.chat, phases.steps[-1], waits) == (["Hello Anna."], "finished", [1, 2, 3])


async def test_a_long_absence_ends_the_turn() -> None:
    waits = list[int]()
    with pytest.raises(StoreAway):
        await patient(waits)(away(ATTEMPTS)).placed(CLAIM, "m1")
    assert waits == [*range(1, ATTEMPTS)]


async def test_a_phase_that_came_through_unheard_is_told_again() -> None:
    phases = away(1, unheard=True)
    await patient([])(phases).shown(CLAIM, 2)
    assert phases.steps == ["shown 2", "shown 2"]


async def test_who_has_lost_the_lane_does_not_insist() -> None:
    waits = list[int]()
    with pytest.raises(LeaseLost):
        await patient(waits)(Phases(refuse={"finished": LeaseLost()})).finish(CLAIM, Record(NOW, Outcome.OK))
    assert waits == []


async def test_the_next_life_writes_over_what_this_process_showed_and_could_not_save() -> None:
    lost = Insisting(Phases(refuse={"placed m1": LeaseLost()}))
    with pytest.raises(LeaseLost):
        await lost.placed(CLAIM, "m1")
    assert lost.known(CLAIM).placeholder == "m1"


async def test_what_is_saved_or_over_is_not_remembered() -> None:
    phases = Insisting(Phases())
    await phases.placed(CLAIM, "m1")
    await phases.answered(CLAIM, b"{}", "m2")
    await phases.finish(CLAIM, Record(NOW, Outcome.OK))
    assert phases.known(CLAIM) is CLAIM
