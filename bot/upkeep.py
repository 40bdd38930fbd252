"""What a process does beside answering: bring the database up to date, seal the audit, keep memory calm.

Floor 7.
"""

import asyncio
import contextlib
import gc
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.chores import Chores
from bot.store.away import Address
from bot.store.rows import StoreAway
from bot.store.schema import migrate
from bot.store.seals import Seals

RETRY = timedelta(seconds=1)
"""How long to wait before asking a database that is away once more."""
SEALING = timedelta(seconds=5)
"""How often new audit rows are sealed; until then, nothing would show that one was changed."""
GARBAGE = (3_000, 3, 1_000)
"""Objects between two collections of the youngest, how many of those between two of the young, and so on. With Python's 700
they take a twelfth of a message's time; with many more, a single one stops the loop for a tenth of a second. All of memory is
looked through by `tidying`: a turn leaves nothing behind that only a collection ends."""
TIDYING = timedelta(minutes=1)
QUIET = 20
"""Lanes that are served while all of memory is looked through; it takes a millisecond for each."""
LATEST = 15
"""Looks after which it is done however much is under way."""


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


async def sealing(seals: Seals, now: Callable[[], datetime]) -> None:
    """Seal what was written to the audit, for as long as the process lives."""
    while True:
        with contextlib.suppress(StoreAway):
            while await seals.seal(now()):
                continue
        await asyncio.sleep(SEALING.total_seconds())


async def begun(chores: Chores, report: Callable[[BaseException], None]) -> None:
    """Plan the first of the chores; each plans the next."""
    while True:
        try:
            await chores.begin()
        except StoreAway as away:
            report(away)
            await asyncio.sleep(RETRY.total_seconds())
        else:
            return


def settle_memory() -> None:
    """What was imported and built stays for good: the collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


async def tidying(busy: Callable[[], int]) -> None:
    """Look through all of memory from time to time, when little is under way."""
    left = LATEST
    while True:
        await asyncio.sleep(TIDYING.total_seconds())
        left -= 1
        if busy() <= QUIET or not left:
            gc.collect()
            left = LATEST


async def warm(*loads: Callable[[], None]) -> None:
    """Load what is large before anybody needs it, apart, so that the loop is never kept from its work."""
    for load in loads:
        await asyncio.to_thread(load)
    settle_memory()
