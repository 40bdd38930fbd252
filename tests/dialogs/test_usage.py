"""What a person has used, and what is left of it today."""

from datetime import date, timedelta

import pytest

from dialogs.cards import Bar, Chart
from dialogs.errors import Personal
from dialogs.shelves import Spending
from dialogs.talk import Answer, PlaceKind
from dialogs.usage import DAYS, usage
from tests.dialogs.desk import FakeRecords, ScriptedModel, a_desk, an_ask, shown

TODAY = date(2026, 11, 21)
NOTHING = (0,) * DAYS


def spent(used: int, limit: int = 1_000, each: tuple[int, ...] = NOTHING) -> Spending:
    """So much today, and on each of the last days, oldest first."""
    first = TODAY - timedelta(days=len(each) - 1)
    return Spending(used, limit, tuple((first + timedelta(days=number), each[number]) for number in range(len(each))))


async def told(spending: Spending, zone: str = "UTC") -> Answer:
    desk = a_desk(ScriptedModel(), records=FakeRecords(spent=spending), zone=zone)
    return await shown(usage, an_ask("usage", PlaceKind.PERSONAL), desk)


async def test_what_is_used_and_left_of_today_is_told() -> None:
    found = await told(spent(400))
    assert found.text == "You have used **400 tokens** of today's 1000. **600** are left until Sun 22 Nov 00:00."


async def test_when_it_begins_afresh_is_told_in_the_persons_own_time() -> None:
    assert (await told(spent(400), "Europe/Madrid")).text.endswith("until Sun 22 Nov 01:00.")


@pytest.mark.parametrize("used", [1_000, 1_300])
async def test_nothing_is_left_when_all_of_it_or_more_is_used(used: int) -> None:
    assert (await told(spent(used))).text.endswith(" Nothing is left until Sun 22 Nov 00:00.")


async def test_one_token_is_one() -> None:
    found = await told(spent(1, limit=2))
    assert found.text == "You have used **1 token** of today's 2. **1** is left until Sun 22 Nov 00:00."


async def test_the_last_days_are_a_picture() -> None:
    (card,) = (await told(spent(30, each=(*NOTHING[2:], 7_000, 30)))).cards
    assert card.chart == Chart(
        "By day of the month",
        (*(Bar(str(day), 0, "0") for day in range(8, 20)), Bar("20", 7_000, "7,000"), Bar("21", 30, "30")),
        "tokens",
    )


async def test_the_picture_is_told_in_words_too() -> None:
    (card,) = (await told(spent(30, each=(*NOTHING[2:], 70, 30)))).cards
    assert card.lines[-1] == "In the last 14 days: 100 tokens. On the busiest day: 70."


async def test_of_nothing_there_is_no_picture() -> None:
    (card,) = (await told(spent(0))).cards
    assert (card.chart, card.lines[-1]) == (None, "In the last 14 days you have used nothing.")


@pytest.mark.parametrize("kind", [PlaceKind.CHANNEL, PlaceKind.GROUP])
async def test_it_is_told_one_to_one_alone(kind: PlaceKind) -> None:
    with pytest.raises(Personal):
        await shown(usage, an_ask("usage", kind), a_desk(ScriptedModel()))
