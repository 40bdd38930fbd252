"""The moments at which the database is destroyed; each leads up to one, while people write."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from tests.drill.people import PATIENCE
from tests.drill.programs import Failed
from tests.drill.scene import Scene

BURST = 12
"""Messages that come at once."""


async def under_load(scene: Scene) -> None:
    """Any moment of a working day."""
    await asyncio.sleep(scene.chance.uniform(1, 3))


async def answers_under_way(scene: Scene) -> None:
    """The model is at work, and people see that it is."""
    asked = len(scene.world.model.prompts)
    for _ in range(BURST):
        scene.people.send("slow")
    await scene.world.model.until(lambda: len(scene.world.model.prompts) >= asked + BURST, PATIENCE)


async def just_accepted(scene: Scene) -> None:
    """Messages were accepted this very moment."""
    await asyncio.gather(*(scene.people.send() for _ in range(BURST)))


async def backup_under_way(scene: Scene) -> None:
    """The next backup is half done."""
    backup = asyncio.create_task(scene.primary.backup("next", "8M"))
    scene.stack.push_async_callback(ended, backup)
    await asyncio.sleep(scene.chance.uniform(0.5, 2))


async def just_kept(scene: Scene) -> None:
    """Nobody has written since the log was last handed over."""
    await scene.people.pause()
    await scene.people.delivered()
    await scene.people.answered(())
    await scene.primary.archived()
    await asyncio.sleep(scene.chance.uniform(0, 1))


async def ended(backup: asyncio.Task[object]) -> None:
    """A backup whose server is gone fails, as it should."""
    with suppress(Failed):
        await backup


POINTS: Mapping[str, Callable[[Scene], Awaitable[None]]] = {
    "under load": under_load,
    "answers under way": answers_under_way,
    "messages just accepted": just_accepted,
    "a backup under way": backup_under_way,
    "all of it just kept": just_kept,
}
