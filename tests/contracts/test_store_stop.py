"""A word that stops: it reaches what its person has under way, once, and nobody is shown what it stopped."""

import asyncio
from contextlib import aclosing

import pytest

from bot.audit import Outcome
from bot.store.ledger import Ledger
from bot.store.rows import Arrival, Claim
from bot.store.store import Store
from bot.worker import Stop, Worker
from tests.bot.store.stores import LATER, NOW, arrival, ask, expire, record, taken

LIMIT = 5
"""Seconds after which a test has waited long enough."""


def stop(person: str = "anna", conversation: str = "chat", activity: str = "stop") -> Arrival:
    return arrival(activity, conversation, person=person)


async def test_what_is_under_way_is_stopped(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    assert await store.stop(stop())
    assert await store.beat([claim]) == (claim,)


async def test_a_beat_hands_back_nothing_of_what_goes_on(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    assert await store.beat([claim]) == ()


async def test_where_nothing_is_under_way_the_word_is_accepted_like_any_other(store: Store) -> None:
    assert not await store.stop(stop())
    assert taken(await store.accept(stop())).activity == "stop"


async def test_a_word_that_stopped_something_is_no_ask(store: Store, other: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.stop(stop())
    assert await store.finish(claim, record()) is None
    assert not (await store.accept(stop())).new


async def test_a_word_that_stopped_something_leaves_no_content_behind(store: Store, database: str) -> None:
    await store.accept(arrival("1"))
    await store.stop(stop())
    assert await ask(database, "SELECT open, body FROM inbox WHERE activity = 'stop'") == [(False, b"")]


async def test_a_redelivered_word_does_not_stop_what_was_asked_after_it(store: Store) -> None:
    first = taken(await store.accept(arrival("1")))
    await store.stop(stop())
    await store.finish(first, record())
    second = taken(await store.accept(arrival("2")))
    assert await store.stop(stop())
    assert await store.beat([second]) == ()


@pytest.mark.parametrize(
    "elsewhere", [stop("bert"), stop(conversation="there"), arrival("stop", tenant="theirs"), stop("")]
)
async def test_only_the_persons_own_asks_in_that_conversation_are_stopped(store: Store, elsewhere: Arrival) -> None:
    claim = taken(await store.accept(arrival("1")))
    assert not await store.stop(elsewhere)
    assert await store.beat([claim]) == ()


async def test_whom_nobody_knows_stops_nobody(store: Store) -> None:
    await store.accept(arrival("1", person=""))
    assert not await store.stop(stop(""))


async def test_what_waits_behind_is_stopped_too_and_another_persons_is_not(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2", person="bert"))
    await store.accept(arrival("3"))
    await store.stop(stop())
    second = await store.finish(claim, record())
    assert second is not None and not second.stopped
    third = await store.finish(second, record())
    assert third is not None and third.stopped


async def test_an_ask_that_is_stopped_is_known_as_such_to_whoever_takes_it_over(
    store: Store, other: Store, database: str
) -> None:
    await store.accept(arrival("1"))
    await store.stop(stop())
    await expire(database)
    assert [claim.stopped for claim in await other.claim(10)] == [True]


async def test_what_is_answered_is_not_stopped(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    assert await store.answered(claim, b"answer")
    assert not await store.stop(stop())


async def test_what_was_stopped_is_told_when_it_is_answered(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.stop(stop())
    assert not await store.answered(claim, b"answer")


async def test_what_is_planned_for_later_is_not_stopped(store: Store, database: str) -> None:
    await store.accept(arrival("digest", due=NOW + 400 * LATER))
    assert not await store.stop(stop())


async def test_what_waits_for_another_try_is_stopped_without_waiting(store: Store, other: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.postpone(claim, NOW + 10_000 * LATER)
    assert await store.stop(stop())
    assert [again.stopped for again in await other.claim(10)] == [True]


async def test_another_persons_ask_that_waits_for_another_try_goes_on_waiting(store: Store, other: Store) -> None:
    claim = taken(await store.accept(arrival("1", person="bert")))
    await store.accept(arrival("2"))
    await store.postpone(claim, NOW + 10_000 * LATER)
    await store.stop(stop())
    assert await other.claim(10) == []


async def test_a_stop_rings_in_the_other_process(store: Store, other: Store) -> None:
    claim = taken(await other.accept(arrival("1")))
    async with asyncio.timeout(LIMIT), aclosing(other.signals()) as bell:
        await anext(bell)
        await store.stop(stop())
        await anext(bell)
    assert await other.beat([claim]) == (claim,)


async def test_a_stop_that_meets_a_finish_stops_what_is_open_or_is_an_ask(store: Store, other: Store) -> None:
    for number in range(40):
        claim = taken(await store.accept(arrival("1", f"chat {number}")))
        _, stopped = await asyncio.gather(
            store.finish(claim, record()), other.stop(stop(conversation=f"chat {number}"))
        )
        accepted = await other.accept(stop(conversation=f"chat {number}"))
        assert accepted.new is not stopped
        assert await other.claim(10) == []


async def test_a_stop_and_an_answer_that_meet_agree_on_who_was_first(store: Store, other: Store) -> None:
    for number in range(40):
        claim = taken(await store.accept(arrival("1", f"chat {number}")))
        shown, stopped = await asyncio.gather(
            store.answered(claim, b"answer"), other.stop(stop(conversation=f"chat {number}"))
        )
        assert shown is not stopped


async def test_one_stop_to_two_processes_at_once_has_one_effect(store: Store, other: Store, database: str) -> None:
    for number in range(20):
        await store.accept(arrival("1", f"chat {number}"))
        await asyncio.gather(*(each.stop(stop(conversation=f"chat {number}")) for each in (store, other, store, other)))
    assert await ask(database, "SELECT count(*) FROM inbox WHERE activity = 'stop'") == [(20,)]


async def test_a_revived_ask_is_not_stopped_any_more(store: Store, ledger: Ledger) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.stop(stop())
    await store.finish(claim, record(outcome=Outcome.DEAD))
    await ledger.revive("tenant", "chat", "1")
    assert [again.stopped for again in await store.claim(10)] == [False]


async def test_a_word_that_reaches_one_process_stops_the_turn_of_another(store: Store, other: Store) -> None:
    turns: asyncio.Queue[Stop] = asyncio.Queue()

    async def serve(claim: Claim, stop: Stop) -> Claim | None:
        turns.put_nowait(stop)
        await stop
        return await store.finish(claim, record())

    faults: list[BaseException] = []
    serving, asked = Worker(store, serve, faults.append), Worker(other, serve, faults.append)
    running = asyncio.create_task(serving.run())
    async with asyncio.timeout(LIMIT):
        await serving.accept(arrival("1"))
        under_way = await turns.get()
        await asked.stop(stop())
        await asyncio.wait([under_way])
        await serving.drain()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert faults == [] and asked.busy == 0
