"""The store under several processes that stall, die, drain and lose answers: every ask is finished once, in order."""

import asyncio
import random
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.store.away import Address
from bot.store.pool import Pool
from bot.store.rows import Claim, LeaseLost
from bot.store.store import Store
from tests.bot.store.stores import LATER, SEALED, arrival, ask, expire, record, ripen

FUTURE = datetime.now(UTC) + LATER
LANES = 6
ASKS = 25


@dataclass(slots=True)
class Process:
    """One process in its life: what it was accepted, what it holds, and a chance of mishap at every step."""

    store: Store
    chance: random.Random
    held: list[Claim] = field(default_factory=list)
    parks: float = 0.0
    """How often a person must sign in first."""

    async def step(self) -> None:
        """Goes one step on with a claim it holds, or lets it slip."""
        if not self.held:
            self.held += await self.store.claim(2)
            return
        claim = self.held.pop(self.chance.randrange(len(self.held)))
        try:
            await self._work(claim)
        except LeaseLost:
            return

    async def _work(self, claim: Claim) -> None:
        if self.chance.random() < self.parks:
            await self._park(claim)
            return
        fate = self.chance.random()
        if fate < 0.15:
            return  # dies and forgets it
        if fate < 0.3:
            await self.store.postpone(claim, datetime.now(UTC))
        elif fate < 0.4:
            await self.store.placed(claim, "message")
            self.held.append(claim)
        elif fate < 0.45:
            await self.store.release()
        else:
            following = await self.store.finish(claim, record(claim.activity))
            self.held += [following] if following is not None and self.chance.random() < 0.9 else []

    async def _park(self, claim: Claim) -> None:
        """Somebody must sign in, and perhaps does so at this moment."""
        signing = [self.store.resume("tenant", "anna")] if self.chance.random() < 0.5 else []
        following, *_ = await asyncio.gather(self.store.park(claim, FUTURE, record()), *signing)
        self.held += [following] if isinstance(following, Claim) else []

    async def hear(self, conversation: str, activity: str) -> None:
        """An activity arrives, perhaps several times, and perhaps the answer to it gets lost."""
        for _ in range(self.chance.choice((1, 1, 2))):
            lease = self.chance.random() < 0.8
            accepted = await self.store.accept(arrival(activity, conversation), lease=lease)
            if accepted.claim is not None and self.chance.random() < 0.9:
                self.held.append(accepted.claim)


async def live(process: Process, database: str, over: asyncio.Event) -> None:
    """Steps until everything is done; now and then the leases of everybody run out."""
    while not over.is_set():
        await process.step()
        if process.chance.random() < 0.05:
            await expire(database)
            await ripen(database)


async def send(processes: list[Process], lane: int, chance: random.Random) -> None:
    """One conversation's activities, each acknowledged before the next is sent."""
    for number in range(ASKS):
        await chance.choice(processes).hear(f"chat {lane}", f"{number:03d}")


async def done(database: str, over: asyncio.Event) -> None:
    """Sets `over` when nothing is open any more."""
    while await ask(database, "SELECT 1 FROM inbox WHERE open LIMIT 1"):
        await expire(database)
    over.set()


async def lived(database: str, seed: int, parks: float = 0.0) -> list[tuple[str, bytes]]:
    """The lines of all that was finished in the lives of three processes, in their order."""
    chance = random.Random(seed)
    over = asyncio.Event()
    async with AsyncExitStack() as stack, asyncio.timeout(60), asyncio.TaskGroup() as group:
        pools = [await stack.enter_async_context(Pool(Address(database), 3)) for _ in range(3)]
        processes = [
            Process(Store(pool, f"process {number}", SEALED), random.Random(chance.random()), parks=parks)
            for number, pool in enumerate(pools)
        ]
        for process in processes:
            group.create_task(live(process, database, over))
        await asyncio.gather(*(send(processes, lane, chance) for lane in range(LANES)))
        await done(database, over)
    assert await ask(database, "SELECT count(*) FROM lanes WHERE pending <> 0 OR owner IS NOT NULL") == [(0,)]
    lines = await ask(database, "SELECT conversation, person, text FROM history ORDER BY seq")
    return [(lane, SEALED.held.open(text, "history", "text", "tenant", lane, who)) for lane, who, text in lines]


EACH = Counter((f"chat {lane}", b"%03d" % number) for lane in range(LANES) for number in range(ASKS))


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_happens_every_ask_is_finished_once_and_in_order(database: str, seed: int) -> None:
    said = await lived(database, seed)
    assert Counter(said) == EACH
    assert sorted(said, key=lambda line: line[0]) == sorted(said)


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happens_every_ask_that_waits_for_a_sign_in_is_finished_once(database: str, seed: int) -> None:
    assert Counter(await lived(database, seed, parks=0.4)) == EACH


async def test_a_lane_is_handed_on_or_free_however_an_arrival_meets_a_finish(database: str) -> None:
    async with Pool(Address(database)) as pool:
        store = Store(pool, "one", SEALED)
        for number in range(60):
            claim = (await store.accept(arrival("first", f"chat {number}"))).claim
            assert claim is not None
            following, accepted = await asyncio.gather(
                store.finish(claim, record()), store.accept(arrival("second", f"chat {number}"))
            )
            assert [following is None, accepted.claim is None] in ([True, False], [False, True])


async def test_an_accept_that_is_cancelled_half_way_strands_nothing(database: str) -> None:
    async with Pool(Address(database), 2) as pool:
        store = Store(pool, "one", SEALED)
        await store.ping()
        for number in range(20):
            accepting = asyncio.create_task(store.accept(arrival("1", f"chat {number}")))
            for _ in range(number % 4):
                await asyncio.sleep(0)
            accepting.cancel()
            await asyncio.wait([accepting])
        await expire(database)
        kept = await ask(database, "SELECT count(*) FROM inbox")
        assert len(await store.claim(100)) == kept[0][0]


async def test_processes_that_beat_ripen_and_release_at_once_do_not_lock_each_other_out(database: str) -> None:
    async with Pool(Address(database)) as one, Pool(Address(database)) as other:
        stores = [Store(one, "one", SEALED), Store(other, "other", SEALED)]
        claims: list[list[Claim]] = [[], []]
        for number in range(40):
            accepted = await stores[number % 2].accept(arrival("1", f"chat {number}"))
            claims[number % 2] += [accepted.claim] if accepted.claim else []
            await stores[0].accept(arrival("due", f"chat {number}", due=datetime.now(UTC)))
        beats = [
            store.beat(random.Random(0).sample(mine, len(mine))) for store, mine in zip(stores, claims, strict=True)
        ]
        await asyncio.gather(
            *beats, *(store.claim(40) for store in stores), stores[0].release(), *(stores[1].beat(claims[1]),)
        )
        assert await ask(database, "SELECT count(*) FROM inbox WHERE due IS NOT NULL") == [(0,)]
