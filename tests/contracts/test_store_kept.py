"""What a turn leaves behind for one person: visits, digests, answers to share, errands; with the closing or not at all."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.ledger import Ledger
from bot.store.rows import Claim, LeaseLost, Planned, Record
from bot.store.store import Store
from dialogs.talk import (
    Answer,
    Cite,
    Digest,
    Message,
    Place,
    PlaceKind,
    Schedule,
    Scope,
    Shared,
    Visit,
    Window,
)
from tests.bot.store.stores import LATER, arrival, ask, done, expire, record, ripen, taken

LIMIT = 5
"""Seconds after which a test has waited long enough."""
TODAY = datetime.now(UTC)
TOMORROW = TODAY + timedelta(days=1)
CHANNEL = Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1")
DAILY = Schedule(9, 0, "Europe/Madrid")
WEEKLY = Schedule(8, 30, "Europe/Madrid", 0)
ON = Digest(CHANNEL, DAILY, "own chat", TODAY)
SCOPE = Scope(CHANNEL, Window(TODAY, TOMORROW, 50))


def left(**what: object) -> Record:
    """A record that leaves this behind."""
    return replace(record("question", "answer", expires=TOMORROW), **what)  # type: ignore[arg-type]


def telling(activity: str, due: datetime | None = TOMORROW) -> Planned:
    """The errand that tells the digest of the channel."""
    return Planned(arrival(activity, "own chat", due=due), CHANNEL.home)


def posting(activity: str = "post", conversation: str = "thread") -> Planned:
    """An errand that is to be done at once, in another conversation."""
    return Planned(arrival(activity, conversation))


def on(activity: str, digest: Digest = ON) -> Record:
    return left(digests=(digest,), errands=(telling(activity),))


OFF = left(digests=(Digest(CHANNEL),))


async def claimed(store: Store, database: str) -> Claim:
    """The claim to the one thing that is due."""
    await ripen(database)
    (claim,) = await store.claim(10)
    return claim


async def pending(database: str) -> list[str]:
    rows = await ask(database, "SELECT activity FROM inbox WHERE open ORDER BY activity")
    return [activity for (activity,) in rows]


# visits


async def test_a_visit_is_remembered_for_its_person(store: Store) -> None:
    await done(store, left(visit=Visit("19:c", TODAY)))
    found = [await store.visited("tenant", person, "19:c") for person in ("anna", "bert")]
    assert found == [TODAY, None]


async def test_a_visit_never_goes_back(store: Store) -> None:
    await done(store, left(visit=Visit("19:c", TOMORROW)))
    await done(store, left(visit=Visit("19:c", TODAY)), "2")
    assert await store.visited("tenant", "anna", "19:c") == TOMORROW


async def test_a_visit_is_forgotten_with_the_conversations(store: Store, ledger: Ledger) -> None:
    await done(store, replace(left(visit=Visit("19:c", TODAY)), history=(), expires=TODAY - LATER))
    assert await store.visited("tenant", "anna", "19:c") is None
    assert await ledger.sweep(TODAY, 100) == 1


async def test_tenants_do_not_share_visits(store: Store) -> None:
    await done(store, left(visit=Visit("19:c", TODAY)))
    assert await store.visited("other", "anna", "19:c") is None


# scopes


async def test_what_an_answer_was_about_is_read_with_it(store: Store) -> None:
    lines = (Message("user", "summarise"), Message("assistant", "All is well.", SCOPE))
    await done(store, left(history=lines))
    assert await store.history("tenant", "chat", "anna", 0, 10) == lines


# shares

SHARED = Shared(
    Answer("For you alone. [1]", True, (Cite(1, "Ada", "We ship", "https://x"),)), CHANNEL, ("anna", "bert")
)


async def test_a_private_answer_is_kept_for_its_person_under_its_key(store: Store) -> None:
    await done(store, left(shared=SHARED, key="k"))
    assert await store.shared("tenant", "anna", "k", TODAY) == SHARED


async def test_it_is_known_by_whom_it_was_posted(store: Store) -> None:
    for number, person in enumerate(("anna", "bert")):
        await done(store, left(shared=SHARED, key="k", person=person), str(number))
    await done(store, left(posted="k", history=()), "post", "thread")
    assert await store.shared("tenant", "anna", "k", TODAY) == replace(SHARED, posted=True)
    assert await store.shared("tenant", "bert", "k", TODAY) == SHARED


async def test_who_has_lost_the_lane_has_posted_nothing(store: Store, other: Store, database: str) -> None:
    await done(store, left(shared=SHARED, key="k"))
    stale = taken(await store.accept(arrival("post", "thread")))
    await expire(database)
    await other.claim(10)
    with pytest.raises(LeaseLost):
        await store.finish(stale, left(posted="k"))
    assert await store.shared("tenant", "anna", "k", TODAY) == SHARED


@pytest.mark.parametrize(
    ("tenant", "person", "key"), [("other", "anna", "k"), ("tenant", "bert", "k"), ("tenant", "anna", "x")]
)
async def test_nobody_else_has_it(store: Store, tenant: str, person: str, key: str) -> None:
    await done(store, left(shared=SHARED, key="k"))
    assert await store.shared(tenant, person, key, TODAY) is None


async def test_a_private_answer_is_kept_for_a_day(store: Store, ledger: Ledger) -> None:
    await done(store, left(shared=SHARED, key="k"))
    later = datetime.now(UTC) + timedelta(hours=24)
    assert await store.shared("tenant", "anna", "k", later - LATER) == SHARED
    assert await store.shared("tenant", "anna", "k", later) is None
    assert await ledger.sweep(later - LATER, 100) == 0


async def test_a_private_answer_is_swept_after_a_day(store: Store, ledger: Ledger, database: str) -> None:
    await done(store, left(shared=SHARED, key="k", expires=None))
    await ledger.sweep(datetime.now(UTC) + timedelta(hours=24), 100)
    assert await ask(database, "SELECT count(*) FROM shares") == [(0,)]


# errands


async def test_an_errand_at_once_is_claimed_in_its_own_lane(store: Store, other: Store) -> None:
    await done(store, left(errands=(posting(),)))
    assert [(claim.conversation, claim.activity) for claim in await other.claim(10)] == [("thread", "post")]


async def test_an_errand_at_once_rings(store: Store, other: Store) -> None:
    async with asyncio.timeout(LIMIT), aclosing(other.signals()) as bell:
        await anext(bell)
        await done(store, left(errands=(posting(),)))
        await anext(bell)


async def test_an_errand_of_the_own_lane_waits_for_its_turn(store: Store, other: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2"))
    second = await store.finish(claim, left(errands=(posting(conversation="chat"),)))
    assert second is not None and second.activity == "2" and await other.claim(10) == []
    third = await store.finish(second, record())
    assert third is not None and third.activity == "post"


async def test_an_errand_for_later_waits_for_its_time(store: Store, database: str) -> None:
    await done(store, left(errands=(Planned(arrival("later", "thread", due=TOMORROW)),)))
    assert await store.claim(10) == []
    assert (await claimed(store, database)).activity == "later"


async def test_an_errand_is_run_once_however_often_it_is_given(store: Store) -> None:
    await done(store, left(errands=(posting(), posting())))
    (claim,) = await store.claim(10)
    await store.finish(claim, record())
    await done(store, left(errands=(posting(),)), "2")
    assert await store.claim(10) == []


async def test_a_finish_that_is_repeated_leaves_nothing_behind_twice(store: Store, database: str) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.finish(claim, on("digest 1"))
    with pytest.raises(LeaseLost):
        await store.finish(claim, replace(on("digest 2"), visit=Visit("19:c", TODAY)))
    assert await pending(database) == ["digest 1"]
    assert await store.visited("tenant", "anna", "19:c") is None


async def test_who_has_lost_the_lane_leaves_nothing_behind(store: Store, other: Store, database: str) -> None:
    stale = taken(await store.accept(arrival("1")))
    await expire(database)
    await other.claim(10)
    with pytest.raises(LeaseLost):
        await store.finish(stale, replace(on("digest"), visit=Visit("19:c", TODAY), shared=SHARED, key="k"))
    counts = "SELECT (SELECT count(*) FROM digests), (SELECT count(*) FROM visits), (SELECT count(*) FROM shares)"
    assert await ask(database, counts) == [(0, 0, 0)] and await pending(database) == ["1"]


async def test_an_errand_that_a_person_gave_is_stopped_by_that_person(store: Store) -> None:
    await done(store, left(errands=(posting(),)))
    (claim,) = await store.claim(10)
    assert await store.stop(arrival("stop", "thread"))
    assert await store.beat([claim]) == (claim,)


async def test_a_turn_that_leaves_much_behind_hands_on_its_lane_like_any_other(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.accept(arrival("2"))
    second = await store.finish(claim, replace(on("digest"), visit=Visit("19:c", TODAY), shared=SHARED, key="k"))
    assert second is not None and (second.activity, second.body) == ("2", b"body 2")


# digests


async def test_a_digest_is_kept_as_it_was_wanted(store: Store) -> None:
    await done(store, on("digest"))
    assert await store.digests("tenant", "anna") == (ON,)
    assert await store.digests("tenant", "bert") == ()


async def test_digests_of_several_places_are_kept_side_by_side(store: Store) -> None:
    group = Digest(Place(PlaceKind.GROUP, "19:g"), WEEKLY, "own chat")
    await done(store, left(digests=(ON, group)))
    assert await store.digests("tenant", "anna") == (ON, group)


async def test_another_schedule_takes_the_place_of_the_first(store: Store, database: str) -> None:
    await done(store, on("digest 1"))
    await done(store, on("digest 2", replace(ON, schedule=WEEKLY)), "2")
    assert await store.digests("tenant", "anna") == (replace(ON, schedule=WEEKLY),)
    assert await pending(database) == ["digest 2"]


async def test_the_same_schedule_once_more_keeps_the_errand(store: Store, database: str) -> None:
    await done(store, on("digest"))
    await done(store, on("digest"), "2")
    assert await pending(database) == ["digest"]


async def test_a_digest_that_is_switched_off_is_told_no_more(store: Store, database: str) -> None:
    await done(store, on("digest"))
    await done(store, OFF, "2")
    assert (await store.digests("tenant", "anna"), await pending(database)) == ((), [])


async def test_a_digest_is_switched_on_again_with_the_same_errand(store: Store, database: str) -> None:
    await done(store, on("digest"))
    await done(store, OFF, "2")
    await done(store, on("digest"), "3")
    assert await pending(database) == ["digest"]


async def test_other_peoples_digests_stay(store: Store, database: str) -> None:
    await done(store, on("annas"))
    await done(store, replace(on("berts"), person="bert"), "2")
    await done(store, OFF, "3")
    assert (await store.digests("tenant", "bert"), await pending(database)) == ((ON,), ["berts"])


async def test_switching_off_what_was_never_on_changes_nothing(store: Store) -> None:
    await done(store, OFF)
    assert await store.digests("tenant", "anna") == ()


RENEWED = replace(on("digest 2", replace(ON, since=TOMORROW)), renews=True)


async def test_a_digest_that_was_told_is_told_again_the_next_time(store: Store, database: str) -> None:
    await done(store, on("digest 1"))
    await store.finish(await claimed(store, database), RENEWED)
    assert await store.digests("tenant", "anna") == (replace(ON, since=TOMORROW),)
    assert await pending(database) == ["digest 2"]


async def test_a_digest_that_is_switched_off_while_it_is_told_is_not_told_again(store: Store, database: str) -> None:
    await done(store, on("digest 1"))
    claim = await claimed(store, database)
    await done(store, OFF, "2")
    await store.finish(claim, RENEWED)
    assert (await store.digests("tenant", "anna"), await pending(database)) == ((), [])


async def test_a_digest_that_is_changed_while_it_is_told_keeps_to_the_change(store: Store, database: str) -> None:
    await done(store, on("digest 1"))
    claim = await claimed(store, database)
    await done(store, on("weekly", replace(ON, schedule=WEEKLY)), "2")
    await store.finish(claim, RENEWED)
    assert await store.digests("tenant", "anna") == (replace(ON, schedule=WEEKLY),)
    assert await pending(database) == ["weekly"]


async def test_a_digest_can_end_itself(store: Store, database: str) -> None:
    await done(store, on("digest 1"))
    await store.finish(await claimed(store, database), replace(OFF, renews=True))
    assert await store.digests("tenant", "anna") == ()


async def test_a_digest_is_not_stopped_by_a_word_that_is_meant_for_something_else(store: Store, database: str) -> None:
    await done(store, on("digest"))
    await claimed(store, database)
    assert not await store.stop(arrival("stop", "own chat"))


async def test_a_digest_called_off_as_it_ripens_deadlocks_nobody(store: Store, other: Store, database: str) -> None:
    for number in range(30):
        await done(store, on(f"digest {number}"), f"on {number}", "own chat")
        claim = taken(await store.accept(arrival(f"off {number}", "own chat")))
        await ripen(database)
        following, claims = await asyncio.gather(store.finish(claim, OFF), other.claim(10))
        for told in [*claims, *([following] if following else []), *await other.claim(10)]:
            await other.finish(told, replace(RENEWED, errands=(telling(f"again {number}"),)))
    assert (await store.digests("tenant", "anna"), await pending(database)) == ((), [])


async def test_two_conversations_that_change_one_digest_at_once_leave_one(store: Store, other: Store) -> None:
    for number in range(20):
        claims = [taken(await store.accept(arrival(str(number), lane))) for lane in ("one", "two")]
        await asyncio.gather(
            store.finish(claims[0], on(f"a {number}")),
            other.finish(claims[1], on(f"b {number}", replace(ON, schedule=WEEKLY))),
        )
        assert len(await store.digests("tenant", "anna")) == 1
