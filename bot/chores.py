"""Retention as scheduled asks: what is past its time is deleted once an hour, by whichever process claims the ask.

Floor 7. The asks are nobody's, in a lane of their own; each plans the next when it ends. The worker serves them here instead
of in a turn. Nothing is shown to anybody, and what is deleted is counted only.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.audit import Action, Actor, Entry, Outcome
from bot.rulebook import Rules
from bot.store.estate import Estate
from bot.store.ledger import Ledger
from bot.store.rows import Arrival, Claim, Planned, Record
from bot.store.seals import Seals
from bot.store.store import Store
from bot.store.sweeps import going_on
from bot.telemetry import Event, Log
from dialogs.errors import OnHold
from dialogs.talk import PlaceKind

LANE = ("", "parley/retention")
"""The tenant and the conversation of the chores."""
NAME, HOUR = "retention:", "%Y-%m-%dT%H"
"""Of a chore: how its id begins, and the hour behind that."""
EVERY = timedelta(hours=1)
BATCH = 1_000
"""Rows deleted in one transaction, so that no message waits for it."""
PEOPLE = 100
"""People who are looked up at once to be forgotten."""

log = Log("bot.chores")


class Chores:
    """What is to be done every hour."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        estate: Estate,
        seals: Seals,
        rulebook: Callable[[str], Awaitable[Rules]],
        now: Callable[[], datetime],
    ) -> None:
        """`rulebook` gives the rules of a tenant."""
        self._store = store
        self._ledger = ledger
        self._estate = estate
        self._seals = seals
        self._rulebook = rulebook
        self._now = now

    async def begin(self) -> None:
        """Plans this hour's, unless it is planned or done already. Raises `StoreAway`."""
        now = self._now()
        await self._store.accept(planned(now, now))

    def is_chore(self, claim: Claim) -> bool:
        """Whether a claim is to be served here."""
        return (claim.tenant, claim.conversation) == LANE

    async def run(self, claim: Claim) -> Claim | None:
        """Does it and plans the next; hands back the lane's next ask. Raises `StoreAway` or `LeaseLost`: then it is repeated."""
        began = self._now()
        count = await self.tidy(began)
        ended = self._now()
        log.event(Event.SWEPT, count=count, millis=round((ended - began) / timedelta(milliseconds=1)))
        # By a clock that is behind it is still the hour before: planned for that, it would be this chore again, and the last.
        after = planned(ended, max(_hour(ended), _due(claim)) + EVERY)
        return await self._store.finish(claim, Record(ended, Outcome.OK, errands=(Planned(after),)))

    async def tidy(self, now: datetime) -> int:
        """Seals what is not sealed yet, then deletes all that is past its time; how many rows it was. Raises `StoreAway`.

        What cannot be done for a company, or with one kind of rows, is told to the log and left for the next hour.
        """
        count = 0
        with going_on(""):
            await self._seals.seal_all(now)
        for tenant in await self._ledger.tenants():
            with going_on(tenant):
                rules = await self._rulebook(tenant)
                async for swept in self._ledger.sweeping(now, BATCH, tenant, rules):
                    count += swept
                count += await self._forget(tenant, now, rules)
        return count

    async def _forget(self, tenant: str, now: datetime, rules: Rules) -> int:
        """Erases those who removed the assistant long enough ago by the rule of today; how many rows it was."""
        count = 0
        while people := await self._estate.gone(tenant, now - rules.gone, PEOPLE):
            for person in people:
                with suppress(OnHold):  # placed since they were looked up, so they are not found again
                    count += sum(
                        (await self._estate.erase(tenant, person, forgotten(tenant, person, now, rules))).values()
                    )
        return count


def forgotten(tenant: str, person: str, now: datetime, rules: Rules) -> Entry:
    """The audit row of somebody whom nobody asked to be forgotten but the rule."""
    entry = Entry(now, tenant, "", PlaceKind.PERSONAL, "", Action.FORGET, Outcome.OK, actor=Actor.SYSTEM)
    return replace(entry, subject=person, expires=now + rules.audit)


def planned(now: datetime, due: datetime) -> Arrival:
    """The chore of the hour in which it is due."""
    return Arrival(*LANE, f"{NAME}{_hour(due):{HOUR}}", b"", now, due)


def _due(claim: Claim) -> datetime:
    """The hour that a chore was planned for."""
    return datetime.strptime(claim.activity.removeprefix(NAME), HOUR).replace(tzinfo=UTC)


def _hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)
