import asyncio
from datetime import datetime

from bot.store.away import Address
from bot.store.pool import Pool
from bot.store.rows import StoreAway
from bot.store.seals import BATCH, Seals
from bot.upkeep import sealing
from tests.bot.store.stores import NOW


class Watched(Seals):
    """A sealer without a database, which counts what is asked of it."""

    def __init__(self, *answers: int | StoreAway) -> None:
        super().__init__(Pool(Address("")))
        self.answers = list(answers)
        self.done = asyncio.Event()

    async def seal(self, now: datetime, batch: int = BATCH) -> int:
        assert now == NOW
        answer = self.answers.pop(0)
        if not self.answers:
            self.done.set()
        if isinstance(answer, StoreAway):
            raise answer
        return answer


async def begun(seals: Watched) -> bool:
    """Whether it goes on until all the answers were given."""
    task = asyncio.create_task(sealing(seals, lambda: NOW))
    try:
        async with asyncio.timeout(2):
            await seals.done.wait()
        await asyncio.sleep(0)
        return not task.done()
    finally:
        task.cancel()


async def test_everything_there_is_to_seal_is_sealed_at_once() -> None:
    assert await begun(Watched(BATCH, 3, 0))


async def test_a_database_that_is_away_does_not_end_the_sealing() -> None:
    assert await begun(Watched(BATCH, StoreAway()))
