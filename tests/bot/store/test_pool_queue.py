"""Who waits for a connection in a full house: connections in memory, of which each answers two turns of the event loop later."""

import asyncio
from typing import Any

import pytest

from bot.store.away import Address
from bot.store.line import Line
from bot.store.pool import DEPTH, SIZE, Pool
from bot.store.rows import StoreAway
from bot.store.statements import BEGIN, COMMIT, PING, Statement


class Slow:
    """A connection."""

    waited = 0.0
    failed = False

    def __init__(self) -> None:
        self.users = 0
        self.most = 0
        self.closed = False
        self.together: list[int] = []
        """How many statements were under way where a transaction began and ended."""
        self._batches = 0

    @property
    def busy(self) -> bool:
        return self._batches > 0

    async def run(self, statement: Statement, values: list[Any], fence: str | None = None) -> list[tuple[int]]:
        self._batches += 1
        self.most = max(self.most, self._batches)
        if statement in (BEGIN, COMMIT):
            self.together.append(self._batches)
        for _ in range(2):
            await asyncio.sleep(0)
        self._batches -= 1
        return [(1,)]

    def close(self, error: Exception | None = None) -> None:
        self.closed = True


class House(Pool):
    """A pool of them."""

    def __init__(self, size: int = SIZE) -> None:
        super().__init__(Address(""), size)
        self.lines: list[Slow] = []

    async def _opened(self) -> Line:
        self.lines.append(Slow())
        return self.lines[-1]  # type: ignore[return-value]


class Stuck(House):
    """One that opens no more connections, and does not say so."""

    more = True

    async def _opened(self) -> Line:
        if not self.more:
            await asyncio.Event().wait()
        return await super()._opened()


class Crowd:
    """Statements, and in how many turns of the loop each was answered."""

    def __init__(self, house: House) -> None:
        self.took: list[int] = []
        self.refused = 0
        self._house = house
        self._turn = 0
        self._tasks: list[asyncio.Task[None]] = []

    async def come(self, turns: int, many: int) -> None:
        for _ in range(turns):
            self._turn += 1
            self._tasks += [asyncio.create_task(self._one()) for _ in range(many)]
            await asyncio.sleep(0)

    async def gone(self) -> None:
        await asyncio.gather(*self._tasks)

    async def _one(self) -> None:
        came = self._turn
        try:
            await self._house.run(PING)
        except StoreAway:
            self.refused += 1
        self.took.append(self._turn - came)


async def kept(house: House) -> None:
    async with house.transaction() as run:
        await run(PING)


@pytest.mark.parametrize("many", [10, 20, 40])
async def test_statements_of_a_full_house_do_not_queue_up(many: int) -> None:
    async with House() as house:
        crowd = Crowd(house)
        await crowd.come(200, many)
        await crowd.gone()
    assert crowd.refused == 0
    assert sorted(crowd.took)[len(crowd.took) // 2] <= 5
    assert max(line.most for line in house.lines) <= DEPTH


@pytest.mark.parametrize("many", [10, 20, 40])
async def test_after_a_transaction_in_a_full_house_they_do_not_either(many: int) -> None:
    async with House() as house:
        crowd = Crowd(house)
        await crowd.come(50, many)
        keeping = asyncio.create_task(kept(house))
        await crowd.come(150, many)
        await keeping
        await crowd.gone()
    assert crowd.refused == 0
    assert max(crowd.took[-20 * many :]) <= 8


async def test_a_transaction_is_never_among_others() -> None:
    async with House(2) as house:
        crowd = Crowd(house)
        keeping = [asyncio.create_task(kept(house)) for _ in range(20)]
        await crowd.come(100, 10)
        await asyncio.gather(*keeping)
        await crowd.gone()
    assert crowd.refused == 0
    assert [number for line in house.lines for number in line.together] == [1] * 40


async def test_connections_that_are_being_opened_share_those_who_wait() -> None:
    async with House(4) as house:
        await asyncio.gather(*(house.run(PING) for _ in range(8)))
    assert [line.most for line in house.lines] == [2, 2, 2, 2]


async def test_who_gives_up_waiting_leaves_no_place_in_the_queue() -> None:
    async with House(1) as house:
        await house.run(PING)
        async with house.transaction():
            waiting = [asyncio.create_task(house.run(PING)) for _ in range(3)]
            await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            await asyncio.wait(waiting)
            assert not house._waiting
        assert len(house.idle) == 1
        assert await house.run(PING) == [(1,)]


async def test_those_who_gave_up_just_now_keep_no_connection_from_those_who_wait() -> None:
    async with Stuck(15) as house, asyncio.timeout(5):
        house.more = True
        await house.run(PING)
        house.more = False
        async with house.transaction():
            gone = [asyncio.create_task(house.run(PING)) for _ in range(12)]
            waiting = [asyncio.create_task(house.run(PING)) for _ in range(2)]
            await asyncio.sleep(0)
            for waiter in list(house._waiting)[:12]:
                waiter.line.cancel()
        assert [await task for task in waiting] == [[(1,)]] * 2
        await asyncio.wait(gone)


async def test_behind_one_who_gave_up_being_alone_the_others_go_on() -> None:
    async with House(1) as house, asyncio.timeout(5):
        await house.run(PING)
        first = asyncio.create_task(house.run(PING))
        await asyncio.sleep(0)
        lone = asyncio.create_task(kept(house))
        await asyncio.sleep(0)
        behind = [asyncio.create_task(house.run(PING)) for _ in range(5)]
        await asyncio.sleep(0)
        lone.cancel()
        assert [await task for task in (first, *behind)] == [[(1,)]] * 6
