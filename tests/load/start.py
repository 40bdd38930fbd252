"""How long a process takes from its start until it is ready, and what memory it has then."""

import time

from tests.load.machine import Process, every_core
from tests.load.peers import ours
from tests.world.database import fresh
from tests.world.world import World

TIMES = 3


async def start(postgres: str, seconds: float) -> str:
    """Each start on a database that is up to date."""
    async with World() as world:
        with fresh(postgres) as database:
            found = [await once(world, database) for _ in range(TIMES)]
    return f"ready {', '.join(f'{ready:.1f}' for ready, _ in found)} s after the start (bar: <= 3 s), idle {found[-1][1]:.0f} MB"


async def once(world: World, database: str) -> tuple[float, float]:
    """Seconds, and MB."""
    began = time.perf_counter()
    bot = ours(world, database, world.teams.url)
    await bot.start()
    Process(bot.pid).pin(every_core())
    try:
        await bot.ready()
        return time.perf_counter() - began, Process(bot.pid).resident
    finally:
        await bot.end()
