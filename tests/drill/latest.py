"""Back to the end of the log: the database is destroyed at some point, and everything that was kept of it comes back."""

from tests.drill.loss import Loss, loss
from tests.drill.points import POINTS
from tests.drill.primary import ARCHIVE_SECONDS, Way
from tests.drill.restored import Restored, restored
from tests.drill.scene import Scene, opened
from tests.drill.serving import BACK, served
from tests.drill.soundness import Catalogue, Seal, catalogue, keyless, newest_seal, soundness
from tests.faults.report import Report

SLACK = 2.0
"""Seconds that a busy machine may be late in handing over a piece of the log."""
SOUND = "bar: as it was, the audit verifies and its newest seal stands in the log, the key opens what it sealed"


async def play(point: str, way: Way, seed: int, report: Report) -> None:
    """One drill; two lines."""
    async with opened(way, seed) as scene:
        scene.people.begin()
        await scene.settled()
        before = await catalogue(scene.primary.postgres)
        await POINTS[point](scene)
        moment = await scene.primary.destroy()
        server = await scene.stack.enter_async_context(restored(scene.primary.kept, scene.folder / "latest"))
        newest = await newest_seal(server.postgres)
        await came_back(scene, server, moment, f"latest point, {way}, destroyed: {point}", way, report)
        await stood(scene, server, before, newest, report)


async def came_back(scene: Scene, server: Restored, moment: float, name: str, way: Way, report: Report) -> Loss:
    """What is lost and how soon people are answered again."""
    lost = await loss(scene.people, server.postgres, moment)
    done = await served(scene, server.database, lost, moment, server.at)
    bar = f"bar: RPO {most(way):.0f} s, RTO {BACK:.0f} s, 0 of the known lost, 0 twice that it knew were read"
    report.line(name, f"{lost}; {done}", bar, held=lost.seconds <= most(way) and done.held)
    return lost


async def stood(scene: Scene, server: Restored, before: Catalogue, newest: Seal, report: Report) -> None:
    """Whether the server is the old one again, and what a missing key means."""
    sound, shut = await soundness(scene, server, before, newest), await keyless(scene, server.database)
    report.line("  what was restored", f"{sound}; {shut}", SOUND, held=sound.held and shut.held)


def most(way: Way) -> float:
    """Seconds that may be lost."""
    return ARCHIVE_SECONDS + SLACK if way is Way.ARCHIVE else 0.0
