"""How late the event loop is."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.limits import LATE
from bot.pulse import EVERY, Pulse


class Loop:
    """Wakes everybody as late as it is told, and ends when that is all. `share`: how much of a core it has."""

    def __init__(self, late: Sequence[float], share: float) -> None:
        self._late = iter(late)
        self._share = share
        self._now = 100.0

    def clock(self) -> float:
        return self._now

    def spent(self) -> float:
        return self._now * self._share

    async def pause(self, seconds: float) -> None:
        late = next(self._late, None)
        if late is None:
            raise asyncio.CancelledError
        self._now += seconds + late


async def felt(*late: float, share: float = 1.0) -> Pulse:
    pulse, loop = Pulse(), Loop(late, share)
    with pytest.raises(asyncio.CancelledError):
        await pulse.beat(loop.clock, loop.spent, loop.pause)
    return pulse


async def test_a_loop_that_wakes_everybody_in_time_is_not_late() -> None:
    pulse = await felt(*[0.0] * 50)
    assert pulse.seconds == pytest.approx(0.0) and not pulse.late()


async def test_a_loop_is_as_late_as_it_wakes_those_who_sleep() -> None:
    pulse = await felt(*[0.06] * 50)
    assert pulse.seconds == pytest.approx(0.06, abs=0.001) and pulse.late()


async def test_one_long_pause_is_no_overload() -> None:
    assert not (await felt(0.0, 4 * LATE.total_seconds(), 0.0)).late()


async def test_a_loop_that_has_worked_off_what_it_had_is_soon_not_late_any_more() -> None:
    second = round(1 / EVERY)
    assert not (await felt(*[0.5] * second, *[0.0] * (second // 2))).late()


async def test_a_loop_that_is_late_because_others_have_the_core_is_not_meant() -> None:
    assert not (await felt(*[0.06] * 50, share=0.1)).late()
