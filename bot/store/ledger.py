"""What the operator asks of the store: who used how much, what was done, what died, and the clearing out of the old.

Floor 6. Nothing here is part of a turn. Each verb raises `StoreAway`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.audit import Action, Entry, Outcome
from bot.store import books, parameters
from bot.store.keys import key
from bot.store.parameters import REMEMBERED
from bot.store.pool import Pool
from bot.store.rows import Rule

AUDIT = timedelta(days=365)
"""How long audit rows are kept unless told."""
IDLE = timedelta(days=90)
"""When a lane in which nothing happens, and of which no history is left, is forgotten."""


@dataclass(frozen=True, slots=True)
class Dead:
    """An ask that was given up. What it says stays in the store."""

    tenant: str
    conversation: str
    activity: str
    at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Spent:
    """What one person had one model do on one day (UTC). `estimated`: some of it the model did not say itself."""

    tenant: str
    person: str
    day: date
    model: str
    calls: int
    input: int
    output: int
    cached: int
    estimated: bool


class Ledger:
    """The operator's verbs."""

    def __init__(self, pool: Pool, audit: timedelta = AUDIT) -> None:
        """`audit` is how long audit rows are kept."""
        self._pool = pool
        self._audit = audit

    async def dead(self, limit: int) -> tuple[Dead, ...]:
        """The asks that were given up, oldest first."""
        return tuple(Dead(*row) for row in await self._pool.run(books.DEAD, limit=limit))

    async def revive(self, tenant: str, conversation: str, activity: str) -> bool:
        """Has a dead ask tried again from the beginning, after all that waits in its lane. False if there is none."""
        return bool(await self._pool.run(books.REVIVE, **_ask(tenant, conversation, activity)))

    async def drop(self, tenant: str, conversation: str, activity: str, now: datetime) -> bool:
        """Empties a dead ask. False if there is none."""
        where = _ask(tenant, conversation, activity)
        return bool(await self._pool.run(books.DROP, **where, forget=now + REMEMBERED))

    async def usage_report(self, days: int) -> tuple[Spent, ...]:
        """The use of the last `days` days, today included, newest first."""
        return tuple(Spent(*row) for row in await self._pool.run(books.USAGE, days=days))

    async def audit_rows(self, limit: int) -> tuple[Entry, ...]:
        """The newest audit rows, newest first."""
        return tuple(_entry(*row) for row in await self._pool.run(books.AUDIT, limit=limit))

    async def sweep(self, now: datetime, batch: int) -> int:
        """Deletes at most `batch` rows of a kind that are past their time; how many it were. Call again until 0."""
        before = {"now": now, "old": now - self._audit, "idle": now - IDLE}
        swept = [await self._pool.run(sweep, **before, batch=batch) for sweep in books.SWEEPS]
        return sum(map(len, swept))

    async def rules(self, tenant: str) -> tuple[Rule, ...]:
        """What a company has decided, in the order of the names; what it has not is as `RULES` says."""
        return tuple(Rule(*row) for row in await self._pool.run(books.RULES, tenant=key(tenant)))

    async def set_rule(self, tenant: str, name: str, value: str | None, entry: Entry) -> bool:
        """Decides something, by the person of the audit row that goes with it; without a value, no longer.

        False where there was nothing to take back: then there is no audit row either.
        """
        statement = books.UNSET_RULE if value is None else books.SET_RULE
        rows = await self._pool.run(statement, tenant=key(tenant), name=name, value=value, **parameters.audit(entry))
        return bool(rows)


def _ask(tenant: str, conversation: str, activity: str) -> dict[str, str]:
    return {"tenant": key(tenant), "conversation": key(conversation), "activity": key(activity)}


def _entry(
    tenant: str, at: datetime, person: str, place: str, conversation: str, action: str, outcome: str, *more: Any
) -> Entry:
    return Entry(at, tenant, person, place, conversation, Action(action), Outcome(outcome), *more)
