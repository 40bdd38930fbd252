"""What a drill is played with: the world, the server that will be lost, the bots on it, and who writes to them."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.drill.people import PATIENCE, People
from tests.drill.primary import Primary, Way, running
from tests.faults.asks import echo
from tests.faults.town import settings
from tests.world.bots import BotProcess, url
from tests.world.world import World

BOTS = 2


@dataclass(slots=True)
class Scene:
    """`bots` serve now; `gone` are those that served the database that is lost, whose log lines are still there."""

    world: World
    folder: Path
    primary: Primary
    people: People
    chance: random.Random
    stack: AsyncExitStack
    bots: list[BotProcess] = field(default_factory=list)
    gone: list[BotProcess] = field(default_factory=list)

    def environ(self, database: str, **changes: str) -> Mapping[str, str]:
        """How a bot is told of a database, or an operator."""
        return {**settings(self.world), "DATABASE_URL": url(database), **changes}

    async def serve(self, database: str) -> float:
        """The bots are set to a database: new processes at the old addresses, as an app whose setting was changed.

        Returns when they are ready; the moment (`time.monotonic`) since when no old one answers any more.
        """
        await asyncio.gather(*(bot.kill() for bot in self.bots))
        since = time.monotonic()
        ports = [str(bot.port) for bot in self.bots] or [""] * BOTS
        self.gone += self.bots
        self.bots = [BotProcess(self.environ(database, **({"PORT": port} if port else {}))) for port in ports]
        for bot in self.bots:
            self.stack.push_async_callback(bot.kill)
        await asyncio.gather(*(bot.start() for bot in self.bots))
        await asyncio.gather(*(bot.ready() for bot in self.bots))
        self.people.bots = self.bots
        return since

    async def settled(self) -> None:
        """Wait until some of the audit is sealed, which is done every five seconds, and kept elsewhere."""
        async with asyncio.timeout(PATIENCE):
            while not any('"audit sealed"' in line for bot in self.bots for line in bot.lines):
                await asyncio.sleep(0.1)
            await self.primary.archived()

    async def operator(self, database: str, *words: str, **changes: str) -> tuple[int, str]:
        """What `python -m bot.admin …` leads to: its exit code, and all that it said."""
        process = BotProcess(self.environ(database, **changes), "admin", *words)
        await process.start()
        return await process.over(), "\n".join(process.lines)

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of an event that those wrote who are gone."""
        return [line for bot in self.gone for line in bot.log if line["event"] == event]


@asynccontextmanager
async def opened(way: Way, seed: int) -> AsyncIterator[Scene]:
    """Bots serve, and nobody has written yet. A server is long in dying: its folder may go later."""
    async with AsyncExitStack() as stack:
        temporary = TemporaryDirectory(prefix="parley-drill-", ignore_cleanup_errors=True)
        folder = Path(stack.enter_context(temporary))
        world = await stack.enter_async_context(World(answer=echo))
        primary = await stack.enter_async_context(running(folder, way))
        made = Scene(world, folder, primary, People(world, ()), random.Random(seed), stack)
        await made.serve(primary.database)
        stack.push_async_callback(made.people.end)
        yield made
