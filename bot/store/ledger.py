"""What the operator asks of the store: who used how much, what was done, what died, what is ruled and held.

Floor 6. Nothing here is part of a turn, and nothing of it is content. Each verb raises `StoreAway`. Days are those of UTC.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from bot.audit import Action, Actor, Entry, Outcome, expanded
from bot.rulebook import Rules
from bot.store import books, sweeps
from bot.store.keys import key
from bot.store.notes import AUDIT, AUDIT_READ, noted
from bot.store.parameters import REMEMBERED
from bot.store.pool import Pool
from bot.store.rows import Rule
from bot.telemetry import hashed

DIGITS = 12
"""Digits of a dead letter's key."""
FEW = 5
"""Groups of fewer people than this are not shown, lest a figure of the group be one of a person."""

Grouping = Literal["day", "model", "department"]


@dataclass(frozen=True, slots=True)
class Dead:
    """An ask that was given up. What it says stays in the store."""

    tenant: str
    conversation: str
    activity: str
    at: datetime
    attempts: int

    @property
    def key(self) -> str:
        """A short name for it, made of its ids; `Buried` names it so too."""
        return hashed(f"{self.tenant} {self.conversation} {self.activity}")[:DIGITS]


@dataclass(frozen=True, slots=True)
class Spent:
    """What one person had one model do on one day. `estimated`: some of it the model did not say itself."""

    tenant: str
    person: str
    day: date
    model: str
    calls: int
    input: int
    output: int
    cached: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class Used:
    """What a group of at least `FEW` people had one model do. `group` is the day, the model or the department.

    Without a `group` these are several, each too small to be shown alone.
    """

    tenant: str
    group: str | None
    model: str
    people: int
    calls: int
    input: int
    output: int
    cached: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class Filtered:
    """How many turns of a day the content filter found this in: `prompt.hate=low`, or `blocked` for those it stopped."""

    tenant: str
    day: date
    finding: str
    turns: int


@dataclass(frozen=True, slots=True)
class Liked:
    """How the answers of a model were rated on a day; to so many of the ratings something was `written`."""

    tenant: str
    day: date
    model: str
    liked: int
    disliked: int
    written: int


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: nothing of the person is deleted. `by` is the Entra object id of who placed it, or an operator."""

    tenant: str
    person: str
    at: datetime
    by: str


class Ledger:
    """The operator's verbs. Without a tenant, they are about all of them."""

    def __init__(self, pool: Pool, audit: timedelta = AUDIT) -> None:
        """`audit` is how long audit rows are kept where no rules say."""
        self._pool = pool
        self._audit = audit

    async def tenants(self) -> tuple[str, ...]:
        """All of whom anything is kept; "" are the asks that are nobody's."""
        return tuple(tenant for (tenant,) in await self._pool.run(sweeps.TENANTS))

    async def dead(self, limit: int, tenant: str | None = None) -> tuple[Dead, ...]:
        """The asks that were given up, oldest first."""
        where = {"tenants": await self._those(tenant), "limit": limit}
        return tuple(Dead(*row) for row in await self._pool.run(books.DEAD, **where))

    async def revive(self, tenant: str, conversation: str, activity: str) -> bool:
        """Has a dead ask tried again from the beginning, after all that waits in its lane. False if there is none."""
        return bool(await self._pool.run(books.REVIVE, **_ask(tenant, conversation, activity)))

    async def drop(self, tenant: str, conversation: str, activity: str, now: datetime) -> bool:
        """Empties a dead ask. False if there is none."""
        where = _ask(tenant, conversation, activity)
        return bool(await self._pool.run(books.DROP, **where, forget=now + REMEMBERED))

    async def usage_report(self, days: int, tenant: str | None = None) -> tuple[Spent, ...]:
        """The use of the last `days` days by person, today included, newest first."""
        where = {"tenants": await self._those(tenant), "days": days}
        return tuple(Spent(*row) for row in await self._pool.run(books.USAGE, **where))

    async def used(self, days: int, by: Grouping, tenant: str | None = None) -> tuple[Used, ...]:
        """The same by group, of which the small ones are put together; a rest that is small itself is left out."""
        where = {"tenants": await self._those(tenant), "days": days, "few": FEW}
        return tuple(Used(*row) for row in await self._pool.run(books.USED[by], **where))

    async def filters(self, days: int, tenant: str | None = None) -> tuple[Filtered, ...]:
        """What the content filter found on the last `days` days, newest first."""
        where = {"tenants": await self._those(tenant), "days": days}
        return tuple(Filtered(*row) for row in await self._pool.run(books.FILTERS, **where))

    async def feedback(self, days: int, tenant: str | None = None) -> tuple[Liked, ...]:
        """How answers were rated on the last `days` days, newest first."""
        where = {"tenants": await self._those(tenant), "days": days}
        return tuple(Liked(*row) for row in await self._pool.run(books.FEEDBACK, **where))

    async def audit_rows(self, limit: int, tenant: str | None = None) -> tuple[Entry, ...]:
        """The newest audit rows, newest first. People are named by their object id for as long as they are known."""
        where = {"tenants": await self._those(tenant), "limit": limit}
        return tuple(_entry(*row) for row in await self._pool.run(books.AUDIT, **where))

    async def rules(self, tenant: str) -> tuple[Rule, ...]:
        """What a company has decided, in the order of the names."""
        return tuple(Rule(*row) for row in await self._pool.run(books.RULES, tenant=key(tenant)))

    async def set_rule(self, tenant: str, name: str, value: str | None, entry: Entry) -> bool:
        """Decides something, by the person of the audit row that goes with it; without a value, no longer.

        False where there was nothing to take back: then there is no audit row either.
        """
        statement = books.UNSET_RULE if value is None else books.SET_RULE
        by = key(entry.person or entry.actor)
        rows = await self._pool.run(statement, tenant=key(tenant), name=name, value=value, by=by, **noted(entry))
        return bool(rows)

    async def holds(self, tenant: str | None = None) -> tuple[Hold, ...]:
        """Whose data may not be deleted, since when, in the order in which it was decided."""
        return tuple(Hold(*row) for row in await self._pool.run(books.HOLDS, tenants=await self._those(tenant)))

    async def held(self, tenant: str, person: str) -> bool:
        """Whether a legal hold keeps anything of the person from being deleted."""
        return bool(await self._pool.run(books.HELD, tenant=key(tenant), person=key(person)))

    async def hold(self, tenant: str, person: str, on: bool, entry: Entry) -> bool:
        """Places a legal hold or lifts it, by the person of the audit row that goes with it; False where it was so already."""
        statement = books.HOLD if on else books.LIFT
        by = key(entry.person or entry.actor)
        values = {"tenant": key(tenant), "person": key(person), "by": by, **noted(entry)}
        return bool(await self._pool.run(statement, **values))

    async def sweep(self, now: datetime, batch: int, tenant: str | None = None, rules: Rules | None = None) -> int:
        """Deletes at most `batch` rows of a kind that are past their time; how many it were. Call again until 0.

        A rule that is shorter than what held when a row was written reaches that row too. Without `rules`, the time that
        was set when it was written counts alone.
        """
        ends = sweeps.ends(now, rules, self._audit)
        swept = [await sweeps.once(self._pool, each, ends, batch) for each in await self._those(tenant)]
        return sum(swept)

    async def sweeping(self, now: datetime, batch: int, tenant: str, rules: Rules) -> AsyncIterator[int]:
        """Deletes all of a tenant that is past its time; how many rows, after each batch, which is its own transaction."""
        async for swept in sweeps.sweep(self._pool, key(tenant), sweeps.ends(now, rules, self._audit), batch):
            yield swept

    async def _those(self, tenant: str | None) -> list[str]:
        return list(await self.tenants()) if tenant is None else [key(tenant)]


def _ask(tenant: str, conversation: str, activity: str) -> dict[str, str]:
    return {"tenant": key(tenant), "conversation": key(conversation), "activity": key(activity)}


def _entry(*row: Any) -> Entry:
    """An entry of the columns that `AUDIT_READ` names."""
    found = dict(zip(AUDIT_READ, row, strict=True))
    found |= {"action": Action(found["action"]), "outcome": Outcome(found["outcome"]), "actor": Actor(found["actor"])}
    return Entry(**found | {"findings": expanded(found["findings"])})
