"""Everything that is kept of a person: counted, deleted, and nothing left of it anywhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.erasure import CALL_OFF, ERASURE
from bot.store.estate import Estate
from bot.store.owned import OWNED
from bot.store.people import People
from bot.store.pool import Pool
from bot.store.purses import Purses
from bot.store.rows import LeaseLost, Limits
from bot.store.store import Store
from dialogs.changes import Amended, Change, Dropped, Forgotten, Left, Titled, Unprompted
from dialogs.errors import OnHold
from tests.bot.store.stores import TENANT, arrival, ask
from tests.contracts.estates import ADA, BOB, ERASED, GROUP, HOME, NOW, SOON, YEAR, began, kept, lines, talked


async def counts(estate: Estate, person: str) -> dict[str, int]:
    return {holding.kind: holding.rows for holding in await estate.holdings(TENANT, person, YEAR)}


async def left_behind(estate: Estate, person: str) -> dict[str, int]:
    return dict(await estate.find(TENANT, person))


async def test_every_table_with_a_person_is_counted_written_down_and_erased(database: str) -> None:
    rows = await ask(
        database,
        "SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = 'person'",
    )
    assert {name for (name,) in rows} == {owned.name for owned in OWNED}


async def test_only_the_audit_and_holds_outlive_an_erasure() -> None:
    assert {owned.name for owned in OWNED if not owned.erased} == {"audit", "legal_holds"}


@pytest.mark.usefixtures("both")
async def test_holdings_count_something_of_every_kind(estate: Estate) -> None:
    found = await counts(estate, ADA)
    assert found == {owned.name: found[owned.name] for owned in OWNED if owned.name != "legal_holds"}


@pytest.mark.usefixtures("both")
async def test_holdings_say_when_the_first_and_the_last_go(estate: Estate) -> None:
    found = {holding.kind: holding for holding in await estate.holdings(TENANT, ADA, YEAR)}
    assert found["history"].oldest == NOW and found["history"].first == found["history"].last == SOON
    assert found["prompts"].first is None and found["prompts"].last is None
    assert found["usage"].last == datetime(NOW.year, NOW.month, NOW.day, tzinfo=UTC) + YEAR


@pytest.mark.usefixtures("both")
async def test_after_an_erasure_nothing_of_the_person_is_in_any_column(estate: Estate) -> None:
    assert len(await left_behind(estate, ADA)) > len(OWNED) - 4
    await estate.erase(TENANT, ADA, ERASED)
    assert await left_behind(estate, ADA) == {}


@pytest.mark.usefixtures("both")
async def test_after_an_erasure_nobodys_name_stands_behind_the_alias(estate: Estate, database: str) -> None:
    [(alias,)] = await ask(database, "SELECT alias FROM people WHERE person = %s", ADA)
    await estate.erase(TENANT, ADA, ERASED)
    found = await estate.find(TENANT, alias)
    assert set(found) == {"audit.person"}


@pytest.mark.usefixtures("both")
async def test_an_erasure_touches_nobody_else(estate: Estate) -> None:
    before = await counts(estate, BOB), await left_behind(estate, BOB)
    await estate.erase(TENANT, ADA, ERASED)
    assert (await counts(estate, BOB), await left_behind(estate, BOB)) == before


@pytest.mark.usefixtures("both")
async def test_an_erasure_says_how_much_it_was(estate: Estate) -> None:
    before = await counts(estate, ADA)
    found = await estate.erase(TENANT, ADA, ERASED)
    assert found == {kind: rows for kind, rows in before.items() if kind != "audit"}


@pytest.mark.usefixtures("both")
async def test_what_the_company_used_stays_true(estate: Estate, database: str) -> None:
    await estate.erase(TENANT, ADA, ERASED)
    await estate.erase(TENANT, BOB, ERASED)
    rows = await ask(database, "SELECT person, conversation, calls, input::int FROM usage")
    assert rows == [("", "", 4, 400)]


@pytest.mark.usefixtures("both")
async def test_what_was_decided_by_a_person_is_by_nobody_any_more(estate: Estate, database: str) -> None:
    await ask(database, "INSERT INTO rules VALUES (%s, 'guests', 'allow', %s, %s)", TENANT, NOW, ADA)
    await ask(database, "INSERT INTO legal_holds VALUES (%s, 'other', %s, %s)", TENANT, NOW, ADA)
    await estate.erase(TENANT, ADA, ERASED)
    assert await ask(database, "SELECT by FROM rules UNION ALL SELECT by FROM legal_holds") == [("",), ("",)]


@pytest.mark.usefixtures("both")
async def test_a_legal_hold_keeps_everything(estate: Estate, database: str) -> None:
    await ask(database, "INSERT INTO legal_holds VALUES (%s, %s, %s, 'x')", TENANT, ADA, NOW)
    before = await left_behind(estate, ADA)
    with pytest.raises(OnHold):
        await estate.erase(TENANT, ADA, ERASED)
    assert await left_behind(estate, ADA) == before


AMENDED = f"q {ADA}"
REMOVALS = [Amended(AMENDED), Amended(AMENDED, "Never mind."), Dropped((0,)), Titled(0, ""), Unprompted("p1")]


@pytest.mark.usefixtures("both")
@pytest.mark.parametrize("removal", REMOVALS)
async def test_a_legal_hold_keeps_what_the_person_would_remove_themselves(
    removal: Change, store: Store, estate: Estate, database: str
) -> None:
    await ask(database, "INSERT INTO legal_holds VALUES (%s, %s, %s, 'x')", TENANT, ADA, NOW)
    before = await counts(estate, ADA), await lines(estate, ADA, HOME)
    claim = await began(store, "remove", HOME, ADA)
    await store.finish(claim, replace(kept(ADA), audit=None, usage=(), changes=(removal,)))
    found, said = await counts(estate, ADA), await lines(estate, ADA, HOME)
    assert (found | {"inbox": found["inbox"] - 1}, said) == before


@pytest.mark.usefixtures("both")
async def test_what_is_set_aside_for_an_ask_is_given_back_to_the_company(
    store: Store, pool: Pool, estate: Estate, database: str
) -> None:
    claim = await began(store, "under way", GROUP, ADA)
    await Purses(pool).reserve(claim, 500, Limits(10_000, 10_000, 10), NOW)
    await estate.erase(TENANT, ADA, ERASED)
    assert await ask(database, "SELECT sum(held)::int FROM tills") == [(0,)]


@pytest.mark.usefixtures("both")
async def test_who_forgets_themselves_leaves_not_even_that_ask(store: Store, estate: Estate) -> None:
    claim = await began(store, "forget me yes", HOME, ADA)
    left = replace(kept(ADA), changes=(Forgotten(),))
    assert await store.finish(claim, left) is None
    assert await left_behind(estate, ADA) == {} and HOME not in str(await estate.find(TENANT, HOME))


@pytest.mark.usefixtures("both")
async def test_a_hold_that_came_meanwhile_keeps_everything_of_who_forgets_themselves(
    store: Store, estate: Estate, database: str
) -> None:
    claim = await began(store, "forget me yes", HOME, ADA)
    before = await counts(estate, ADA)
    await ask(database, "INSERT INTO legal_holds VALUES (%s, %s, %s, 'x')", TENANT, ADA, NOW)
    await store.finish(claim, replace(kept(ADA), changes=(Forgotten(),)))
    after = await counts(estate, ADA)
    assert {kind: after[kind] for kind in before} == before | {"audit": before["audit"] + 1}
    assert await ask(database, "SELECT outcome FROM audit ORDER BY id DESC LIMIT 1") == [("refused",)]


@pytest.mark.usefixtures("both")
async def test_a_hold_that_came_meanwhile_makes_an_administrators_erasure_a_refused_one(
    store: Store, database: str
) -> None:
    claim = await began(store, "erase", "a:bob", BOB)
    await ask(database, "INSERT INTO legal_holds VALUES (%s, %s, %s, 'x')", TENANT, ADA, NOW)
    await store.finish(claim, replace(kept(BOB), changes=(Forgotten(ADA),)))
    assert await ask(database, "SELECT outcome FROM audit WHERE action = 'erase'") == [("refused",)]


@pytest.mark.usefixtures("both")
async def test_an_ask_that_is_worked_on_elsewhere_writes_nothing_after_the_erasure(
    store: Store, other: Store, estate: Estate
) -> None:
    claim = await began(other, "elsewhere", "19:other@thread.v2", ADA)
    forgets = await began(store, "forget me yes", HOME, ADA)
    await store.finish(forgets, replace(kept(ADA), changes=(Forgotten(),)))
    with pytest.raises(LeaseLost):
        await other.finish(claim, kept(ADA, "late", "answer"))
    assert await left_behind(estate, ADA) == {}


@pytest.mark.usefixtures("both")
async def test_a_lane_goes_on_with_what_others_asked(store: Store, estate: Estate, database: str) -> None:
    await began(store, "hers", GROUP, ADA)
    await store.accept(arrival("his", GROUP, person=BOB))
    await estate.erase(TENANT, ADA, ERASED)
    assert await ask(database, "SELECT pending, owner FROM lanes WHERE conversation = %s", GROUP) == [(1, None)]
    assert [claim.activity for claim in await store.claim(5)] == ["his"]


@pytest.mark.usefixtures("both")
async def test_who_is_being_answered_before_what_goes_is_answered_anew(store: Store, estate: Estate) -> None:
    await began(store, "his", GROUP, BOB)
    await store.accept(arrival("hers", GROUP, person=ADA))
    await estate.erase(TENANT, ADA, ERASED)
    (claim,) = await store.claim(5)
    assert (claim.activity, claim.attempts) == ("his", 0)
    assert await store.finish(claim, kept(BOB, "still", "here")) is None


@pytest.mark.usefixtures("both")
async def test_who_works_on_what_goes_writes_nothing_though_an_earlier_ask_has_come_back(
    store: Store, estate: Estate, database: str
) -> None:
    claim = await began(store, "hers", GROUP, ADA)
    await store.accept(arrival("his", GROUP, person=BOB))
    await ask(database, "UPDATE inbox SET place = -1 WHERE activity = 'his'")
    await estate.erase(TENANT, ADA, ERASED)
    with pytest.raises(LeaseLost):
        await store.finish(claim, kept(ADA, "late", "answer"))


@pytest.mark.usefixtures("both")
async def test_how_much_waits_in_a_lane_is_counted_after_the_erasure(
    store: Store, estate: Estate, database: str
) -> None:
    await store.accept(arrival("hers", GROUP, person=ADA), lease=False)
    await store.accept(arrival("his", GROUP, person=BOB), lease=False)
    await ask(database, "UPDATE lanes SET pending = pending + 1 WHERE conversation = %s", GROUP)
    await estate.erase(TENANT, ADA, ERASED)
    assert await ask(database, "SELECT pending FROM lanes WHERE conversation = %s", GROUP) == [(1,)]


async def test_what_arrives_in_the_persons_chat_during_the_erasure_is_answered(store: Store, pool: Pool) -> None:
    await People(pool).known(TENANT, ADA, HOME)
    async with pool.transaction() as run:
        for _, one in ERASURE:
            await run(one, tenant=TENANT, person=ADA, chat="")
            if one is CALL_OFF:
                claim = await began(store, "hello again", HOME, ADA)
    assert await store.finish(claim, kept(ADA)) is None


@pytest.mark.usefixtures("both")
async def test_an_administrator_forgets_somebody_else(store: Store, estate: Estate) -> None:
    claim = await began(store, "erase", "a:bob", BOB)
    await store.finish(claim, replace(kept(BOB), changes=(Forgotten(ADA),)))
    assert await left_behind(estate, ADA) == {}
    assert (await counts(estate, BOB))["history"] == 4


@pytest.mark.usefixtures("both")
async def test_a_stale_claim_forgets_nobody(store: Store, other: Store, estate: Estate, database: str) -> None:
    claim = await began(store, "forget me yes", HOME, ADA)
    await ask(database, "UPDATE lanes SET fence = nextval('numbers') WHERE conversation = %s", HOME)
    with pytest.raises(LeaseLost):
        await store.finish(claim, replace(kept(ADA), changes=(Forgotten(),)))
    assert (await counts(estate, ADA))["history"] == 4


@pytest.mark.usefixtures("both")
async def test_halting_stops_what_runs_elsewhere_and_says_how_much(store: Store, estate: Estate, database: str) -> None:
    await began(store, "elsewhere", "19:other@thread.v2", ADA)
    await began(store, "forget me yes", HOME, ADA)
    assert await estate.halt(TENANT, ADA, HOME) == 1
    rows = await ask(database, "SELECT activity FROM inbox WHERE stopped")
    assert rows == [("elsewhere",)]


@pytest.mark.usefixtures("both")
async def test_what_only_waits_is_not_at_work(store: Store, estate: Estate) -> None:
    await began(store, "his", GROUP, BOB)
    await store.accept(arrival("hers", GROUP, person=ADA))
    assert await estate.halt(TENANT, ADA, HOME) == 0


@pytest.mark.usefixtures("both")
async def test_who_left_long_ago_and_stayed_away_has_left(store: Store, estate: Estate) -> None:
    claim = await began(store, "left", HOME, ADA)
    assert not await estate.left(TENANT, ADA, NOW + YEAR)
    await store.finish(claim, replace(kept(ADA), at=NOW + timedelta(days=1), changes=(Left(),)))
    assert await estate.left(TENANT, ADA, NOW + YEAR)
    assert not await estate.left(TENANT, ADA, NOW)


@pytest.mark.usefixtures("both")
async def test_who_asks_again_after_leaving_has_not_left(store: Store, estate: Estate) -> None:
    claim = await began(store, "left", HOME, ADA)
    await store.finish(claim, replace(kept(ADA), changes=(Left(),)))
    await store.finish(await began(store, "back", GROUP, ADA), replace(kept(ADA, "I am back"), at=SOON))
    assert not await estate.left(TENANT, ADA, NOW + YEAR)


@pytest.mark.usefixtures("both")
async def test_an_edited_message_is_kept_as_it_is_now(store: Store, estate: Estate) -> None:
    claim = await began(store, "edit", HOME, ADA)
    await store.finish(claim, replace(kept(ADA), changes=(Amended(f"q {ADA}", "Never mind."),)))
    assert await lines(estate, ADA, HOME) == ["Never mind.", "Yes."]


@pytest.mark.usefixtures("both")
async def test_a_deleted_message_goes_with_its_answer(store: Store, estate: Estate) -> None:
    claim = await began(store, "delete", HOME, ADA)
    await store.finish(claim, replace(kept(ADA), changes=(Amended(f"q {ADA}"),)))
    assert await lines(estate, ADA, HOME) == []


@pytest.mark.usefixtures("both")
async def test_nobody_changes_what_somebody_else_wrote(store: Store, estate: Estate) -> None:
    claim = await began(store, "edit", GROUP, ADA)
    await store.finish(claim, replace(kept(ADA), changes=(Amended(f"g {BOB}"), Amended(f"g {BOB}", "words"))))
    assert await lines(estate, BOB, GROUP) == ["And here?", "No."]


async def test_many_rows_are_read_a_page_at_a_time(store: Store, pool: Pool, estate: Estate) -> None:
    await People(pool).known(TENANT, ADA, HOME)
    await talked(store, "long", HOME, ADA, *(f"line {number}" for number in range(450)))
    assert await lines(estate, ADA, HOME) == [f"line {number}" for number in range(450)]
