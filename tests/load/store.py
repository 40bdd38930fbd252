"""What the store costs: whole turns by 16 lanes in a closed loop against the embedded PostgreSQL, fsync on.

Run `python -m tests.load.store [turns]`; it prints and judges nothing.
"""

import asyncio
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.audit import Action, Entry, Outcome
from bot.store.away import Address
from bot.store.embedded import Cluster, embedded
from bot.store.pool import Pool
from bot.store.rows import Arrival, Record
from bot.store.schema import migrate
from bot.store.store import Store
from dialogs.talk import Message, Usage
from tests.bot.store.stores import SEALED

LANES = 16
BODY = b'{"type":"message","text":"' + b"What is new? " * 110 + b'"}'
ANSWER = b"Nothing much. " * 60


def record(person: str, now: datetime) -> Record:
    """What a usual turn leaves behind: two lines, one model, one audit row."""
    lines = (Message("user", "What is new?"), Message("assistant", ANSWER.decode()))
    entry = Entry(now, "tenant", person, "personal", "0" * 32, Action.ANSWER, Outcome.OK, "model", 900, 200, 0, 1_200)
    usage = (Usage("model", 900, 200),)
    return Record(now, Outcome.OK, lines, False, person, usage, entry, now + timedelta(days=30))


async def turn(store: Store, lane: int, number: int, now: datetime) -> None:
    """One turn with all its phases."""
    arrival = Arrival(
        "tenant", f"19:conversation-{lane}@thread.v2", f"{number:013d}", BODY, now, person=f"person-{lane}"
    )
    accepted = await store.accept(arrival)
    claim = accepted.claim
    if claim is None:
        raise AssertionError("a lane of its own is always free")
    await store.history(claim.tenant, claim.conversation, f"person-{lane}", claim.chat, 40)
    await store.placed(claim, "1700000000000")
    await store.answered(claim, ANSWER)
    await store.finish(claim, record(f"person-{lane}", now))


async def loop(store: Store, lane: int, numbers: range) -> list[float]:
    """How long each turn of a lane took, in seconds."""
    times = []
    for number in numbers:
        began = time.perf_counter()
        await turn(store, lane, number, datetime.now(UTC))
        times.append(time.perf_counter() - began)
    return times


async def measure(store: Store, numbers: range) -> str:
    """One round of the loop."""
    spent, began = processor(), time.perf_counter()
    each = await asyncio.gather(*(loop(store, lane, numbers) for lane in range(LANES)))
    took, cost = time.perf_counter() - began, processor() - spent
    times = sorted(one for lane in each for one in lane)
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    return (
        f"{len(times) / took:6.0f} turns/s   turn p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms   "
        f"our processor time {cost / len(times) * 1e6:.0f} µs a turn"
    )


def processor() -> float:
    """Processor time of this process so far, in seconds."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def main(turns: int) -> None:
    """A warm-up and the measured round, in a database that is thrown away."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        async with embedded(Cluster(Path(home))) as conninfo, Pool(Address(conninfo)) as pool:
            await migrate(Address(conninfo))
            store = Store(pool, "bench", SEALED)
            await measure(store, range(10))
            print(f"{LANES} lanes, accept + history + placed + answered + finish:")
            print(await measure(store, range(10, 10 + turns // LANES)))


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 4_000))
