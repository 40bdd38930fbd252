"""Back to before a mistake: somebody deletes what people wrote, and it is noticed while everybody goes on working.

The database is stopped from taking anything more, and a new one is made as the old one was at a moment before. What came
after that moment is lost on purpose; it is counted like any other loss.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime

from tests.drill.latest import stood
from tests.drill.loss import loss
from tests.drill.primary import DATABASE, LOGIN, Way
from tests.drill.questions import asked
from tests.drill.restored import Restored, restored
from tests.drill.scene import Scene, opened
from tests.drill.serving import BACK, served
from tests.drill.soundness import catalogue, newest_seal
from tests.faults.report import Report
from tests.faults.servers import told
from tests.world.people import CHIDI

MISTAKE = "DELETE FROM history"
UNNOTICED = 2.0
"""Seconds until somebody notices."""
FREEZE = f"ALTER DATABASE {DATABASE} SET default_transaction_read_only = on"
OUT = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{LOGIN}'"
NOW = "SELECT count(*), clock_timestamp() FROM history"
ROWS = "SELECT count(*) FROM history"


@dataclass(frozen=True, slots=True)
class Point:
    """A moment of the server's clock, on that of `time.monotonic` too, and how many rows there were at least."""

    at: datetime
    local: float
    rows: int


async def here(scene: Scene) -> Point:
    """This moment."""
    ((rows, at),) = await asked(scene.primary.postgres, NOW)
    return Point(at, time.monotonic(), rows)


async def mistaken(scene: Scene) -> None:
    """Somebody is erased, as they wished; then everything is, as nobody wished; then work goes on for a while."""
    await scene.people.pause()
    await scene.people.delivered()
    await scene.people.answered(())
    code, said = await scene.operator(scene.primary.database, "erase", "--person", CHIDI.id, "--yes")
    if code != 0:
        raise RuntimeError(f"the erasure ended with {code}: {said}")
    scene.people.begin()
    await told(scene.primary.postgres, MISTAKE)
    await asyncio.sleep(UNNOTICED)


async def frozen(scene: Scene) -> float:
    """Nothing more is taken: the door says so, and Teams keeps what it has. The moment (`time.monotonic`)."""
    refused = scene.people.refused
    await told(scene.primary.postgres, FREEZE, OUT)
    moment = time.monotonic()
    while scene.people.refused == refused:
        await asyncio.sleep(0.02)
    await scene.primary.archived()
    return moment


async def play(seed: int, report: Report) -> None:
    """One drill; three lines."""
    async with opened(Way.ARCHIVE, seed) as scene:
        scene.people.begin()
        await scene.settled()
        before = await catalogue(scene.primary.postgres)
        point = await here(scene)
        await asyncio.sleep(scene.chance.uniform(0.5, 1.5))
        await mistaken(scene)
        moment = await frozen(scene)
        kept, home = scene.primary.kept, scene.folder / "past"
        server = await scene.stack.enter_async_context(restored(kept, home, point.at))
        newest = await newest_seal(server.postgres)
        await undone(scene, server, point, moment, report)
        await stood(scene, server, before, newest, report)
        await erased_again(scene, server, report)


async def undone(scene: Scene, server: Restored, point: Point, moment: float, report: Report) -> None:
    """The mistake is, and with it all that came after the moment before it."""
    ((rows,),) = await asked(server.postgres, ROWS)
    lost = await loss(scene.people, server.postgres, moment)
    done = await served(scene, server.database, lost, moment, server.at)
    seen = f"{rows} rows of history back (at least {point.rows} stood); {lost}; {done}"
    bar = f"bar: nothing older than the moment is lost, RTO {BACK:.0f} s, 0 of the known lost"
    held = rows >= point.rows > 0 and lost.seconds <= moment - point.local and done.held
    report.line(f"a moment before a mistaken {MISTAKE}", seen, bar, held=held)


async def erased_again(scene: Scene, server: Restored, report: Report) -> None:
    """Whoever was erased after the moment is there again, until it is done once more."""
    who = ("--person", CHIDI.id)
    found, _ = await scene.operator(server.database, "find", *who)
    erased, _ = await scene.operator(server.database, "erase", *who, "--yes")
    left, _ = await scene.operator(server.database, "find", *who)
    seen = f"find ends with {found} after the restore, erase with {erased}, find with {left}"
    bar = "bar: an erasure after the moment is undone by the restore, and done by the same command again"
    report.line("  an erasure", seen, bar, held=(found, erased, left) == (1, 0, 0))
