"""What people see of ill resources of Azure OpenAI, through a real bot; `make faults` plays all that may be wrong."""

import asyncio

import pytest

from dialogs.errors import Blocked, ModelGone
from dialogs.queue import KEPT
from tests.faults.ailments import ANSWER, BEGINS, FILTERS, Ailment, refusing, well
from tests.faults.models import CASES, OVER, p99
from tests.faults.regions import regions
from tests.world.faults import throttled


async def test_of_a_region_that_hangs_a_person_sees_nothing_but_the_answer(postgres: str) -> None:
    async with regions(postgres, BEGINS["silence before the first byte"], well) as place:
        seen = await place.ask()
    assert (seen.text, seen.alone, seen.note) == (ANSWER, True, "")
    assert seen.over is not None and seen.over > 0


async def test_when_all_are_throttled_people_are_told_how_many_wait_before_them_and_are_answered(postgres: str) -> None:
    busy = refusing(throttled(2))
    async with regions(postgres, busy, busy) as place:
        healing = asyncio.create_task(place.heal(1.5))
        seen = await place.wave(3)
        await healing
    assert [(each.text, each.alone) for each in seen] == [(ANSWER, True)] * 3
    assert all(each.note.startswith(KEPT) for each in seen)


@pytest.mark.parametrize(
    ("ailment", "words"),
    [(BEGINS["deployment gone"], ModelGone().words), (FILTERS["filtered in the middle"], Blocked().words)],
    ids=["gone", "filtered"],
)
async def test_what_no_try_would_change_is_said_at_once(postgres: str, ailment: Ailment, words: str) -> None:
    async with regions(postgres, ailment, ailment) as place:
        seen = await place.ask(words)
    assert (seen.text, seen.alone) == (words, True)


def test_each_fault_is_played_once() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_of_a_hundred_all_but_one_are_as_quick() -> None:
    assert p99([float(number) for number in range(1, 101)]) == 99.0 and p99([OVER]) == OVER
