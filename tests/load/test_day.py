"""The simulated day: what a company asks, and that a small one is played without loss."""

import asyncio
from collections import Counter
from random import Random

from tests.load import day_company
from tests.load.capacity import ASSUMED
from tests.load.day import run
from tests.load.day_company import ALL_HANDS, BURST_SECONDS, DIGESTS, Kind, Said, in_burst
from tests.load.day_curve import HOUR, ZONES, utc
from tests.world.database import fresh


def asked(people: int, seed: int = 1) -> list[Said]:
    random = Random(seed)
    return day_company.day(day_company.people(people, random), random)


def test_a_day_is_the_same_for_the_same_seed() -> None:
    assert asked(200) == asked(200) != asked(200, seed=2)


def test_as_much_is_asked_as_the_model_of_capacity_assumes() -> None:
    usual = [said for said in asked(5_000) if said.kind is not Kind.DIGEST and not in_burst(said)]
    expected = 5_000 * ASSUMED.active.value * ASSUMED.asks.value
    assert 0.9 < len(usual) / expected < 1.1


def test_less_is_asked_at_lunch_than_before_and_after() -> None:
    berlin = Counter(int((said.at + ZONES[0].ahead) // HOUR) for said in asked(5_000))
    assert berlin[10] > 1.5 * berlin[12] < 1.2 * berlin[13]


def test_digests_come_at_nine_by_the_clock_on_the_wall() -> None:
    digests = [said for said in asked(5_000) if said.kind is Kind.DIGEST]
    assert {said.at for said in digests} == {utc(9 * HOUR, zone) for zone in ZONES}
    assert 0.7 < len(digests) / (5_000 * DIGESTS) < 1.3


def test_after_the_all_hands_more_is_asked_than_before() -> None:
    day = asked(5_000)
    before = sum(ALL_HANDS - BURST_SECONDS <= said.at < ALL_HANDS for said in day)
    assert sum(map(in_burst, day)) > 1.5 * before


def test_of_a_small_companys_day_nothing_is_lost_or_said_twice(postgres: str) -> None:
    with fresh(postgres) as database:
        lines = asyncio.run(run(database, 0.0005, 3))
    assert "lost 0, answered twice 0" in lines and "audit sound and sealed: True" in lines
