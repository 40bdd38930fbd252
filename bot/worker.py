"""The loop: serves conversations one ask at a time, keeps their leases, and takes over what was left behind.

Floor 7. Any number of processes may run one; the store's leases and fences keep them apart.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Protocol

from bot.limits import DRAIN, HEARTBEAT, TURNS
from bot.store.rows import Accepted, Arrival, Claim, LeaseLost, StoreAway

Serve = Callable[[Claim], Awaitable[Claim | None]]
"""Answers one claim and hands back the lane's next one; see `bot.turn`."""


class Lanes(Protocol):
    """The verbs of the store that the loop lives by; see `bot.store.store`. Each raises `StoreAway`."""

    async def accept(self, arrival: Arrival, *, lease: bool = True) -> Accepted:
        """Keep an activity; with `lease`, also take its lane when it is free."""

    async def claim(self, limit: int) -> list[Claim]:
        """Take lanes that have work and no living owner."""

    async def beat(self, claims: Sequence[Claim]) -> None:
        """Extend the leases of these lanes, where they are still ours."""

    async def release(self) -> None:
        """Give up the lanes of this process."""

    def signals(self) -> AsyncIterator[None]:
        """Yields whenever another process left work behind."""


class Worker:
    """Serves lanes until it is drained."""

    def __init__(self, lanes: Lanes, serve: Serve, report: Callable[[BaseException], None]) -> None:
        self._lanes = lanes
        self._serve = serve
        self._report = report
        self._busy: dict[asyncio.Task[None], Claim] = {}
        self._wake = asyncio.Event()
        self._draining = False

    async def accept(self, arrival: Arrival) -> None:
        """Keep the activity for good and begin with it at once where its lane is free. Raises `StoreAway`."""
        accepted = await self._lanes.accept(arrival, lease=self._room() > 0)
        if accepted.claim is not None:
            self._start(accepted.claim)

    async def run(self) -> None:
        """Extend leases and take over what is due or was left behind, until cancelled."""
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                await self._sweep()
                await self._rest()
        finally:
            listening.cancel()

    async def drain(self) -> None:
        """Finish what is under way, at most for `DRAIN`, and leave the rest to the other processes."""
        self._draining = True
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=DRAIN.total_seconds())
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._lanes.release()

    @property
    def busy(self) -> int:
        """How many lanes are being served."""
        return len(self._busy)

    def _room(self) -> int:
        return 0 if self._draining else max(0, TURNS - self.busy)

    def _start(self, claim: Claim) -> None:
        task = asyncio.create_task(self._lane(claim))
        self._busy[task] = claim
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        full = self._room() == 0
        del self._busy[task]
        if full:
            self._wake.set()  # what waits in the database may come in

    async def _lane(self, claim: Claim) -> None:
        """Work through a lane until it is empty, lost, or this process is told to end."""
        current: Claim | None = claim
        try:
            while current is not None and not (self._draining and current is not claim):
                current = await self._serve(current)
        except (LeaseLost, StoreAway) as away:
            # Nothing is lost: the lease runs out, and the ask is taken up again from its last phase.
            self._report(away)
        except Exception as fault:
            self._report(fault)

    async def _listen(self) -> None:
        async for _ in self._lanes.signals():
            self._wake.set()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(HEARTBEAT.total_seconds()):
                await self._wake.wait()
        except TimeoutError:
            return
        finally:
            self._wake.clear()

    async def _sweep(self) -> None:
        try:
            await self._lanes.beat(tuple(self._busy.values()))
            if self._room():
                for claim in await self._lanes.claim(self._room()):
                    self._start(claim)
        except StoreAway as away:
            self._report(away)
