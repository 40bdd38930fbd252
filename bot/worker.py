"""The loop: serves conversations one ask at a time, keeps their leases, and takes over what was left behind.

Floor 7. Any number of processes may run one; the store's leases and fences keep them apart.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from bot.limits import DRAIN, HEARTBEAT, TURNS
from bot.signals import Accepting
from bot.store.keys import key
from bot.store.rows import Accepted, Arrival, Claim, LeaseLost, StoreAway

MOMENT = 0.2
"""Seconds that somebody waits before they are nodded at: an answer that is just ending leaves them their turn sooner."""
Stop = asyncio.Future[None]
"""Done when the person does not want the answer any more."""
Where = tuple[str, str, str]
Serve = Callable[[Claim, Stop], Awaitable[Claim | None]]
"""Answers one claim and hands back the lane's next one; see `bot.turn`."""


class Lanes(Protocol):
    """The verbs of the store that the loop lives by; see `bot.store.store`. Each raises `StoreAway`."""

    async def accept(self, arrival: Arrival, *, lease: bool = True, queue: int | None = None) -> Accepted:
        """Keep an activity; with `lease`, also take its lane when it is free. Beyond `queue` of its person it is crowded."""

    async def claim(self, limit: int) -> list[Claim]:
        """Take lanes that have work and no living owner."""

    async def beat(self, claims: Sequence[Claim]) -> Sequence[Claim]:
        """Extend the leases of these lanes, where they are still ours; those of the claims that were stopped."""

    async def stop(self, arrival: Arrival) -> bool:
        """Stop what its person has under way in its lane; False where there is nothing."""

    async def release(self) -> None:
        """Give up the lanes of this process."""

    def signals(self) -> AsyncIterator[None]:
        """Yields whenever another process left work behind."""


def where(claim: Claim) -> Where:
    """The tenant, conversation and activity of a claim."""
    return claim.tenant, claim.conversation, claim.activity


def unseen(arrival: Arrival) -> None:
    """Shows nobody that they were heard."""


def waits(arrival: Arrival, claim: Claim | None) -> bool:
    """Whether somebody waits while another ask has its turn, be it the `claim` that came of it. Nobody waits for what is due later."""
    return arrival.due is None and (claim is None or claim.activity != key(arrival.activity))


class Lane:
    """A lane that is being served: the claim that is answered just now, and what stops that."""

    def __init__(self, claim: Claim) -> None:
        self.next(claim)

    def next(self, claim: Claim) -> None:
        """Go on with another claim, which nobody has stopped."""
        self.claim = claim
        self.stop: Stop = asyncio.get_running_loop().create_future()

    def halt(self) -> None:
        """Stop the answer."""
        if not self.stop.done():
            self.stop.set_result(None)


class Worker:
    """Serves lanes until it is drained."""

    def __init__(
        self,
        lanes: Lanes,
        serve: Serve,
        report: Callable[[BaseException], None],
        queue: Callable[[str], int | None] = lambda tenant: None,
        nod: Callable[[Arrival], None] = unseen,
        moment: float = MOMENT,
    ) -> None:
        """`queue`: how many messages of one person may wait in a conversation of a tenant.

        `nod` is told, once, of what was kept and has waited for its turn for a `moment` in seconds; it neither waits nor raises.
        """
        self._lanes = lanes
        self._queue = queue
        self._nod = nod
        self._moment = moment
        self._nods: dict[Where, asyncio.TimerHandle] = {}
        self._serve = serve
        self._report = report
        self._busy: dict[asyncio.Task[None], Lane] = {}
        self._wake = asyncio.Event()
        self._draining = False

    async def accept(self, arrival: Arrival) -> None:
        """Keep the activity for good and begin with it at once where its lane is free. Raises `StoreAway`."""
        ask = key(arrival.tenant), key(arrival.conversation), key(arrival.activity)
        with Accepting(*ask) as accepting:
            accepted = await self._lanes.accept(arrival, lease=self._room() > 0, queue=self._queue(arrival.tenant))
            accepting.new = accepted.new
        if accepted.claim is not None:
            self._start(accepted.claim)
        if accepted.new and waits(arrival, accepted.claim):
            self._nods[ask] = asyncio.get_running_loop().call_later(self._moment, self._nodded, ask, arrival)

    async def stop(self, arrival: Arrival) -> None:
        """Stop what its person has under way in its conversation; where there is nothing, it is an ask like any other.

        Raises `StoreAway`.
        """
        if not await self._lanes.stop(arrival):
            await self.accept(arrival)
            return
        with suppress(
            StoreAway
        ):  # it is kept; who serves it, here or elsewhere, hears of it with the bell at the latest
            await self._beat()

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

    def _nodded(self, ask: Where, arrival: Arrival) -> None:
        del self._nods[ask]
        # Its turn may have come before its acceptance was heard of.
        if not self._draining and all(where(lane.claim) != ask for lane in self._busy.values()):
            self._nod(arrival)

    def _start(self, claim: Claim) -> None:
        lane = Lane(claim)
        task = asyncio.create_task(self._lane(lane))
        self._busy[task] = lane
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        full = self._room() == 0
        del self._busy[task]
        if full:
            self._wake.set()  # what waits in the database may come in

    async def _lane(self, lane: Lane) -> None:
        """Work through a lane until it is empty, lost, or this process is told to end."""
        try:
            while (following := await self._served(lane)) is not None and not self._draining:
                lane.next(following)
        except (LeaseLost, StoreAway) as away:
            # Nothing is lost: the lease runs out, and the ask is taken up again from its last phase.
            self._report(away)
        except Exception as fault:
            self._report(fault)

    async def _served(self, lane: Lane) -> Claim | None:
        """The lane's next claim."""
        if (nod := self._nods.pop(where(lane.claim), None)) is not None:
            nod.cancel()
        return await self._serve(lane.claim, lane.stop)

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
            await self._beat()
            if self._room():
                for claim in await self._lanes.claim(self._room()):
                    self._start(claim)
        except StoreAway as away:
            self._report(away)

    async def _beat(self) -> None:
        """Extend the leases, and stop what people do not want any more."""
        stopped = await self._lanes.beat(tuple(lane.claim for lane in self._busy.values()))
        for lane in self._busy.values():
            if lane.claim in stopped:
                lane.halt()
