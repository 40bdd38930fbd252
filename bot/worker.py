"""The loop: serves conversations one ask at a time, keeps their leases, and takes over what was left behind.

Floor 7. Any number of processes may run one; the store's leases and fences keep them apart.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Protocol

from bot.limits import AGAIN, CLAIMS, DRAIN, HEARTBEAT, TURNS
from bot.signals import Accepting
from bot.store.keys import key
from bot.store.rows import Accepted, Arrival, Claim, LeaseLost, StoreAway

Stop = asyncio.Future[None]
"""Done when the person does not want the answer any more."""
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
        late: Callable[[], bool] = lambda: False,
    ) -> None:
        """`queue`: how many messages of one person may wait in a conversation of a tenant.

        `nod` is told, once, of what was kept and waits for its turn; it neither waits nor raises. `late`: whether nothing
        further should be begun here for now.
        """
        self._lanes = lanes
        self._queue = queue
        self._nod = nod
        self._late = late
        self._serve = serve
        self._report = report
        self._busy: dict[asyncio.Task[None], Lane] = {}
        self._wake = asyncio.Event()
        self._draining = False
        self._left = False
        """Whether something may wait in the database for want of room here."""

    async def accept(self, arrival: Arrival) -> None:
        """Keep the activity for good and begin with it at once where its lane is free. Raises `StoreAway`."""
        with Accepting(key(arrival.tenant), key(arrival.conversation), key(arrival.activity)) as accepting:
            room = self._room() > 0
            if not room:
                self._left = True
                self._wake.set()
            accepted = await self._lanes.accept(arrival, lease=room, queue=self._queue(arrival.tenant))
            accepting.new = accepted.new
        if accepted.claim is not None:
            self._start(accepted.claim)
        if accepted.new and not self._draining and waits(arrival, accepted.claim):
            self._nod(arrival)

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
                await self._reported(self._sweep())
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
        return 0 if self._draining or self._late() else max(0, TURNS - self.busy)

    def _start(self, claim: Claim) -> None:
        lane = Lane(claim)
        task = asyncio.create_task(self._lane(lane))
        self._busy[task] = lane
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._busy[task]

    async def _lane(self, lane: Lane) -> None:
        """Work through a lane until it is empty, lost, or this process is told to end."""
        try:
            while (following := await self._serve(lane.claim, lane.stop)) is not None and not self._draining:
                lane.next(following)
        except (LeaseLost, StoreAway) as away:
            # Nothing is lost: the lease runs out, and the ask is taken up again from its last phase.
            self._report(away)
        except Exception as fault:
            self._report(fault)

    async def _listen(self) -> None:
        async for _ in self._lanes.signals():
            self._wake.set()

    async def _rest(self) -> None:
        """Wait for the bell, or until the leases must be extended; meanwhile take what was left for want of room."""
        clock = asyncio.get_running_loop().time
        until = clock() + HEARTBEAT.total_seconds()
        while self._left and clock() < until:
            # Not for the bell: it rings for every message that finds no room, and would keep who is late busy.
            await asyncio.sleep(AGAIN.total_seconds())
            if self._wake.is_set():
                break
            await self._reported(self._take())
        else:
            await self._rung(until - clock())
        self._wake.clear()

    async def _rung(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _sweep(self) -> None:
        await self._beat()
        await self._take()

    async def _reported(self, work: Awaitable[None]) -> None:
        try:
            await work
        except StoreAway as away:
            self._left = False
            self._report(away)

    async def _take(self) -> None:
        """Begin with what is due or was left behind, as far as there is room."""
        room = min(self._room(), CLAIMS)
        claims = await self._lanes.claim(room) if room else []
        for claim in claims:
            self._start(claim)
        self._left = len(claims) == room

    async def _beat(self) -> None:
        """Extend the leases, and stop what people do not want any more."""
        stopped = await self._lanes.beat(tuple(lane.claim for lane in self._busy.values()))
        for lane in self._busy.values():
            if lane.claim in stopped:
                lane.halt()
