"""Asks that wait for a sign-in: out of everybody's way, woken by their own person alone, and never forgotten."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from bot.audit import Action, Outcome
from bot.store.ledger import Ledger
from bot.store.rows import Claim, LeaseLost, Phase, Rule
from bot.store.store import Store
from dialogs.talk import Usage
from tests.bot.store.stores import ENTRY, LATER, arrival, ask, expire, record, ripen, taken

LIMIT = 5
"""Seconds after which a test has waited long enough."""
SOON = datetime.now(UTC) + timedelta(minutes=15)


async def parked(store: Store, activity: str = "1", conversation: str = "chat", person: str = "anna") -> Claim:
    """The claim of an ask that has been parked."""
    claim = taken(await store.accept(arrival(activity, conversation, person=person)))
    await store.placed(claim, "m1")
    assert await store.park(claim, SOON, record()) is None
    return claim


# parking


async def test_a_parked_ask_is_in_nobodys_way(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2", person="bert"))
    second = await store.park(claim, SOON, record())
    assert second is not None and (second.activity, second.parked) == ("2", False)
    assert await store.finish(second, record()) is None


async def test_a_parked_ask_leaves_its_lane_free(store: Store, other: Store) -> None:
    await parked(store)
    assert taken(await other.accept(arrival("2"))).activity == "2"


async def test_a_parked_ask_is_not_claimed_before_its_time(store: Store, other: Store) -> None:
    await parked(store)
    assert await other.claim(10) == [] and await store.claim(10) == []


async def test_a_parked_ask_comes_back_as_it_was_after_a_restart(store: Store, other: Store, database: str) -> None:
    await parked(store)
    await store.release()
    await ripen(database)
    (claim,) = await other.claim(10)
    assert (claim.parked, claim.body, claim.phase, claim.placeholder) == (True, b"body 1", Phase.PLACED, "m1")
    assert claim.attempts == 0


async def test_a_parked_ask_is_told_of_once_when_its_time_is_over(store: Store, other: Store, database: str) -> None:
    await parked(store)
    await ripen(database)
    claims = [claim for found in await asyncio.gather(store.claim(10), other.claim(10)) for claim in found]
    (claim,) = claims
    await store.finish(claim, record(outcome=Outcome.REFUSED))
    await ripen(database)
    assert await other.claim(10) == []


async def test_what_an_attempt_took_is_kept_and_nothing_else(store: Store, ledger: Ledger, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.park(claim, SOON, record("line", usage=(Usage("large", 7, 1),), audit=ENTRY))
    assert [row.input for row in await ledger.usage_report(1)] == [7]
    assert await ledger.audit_rows(10) == () and await ask(database, "SELECT count(*) FROM history") == [(0,)]


async def test_who_has_lost_the_lane_parks_nothing(store: Store, other: Store, database: str) -> None:
    stale = taken(await store.accept(arrival("1")))
    await expire(database)
    (heir,) = await other.claim(10)
    with pytest.raises(LeaseLost):
        await store.park(stale, SOON, record())
    assert await other.finish(heir, record()) is None


async def test_an_ask_is_parked_once(store: Store, database: str) -> None:
    claim = await parked(store)
    with pytest.raises(LeaseLost):
        await store.park(claim, SOON, record())
    assert await ask(database, "SELECT pending FROM lanes") == [(0,)]


# waking


async def test_a_sign_in_wakes_all_that_its_person_waits_for(store: Store, other: Store) -> None:
    await parked(store, "1", "here")
    await parked(other, "1", "there")
    assert await other.resume("tenant", "anna") == 2
    assert sorted(claim.conversation for claim in await store.claim(10)) == ["here", "there"]


@pytest.mark.parametrize(("tenant", "person"), [("tenant", "bert"), ("theirs", "anna"), ("tenant", "")])
async def test_nobody_elses_sign_in_wakes_it(store: Store, tenant: str, person: str) -> None:
    await parked(store)
    await parked(store, "1", "nobodys", "")
    assert await store.resume(tenant, person) == 0
    assert await store.claim(10) == []


async def test_a_sign_in_rings_in_the_other_process(store: Store, other: Store) -> None:
    await parked(other)
    async with asyncio.timeout(LIMIT), aclosing(other.signals()) as bell:
        await anext(bell)
        await store.resume("tenant", "anna")
        await anext(bell)
    assert [claim.parked for claim in await other.claim(10)] == [True]


@pytest.mark.parametrize("limit", [1, 5, 100])
async def test_what_was_parked_comes_back_in_the_order_in_which_it_was_asked(store: Store, limit: int) -> None:
    asks = [f"{number * 7 % 12:02}" for number in range(12)]
    for activity in asks:
        await parked(store, activity)
    await store.resume("tenant", "anna")
    found: list[str] = []
    for _ in asks:
        (claim,) = await store.claim(limit)
        found.append(claim.activity)
        await store.finish(claim, record())
        await store.release()
    assert found == asks


async def test_what_was_parked_comes_before_what_was_said_after_it(store: Store, other: Store) -> None:
    for activity in ("1", "2"):
        await parked(store, activity)
    held = taken(await other.accept(arrival("3", person="bert")))
    await other.accept(arrival("4", person="bert"))
    await store.resume("tenant", "anna")
    await store.claim(10)
    found = [following := await other.finish(held, record())]
    while following is not None:
        found.append(following := await other.finish(following, record()))
    assert [claim and claim.activity for claim in found] == ["1", "2", "4", None]


async def test_what_is_due_at_another_time_comes_in_the_order_of_these_times(store: Store, database: str) -> None:
    for hours in (3, 1, 2):
        await store.accept(arrival(f"{hours}", due=SOON + hours * LATER))
    await ask(database, "UPDATE inbox SET due = due - interval '1 day'")
    (claim,) = await store.claim(10)
    found = [claim.activity]
    while (following := await store.finish(claim, record())) is not None:
        claim = following
        found.append(claim.activity)
    assert found == ["1", "2", "3"]


async def test_it_is_known_whether_a_sign_in_woke_it_or_its_time(store: Store, database: str) -> None:
    await parked(store, "1", "here")
    await store.resume("tenant", "anna")
    await parked(store, "1", "there")
    await ripen(database)
    assert sorted((claim.conversation, claim.woken) for claim in await store.claim(10)) == [
        ("here", True),
        ("there", False),
    ]


async def test_who_signed_in_just_before_the_parking_has_signed_in(store: Store, other: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await other.resume("tenant", "anna")
    await store.park(claim, SOON, record())
    assert [again.woken for again in await other.claim(10)] == [True]


async def test_a_second_sign_in_wakes_nothing_again(store: Store, other: Store) -> None:
    await parked(store)
    found = await asyncio.gather(*((store, other)[number % 2].resume("tenant", "anna") for number in range(8)))
    assert sum(found) == 1


async def test_what_is_planned_for_later_is_not_woken(store: Store) -> None:
    await store.accept(arrival("digest", due=SOON))
    assert await store.resume("tenant", "anna") == 0


async def test_a_woken_ask_waits_for_its_turn_in_a_lane_that_another_process_holds(store: Store, other: Store) -> None:
    await parked(store)
    held = taken(await other.accept(arrival("2", person="bert")))
    assert await store.resume("tenant", "anna") == 1
    assert await store.claim(10) == []
    following = await other.finish(held, record())
    assert following is not None and (following.activity, following.parked) == ("1", True)


async def test_an_ask_does_not_wait_whose_person_signed_in_while_it_was_looked_for(store: Store, other: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await other.resume("tenant", "anna")
    await store.park(claim, SOON, record())
    assert [again.parked for again in await other.claim(10)] == [True]


async def test_a_sign_in_before_the_ask_does_not_keep_it_from_waiting(store: Store, other: Store) -> None:
    await other.resume("tenant", "anna")
    await parked(store)
    assert await other.claim(10) == []


async def test_a_sign_in_that_meets_the_parking_wakes_it_once(store: Store, other: Store) -> None:
    for number in range(40):
        claim = taken(await store.accept(arrival("1", f"chat {number}")))
        await asyncio.gather(store.park(claim, SOON, record()), other.resume("tenant", "anna"))
        (again,) = await other.claim(10)
        assert await other.finish(again, record()) is None


async def test_signing_in_parking_and_claiming_at_once_deadlock_nobody(store: Store, other: Store) -> None:
    claims = [taken(await store.accept(arrival("1", f"chat {number}"))) for number in range(30)]
    async with asyncio.timeout(LIMIT):
        await asyncio.gather(
            *(store.park(claim, SOON, record()) for claim in claims),
            *((store, other)[number % 2].resume("tenant", "anna") for number in range(10)),
            *(other.stop(arrival("stop", f"chat {number}")) for number in range(0, 30, 3)),
            *(other.claim(1) for _ in range(5)),
        )
    await store.resume("tenant", "anna")
    await asyncio.gather(store.release(), other.release())
    assert len(await store.claim(100)) == 30


# stopping


async def test_a_word_that_stops_reaches_what_is_parked(store: Store, other: Store) -> None:
    await parked(store)
    assert await other.stop(arrival("stop"))
    assert [(claim.stopped, claim.parked) for claim in await store.claim(10)] == [(True, True)]
    assert not (await store.accept(arrival("stop"))).new


@pytest.mark.parametrize(("conversation", "person"), [("chat", "bert"), ("there", "anna"), ("chat", "")])
async def test_only_what_is_parked_there_for_that_person_is_stopped(
    store: Store, conversation: str, person: str
) -> None:
    await parked(store)
    assert not await store.stop(arrival("stop", conversation, person=person))
    assert await store.claim(10) == []


async def test_a_redelivered_word_does_not_stop_what_was_parked_after_it(store: Store) -> None:
    await parked(store)
    await store.stop(arrival("stop"))
    (first,) = await store.claim(10)
    await store.finish(first, record())
    await parked(store, "2")
    assert await store.stop(arrival("stop"))
    assert await store.claim(10) == []


async def test_a_word_that_stops_what_is_just_being_parked_is_heard(store: Store, other: Store) -> None:
    for number in range(40):
        lane = f"chat {number}"
        claim = taken(await store.accept(arrival("1", lane)))
        _, stopped = await asyncio.gather(store.park(claim, SOON, record()), other.stop(arrival("stop", lane)))
        (again,) = await store.claim(10)
        assert stopped and again.stopped
        await store.finish(again, record())


async def test_a_word_that_stops_holds_no_lane_while_an_ask_of_it_is_in_other_hands(
    store: Store, database: str
) -> None:
    await store.accept(arrival("1"))
    async with asyncio.timeout(LIMIT), await psycopg.AsyncConnection.connect(database) as ripening:
        await ripening.execute("SELECT FROM inbox FOR UPDATE")
        assert not await store.stop(arrival("stop"))
        await ripening.execute("SELECT FROM lanes FOR UPDATE")


async def test_a_revived_ask_has_not_waited_yet(store: Store, ledger: Ledger) -> None:
    await parked(store)
    await store.resume("tenant", "anna")
    (claim,) = await store.claim(10)
    await store.finish(claim, record(outcome=Outcome.DEAD))
    await ledger.revive("tenant", "chat", "1")
    assert [(again.parked, again.woken) for again in await store.claim(10)] == [(False, False)]


# cards


async def asking(store: Store, activity: str = "1", conversation: str = "chat", tenant: str = "tenant") -> Claim:
    """An open ask of a lane in which others may be before it."""
    await store.accept(arrival(activity, conversation, tenant))
    return Claim(tenant, conversation, activity, 0, 0, b"", Phase.ACCEPTED, 0)


async def test_one_card_stands_in_a_conversation_however_many_ask_for_it(store: Store, other: Store) -> None:
    claims = [await asking(store, str(number)) for number in range(8)]
    offers = ((store, other)[number % 2].offered(claim, "anna", SOON) for number, claim in enumerate(claims))
    assert sum(await asyncio.gather(*offers)) == 1


@pytest.mark.parametrize(
    ("conversation", "tenant", "person"),
    [("there", "tenant", "anna"), ("chat", "tenant", "bert"), ("chat", "theirs", "anna")],
)
async def test_another_conversation_or_person_has_a_card_of_its_own(
    store: Store, conversation: str, tenant: str, person: str
) -> None:
    await store.offered(await asking(store), "anna", SOON)
    assert await store.offered(await asking(store, "2", conversation, tenant), person, SOON)


async def test_a_card_that_has_run_out_is_no_more(store: Store) -> None:
    await store.offered(await asking(store), "anna", SOON - LATER)
    assert await store.offered(await asking(store, "2"), "anna", SOON)


@pytest.mark.parametrize(
    ("outcome", "again"),
    [
        (Outcome.STOPPED, True),
        (Outcome.ERROR, True),
        (Outcome.DEAD, True),
        (Outcome.OK, False),
        (Outcome.REFUSED, False),
    ],
)
async def test_a_card_stands_after_an_ask_that_said_all_it_had_to(store: Store, outcome: Outcome, again: bool) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.offered(claim, "anna", SOON)
    await store.finish(claim, record(outcome=outcome))
    assert await store.offered(await asking(store, "2"), "anna", SOON) is again


async def test_a_card_stands_while_the_ask_that_showed_it_waits(store: Store) -> None:
    claim = await parked(store)
    await store.offered(claim, "anna", SOON)
    assert not await store.offered(await asking(store, "2"), "anna", SOON)


async def test_an_ask_that_died_before_it_was_parked_may_show_its_card_again(store: Store, other: Store) -> None:
    claim = await asking(store)
    await store.offered(claim, "anna", SOON)
    assert await other.offered(claim, "anna", SOON)


async def test_with_a_sign_in_no_card_stands_any_more(store: Store, other: Store) -> None:
    first, second = await asking(store), await asking(store, "2")
    for person in ("anna", "bert"):
        await store.offered(first, person, SOON)
    await other.resume("tenant", "anna")
    assert [await store.offered(second, person, SOON) for person in ("anna", "bert")] == [True, False]


# once


async def test_of_eight_exchanges_at_once_one_is_the_first(store: Store, other: Store) -> None:
    heard = ((store, other)[number % 2].exchanged("tenant", "anna", "attempt") for number in range(8))
    assert sum(await asyncio.gather(*heard)) == 1


@pytest.mark.parametrize(
    ("tenant", "person", "attempt"),
    [("theirs", "anna", "attempt"), ("tenant", "bert", "attempt"), ("tenant", "anna", "x")],
)
async def test_another_exchange_is_another(store: Store, tenant: str, person: str, attempt: str) -> None:
    await store.exchanged("tenant", "anna", "attempt")
    assert await store.exchanged(tenant, person, attempt)


async def test_what_is_kept_of_signing_in_is_swept_after_a_day(store: Store, ledger: Ledger) -> None:
    await store.offered(await asking(store), "anna", SOON)
    await store.exchanged("tenant", "anna", "attempt")
    await store.exchanged("tenant", "anna", "another")
    await store.resume("theirs", "anna")
    now = datetime.now(UTC)
    assert await ledger.sweep(now, 100) == 0
    assert await ledger.sweep(now + timedelta(hours=25), 100) == 4


# rules

RULED = replace(ENTRY, action=Action.RULE)


async def test_a_company_decides_for_itself(store: Store, ledger: Ledger) -> None:
    assert await ledger.set_rule("tenant", "guests", "allow", RULED)
    assert await ledger.set_rule("tenant", "guests", "refuse", replace(RULED, at=RULED.at + LATER, person="bert"))
    assert await ledger.rules("tenant") == (Rule("guests", "refuse", RULED.at + LATER, "bert"),)
    assert (await store.rules("tenant"), await store.rules("theirs")) == ({"guests": "refuse"}, {})


async def test_a_decision_that_is_taken_back_is_no_more(store: Store, ledger: Ledger) -> None:
    await ledger.set_rule("tenant", "guests", "allow", RULED)
    assert await ledger.set_rule("tenant", "guests", None, RULED)
    assert await store.rules("tenant") == {} and not await ledger.set_rule("tenant", "guests", None, RULED)


async def test_every_change_of_a_rule_is_in_the_audit(ledger: Ledger) -> None:
    await ledger.set_rule("tenant", "guests", "allow", RULED)
    await ledger.set_rule("tenant", "guests", None, RULED)
    await ledger.set_rule("tenant", "guests", None, RULED)
    assert await ledger.audit_rows(10) == (replace(RULED, person=""), replace(RULED, person=""))
