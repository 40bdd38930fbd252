"""How many wait before an ask, as the database knows it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.store.store import Store
from tests.bot.store.stores import LATER, arrival, record, taken


async def test_nobody_waits_before_the_first(store: Store) -> None:
    first = taken(await store.accept(arrival("1", "one")))
    await store.accept(arrival("2", "two"))
    assert await store.before(first) == 0


async def test_what_was_accepted_before_in_other_conversations_waits_before_it(store: Store, other: Store) -> None:
    for name in ("one", "two", "three"):
        await other.accept(arrival("1", name))
    last = taken(await store.accept(arrival("1", "last")))
    assert await store.before(last) == 3


async def test_what_is_put_off_still_waits(store: Store, other: Store) -> None:
    await other.postpone(taken(await other.accept(arrival("1", "one"))), datetime.now(UTC) + timedelta(minutes=1))
    last = taken(await store.accept(arrival("1", "last")))
    assert await store.before(last) == 1


async def test_what_is_finished_or_of_a_later_day_does_not(store: Store, other: Store) -> None:
    await other.finish(taken(await other.accept(arrival("1", "one"))), record())
    await other.accept(replace(arrival("1", "two"), due=datetime.now(UTC) + LATER))
    last = taken(await store.accept(arrival("1", "last")))
    assert await store.before(last) == 0


async def test_another_company_s_are_never_told_of(store: Store, other: Store) -> None:
    await other.accept(arrival("1", "one", tenant="theirs"))
    last = taken(await store.accept(arrival("1", "last", tenant="ours")))
    assert await store.before(last) == 0


async def test_what_waits_in_the_same_conversation_is_no_other_s(store: Store) -> None:
    first = taken(await store.accept(arrival("1", "one")))
    await store.accept(arrival("2", "one"))
    second = await store.finish(first, record())
    assert second is not None and await store.before(second) == 0
