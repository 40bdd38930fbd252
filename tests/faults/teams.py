"""Teams as the bot must bear it: refusals, silence, Stop, deliveries out of order, and too many messages at once."""

import tempfile
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

from tests.faults import busy, deliveries, gone, refusing, stops, wall
from tests.faults.effort import Effort
from tests.faults.moments import script
from tests.faults.report import Report
from tests.faults.town import started
from tests.faults.watch import Watch
from tests.world.database import FAST, fresh, serving
from tests.world.world import World


async def run(report: Report, effort: Effort) -> None:
    """Every fault of Teams, one after the other, on one server."""
    with tempfile.TemporaryDirectory() as home, serving(Path(home), FAST) as postgres, fresh(postgres) as database:
        watch = Watch()
        async with World(answer=script, clock=watch) as world:
            await play(world, watch, database, report)


async def play(world: World, watch: Watch, database: str, report: Report) -> None:
    """With one bot, and where it matters with three."""
    numbers = count(1)
    async with AsyncExitStack() as stack:
        (bot,) = await started(world, database, 1, stack)
        await refusing.play(world, bot, report, numbers)
        await gone.play(world, bot, report, numbers)
        await stops.play(world, bot, report, numbers)
        await wall.play(world, bot, watch, report, numbers)
        await deliveries.play(world, [bot, *await started(world, database, 2, stack)], report, numbers)
    async with AsyncExitStack() as stack:
        (bot,) = await started(world, database, 1, stack)
        await busy.play(world, bot, database, report, numbers)
