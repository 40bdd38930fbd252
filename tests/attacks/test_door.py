"""The siege in halves, because two cores do the tests: together a hundred thousand mutations."""

import pytest

from bot.store.rows import StoreAway
from bot.store.store import Store
from tests.attacks.door import COUNT, GROWTH, NAME, Outcome, Siege, run, told
from tests.attacks.report import Report
from tests.attacks.seeds import seeds


def fine(outcome: Outcome) -> None:
    """Nothing went wrong."""
    assert outcome.wrong == [], told(outcome)
    assert outcome.left == 0, told(outcome)
    assert outcome.growth < GROWTH, told(outcome)


@pytest.mark.slow
async def test_half_of_a_hundred_thousand_mutations_are_all_answered_as_the_contract_says() -> None:
    fine(await Siege().run(COUNT // 2))


@pytest.mark.slow
async def test_the_other_half_too() -> None:
    fine(await Siege(first=COUNT // 2).run(COUNT // 2))


async def test_what_is_accepted_can_be_kept_by_the_real_store(store: Store) -> None:
    """No id, however it was bent, is one that the database refuses."""
    siege, refused = Siege(first=COUNT), 0

    async def keep() -> None:
        nonlocal refused
        for arrival in siege.kept:
            try:
                await store.accept(arrival)
            except StoreAway:
                refused += 1

    await siege.run(3_000)
    await keep()
    assert len(siege.kept) > 300 and refused == 0


def test_a_mutation_can_be_made_again() -> None:
    one, other = Siege(), Siege()
    forwards = {number: one.knock(number) for number in range(200)}
    assert {number: other.knock(number) for number in reversed(range(200))} == forwards


def test_there_are_seeds_of_every_kind() -> None:
    found = list(seeds())
    assert len(found) >= 200 and len({(one["type"], one.get("name")) for one in found}) >= 17


async def test_the_report_counts_every_mutation() -> None:
    report = Report()
    await run(report, 200)
    assert (report.tried[NAME], report.through[NAME]) == (200, 0)
