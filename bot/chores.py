"""Retention as scheduled asks: what is past its time is deleted once an hour, by whichever process claims the ask.

Floor 7. The asks are nobody's, in a lane of their own; each plans the next when it ends. The worker serves them here instead
of in a turn. Nothing is shown to anybody, and what is deleted is counted only.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.audit import Outcome
from bot.rulebook import Rules
from bot.store.ledger import Ledger
from bot.store.rows import Arrival, Claim, Planned, Record
from bot.store.seals import Seals
from bot.store.store import Store
from bot.telemetry import Event, Log

LANE = ("", "parley/retention")
"""The tenant and the conversation of the chores."""
NAME, HOUR = "retention:", "%Y-%m-%dT%H"
"""Of a chore: how its id begins, and the hour behind that."""
EVERY = timedelta(hours=1)
BATCH = 1_000
"""Rows deleted in one transaction, so that no message waits for it."""

log = Log("bot.chores")


class Chores:
    """What is to be done every hour."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        seals: Seals,
        rulebook: Callable[[str], Awaitable[Rules]],
        now: Callable[[], datetime],
    ) -> None:
        """`rulebook` gives the rules of a tenant."""
        self._store = store
        self._ledger = ledger
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
        """Seals what is not sealed yet, then deletes all that is past its time; how many rows it was. Raises `StoreAway`."""
        await self._seals.seal_all(now)
        count = 0
        for tenant in await self._ledger.tenants():
            rules = await self._rulebook(tenant)
            async for swept in self._ledger.sweeping(now, BATCH, tenant, rules):
                count += swept
        return count


def planned(now: datetime, due: datetime) -> Arrival:
    """The chore of the hour in which it is due."""
    return Arrival(*LANE, f"{NAME}{_hour(due):{HOUR}}", b"", now, due)


def _due(claim: Claim) -> datetime:
    """The hour that a chore was planned for."""
    return datetime.strptime(claim.activity.removeprefix(NAME), HOUR).replace(tzinfo=UTC)


def _hour(time: datetime) -> datetime:
    return time.replace(minute=0, second=0, microsecond=0)
