"""Retention: every class of rows goes when its days are over, nothing earlier, a batch at a time, by scheduled asks."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from psycopg import AsyncConnection

from bot.audit import Action, Actor
from bot.chores import Chores
from bot.rulebook import Rules
from bot.store.estate import Estate
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.rows import Claim
from bot.store.seals import Seals
from bot.store.store import Store
from bot.store.sweeps import KINDS
from tests.bot.store.audits import TODAY, aged, known
from tests.bot.store.kept import RULES, before, put
from tests.bot.store.stores import ENTRY, arrival, ask, ripen, taken

DAY = timedelta(days=1)


class Hours:
    """A clock that is set by hand, and the rules of the only company."""

    def __init__(self) -> None:
        self.now = TODAY
        self.rules = RULES

    async def book(self, tenant: str) -> Rules:
        return self.rules


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def chores(store: Store, ledger: Ledger, estate: Estate, pool: Pool, hours: Hours) -> Chores:
    return Chores(store, ledger, estate, Seals(pool), hours.book, lambda: hours.now)


async def count(database: str, table: str) -> int:
    ((rows,),) = await ask(database, f"SELECT count(*) FROM {table}")
    return int(rows)


AGED: tuple[tuple[str, str, dict[str, object], int], ...] = (
    ("history", "at", {"expires": before(TODAY, -100)}, 30),
    ("history", "expires", {"at": TODAY}, 0),
    ("inbox", "at", {"open": False, "outcome": "dead", "expires": before(TODAY, -100)}, 14),
    ("inbox", "expires", {"open": False, "at": TODAY}, 0),
    ("feedback", "at", {"expires": before(TODAY, -100)}, 90),
    ("feedback", "expires", {"at": TODAY}, 0),
    ("titles", "at", {}, 1),
    ("exports", "expires", {}, 0),
    ("shares", "expires", {}, 0),
    ("visits", "expires", {"at": TODAY}, 0),
    ("signings", "expires", {}, 0),
    ("offers", "until", {}, 0),
    ("exchanges", "expires", {"at": TODAY}, 0),
    ("lanes", "at", {"pending": 0}, 90),
)
"""Of each table the column that tells the age of a row, what else stands in it, and its days."""


@pytest.mark.parametrize(("table", "column", "others", "days"), AGED)
async def test_a_row_goes_when_its_days_are_over_and_not_before(
    table: str, column: str, others: dict[str, object], days: int, chores: Chores, database: str
) -> None:
    await put(database, table, tenant="tenant", **{column: before(TODAY, days - 0.1)}, **others)
    assert (await chores.tidy(TODAY), await count(database, table)) == (0, 1)
    assert (await chores.tidy(TODAY + DAY), await count(database, table)) == (1, 0)


@pytest.mark.parametrize(("table", "days"), [("usage", 400), ("purses", 2), ("tills", 2)])
async def test_a_day_goes_when_its_days_are_over_and_not_before(
    table: str, days: int, chores: Chores, database: str
) -> None:
    await put(database, table, tenant="tenant", day=before(TODAY, days - 1).date())
    assert (await chores.tidy(TODAY), await count(database, table)) == (0, 1)
    assert (await chores.tidy(TODAY + DAY), await count(database, table)) == (1, 0)


async def test_every_table_with_an_end_is_swept(database: str) -> None:
    ending = await ask(
        database,
        """SELECT table_name FROM information_schema.columns
        WHERE table_schema = current_schema() AND column_name IN ('expires', 'until')""",
    )
    assert {table for (table,) in ending} <= {kind.table for kind in KINDS}


async def test_a_rule_that_was_made_shorter_reaches_what_was_written_before(
    chores: Chores, hours: Hours, database: str
) -> None:
    await put(database, "history", tenant="tenant", at=before(TODAY, 10), expires=before(TODAY, -20))
    assert await chores.tidy(TODAY) == 0
    hours.rules = replace(RULES, history=timedelta(days=7))
    assert await chores.tidy(TODAY) == 1


async def test_no_rule_makes_an_audit_row_go_earlier_than_was_promised(
    chores: Chores, hours: Hours, store: Store, database: str
) -> None:
    await store.write(replace(aged(ENTRY, before(TODAY, 40)), expires=before(TODAY, -30)))
    hours.rules = replace(RULES, audit=timedelta(days=30))
    assert (await chores.tidy(TODAY), await count(database, "audit")) == (0, 1)


async def test_a_rule_that_was_made_longer_keeps_audit_rows(
    chores: Chores, hours: Hours, store: Store, database: str
) -> None:
    await store.write(replace(aged(ENTRY, before(TODAY, 40)), expires=before(TODAY, 10)))
    hours.rules = replace(RULES, audit=timedelta(days=50))
    assert (await chores.tidy(TODAY), await count(database, "audit")) == (0, 1)
    hours.rules = replace(RULES, audit=timedelta(days=30))
    assert (await chores.tidy(TODAY), await count(database, "audit")) == (1, 0)


async def test_a_clock_that_is_ahead_of_the_database_deletes_no_audit_row(
    chores: Chores, store: Store, database: str
) -> None:
    await store.write(replace(aged(ENTRY, before(TODAY, 370)), expires=before(TODAY, -30)))
    assert (await chores.tidy(TODAY + timedelta(days=400)), await count(database, "audit")) == (0, 1)


async def test_audit_rows_are_sealed_before_they_go(chores: Chores, store: Store, pool: Pool) -> None:
    for days in (400, 399, 1):
        await store.write(aged(ENTRY, before(TODAY, days)))
    assert await chores.tidy(TODAY) == 3
    (chain,) = await Seals(pool).verify("tenant")
    assert (chain.ok, chain.sound, chain.expired, chain.head) == (True, 1, 1, 3)


HELD = [kind.table for kind in KINDS if "legal_holds" in kind.free and kind.table != "audit"]


@pytest.mark.parametrize("table", HELD)
async def test_whoever_is_under_a_legal_hold_keeps_everything(table: str, chores: Chores, database: str) -> None:
    past = {"at": before(TODAY, 500), "expires": before(TODAY, 500), "until": before(TODAY, 500), "open": False}
    past["day"] = before(TODAY, 500).date()
    names = await ask(database, "SELECT column_name FROM information_schema.columns WHERE table_name = %s", table)
    values = {name: value for name, value in past.items() if (name,) in names}
    await put(database, "legal_holds", tenant="tenant", person="anna")
    for person in ("anna", "bob"):
        chat = {"conversation": person} if ("conversation",) in names else {}
        await put(database, table, tenant="tenant", person=person, **values, **chat)
    assert await chores.tidy(TODAY) == 1
    assert await ask(database, f"SELECT person FROM {table}") == [("anna",)]


async def test_audit_rows_of_whoever_is_under_a_legal_hold_stay(chores: Chores, store: Store, database: str) -> None:
    await known(database, "anna", "bob")
    await put(database, "legal_holds", tenant="tenant", person="anna")
    for person in ("anna", "bob"):
        await store.write(replace(aged(ENTRY, before(TODAY, 400)), person=person))
    await chores.tidy(TODAY)
    assert await ask(database, "SELECT p.person FROM audit a JOIN people p ON p.alias = a.person") == [("anna",)]


async def test_a_chat_that_has_a_history_keeps_its_title_and_its_lane(chores: Chores, database: str) -> None:
    where = {"tenant": "tenant", "conversation": "chat"}
    await put(database, "history", **where, person="anna", chat=7)
    await put(database, "titles", **where, person="anna", chat=7, at=before(TODAY, 90))
    await put(database, "lanes", **where, at=before(TODAY, 100), pending=0)
    assert await chores.tidy(TODAY) == 0


@pytest.mark.parametrize("values", [{"pending": 1}, {"pending": 0, "until": before(TODAY, 1)}])
async def test_a_lane_that_somebody_works_in_stays(chores: Chores, values: dict[str, object], database: str) -> None:
    await put(database, "lanes", tenant="tenant", at=before(TODAY, 100), **values)
    assert await chores.tidy(TODAY) == 0


async def test_an_ask_that_is_open_stays_however_old(chores: Chores, database: str) -> None:
    await put(database, "inbox", tenant="tenant", at=before(TODAY, 500), expires=before(TODAY, 400), open=True)
    assert await chores.tidy(TODAY) == 0


async def test_what_somebody_works_with_just_now_is_left_for_the_next_time(chores: Chores, database: str) -> None:
    await put(database, "lanes", tenant="tenant", at=before(TODAY, 100), pending=0)
    async with await AsyncConnection.connect(database) as another:
        await another.execute("SELECT FROM lanes FOR UPDATE")
        assert await chores.tidy(TODAY) == 0
    assert await chores.tidy(TODAY) == 1


async def test_more_than_a_stroke_goes_in_batches(ledger: Ledger, database: str) -> None:
    await ask(
        database,
        """INSERT INTO history (tenant, conversation, chat, role, at, expires, text)
        SELECT 'tenant', 'chat', 0, 'user', now(), now() - interval '1 hour', '' FROM generate_series(1, 50)""",
    )
    took = [swept async for swept in ledger.sweeping(TODAY, 2, "tenant", RULES)]
    assert (took, await count(database, "history")) == ([2] * 25, 0)


async def test_what_cannot_be_swept_keeps_nothing_else_from_being_swept(chores: Chores, database: str) -> None:
    await put(database, "lanes", tenant="tenant", at=before(TODAY, 100), pending=0)
    await put(database, "shares", tenant="tenant", expires=before(TODAY, 1))
    await put(database, "people", tenant="tenant", person="anna", gone=before(TODAY, 31))
    await ask(database, "ALTER TABLE titles RENAME COLUMN chat TO broken")
    try:
        assert await chores.tidy(TODAY) == 3
    finally:
        await ask(database, "ALTER TABLE titles RENAME COLUMN broken TO chat")


# those who removed the assistant


async def left(database: str, days: float) -> None:
    await put(database, "people", tenant="tenant", person="anna", gone=before(TODAY, days))


async def test_who_removed_the_assistant_is_forgotten_when_the_days_are_over(
    chores: Chores, ledger: Ledger, database: str
) -> None:
    await left(database, 29.9)
    await put(database, "prompts", tenant="tenant", person="anna")
    assert (await chores.tidy(TODAY), await count(database, "prompts")) == (0, 1)
    assert (await chores.tidy(TODAY + DAY), await count(database, "prompts")) == (2, 0)
    (entry,) = await ledger.audit_rows(10)
    assert (entry.action, entry.actor, entry.person) == (Action.FORGET, Actor.SYSTEM, "")


async def test_who_was_held_when_the_days_were_over_is_forgotten_after_that(chores: Chores, database: str) -> None:
    await left(database, 31)
    await put(database, "legal_holds", tenant="tenant", person="anna")
    assert (await chores.tidy(TODAY), await count(database, "people")) == (0, 1)
    await ask(database, "DELETE FROM legal_holds")
    assert (await chores.tidy(TODAY), await count(database, "people")) == (1, 0)


async def test_for_who_has_left_the_rule_of_today_counts(chores: Chores, hours: Hours, database: str) -> None:
    await left(database, 31)
    hours.rules = replace(RULES, gone=timedelta(days=60))
    assert await chores.tidy(TODAY) == 0
    hours.rules = RULES
    assert await chores.tidy(TODAY) == 1


@pytest.mark.parametrize("table", ["history", "inbox"])
async def test_who_has_asked_something_since_is_not_forgotten(table: str, chores: Chores, database: str) -> None:
    await left(database, 31)
    await put(database, table, tenant="tenant", person="anna", at=before(TODAY, 1))
    assert await chores.tidy(TODAY) == 0


async def claimed(store: Store, database: str) -> Claim:
    await ripen(database)
    (claim,) = await store.claim(10)
    return claim


async def test_retention_is_an_ask_that_plans_the_next(
    chores: Chores, store: Store, hours: Hours, database: str
) -> None:
    await put(database, "exports", tenant="tenant", expires=before(TODAY, 1))
    await chores.begin()
    claim = await claimed(store, database)
    assert chores.is_chore(claim)
    assert await chores.run(claim) is None
    assert await count(database, "exports") == 0
    following = hours.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    waiting = await ask(database, "SELECT activity, due, person FROM inbox WHERE open")
    assert waiting == [(f"retention:{following:%Y-%m-%dT%H}", following, "")]


async def test_a_clock_that_is_behind_does_not_end_retention(
    chores: Chores, store: Store, hours: Hours, database: str
) -> None:
    await chores.begin()
    hours.now -= timedelta(hours=1)
    await chores.run(await claimed(store, database))
    assert await ask(database, "SELECT count(*) FROM inbox WHERE open") == [(1,)]


async def test_processes_that_begin_together_plan_one_ask(chores: Chores, database: str) -> None:
    await chores.begin()
    await chores.begin()
    assert await count(database, "inbox") == 1


async def test_an_hour_that_is_done_is_not_planned_again(chores: Chores, store: Store, database: str) -> None:
    await chores.begin()
    await chores.run(await claimed(store, database))
    await chores.begin()
    assert await ask(database, "SELECT count(*) FROM inbox WHERE open") == [(1,)]


async def test_a_message_is_no_chore(chores: Chores, store: Store) -> None:
    assert not chores.is_chore(taken(await store.accept(arrival("1"))))


async def test_what_was_deleted_is_told_to_the_log_as_a_number(
    chores: Chores, store: Store, database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "bot.chores")
    await put(database, "exports", tenant="tenant", expires=before(TODAY, 1))
    await chores.begin()
    await chores.run(await claimed(store, database))
    (line,) = [json.loads(json.dumps(each.line)) for each in caplog.records if hasattr(each, "line")]
    assert (line["event"], line["count"]) == ("retention done", 1)
