"""The phases of a turn, told to the store again and again while it is away.

Floor 6. What a person sees must be known to the next life of an ask, or it would be said twice: a first message whose id
nobody saved is left standing for ever. So a turn that meets an absence of some seconds waits and goes on, instead of being
begun anew by whoever finds its lease run out. Each phase may be told twice: an attempt of which nobody knows whether it
came through either leaves everything as it is, or has set a new fence, and then the next one is `LeaseLost`.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.store.bell import Pause, pause
from bot.store.rows import Claim, Record, StoreAway
from bot.voice import Phases

T = TypeVar("T")

ATTEMPTS = 10
"""With the pauses between them, about half a minute."""
MOST = 10_000
"""First messages that are remembered; those of asks that another process has taken over are of no use to anybody."""

Key = tuple[str, str, str]


class Insisting:
    """`Phases` over others. Each verb raises `StoreAway` when it has waited long enough."""

    def __init__(self, phases: Phases, wait: Pause = pause) -> None:
        self._phases = phases
        self._wait = wait
        self._untold: OrderedDict[Key, str] = OrderedDict()

    def known(self, claim: Claim) -> Claim:
        """The claim, with the first message that an earlier life in this process has shown and could not tell the store of.

        A lease runs out while the store is away, and then the next message of its conversation begins the lane anew.
        """
        untold = self._untold.get(_key(claim))
        return replace(claim, placeholder=untold) if untold and claim.placeholder is None else claim

    async def placed(self, claim: Claim, placeholder: str) -> None:
        """See `Phases`."""
        self._remember(claim, placeholder)
        await self._insist(partial(self._phases.placed, claim, placeholder))
        self._untold.pop(_key(claim), None)

    async def answered(self, claim: Claim, answer: bytes, placeholder: str | None = None) -> bool:
        """See `Phases`."""
        if placeholder is not None:
            self._remember(claim, placeholder)
        return await self._insist(partial(self._phases.answered, claim, answer, placeholder))

    async def shown(self, claim: Claim, count: int) -> None:
        """See `Phases`."""
        await self._insist(partial(self._phases.shown, claim, count))

    async def finish(self, claim: Claim, record: Record) -> Claim | None:
        """See `Phases`."""
        following = await self._insist(partial(self._phases.finish, claim, record))
        self._untold.pop(_key(claim), None)
        return following

    async def postpone(self, claim: Claim, at: datetime, record: Record | None = None, *, counted: bool = True) -> None:
        """See `Phases`."""
        await self._insist(partial(self._phases.postpone, claim, at, record, counted=counted))

    async def park(self, claim: Claim, until: datetime, record: Record) -> Claim | None:
        """See `Phases`."""
        return await self._insist(partial(self._phases.park, claim, until, record))

    async def before(self, claim: Claim) -> int:
        """See `Phases`."""
        return await self._phases.before(claim)

    def _remember(self, claim: Claim, placeholder: str) -> None:
        self._untold[_key(claim)] = placeholder
        if len(self._untold) > MOST:
            self._untold.popitem(last=False)

    async def _insist(self, tell: Callable[[], Awaitable[T]]) -> T:
        for attempt in range(1, ATTEMPTS):
            try:
                return await tell()
            except StoreAway:
                await self._wait(attempt)
        return await tell()


def _key(claim: Claim) -> Key:
    return claim.tenant, claim.conversation, claim.activity
