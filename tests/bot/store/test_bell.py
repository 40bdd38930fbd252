import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing

from bot.store.away import Address
from bot.store.bell import rings
from bot.store.store import Store
from tests.bot.store.stores import arrival, ask

OUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'parley'
"""


async def ring(signals: AsyncIterator[None]) -> None:
    async with asyncio.timeout(5):
        await anext(signals)


async def test_work_that_is_left_for_others_rings(store: Store, other: Store) -> None:
    async with aclosing(store.signals()) as signals:
        await ring(signals)
        await other.accept(arrival("1"), lease=False)
        await ring(signals)


async def test_a_process_that_leaves_rings(store: Store, other: Store) -> None:
    async with aclosing(store.signals()) as signals:
        await ring(signals)
        await other.accept(arrival("1"))
        await other.release()
        await ring(signals)


async def test_whoever_lost_the_line_comes_back_and_looks(database: str) -> None:
    attempts = []

    async def wait(attempt: int) -> None:
        attempts.append(attempt)

    async with aclosing(rings(Address(database), wait)) as signals:
        await ring(signals)
        await ask(database, OUT)
        await ring(signals)
    assert attempts == [1]


async def test_a_database_that_is_away_is_tried_again_more_and_more_patiently() -> None:
    attempts: list[int] = []
    enough = asyncio.Event()

    async def wait(attempt: int) -> None:
        attempts.append(attempt)
        if attempt == 3:
            enough.set()
            await asyncio.Event().wait()

    signals = rings(Address("host=127.0.0.1 port=1"), wait)
    listening = asyncio.create_task(ring(signals))
    await enough.wait()
    listening.cancel()
    await asyncio.wait([listening])
    assert attempts == [1, 2, 3]
