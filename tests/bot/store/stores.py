"""Values for the store's tests, and a look behind its back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString

import psycopg

from bot.audit import Action, Entry, Outcome
from bot.rings import Ring
from bot.store.rows import Accepted, Arrival, Claim, Record
from bot.store.store import Store
from dialogs.talk import Message, Usage

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TENANT = "tenant"


@dataclass(frozen=True)
class OneRing:
    """One ring for every tenant."""

    held: Ring

    async def ring(self, tenant: str, *sealed: bytes | None) -> Ring:
        return self.held


SEALED = OneRing(Ring({1: b"a key of tests, 32 bytes of it.."}))
ENTRY = Entry(NOW, TENANT, "anna", "personal", "hash", Action.ANSWER, Outcome.OK, "large", 10, 20, 3, 400, 5)


def arrival(
    activity: str = "1",
    conversation: str = "chat",
    tenant: str = TENANT,
    due: datetime | None = None,
    person: str = "anna",
) -> Arrival:
    return Arrival(tenant, conversation, activity, f"body {activity}".encode(), NOW, due, person)


def record(
    *lines: str,
    outcome: Outcome = Outcome.OK,
    new_chat: bool = False,
    usage: tuple[Usage, ...] = (),
    audit: Entry | None = None,
    expires: datetime | None = None,
) -> Record:
    said = tuple(Message("user" if number % 2 == 0 else "assistant", line) for number, line in enumerate(lines))
    return Record(datetime.now(UTC), outcome, said, new_chat, "anna", usage, audit, expires)


def taken(accepted: Accepted) -> Claim:
    """The claim that must have come with it."""
    assert accepted.claim is not None
    return accepted.claim


async def done(store: Store, left: Record, activity: str = "1", conversation: str = "chat") -> None:
    """An ask that is accepted and leaves this behind."""
    await store.finish(taken(await store.accept(arrival(activity, conversation))), left)


async def ask(database: str, text: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """The rows of a statement, past the store."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        cursor = await connection.execute(text, values)
        return await cursor.fetchall() if cursor.description else []


async def expire(database: str) -> None:
    """Lets every lease run out, as if its owner had died a while ago."""
    await ask(
        database,
        f"{LANES} UPDATE lanes SET until = now() - interval '1 second' WHERE (SELECT count(*) FROM lane) > 0 AND until IS NOT NULL",
    )


async def ripen(database: str) -> None:
    """Lets every time that is waited for be past."""
    await ask(
        database,
        f"{LANES} UPDATE lanes SET due = now() - interval '1 second' WHERE (SELECT count(*) FROM lane) > 0 AND due IS NOT NULL",
    )
    await ask(database, "UPDATE inbox SET due = now() - interval '1 second' WHERE due IS NOT NULL")


LANES: LiteralString = "WITH lane AS MATERIALIZED (SELECT FROM lanes ORDER BY tenant, conversation FOR UPDATE)"
"""Locks the lanes in the store's order first: to tamper with them must not deadlock with those who work in them."""

LATER = timedelta(hours=1)
