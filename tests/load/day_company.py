"""A company and what it asks in a day, by a seed: who, where, when, and what goes wrong with it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import count
from random import Random

from tests.load.capacity import ASSUMED
from tests.load.day_curve import HOUR, MONDAYS, ZONES, Curve, Zone, utc

TENANT = "company"
GROUPS = 8
"""People for each group chat or channel; some of these are much busier than others."""
EAGER, MOST = 0.003, 120
"""Of all who ask, those who ask all day, and how often; more than their allowance lasts."""
SUMMED = 0.5
"""Of what is asked among others, summaries of what was said there."""
AGAIN, UNSIGNED, FAILING, LEFT = 0.005, 0.01, 0.005, 0.05
"""Of all asks: delivered again; parked, because their person must sign in first; postponed by a fault of the model; accepted by
a process that is full and taken up by another."""
DIGESTS = 0.03
"""Of all people, those who have a digest at nine."""
ALL_HANDS = utc(15 * HOUR, ZONES[0])
BURST_SECONDS = 300


class Kind(StrEnum):
    """What is asked."""

    QUESTION = "question"
    SUMMARY = "summary"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Said:
    """One message as it arrives: seconds after midnight UTC, whose and where, and what happens to it on the way."""

    at: float
    activity: str
    person: str
    place: str
    kind: Kind = Kind.QUESTION
    again: bool = False
    unsigned: bool = False
    failing: bool = False
    left: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, by a number, and where they live."""

    number: int
    zone: Zone

    @property
    def id(self) -> str:
        """As Entra names them."""
        return f"{self.number:08d}-0000-4000-8000-000000000000"

    @property
    def chat(self) -> str:
        """Their own chat with the bot, an id as long as Teams' are."""
        return f"a:{self.number:08d}" + "K7vN2mZq" * 12


def people(count: int, random: Random) -> list[Person]:
    """So many, over the time zones."""
    zones = random.choices(ZONES, [zone.part for zone in ZONES], k=count)
    return [Person(number, zone) for number, zone in enumerate(zones)]


def day(everybody: list[Person], random: Random) -> list[Said]:
    """All that they ask on a Monday, in the order of time."""
    numbers, curve = count(), Curve(MONDAYS)
    groups = max(1, len(everybody) // GROUPS)
    asked = [
        _said(random, utc(curve.moment(random), person.zone), person, next(numbers), groups)
        for person in everybody
        if random.random() < ASSUMED.active.value
        for _ in range(_often(random))
    ]
    asked += _all_hands(everybody, random, numbers)
    return sorted([*asked, *digests(everybody, random)], key=lambda said: said.at)


def digests(everybody: list[Person], random: Random) -> Iterator[Said]:
    """What is told by itself at nine by the clock on the wall."""
    for person in everybody:
        if random.random() < DIGESTS:
            at = utc(9 * HOUR, person.zone)
            yield Said(at, f"digest:{person.number}", person.id, person.chat, Kind.DIGEST)


def in_burst(said: Said) -> bool:
    """Whether it was asked in the minutes after the all-hands, by whomever."""
    return ALL_HANDS <= said.at < ALL_HANDS + BURST_SECONDS


def _often(random: Random) -> int:
    """How often one who is active asks: most a few times, a few people all day."""
    if random.random() < EAGER:
        return MOST
    return 1 + int(random.expovariate(1 / (ASSUMED.asks.value - 0.8)))


def _said(random: Random, at: float, person: Person, number: int, groups: int) -> Said:
    others = random.random() < ASSUMED.group.value
    place = f"19:{int(groups * random.random() ** 3):08d}{'b4c1f0de' * 4}@thread.v2" if others else person.chat
    return Said(
        at,
        f"{1_700_000_000_000 + number}",
        person.id,
        place,
        Kind.SUMMARY if others and random.random() < SUMMED else Kind.QUESTION,
        again=random.random() < AGAIN,
        unsigned=random.random() < UNSIGNED,
        failing=random.random() < FAILING,
        left=random.random() < LEFT,
    )


def _all_hands(everybody: list[Person], random: Random, numbers: Iterator[int]) -> list[Said]:
    """What is asked in the minutes after everybody was told something."""
    return [
        _said(
            random, ALL_HANDS + random.random() * BURST_SECONDS, person, next(numbers), max(1, len(everybody) // GROUPS)
        )
        for person in everybody
        if random.random() < ASSUMED.burst.value
    ]
