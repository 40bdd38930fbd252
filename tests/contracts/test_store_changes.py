"""What an ask changes of what is kept is written with its closing, in one transaction, or not at all."""

from dataclasses import replace
from datetime import UTC
from typing import get_args

import pytest
from psycopg.errors import InsufficientPrivilege

from bot.store.people import People
from bot.store.pool import Pool
from bot.store.rows import LeaseLost, Record, StoreAway
from bot.store.statements import PING, statement
from bot.store.store import Store
from bot.store.writing import AFTER, BEFORE
from dialogs.changes import Change, Forgotten, Left, Opened, Preferred, Returned
from dialogs.preferences import USUAL, Preferences
from tests.bot.store.stores import TENANT, arrival, ask, done, expire, record, taken

SHORT = Preferences(length="short", number=1)
LONG = Preferences(length="long", number=1)
INSERTED = statement("INSERT INTO visits (tenant, person, home, at) VALUES ('t', 'p', 'h', now())", house=True)
BROKEN = statement("SELECT 1 / %(zero)s::int")


def changing(*changes: Change) -> Record:
    return replace(record("question", "answer"), changes=changes)


@pytest.fixture
def people(pool: Pool) -> People:
    return People(pool)


def test_every_change_is_written_by_somebody() -> None:
    assert set(BEFORE) | set(AFTER) == set(get_args(Change))


# transactions


async def test_a_transaction_is_kept_as_a_whole(pool: Pool, database: str) -> None:
    async with pool.transaction() as run:
        await run(INSERTED)
        unseen = await ask(database, "SELECT count(*) FROM visits")
        await run(PING)
    assert (unseen, await ask(database, "SELECT count(*) FROM visits")) == ([(0,)], [(1,)])


@pytest.mark.parametrize("error", [LeaseLost, KeyError])
async def test_whatever_is_raised_takes_a_transaction_back(pool: Pool, database: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        async with pool.transaction() as run:
            await run(INSERTED)
            raise error
    assert await ask(database, "SELECT count(*) FROM visits") == [(0,)]


async def test_a_statement_that_fails_takes_its_transaction_back_and_says_nothing(pool: Pool, database: str) -> None:
    with pytest.raises(StoreAway, match=r"^DivisionByZero$"):
        async with pool.transaction() as run:
            await run(INSERTED)
            await run(BROKEN, zero=0)
    assert await ask(database, "SELECT count(*) FROM visits") == [(0,)]


async def test_a_pool_goes_on_after_transactions_that_failed(pool: Pool) -> None:
    for _ in range(40):
        with pytest.raises(LeaseLost):
            async with pool.transaction():
                raise LeaseLost
    assert await pool.run(PING) == [(1,)]


# changes with the closing


async def test_a_change_is_written_with_the_closing(store: Store, people: People) -> None:
    await people.known(TENANT, "anna")
    await done(store, changing(Preferred(SHORT)))
    assert (await people.known(TENANT, "anna")).settings == SHORT
    assert len(await store.history(TENANT, "chat", "anna", 0, 10)) == 2


async def test_who_has_lost_the_lane_changes_nothing(store: Store, other: Store, people: People, database: str) -> None:
    await people.known(TENANT, "anna")
    stale = taken(await store.accept(arrival()))
    await expire(database)
    await other.claim(10)
    with pytest.raises(LeaseLost):
        await store.finish(stale, changing(Preferred(SHORT)))
    assert (await people.known(TENANT, "anna")).settings == USUAL


async def test_what_fails_half_way_leaves_no_half_state(store: Store, people: People, database: str) -> None:
    await people.known(TENANT, "anna")
    claim = taken(await store.accept(arrival()))
    too_long = Preferred(Preferences(length="short", number=2**40))
    with pytest.raises(StoreAway):
        await store.finish(claim, changing(Left(), too_long))
    assert (await people.known(TENANT, "anna")).gone is None
    assert await ask(database, "SELECT open FROM inbox") == [(True,)]


async def test_the_lanes_next_ask_follows_a_change(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2"))
    following = await store.finish(claim, changing(Left()))
    assert following is not None and (following.activity, following.body) == ("2", b"body 2")


async def test_nothing_follows_where_an_erasure_took_the_lane_away(store: Store, people: People, database: str) -> None:
    await people.known(TENANT, "anna", "chat")
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2"))
    assert await store.finish(claim, changing(Forgotten())) is None
    assert await ask(database, "SELECT 1 FROM lanes") == await ask(database, "SELECT 1 FROM inbox") == []


def forgetting(whom: str) -> Record:
    """An administrator has somebody forgotten."""
    return replace(record(), person="carl", changes=(Forgotten(whom),))


@pytest.mark.parametrize(("second", "third", "left"), [("bert", "anna", "2"), ("anna", "bert", "3")])
async def test_what_others_asked_in_the_lane_of_an_erasure_goes_on(
    store: Store, people: People, second: str, third: str, left: str
) -> None:
    await people.known(TENANT, "anna")
    claim = taken(await store.accept(arrival("1", person="carl")))
    for number, person in (("2", second), ("3", third)):
        await store.accept(arrival(number, person=person))
    following = await store.finish(claim, forgetting("anna"))
    (ask_left,) = [following] if following else await store.claim(10)
    assert ask_left.activity == left
    assert await store.finish(ask_left, record()) is None


async def test_a_lane_whose_asks_are_all_erased_is_free(store: Store, people: People) -> None:
    await people.known(TENANT, "anna")
    claim = taken(await store.accept(arrival("1", person="carl")))
    await store.accept(arrival("2", person="anna"))
    assert await store.finish(claim, forgetting("anna")) is None
    assert taken(await store.accept(arrival("4", person="bert"))).activity == "4"


# the chat that is open


async def test_an_earlier_chat_is_opened_again(store: Store) -> None:
    await done(store, replace(record("old"), new_chat=True))
    claim = taken(await store.accept(arrival("2")))
    await store.finish(claim, changing(Opened(0)))
    assert taken(await store.accept(arrival("3"))).chat == 0 != claim.chat


@pytest.mark.parametrize(("person", "chat"), [("bert", 0), ("anna", 99)])
async def test_a_chat_that_is_not_ones_own_is_not_opened(store: Store, person: str, chat: int) -> None:
    await done(store, replace(record("old"), new_chat=True))
    claim = taken(await store.accept(arrival("2")))
    await store.finish(claim, replace(record(), person=person, changes=(Opened(chat),)))
    assert taken(await store.accept(arrival("3"))).chat == claim.chat


# people


async def test_a_person_is_known_by_one_alias_from_the_first_sight_on(people: People) -> None:
    first, again = [await people.known(TENANT, "anna") for _ in range(2)]
    assert first.alias == again.alias != (await people.known(TENANT, "bert")).alias
    assert "anna" not in first.alias and (await people.known("other", "anna")).alias != first.alias


async def test_nobody_is_not_kept(people: People, database: str) -> None:
    assert (await people.known(TENANT, "")).alias == ""
    assert await ask(database, "SELECT count(*) FROM people") == [(0,)]


async def test_it_is_known_where_a_person_writes_one_to_one(people: People, database: str) -> None:
    for chat in ("", "a:1", "", "a:2", "a:2", ""):
        await people.known(TENANT, "anna", chat)
    assert await ask(database, "SELECT chat FROM people") == [("a:2",)]


async def test_settings_that_another_program_wrote_are_the_usual_ones(people: People, database: str) -> None:
    await people.known(TENANT, "anna")
    await ask(database, """UPDATE people SET settings = '{"v":99}'""")
    assert (await people.known(TENANT, "anna")).settings == USUAL


async def test_of_two_changes_of_the_same_settings_the_later_holds_under_a_new_number(
    store: Store, people: People
) -> None:
    await people.known(TENANT, "anna")
    await done(store, changing(Preferred(SHORT)))
    await done(store, changing(Preferred(LONG)), "2", "another chat")
    assert (await people.known(TENANT, "anna")).settings == replace(LONG, number=2)


async def test_who_removed_the_assistant_is_known_to_have(store: Store, people: People) -> None:
    await people.known(TENANT, "anna")
    left = changing(Left())
    await done(store, left)
    assert (await people.known(TENANT, "anna")).gone == left.at.astimezone(UTC)


async def test_who_comes_back_is_known_to_be_there(store: Store, people: People) -> None:
    await people.known(TENANT, "anna")
    await done(store, changing(Left()))
    await done(store, changing(Returned()), "2")
    assert (await people.known(TENANT, "anna")).gone is None


async def test_an_alias_is_never_changed(people: People, database: str) -> None:
    await people.known(TENANT, "anna")
    with pytest.raises(InsufficientPrivilege):
        await ask(database, "UPDATE people SET alias = 'another'")
