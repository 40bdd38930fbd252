from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.audit import Outcome
from bot.store.ledger import Dead, Ledger, Spent
from bot.store.rows import Phase
from bot.store.store import Store
from dialogs.talk import Usage
from tests.bot.store.audits import known
from tests.bot.store.stores import ENTRY, NOW, arrival, ask, record, taken

TODAY = datetime.now(UTC)
PAST = TODAY - timedelta(minutes=1)


async def die(store: Store) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.placed(claim, "message")
    await store.answered(claim, b"sorry")
    await store.finish(claim, record(outcome=Outcome.DEAD))


async def use(store: Store, activity: str, conversation: str, *usage: Usage) -> None:
    await store.finish(taken(await store.accept(arrival(activity, conversation))), record(usage=usage))


async def test_dead_asks_are_listed_without_what_they_say(store: Store, ledger: Ledger) -> None:
    await die(store)
    assert await ledger.dead(10) == (Dead("tenant", "chat", "1", NOW, 0),)


async def test_a_revived_ask_begins_again_from_its_body(store: Store, ledger: Ledger) -> None:
    await die(store)
    assert await ledger.revive("tenant", "chat", "1")
    (claim,) = await store.claim(10)
    assert (claim.body, claim.phase, claim.placeholder, claim.answer) == (b"body 1", Phase.ACCEPTED, None, None)
    assert await store.finish(claim, record()) is None
    assert await ledger.dead(10) == ()


async def test_a_revived_ask_waits_behind_what_is_in_its_lane(store: Store, ledger: Ledger) -> None:
    await die(store)
    claim = taken(await store.accept(arrival("2")))
    await ledger.revive("tenant", "chat", "1")
    following = await store.finish(claim, record())
    assert following is not None and following.activity == "1"


async def test_only_the_dead_are_revived(store: Store, ledger: Ledger) -> None:
    await use(store, "1", "chat")
    assert not await ledger.revive("tenant", "chat", "1")


async def test_a_dropped_ask_is_emptied_and_still_known(store: Store, ledger: Ledger, database: str) -> None:
    await die(store)
    assert await ledger.drop("tenant", "chat", "1", TODAY)
    assert await ask(database, "SELECT body FROM inbox") == [(b"",)]
    assert not (await store.accept(arrival("1"))).new


async def test_use_is_added_up_by_person_day_and_model(store: Store, ledger: Ledger) -> None:
    await use(store, "1", "here", Usage("large", 10, 1, 2), Usage("small", 5, 5), Usage("large", 20, 2))
    await use(store, "1", "there", Usage("large", 100, 10, estimated=True))
    today = datetime.now(UTC).date()
    assert await ledger.usage_report(1) == (
        Spent("tenant", "anna", today, "large", 3, 130, 13, 2, True),
        Spent("tenant", "anna", today, "small", 1, 5, 5, 0, False),
    )


async def test_the_report_goes_back_no_further_than_asked_for(store: Store, ledger: Ledger, database: str) -> None:
    await use(store, "1", "chat", Usage("large", 10, 1))
    await ask(database, "UPDATE usage SET day = day - 7")
    assert (await ledger.usage_report(7), len(await ledger.usage_report(8))) == ((), 1)


async def test_the_audit_holds_what_was_written(store: Store, ledger: Ledger, database: str) -> None:
    await known(database, "anna")
    await store.write(ENTRY)
    assert await ledger.audit_rows(10) == (ENTRY,)


async def test_a_turn_writes_its_audit_row(store: Store, ledger: Ledger, database: str) -> None:
    await known(database, "anna")
    await store.finish(taken(await store.accept(arrival("1"))), record(audit=ENTRY))
    assert await ledger.audit_rows(10) == (ENTRY,)


async def test_what_is_past_its_time_is_swept(store: Store, ledger: Ledger, database: str) -> None:
    await store.finish(taken(await store.accept(arrival("1"))), record("question", "answer", expires=PAST))
    await ask(database, "UPDATE inbox SET expires = now()")
    assert await ledger.sweep(datetime.now(UTC), 100) == 3
    assert await ask(database, "SELECT (SELECT count(*) FROM history), (SELECT count(*) FROM inbox)") == [(0, 0)]


async def test_a_sweep_takes_no_more_than_a_batch(store: Store, ledger: Ledger) -> None:
    await store.finish(taken(await store.accept(arrival("1"))), record("1", "2", "3", expires=PAST))
    assert [await ledger.sweep(datetime.now(UTC), 2) for _ in range(3)] == [2, 1, 0]


async def test_what_is_still_of_use_is_not_swept(store: Store, ledger: Ledger) -> None:
    await store.finish(taken(await store.accept(arrival("1"))), record("kept", expires=TODAY + timedelta(days=1)))
    await store.accept(arrival("2"))
    assert await ledger.sweep(datetime.now(UTC), 100) == 0


async def test_a_lane_that_nobody_has_used_for_long_is_forgotten(store: Store, ledger: Ledger, database: str) -> None:
    await use(store, "1", "idle")
    await store.accept(arrival("1", "open"))
    await store.finish(taken(await store.accept(arrival("1", "remembered"))), record("line"))
    await ask(database, "UPDATE lanes SET at = now() - interval '91 days'")
    assert await ledger.sweep(datetime.now(UTC), 100) == 1
    assert await ask(database, "SELECT conversation FROM lanes ORDER BY 1") == [("open",), ("remembered",)]


async def test_audit_rows_past_their_time_are_swept(store: Store, ledger: Ledger) -> None:
    await store.write(replace(ENTRY, at=TODAY - timedelta(days=366)))
    await store.write(replace(ENTRY, at=TODAY))
    assert (await ledger.sweep(TODAY, 100), len(await ledger.audit_rows(10))) == (1, 1)


async def test_an_attempt_that_is_put_off_is_in_the_report_too(store: Store, ledger: Ledger) -> None:
    claim = taken(await store.accept(arrival("1")))
    await store.postpone(claim, datetime.now(UTC), record(usage=(Usage("large", 7, 0),)))
    assert [row.input for row in await ledger.usage_report(1)] == [7]
