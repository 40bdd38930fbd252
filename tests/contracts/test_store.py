"""What the store promises, on the real database: once, in order, one at a time, and never lost."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.audit import Outcome
from bot.store.pool import Pool
from bot.store.rows import LeaseLost, Phase
from bot.store.store import Store
from dialogs.talk import Message, Usage
from tests.bot.store.stores import LATER, NOW, SEALED, arrival, ask, done, expire, record, ripen, taken

FUTURE = datetime.now(UTC) + LATER


async def test_a_new_activity_is_accepted_with_the_claim_to_it(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    assert (claim.activity, claim.body, claim.phase, claim.attempts) == ("1", b"body 1", Phase.ACCEPTED, 0)


async def test_a_redelivery_is_known(store: Store) -> None:
    await store.accept(arrival("1"))
    again = await store.accept(arrival("1"))
    assert (again.new, again.claim) == (False, None)


async def test_a_redelivery_of_a_finished_ask_is_known(store: Store) -> None:
    await store.finish(taken(await store.accept(arrival("1"))), record())
    assert not (await store.accept(arrival("1"))).new


async def test_fifty_deliveries_of_one_activity_to_two_processes_have_one_effect(store: Store, other: Store) -> None:
    answers = await asyncio.gather(*((store, other)[number % 2].accept(arrival("1")) for number in range(50)))
    assert [sum(answer.new for answer in answers), sum(answer.claim is not None for answer in answers)] == [1, 1]


async def test_one_id_in_two_conversations_is_two_activities(store: Store) -> None:
    await store.accept(arrival("1", "here"))
    assert (await store.accept(arrival("1", "there"))).claim is not None


async def test_one_id_in_two_tenants_is_two_activities(store: Store) -> None:
    await store.accept(arrival("1", tenant="ours"))
    assert (await store.accept(arrival("1", tenant="theirs"))).claim is not None


async def test_what_arrives_in_a_busy_lane_waits_for_its_turn(store: Store, other: Store) -> None:
    first = taken(await store.accept(arrival("1")))
    waiting = [await other.accept(arrival(activity)) for activity in ("2", "3")]
    assert [(each.new, each.claim) for each in waiting] == [(True, None), (True, None)]
    assert await other.claim(10) == []
    second = await store.finish(first, record())
    assert second is not None and (second.activity, second.body) == ("2", b"body 2")


async def test_a_lane_is_handed_on_in_the_order_of_acceptance_until_it_is_empty(store: Store) -> None:
    claim = taken(await store.accept(arrival("0")))
    for number in range(1, 10):
        await store.accept(arrival(str(number)))
    order = [claim.activity]
    while (following := await store.finish(claim, record())) is not None:
        claim = following
        order.append(claim.activity)
    assert order == [str(number) for number in range(10)]


async def test_lanes_do_not_wait_for_one_another(store: Store) -> None:
    accepted = [await store.accept(arrival("1", f"chat {number}")) for number in range(20)]
    assert all(each.claim is not None for each in accepted)


async def test_a_lane_is_free_again_after_its_last_ask(store: Store, other: Store) -> None:
    await store.finish(taken(await store.accept(arrival("1"))), record())
    assert taken(await other.accept(arrival("2"))).activity == "2"


async def test_what_is_accepted_without_a_lease_is_claimed(store: Store, other: Store) -> None:
    assert (await store.accept(arrival("1"), lease=False)).claim is None
    assert [claim.activity for claim in await other.claim(10)] == ["1"]


async def test_a_claimed_lane_is_claimed_by_nobody_else(store: Store, other: Store) -> None:
    await store.accept(arrival("1"), lease=False)
    both = await asyncio.gather(*((store, other)[number % 2].claim(10) for number in range(8)))
    assert sum(map(len, both)) == 1


async def test_claims_are_no_more_than_asked_for_and_begin_with_what_waits_longest(store: Store) -> None:
    for number in range(5):
        await store.accept(arrival("1", f"chat {number}"), lease=False)
    assert sorted(claim.conversation for claim in await store.claim(2)) == ["chat 0", "chat 1"]


async def test_an_arrival_that_finds_older_work_in_its_lane_begins_with_that(store: Store, other: Store) -> None:
    await store.accept(arrival("1"), lease=False)
    assert taken(await other.accept(arrival("2"))).activity == "1"


async def test_a_dead_process_is_succeeded_where_it_stopped(store: Store, other: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.placed(claim, "message 7")
    await store.answered(claim, b"answer")
    await store.shown(claim, 2)
    await expire(database)
    (heir,) = await other.claim(10)
    assert (heir.phase, heir.placeholder, heir.answer, heir.shown) == (Phase.ANSWERED, "message 7", b"answer", 2)


async def test_a_crash_counts_as_an_attempt(store: Store, other: Store, database: str) -> None:
    await store.accept(arrival("1"))
    await expire(database)
    assert [claim.attempts for claim in await other.claim(10)] == [1]


async def test_an_arrival_takes_over_from_a_dead_process(store: Store, other: Store, database: str) -> None:
    await store.accept(arrival("1"))
    await expire(database)
    claim = taken(await other.accept(arrival("2")))
    assert (claim.activity, claim.attempts) == ("1", 1)


@pytest.mark.parametrize("verb", ["placed", "answered", "shown", "finish", "postpone"])
async def test_who_was_succeeded_can_write_nothing(store: Store, other: Store, database: str, verb: str) -> None:
    stale = taken(await store.accept(arrival("1")))
    await expire(database)
    await other.claim(10)
    before = await everything(database)
    values = {"placed": "x", "answered": b"x", "shown": 1, "finish": record("x"), "postpone": FUTURE}
    with pytest.raises(LeaseLost):
        await getattr(store, verb)(stale, values[verb])
    assert await everything(database) == before


async def test_who_is_late_but_not_succeeded_may_still_write(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await expire(database)
    assert await store.finish(claim, record()) is None


async def test_an_ask_is_finished_once(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2"))
    await store.finish(claim, record("question", "answer"))
    with pytest.raises(LeaseLost):
        await store.finish(claim, record("question", "answer"))
    assert await ask(database, "SELECT pending FROM lanes") == [(1,)]


async def test_a_beat_keeps_a_lease_alive(store: Store, other: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await expire(database)
    await store.beat([claim])
    assert await other.claim(10) == []


async def test_a_beat_does_not_prolong_what_another_process_has(store: Store, other: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await expire(database)
    await other.claim(10)
    await expire(database)
    await store.beat([claim])
    assert [again.activity for again in await store.claim(10)] == ["1"]


async def test_a_beat_leaves_lanes_alone_that_nobody_serves(store: Store, other: Store, database: str) -> None:
    served = taken(await store.accept(arrival("1", "served")))
    await store.accept(arrival("1", "lost with the answer"))
    await expire(database)
    await store.beat([served])
    assert [claim.conversation for claim in await other.claim(10)] == ["lost with the answer"]


async def test_a_postponed_ask_waits_for_its_time(store: Store, other: Store, database: str) -> None:
    await store.postpone(taken(await store.accept(arrival("1"))), FUTURE)
    assert await other.claim(10) == []
    await ripen(database)
    assert [(claim.activity, claim.attempts) for claim in await other.claim(10)] == [("1", 1)]


@pytest.mark.parametrize("off", [timedelta(minutes=10), timedelta(minutes=-10)])
async def test_a_wait_is_as_long_as_it_is_on_a_machine_whose_clock_is_off(
    pool: Pool, database: str, off: timedelta
) -> None:
    store = Store(pool, "astray", SEALED, now=lambda: datetime.now(UTC) + off)
    await store.postpone(taken(await store.accept(arrival("1"))), datetime.now(UTC) + off + timedelta(seconds=30))
    ((left,),) = await ask(database, "SELECT extract(epoch FROM due - now())::float FROM lanes")
    assert 20 < left <= 31


async def test_a_try_that_does_not_count_is_not_counted_and_dated(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    for later in (NOW, NOW + LATER):
        await store.postpone(claim, FUTURE, replace(record(), at=later), counted=False)
        await ripen(database)
        (claim,) = await store.claim(10)
    assert (claim.attempts, claim.lacking) == (0, NOW)


@pytest.mark.parametrize(("first", "since"), [(False, NOW), (True, None)])
async def test_a_try_that_counts_does_not_touch_since_when_others_did_not(
    store: Store, database: str, first: bool, since: datetime | None
) -> None:
    claim = taken(await store.accept(arrival("1")))
    for counted in (first, True):
        await store.postpone(claim, FUTURE, replace(record(), at=NOW), counted=counted)
        await ripen(database)
        (claim,) = await store.claim(10)
    assert (claim.attempts, claim.lacking) == (1 + first, since)


async def test_the_lanes_next_ask_comes_with_all_that_is_known_of_it(store: Store, database: str) -> None:
    first = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2"))
    await ask(database, "UPDATE inbox SET lacking = %s, parked = true WHERE activity = '2'", NOW)
    following = await store.finish(first, record())
    assert following is not None and (following.lacking, following.parked, following.stopped) == (NOW, True, False)


async def test_what_is_placed_after_it_was_answered_stays_answered(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.answered(claim, b"answer")
    await store.placed(claim, "message 7")
    await expire(database)
    (again,) = await store.claim(10)
    assert (again.phase, again.placeholder, again.answer) == (Phase.ANSWERED, "message 7", b"answer")


@pytest.mark.parametrize("outcome", Outcome)
async def test_an_ask_is_over_once_it_is_finished_however(store: Store, outcome: Outcome) -> None:
    claim = taken(await store.accept(arrival("1")))
    before = await store.ended("tenant", "chat", "1", "anna")
    await store.finish(claim, record(outcome=outcome))
    assert (before, await store.ended("tenant", "chat", "1", "anna")) == (False, True)


@pytest.mark.parametrize(
    "where",
    [
        ("other", "chat", "1", "anna"),
        ("tenant", "x", "1", "anna"),
        ("tenant", "chat", "2", "anna"),
        ("tenant", "chat", "1", "bert"),
    ],
)
async def test_of_what_is_not_ones_own_it_is_not_told_whether_it_is_over(
    store: Store, where: tuple[str, str, str, str]
) -> None:
    await done(store, record())
    assert not await store.ended(*where)


async def test_what_arrives_behind_a_postponed_ask_does_not_overtake_it(store: Store, database: str) -> None:
    await store.postpone(taken(await store.accept(arrival("1"))), FUTURE)
    assert (await store.accept(arrival("2"))).claim is None
    await ripen(database)
    assert taken(await store.accept(arrival("3"))).activity == "1"


async def test_a_postponed_ask_keeps_its_phase(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.placed(claim, "message 7")
    await store.postpone(claim, FUTURE)
    await ripen(database)
    assert [(again.phase, again.placeholder) for again in await store.claim(10)] == [(Phase.PLACED, "message 7")]


async def test_scheduled_work_begins_when_it_is_due(store: Store, other: Store, database: str) -> None:
    assert (await store.accept(arrival("digest", due=FUTURE))).new
    assert await other.claim(10) == []
    await ripen(database)
    assert [claim.activity for claim in await other.claim(10)] == ["digest"]


async def test_scheduled_work_holds_nobody_up(store: Store) -> None:
    await store.accept(arrival("digest", due=FUTURE))
    assert taken(await store.accept(arrival("1"))).activity == "1"


async def test_scheduled_work_is_not_handed_on_before_it_is_due(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("digest", due=FUTURE))
    await store.accept(arrival("2"))
    following = await store.finish(claim, record())
    assert following is not None and following.activity == "2"


async def test_due_work_waits_for_its_lane(store: Store, other: Store, database: str) -> None:
    await store.accept(arrival("digest", due=FUTURE))
    claim = taken(await store.accept(arrival("1")))
    await ripen(database)
    assert await other.claim(10) == []
    following = await store.finish(claim, record())
    assert following is not None and following.activity == "digest"


async def test_a_process_that_leaves_gives_up_its_lanes(store: Store, other: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.placed(claim, "message 7")
    await store.release()
    assert [(heir.placeholder, heir.attempts) for heir in await other.claim(10)] == [("message 7", 0)]


async def test_a_process_that_leaves_keeps_out_of_others_lanes(store: Store, other: Store) -> None:
    claim = taken(await other.accept(arrival("1")))
    await store.release()
    await other.placed(claim, "message")


async def test_the_history_is_read_oldest_first_and_no_longer_than_asked_for(store: Store) -> None:
    for number in range(3):
        await store.finish(taken(await store.accept(arrival(str(number)))), record(f"q{number}", f"a{number}"))
    lines = await store.history("tenant", "chat", "anna", 0, 3)
    assert lines == (Message("assistant", "a1"), Message("user", "q2"), Message("assistant", "a2"))


async def test_a_new_chat_remembers_nothing_of_the_old(store: Store) -> None:
    await store.finish(taken(await store.accept(arrival("1"))), record("old", new_chat=True))
    claim = taken(await store.accept(arrival("2")))
    assert await store.history(claim.tenant, claim.conversation, "anna", claim.chat, 10) == ()


async def test_a_claim_that_follows_a_new_chat_belongs_to_it(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2"))
    following = await store.finish(claim, record(new_chat=True))
    assert following is not None and following.chat > claim.chat


async def test_a_chats_number_is_given_once_even_where_the_lane_is_made_anew(store: Store, database: str) -> None:
    await done(store, record("old", new_chat=True))
    await done(store, record("new", new_chat=True), "2")
    (first,) = await ask(database, "DELETE FROM lanes RETURNING chat")
    await done(store, record(new_chat=True), "3")
    assert await ask(database, "SELECT chat > %s FROM lanes", first[0]) == [(True,)]


async def test_conversations_do_not_see_each_others_history(store: Store) -> None:
    await store.finish(taken(await store.accept(arrival("1", "here"))), record("secret"))
    assert (
        await store.history("tenant", "there", "anna", 0, 10)
        == await store.history("other", "here", "anna", 0, 10)
        == ()
    )


async def test_people_do_not_see_each_others_history_in_one_conversation(store: Store) -> None:
    await done(store, record("secret"))
    assert await store.history("tenant", "chat", "bert", 0, 10) == ()


async def test_what_nobody_said_is_not_kept(store: Store, database: str) -> None:
    await done(store, replace(record("words"), person=""))
    assert await ask(database, "SELECT count(*) FROM history") == [(0,)]


async def test_a_line_is_known_by_the_ask_it_comes_from(store: Store, database: str) -> None:
    await done(store, record("question", "answer"), "77")
    assert await ask(database, "SELECT person, activity FROM history") == [("anna", "77"), ("anna", "77")]


async def test_expired_lines_are_not_read(store: Store) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    await store.finish(taken(await store.accept(arrival("1"))), record("old", expires=past))
    assert await store.history("tenant", "chat", "anna", 0, 10) == ()


async def test_a_finished_ask_holds_no_content(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.answered(claim, b"answer")
    await store.finish(claim, record())
    assert await ask(database, "SELECT body, answer FROM inbox") == [(b"", None)]


async def test_a_dead_ask_keeps_its_body(store: Store, database: str) -> None:
    await store.finish(taken(await store.accept(arrival("1"))), record(outcome=Outcome.DEAD))
    ((body, outcome),) = await ask(database, "SELECT body, outcome FROM inbox")
    assert (SEALED.held.open(body, "inbox", "body", "tenant", "chat", "1"), outcome) == (b"body 1", "dead")


async def test_a_finished_ask_is_known_by_its_message_and_its_model(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.placed(claim, "message 7")
    await store.finish(claim, record("q", "a", usage=(Usage("large", 1, 2), Usage("small", 1, 2))))
    assert await ask(database, "SELECT placeholder, model FROM inbox") == [("message 7", "large")]


async def everything(database: str) -> list[list[tuple[object, ...]]]:
    tables = ("SELECT * FROM inbox", "SELECT * FROM lanes", "SELECT * FROM history", "SELECT * FROM audit")
    return [await ask(database, text) for text in tables]
