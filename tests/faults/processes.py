"""Processes that die, end, or are of two versions: `make faults` plays this first."""

import tempfile
from pathlib import Path

from tests.faults import deploys, drains, kills, phases
from tests.faults.asks import echo
from tests.faults.effort import Effort
from tests.faults.report import Report
from tests.world.database import FAST, fresh, serving
from tests.world.world import World

ROOMY = (*(each for each in FAST if "connections" not in each), "max_connections=800")
"""Forty bots at a time, each with as many connections as it likes."""


async def run(report: Report, effort: Effort) -> None:
    """Every fault of processes, one after the other, on one server."""
    with tempfile.TemporaryDirectory() as home, serving(Path(home), ROOMY) as postgres:
        for play in (phases.play, kills.play, drains.play):
            with fresh(postgres) as database:
                async with World(answer=echo) as world:
                    await play(world, database, report, effort)
        await deploys.play(postgres, report)
