"""Retention of a million rows while messages are accepted and finished beside it: `python -m tests.load.sweep [--rows N]`.

Part of `make bench`. One process and one pool do both, as in production, so that a stall of the loop counts as a wait too.
"""

import argparse
import asyncio
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import psycopg

from bot.chores import Chores
from bot.rulebook import Rules
from bot.store.away import Address
from bot.store.estate import Estate
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.seals import Seals
from bot.store.store import Store
from bot.upkeep import settle_memory
from tests.bot.store.kept import RULES
from tests.bot.store.stores import ENTRY, SEALED, arrival, record, taken
from tests.world.database import fresh, serving

ROWS = 1_000_000
BOUND_MILLIS = 100
"""No message waits longer."""
TALKS = 4
"""Conversations that are at it all the time."""
PAUSE_SECONDS = 0.02
"""Between two messages of a conversation."""
LONGEST_SECONDS = 420
"""When the sweep is given up."""
DURABLE = ("fsync=on", "max_connections=100")
OLD = """
    INSERT INTO history (tenant, conversation, person, activity, chat, role, at, expires, text)
    SELECT
        'tenant', 'old ' || number %% 500, 'anna', number, 0, 'user', now() - interval '40 days',
        now() - interval '10 days', convert_to(repeat('word ', 40), 'UTF8')
    FROM generate_series(1, %s) AS number
"""


@dataclass(slots=True)
class Beside:
    """Messages that are accepted and finished, and the seconds that each of the two steps took."""

    store: Store
    waits: list[float] = field(default_factory=list)

    async def talk(self, conversation: str) -> None:
        """One message after the other, until cancelled."""
        for number in count():
            began = time.perf_counter()
            claim = taken(await self.store.accept(arrival(str(number), conversation)))
            accepted = time.perf_counter()
            await self.store.finish(claim, record("question", "answer", audit=ENTRY))
            self.waits += (accepted - began, time.perf_counter() - accepted)
            await asyncio.sleep(PAUSE_SECONDS)


async def book(tenant: str) -> Rules:
    """Every company's rules."""
    return RULES


async def run(database: str, rows: int = ROWS) -> str:
    """The figure, as a line. Raises `TimeoutError`."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(OLD, (rows,))
        await connection.execute("VACUUM ANALYZE history")
        await connection.execute("CHECKPOINT")
    async with Pool(Address(database)) as pool:
        store, ledger = Store(pool, "bench", SEALED), Ledger(pool)
        beside = Beside(store)
        settle_memory()
        talks = [asyncio.create_task(beside.talk(f"chat {number}")) for number in range(TALKS)]
        await asyncio.sleep(1)
        beside.waits.clear()
        began = time.perf_counter()
        async with asyncio.timeout(LONGEST_SECONDS):
            chores = Chores(store, ledger, Estate(pool, SEALED), Seals(pool), book, lambda: datetime.now(UTC))
            gone = await chores.tidy(datetime.now(UTC))
        took = time.perf_counter() - began
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)
    return said(gone, took, sorted(beside.waits))


def said(rows: int, took: float, waits: list[float]) -> str:
    """The line; `waits` are sorted."""
    longest, usual = waits[-1] * 1000, waits[len(waits) * 99 // 100] * 1000
    verdict = "ok" if longest <= BOUND_MILLIS else "TOO LONG"
    return (
        f"retention: {rows:,} rows in {took:.1f} s beside {len(waits) // 2:,} messages, of which a step took "
        f"{longest:.0f} ms at most (p99 {usual:.1f} ms; bound {BOUND_MILLIS} ms): {verdict}"
    )


def main() -> None:
    """Measure on a server of its own and print."""
    parser = argparse.ArgumentParser(description="Sweep old rows beside messages, and print the longest wait.")
    parser.add_argument("--rows", type=int, default=ROWS)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as home,
        serving(Path(home), DURABLE) as postgres,
        fresh(postgres) as database,
    ):
        print(asyncio.run(run(database, given.rows)))


if __name__ == "__main__":
    main()
