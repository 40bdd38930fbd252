"""A person's budget under a crowd: `python -m tests.load.budget`, part of `make bench`.

200 asks of one person reserve at the same moment through two pools of connections, as two processes would, in a database that
writes to the disk. Their budget may be passed by one request at most. And what a reservation costs, beside an accept.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter

from bot.audit import Outcome
from bot.store.away import Address
from bot.store.pool import Pool
from bot.store.purses import Purses
from bot.store.rows import Arrival, Claim, Limits, Record, Reserved
from bot.store.store import Store
from dialogs.errors import OverBudget, SetAside
from dialogs.talk import Usage
from tests.bot.store.stores import SEALED, ask, taken
from tests.world.database import fresh, serving

ASKS = 200
REQUEST = 3_000
"""Tokens one ask reserves; it takes 10 fewer."""
LIMITS = Limits(person=50_000, company=20_000_000, requests=ASKS)
ROUNDS = 300
BODY = b'{"type":"message","text":"' + b"What is new? " * 20 + b'"}'
DURABLE = ("fsync=on", "max_connections=100")
BARS = f"bars: below {LIMITS.person + REQUEST:,} tokens, 0 left set aside, ratio 1.5"

Process = tuple[Store, Purses]


async def run(database: str) -> str:
    """How many were let through and what they took, and the cost of a reservation."""
    async with processes(database) as both:
        admitted, seconds = await crowd(both)
        ((used, held),) = await ask(database, "SELECT used, held FROM purses WHERE person = 'ada'")
        accept, reserve = await costs(both[0])
    return (
        f"budget: {admitted} of {ASKS} asks at once let through in {seconds:.2f} s; {used:,} tokens used of "
        f"{LIMITS.person:,}, {held:,} left set aside; a reservation {reserve:.2f} ms, "
        f"{reserve / accept:.2f} x an accept of {accept:.2f} ms ({BARS})"
    )


@asynccontextmanager
async def processes(database: str) -> AsyncIterator[Sequence[Process]]:
    """Two stores with connections of their own."""
    async with Pool(Address(database)) as one, Pool(Address(database)) as other:
        yield [(Store(pool, name, SEALED), Purses(pool)) for name, pool in (("one", one), ("other", other))]


async def crowd(both: Sequence[Process]) -> tuple[int, float]:
    """All ask at once, and whoever is let through ends; how many that were, and how long it took."""
    crew = list(zip(cycle(both), range(ASKS), strict=False))
    claims = [await claimed(store, f"crowd {number}", "ada") for (store, _), number in crew]
    began = perf_counter()
    let = await asyncio.gather(
        *(admitted(reserved(purses, claim)) for ((_, purses), _), claim in zip(crew, claims, strict=True))
    )
    took = perf_counter() - began
    await asyncio.gather(
        *(end(store, claim) for ((store, _), _), claim, one in zip(crew, claims, let, strict=True) if one)
    )
    return sum(let), took


async def costs(process: Process) -> tuple[float, float]:
    """The medians of an accept and of a reservation, in milliseconds."""
    store, purses = process
    times = [await both_costs(store, purses, number) for number in range(ROUNDS)]
    accepts, reserves = zip(*times, strict=True)
    return median(accepts) * 1000, median(reserves) * 1000


async def both_costs(store: Store, purses: Purses, number: int) -> tuple[float, float]:
    """One ask of one of eight people, in seconds."""
    began = perf_counter()
    claim = await claimed(store, f"cost {number}", f"person {number % 8}")
    accepted = perf_counter()
    await purses.reserve(claim, 1, LIMITS, datetime.now(UTC), anew=True)
    return accepted - began, perf_counter() - accepted


async def claimed(store: Store, conversation: str, person: str) -> Claim:
    """The claim of an ask in a lane of its own."""
    return taken(await store.accept(Arrival("tenant", conversation, "1", BODY, datetime.now(UTC), person=person)))


def reserved(purses: Purses, claim: Claim) -> Awaitable[Reserved]:
    """What one ask sets aside."""
    return purses.reserve(claim, REQUEST, LIMITS, datetime.now(UTC), anew=True)


async def admitted(reserving: Awaitable[Reserved]) -> bool:
    """Whether it was let through."""
    try:
        await reserving
    except (OverBudget, SetAside):
        return False
    return True


async def end(store: Store, claim: Claim) -> None:
    """It took a little less than was set aside."""
    usage = (Usage("model", REQUEST - 310, 300),)
    await store.finish(claim, Record(datetime.now(UTC), Outcome.OK, person="ada", usage=usage))


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        serving(Path(home), DURABLE) as postgres,
        fresh(postgres) as database,
    ):
        print(asyncio.run(run(database)))


if __name__ == "__main__":
    main()
