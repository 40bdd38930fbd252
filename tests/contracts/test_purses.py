"""Budgets on the real database: what is set aside before a model is called, settled after, and never passed by a crowd."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.audit import Outcome
from bot.store.away import Address
from bot.store.pool import Pool
from bot.store.purses import Purses
from bot.store.rows import Claim, LeaseLost, Limits, Record, Reserved
from bot.store.spending import TILLS
from bot.store.store import Store
from dialogs.errors import AssistantError, CompanyOverBudget, OverBudget, SetAside, TooMany
from dialogs.talk import Usage
from tests.bot.store.stores import NOW, SEALED, TENANT, arrival, ask, expire, ripen, taken

DAY = date(2026, 11, 21)
MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
PLENTY = Limits(person=1_000, company=1_000_000, requests=1_000)


@pytest.fixture
def purses(pool: Pool) -> Purses:
    return Purses(pool)


async def claimed(store: Store, activity: str = "1", person: str = "anna") -> Claim:
    """The claim of an ask in a conversation of its own."""
    return taken(await store.accept(arrival(activity, f"chat {person} {activity}", person=person)))


def left(*took: int, at: datetime = NOW) -> Record:
    return Record(at, Outcome.OK, person="anna", usage=tuple(Usage("large", tokens, 0) for tokens in took))


async def purse(database: str) -> list[tuple[date, int, int]]:
    return await ask(database, "SELECT day, used, held FROM purses ORDER BY day")


async def tills(database: str) -> list[tuple[date, int, int]]:
    return await ask(database, "SELECT day, sum(used)::bigint, sum(held)::bigint FROM tills GROUP BY day ORDER BY day")


async def spend(store: Store, purses: Purses, tokens: int, activity: str = "1", **who: str) -> None:
    """An ask that reserves nothing to speak of and takes so many tokens."""
    claim = await claimed(store, activity, **who)
    await purses.reserve(claim, 1, PLENTY, NOW, anew=True)
    await store.finish(claim, left(tokens))


# what is set aside


async def test_tokens_are_set_aside_for_an_ask(store: Store, purses: Purses, database: str) -> None:
    assert await purses.reserve(await claimed(store), 300, PLENTY, NOW, anew=True) == Reserved(DAY, 0, 300)
    assert await purse(database) == await tills(database) == [(DAY, 0, 300)]
    assert await ask(database, "SELECT held, held_on FROM inbox") == [(300, DAY)]


async def test_the_calls_of_one_ask_add_up(store: Store, purses: Purses, database: str) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, NOW, anew=True)
    assert await purses.reserve(claim, 200, PLENTY, NOW) == Reserved(DAY, 0, 500)
    assert await ask(database, "SELECT held FROM inbox") == [(500,)]


async def test_another_life_of_an_ask_gives_back_what_the_earlier_one_set_aside(
    store: Store, purses: Purses, database: str
) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, NOW, anew=True)
    await purses.reserve(claim, 300, PLENTY, NOW)
    assert await purses.reserve(claim, 200, PLENTY, NOW, anew=True) == Reserved(DAY, 0, 200)
    assert await purse(database) == await tills(database) == [(DAY, 0, 200)]


async def test_another_life_is_admitted_by_what_the_earlier_one_gives_back(store: Store, purses: Purses) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 1_000, PLENTY, NOW, anew=True)
    assert (await purses.reserve(claim, 900, PLENTY, NOW, anew=True)).held == 900


async def test_who_has_lost_the_lane_sets_nothing_aside(store: Store, purses: Purses, database: str) -> None:
    claim = await claimed(store)
    with pytest.raises(LeaseLost):
        await purses.reserve(replace(claim, fence=claim.fence + 1), 300, PLENTY, NOW, anew=True)
    assert await purse(database) == await tills(database) == []


# what is settled


@pytest.mark.parametrize("took", [(250, 30), ()])
async def test_what_was_taken_is_used_when_the_ask_is_closed_and_the_rest_given_back(
    store: Store, purses: Purses, database: str, took: tuple[int, ...]
) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, NOW, anew=True)
    await store.finish(claim, left(*took))
    assert await purse(database) == await tills(database) == [(DAY, sum(took), 0)]
    assert await ask(database, "SELECT held FROM inbox") == [(0,)]


async def test_an_ask_that_is_put_off_is_settled(store: Store, purses: Purses, database: str) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, NOW, anew=True)
    await store.postpone(claim, NOW, left(20))
    assert await purse(database) == await tills(database) == [(DAY, 20, 0)]
    assert await ask(database, "SELECT held FROM inbox") == [(0,)]


async def test_an_ask_that_is_parked_is_settled(store: Store, purses: Purses, database: str) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, NOW, anew=True)
    await store.park(claim, NOW, left(20))
    assert await purse(database) == await tills(database) == [(DAY, 20, 0)]
    assert await ask(database, "SELECT held, parked FROM inbox") == [(0, True)]


async def test_an_ask_that_took_nothing_touches_no_purse(store: Store, database: str) -> None:
    await store.finish(await claimed(store), left())
    assert await purse(database) == await tills(database) == []


async def test_what_was_taken_without_asking_counts_too(store: Store, database: str) -> None:
    await store.finish(await claimed(store), left(40))
    assert await purse(database) == await tills(database) == [(DAY, 40, 0)]


async def test_who_has_lost_the_lane_settles_nothing(store: Store, purses: Purses, database: str) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, NOW, anew=True)
    with pytest.raises(LeaseLost):
        await store.finish(replace(claim, fence=claim.fence + 1), left(20))
    assert await purse(database) == [(DAY, 0, 300)]


async def test_a_reservation_written_while_the_ask_is_closed_is_given_back(
    store: Store, purses: Purses, database: str
) -> None:
    claims = [await claimed(store, str(number)) for number in range(30)]
    for claim in claims:
        reserving = asyncio.ensure_future(purses.reserve(claim, 30, PLENTY, NOW, anew=True))
        closing = asyncio.ensure_future(store.finish(claim, left()))
        await asyncio.gather(reserving, closing, return_exceptions=True)
    assert [held for _, _, held in await purse(database)] in ([], [0])
    assert await ask(database, "SELECT DISTINCT held FROM inbox") == [(0,)]


# clocks


async def test_an_ask_is_settled_on_the_day_it_was_admitted_on(store: Store, purses: Purses, database: str) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, MIDNIGHT - timedelta(seconds=1), anew=True)
    await purses.reserve(claim, 300, PLENTY, MIDNIGHT + timedelta(seconds=1))
    await store.finish(claim, left(70, at=MIDNIGHT + timedelta(seconds=2)))
    assert await purse(database) == await tills(database) == [(DAY, 70, 0)]


async def test_an_ask_that_is_tried_again_on_another_day_is_counted_on_that_day(
    store: Store, purses: Purses, database: str
) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, MIDNIGHT - timedelta(seconds=1), anew=True)
    found = await purses.reserve(claim, 200, PLENTY, MIDNIGHT + timedelta(seconds=1), anew=True)
    await store.finish(claim, left(70, at=MIDNIGHT + timedelta(seconds=2)))
    assert (found.day, found.held) == (date(2026, 11, 22), 200)
    assert (await purse(database))[-1] == (date(2026, 11, 22), 70, 0)


async def test_a_clock_that_jumps_back_leaves_nothing_below_zero(store: Store, purses: Purses, database: str) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 300, PLENTY, MIDNIGHT, anew=True)
    await purses.reserve(claim, 200, PLENTY, NOW, anew=True)
    await store.finish(claim, left(70))
    assert (await purse(database))[0] == (DAY, 70, 0)
    assert await ask(database, "SELECT 1 FROM purses WHERE held < 0 UNION SELECT 1 FROM tills WHERE held < 0") == []


# what is refused


async def test_an_ask_is_admitted_while_anything_is_left(store: Store, purses: Purses) -> None:
    await spend(store, purses, 999)
    assert (await purses.reserve(await claimed(store, "2"), 300, PLENTY, NOW, anew=True)).used == 999


async def test_nothing_is_left_when_the_allowance_is_used(store: Store, purses: Purses, database: str) -> None:
    await spend(store, purses, 1_000)
    with pytest.raises(OverBudget) as refused:
        await purses.reserve(await claimed(store, "2"), 1, PLENTY, NOW, anew=True)
    assert refused.type is OverBudget
    assert await purse(database) == [(DAY, 1_000, 0)]


async def test_what_is_set_aside_for_another_ask_is_waited_for(store: Store, purses: Purses) -> None:
    await purses.reserve(await claimed(store), 1_000, PLENTY, NOW, anew=True)
    with pytest.raises(SetAside):
        await purses.reserve(await claimed(store, "2"), 1, PLENTY, NOW, anew=True)


async def test_an_allowance_of_nothing_admits_nothing(store: Store, purses: Purses) -> None:
    with pytest.raises(OverBudget):
        await purses.reserve(await claimed(store), 0, replace(PLENTY, person=0), NOW, anew=True)


async def test_tomorrow_is_another_allowance(store: Store, purses: Purses) -> None:
    await spend(store, purses, 1_000)
    found = await purses.reserve(await claimed(store, "2"), 10, PLENTY, MIDNIGHT, anew=True)
    assert found == Reserved(date(2026, 11, 22), 0, 10)


async def test_an_ask_whose_own_share_is_all_that_is_left_does_not_wait_for_itself(
    store: Store, purses: Purses
) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 1_000, PLENTY, NOW, anew=True)
    with pytest.raises(OverBudget):
        await purses.reserve(claim, 1, PLENTY, NOW)


async def test_the_company_has_an_allowance_of_its_own(store: Store, purses: Purses) -> None:
    for number in range(20):
        await spend(store, purses, 10, person=f"person {number}")
    with pytest.raises(CompanyOverBudget):
        await purses.reserve(await claimed(store, person="late"), 1, replace(PLENTY, company=200), NOW, anew=True)


async def test_what_is_set_aside_for_colleagues_is_waited_for(store: Store, purses: Purses) -> None:
    for number in range(20):
        await purses.reserve(await claimed(store, person=f"person {number}"), 10, PLENTY, NOW, anew=True)
    with pytest.raises(SetAside):
        await purses.reserve(await claimed(store, person="late"), 1, replace(PLENTY, company=200), NOW, anew=True)


async def test_one_company_does_not_use_up_what_another_has(store: Store, purses: Purses) -> None:
    await purses.reserve(await claimed(store), 200, PLENTY, NOW, anew=True)
    claim = taken(await store.accept(arrival("1", "chat", "other tenant")))
    assert await purses.reserve(claim, 1, replace(PLENTY, company=100), NOW, anew=True) == Reserved(DAY, 0, 1)


async def test_people_stand_at_different_tills(store: Store, purses: Purses, database: str) -> None:
    for number in range(40):
        await purses.reserve(await claimed(store, person=f"person {number}"), 10, PLENTY, NOW, anew=True)
    found = await ask(database, "SELECT till FROM tills")
    assert TILLS // 2 < len(found) <= TILLS


async def test_a_person_asks_so_often_a_minute(store: Store, purses: Purses) -> None:
    twice = replace(PLENTY, requests=2)
    for number in range(2):
        await purses.reserve(await claimed(store, str(number)), 10, twice, NOW, anew=True)
    third = await claimed(store, "third")
    with pytest.raises(TooMany):
        await purses.reserve(third, 10, twice, NOW + timedelta(seconds=59), anew=True)
    assert (await purses.reserve(third, 10, twice, NOW + timedelta(seconds=60), anew=True)).held == 30


async def test_an_ask_counts_once_whatever_it_calls_and_however_often_it_is_tried(store: Store, purses: Purses) -> None:
    once = replace(PLENTY, requests=1)
    claim = await claimed(store)
    await purses.reserve(claim, 10, once, NOW, anew=True)
    await purses.reserve(claim, 10, once, NOW)
    await store.postpone(claim, datetime.now(UTC) - timedelta(minutes=1), left(5))
    (again,) = await store.claim(1)
    assert (await purses.reserve(again, 10, once, NOW, anew=True)).held == 10


async def test_a_clock_that_jumps_back_locks_nobody_out(store: Store, purses: Purses) -> None:
    once = replace(PLENTY, requests=1)
    await purses.reserve(await claimed(store), 10, once, NOW, anew=True)
    earlier = await purses.reserve(await claimed(store, "2"), 10, once, NOW - timedelta(hours=1), anew=True)
    assert earlier.held == 20


# what is told


async def test_a_person_is_told_once_a_day_that_it_gets_scarce(store: Store, purses: Purses) -> None:
    claim = await claimed(store)
    await purses.reserve(claim, 10, PLENTY, NOW, anew=True)
    assert [await purses.warn(claim, "anna", DAY) for _ in range(2)] == [True, False]
    assert (await purses.reserve(claim, 10, PLENTY, NOW)).warned


async def test_the_spending_of_the_last_days_is_told_oldest_first(store: Store, purses: Purses) -> None:
    await store.finish(await claimed(store, "1"), left(40, at=NOW - timedelta(days=2)))
    await store.finish(await claimed(store, "2"), left(500, at=NOW - timedelta(days=3)))
    await spend(store, purses, 60, "3")
    found = await purses.spending(TENANT, "anna", 1_000, 3, NOW)
    days = tuple((DAY - timedelta(days=back), tokens) for back, tokens in ((2, 40), (1, 0), (0, 60)))
    assert (found.used, found.limit, found.days) == (60, 1_000, days)


async def test_nobody_is_told_what_another_person_spent(store: Store, purses: Purses) -> None:
    await spend(store, purses, 60)
    found = await purses.spending(TENANT, "ben", 1_000, 1, NOW)
    assert (found.used, found.days) == (0, ((DAY, 0),))


# a crowd

ASKS = 200
REQUEST = 50


@pytest.fixture
async def processes(database: str) -> AsyncIterator[list[tuple[Store, Purses]]]:
    """Three processes."""
    async with AsyncExitStack() as stack:
        pools = [await stack.enter_async_context(Pool(Address(database), 8)) for _ in range(3)]
        yield [(Store(pool, f"process {number}", SEALED), Purses(pool)) for number, pool in enumerate(pools)]


async def admitted(reserving: Awaitable[Reserved]) -> bool:
    try:
        await reserving
    except AssistantError:
        return False
    return True


async def test_a_crowd_of_one_persons_asks_passes_the_budget_by_one_request_at_most(
    processes: list[tuple[Store, Purses]], database: str
) -> None:
    claims = [await claimed(processes[number % 3][0], str(number)) for number in range(ASKS)]
    asking = [
        processes[number % 3][1].reserve(claim, REQUEST, PLENTY, NOW, anew=True) for number, claim in enumerate(claims)
    ]
    found = await asyncio.gather(*map(admitted, asking))
    assert found.count(True) == PLENTY.person // REQUEST
    assert await purse(database) == await tills(database) == [(DAY, 0, PLENTY.person)]


async def test_a_crowd_that_asks_and_ends_leaves_the_books_in_step(
    processes: list[tuple[Store, Purses]], database: str
) -> None:
    async def live(number: int) -> None:
        store, purses = processes[number % 3]
        claim = await claimed(store, str(number))
        if await admitted(purses.reserve(claim, REQUEST, PLENTY, NOW, anew=True)):
            await store.finish(claim, left(REQUEST - 1))

    await asyncio.gather(*(live(number) for number in range(ASKS)))
    ((_, used, held),) = await purse(database)
    (booked,) = await ask(database, "SELECT sum(input + output)::bigint FROM usage")
    # Whoever comes while as much is held as may be used is refused, though less of it is used in the end.
    assert PLENTY.person - REQUEST < used < PLENTY.person + REQUEST and held == 0
    assert await tills(database) == [(DAY, used, 0)] and booked == (used,)


async def test_the_minute_counts_exactly_in_a_crowd(processes: list[tuple[Store, Purses]]) -> None:
    few = replace(PLENTY, requests=7)
    claims = [await claimed(processes[number % 3][0], str(number)) for number in range(60)]
    asking = [processes[number % 3][1].reserve(claim, 1, few, NOW, anew=True) for number, claim in enumerate(claims)]
    assert (await asyncio.gather(*map(admitted, asking))).count(True) == 7


async def life(process: tuple[Store, Purses], chance: random.Random, others: list[Claim]) -> None:
    """One life of an ask: it calls models, and ends well, is put off, or dies."""
    store, purses = process
    for claim in others or await store.claim(2):
        with suppress(LeaseLost):
            for call in range(chance.randrange(3)):
                await admitted(purses.reserve(claim, REQUEST, PLENTY, NOW, anew=call == 0))
            fate = chance.random()
            if fate < 0.3:
                await store.postpone(claim, datetime.now(UTC), left(3))
            elif fate < 0.8:
                following = await store.finish(claim, left(5))
                await life(process, chance, [following] if following else [])


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_becomes_of_asks_and_processes_nothing_stays_set_aside(
    processes: list[tuple[Store, Purses]], database: str, seed: int
) -> None:
    chance = random.Random(seed)
    for number in range(60):
        person = f"person {number % 4}"
        await processes[0][0].accept(arrival(str(number), f"chat {number % 20}", person=person), lease=False)
    async with asyncio.timeout(60):
        while await ask(database, "SELECT 1 FROM inbox WHERE open LIMIT 1"):
            await asyncio.gather(*(life(process, chance, []) for process in processes))
            await expire(database)
            await ripen(database)
    (booked,) = await ask(database, "SELECT sum(input + output)::bigint FROM usage")
    assert await ask(database, "SELECT sum(used)::bigint, sum(held)::bigint FROM purses") == [(booked[0], 0)]
    assert await tills(database) == [(DAY, booked[0], 0)]


# who sends more at once than may wait


async def crowded(database: str) -> list[str]:
    return [row[0] for row in await ask(database, "SELECT activity FROM inbox WHERE crowded ORDER BY place")]


async def send(store: Store, *activities: str, person: str = "anna", queue: int | None = 2, lease: bool = True) -> None:
    for activity in activities:
        await store.accept(arrival(activity, person=person), lease=lease, queue=queue)


@pytest.mark.parametrize("lease", [True, False])
async def test_an_ask_is_crowded_where_as_many_wait_as_may(store: Store, database: str, lease: bool) -> None:
    await send(store, "1", "2", "3", "4", lease=lease)
    assert await crowded(database) == ["3", "4"]


async def test_the_claim_of_a_crowded_ask_says_so(store: Store) -> None:
    claim = taken(await store.accept(arrival("1"), queue=1))
    await store.accept(arrival("2"), queue=1)
    following = await store.finish(claim, left())
    assert following is not None and following.crowded and not claim.crowded


async def test_a_crowded_ask_is_known_by_whoever_takes_the_lane_over(store: Store, other: Store) -> None:
    await send(store, "1", "2", queue=1, lease=False)
    (claim,) = await other.claim(1)
    following = await other.finish(claim, left())
    assert following is not None and following.crowded


async def test_a_redelivery_crowds_nothing(store: Store, database: str) -> None:
    await send(store, "1", "2", "2", "1")
    assert await crowded(database) == []


async def test_other_peoples_asks_in_the_conversation_do_not_count(store: Store, database: str) -> None:
    await send(store, "1", "2", "3", person="ben", queue=None)
    await send(store, "4")
    assert await crowded(database) == []


async def test_there_is_room_again_when_an_ask_has_ended(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1"), queue=2))
    await send(store, "2", "3")
    await store.finish(claim, left())
    await send(store, "4")
    assert await crowded(database) == ["3"]


async def test_nothing_is_crowded_without_a_limit(store: Store, database: str) -> None:
    await send(store, *map(str, range(9)), queue=None)
    assert await crowded(database) == []
