"""What a process does beside answering: bring the database up to date, delete what is past its time, keep memory calm.

Floor 7.
"""

import asyncio
import contextlib
import gc
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.store.away import Address
from bot.store.ledger import Ledger
from bot.store.rows import StoreAway
from bot.store.schema import migrate

RETRY = timedelta(seconds=1)
"""How long to wait before asking a database that is away once more."""
TIDY = timedelta(hours=1)
"""How often what is past its time is deleted."""
BATCH = 1_000
"""Rows deleted in one go, so that no message waits for it."""
GARBAGE = 10_000
"""Objects between two collections; with Python's 700 they take a twelfth of a message's time."""


async def up_to_date(address: Address, report: Callable[[BaseException], None]) -> None:
    """Apply what is missing in the database, however long it takes to come."""
    while True:
        try:
            await migrate(address)
        except StoreAway as away:
            report(away)
            await asyncio.sleep(RETRY.total_seconds())
        else:
            return


async def tidy(ledger: Ledger, now: Callable[[], datetime]) -> None:
    """Delete what is past its time, a batch at a time, for as long as the process lives."""
    while True:
        with contextlib.suppress(StoreAway):
            while await ledger.sweep(now(), BATCH):
                continue
        await asyncio.sleep(TIDY.total_seconds())


def settle_memory() -> None:
    """What was imported and built stays for good: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE)


async def warm(load: Callable[[], None]) -> None:
    """Load what is large before anybody needs it, apart, so that the loop is never kept from its work."""
    await asyncio.to_thread(load)
    settle_memory()
