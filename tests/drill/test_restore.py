"""The restore drill in short: one database, destroyed under load, comes back as it last was and as it was before a mistake.

`make drill` plays it from every point and with figures.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.drill.latest import most
from tests.drill.loss import Loss, loss
from tests.drill.past import MISTAKE, Point, here
from tests.drill.points import POINTS
from tests.drill.primary import Way
from tests.drill.questions import asked
from tests.drill.restored import restored
from tests.drill.scene import Scene, opened
from tests.drill.serving import Served, served
from tests.drill.soundness import Catalogue, Keyless, Sound, catalogue, differing, keyless, newest_seal, soundness
from tests.faults.servers import told

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]
SEED = 9
ROWS = "SELECT count(*) FROM history"


@dataclass(frozen=True, slots=True)
class Past:
    """The server of before the mistake: the moment, and what stands there."""

    point: Point
    rows: int
    other: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drilled:
    """What came of it."""

    lost: Loss
    served: Served
    sound: Sound
    shut: Keyless
    past: Past


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def drilled() -> AsyncIterator[Drilled]:
    async with opened(Way.ARCHIVE, SEED) as scene:
        scene.people.begin()
        await scene.settled()
        before, point = await catalogue(scene.primary.postgres), await here(scene)
        await told(scene.primary.postgres, MISTAKE)
        await scene.chance.choice(list(POINTS.values())[:4])(scene)
        moment = await scene.primary.destroy()
        async with restored(scene.primary.kept, scene.folder / "latest") as server:
            newest = await newest_seal(server.postgres)
            lost = await loss(scene.people, server.postgres, moment)
            done = await served(scene, server.database, lost, moment, server.at)
            sound, shut = await soundness(scene, server, before, newest), await keyless(scene, server.database)
            await asyncio.gather(*(bot.kill() for bot in scene.bots))
        yield Drilled(lost, done, sound, shut, await gone_back(scene, point, before))


async def gone_back(scene: Scene, point: Point, before: Catalogue) -> Past:
    """A second server, of the same backup and log, as it was at a moment."""
    async with restored(scene.primary.kept, scene.folder / "past", point.at) as server:
        ((rows,),) = await asked(server.postgres, ROWS)
        return Past(point, rows, differing(before, await catalogue(server.postgres)))


async def test_of_what_was_accepted_only_the_last_seconds_are_missing(drilled: Drilled) -> None:
    assert drilled.lost.accepted > len(drilled.lost.missing)
    assert drilled.lost.seconds <= most(Way.ARCHIVE)


async def test_all_that_the_restored_database_knows_is_answered(drilled: Drilled) -> None:
    assert drilled.served.tally.lost == ()


async def test_what_it_knows_that_people_have_read_is_not_said_again(drilled: Drilled) -> None:
    assert drilled.served.twice == set()


async def test_roles_fences_and_triggers_are_those_of_the_server_that_is_gone(drilled: Drilled) -> None:
    assert (drilled.sound.other, drilled.sound.leaks) == ((), ())


async def test_the_audit_verifies_and_its_newest_seal_stands_in_the_log(drilled: Drilled) -> None:
    assert drilled.sound.audit.held and drilled.sound.audit.newest[0] > 0


async def test_with_the_key_contents_are_opened(drilled: Drilled) -> None:
    assert drilled.sound.opened > 0


async def test_without_the_key_nothing_is_opened_and_nothing_taken_in(drilled: Drilled) -> None:
    assert drilled.shut.held, str(drilled.shut)


async def test_a_moment_before_a_mistake_has_all_that_was_deleted(drilled: Drilled) -> None:
    assert drilled.past.rows >= drilled.past.point.rows > 0
    assert drilled.past.other == ()
