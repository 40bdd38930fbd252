"""Bots that are forked, each behind a socket of its own to the database, so that it can be known when to kill it.

async with living(world.environ(…), database) as lives:
    life = await lives.born()
    life.trap(…)
"""

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from tests.faults.wire import Wire
from tests.world.bots import PATIENCE, PROGRAM, free_port, url
from tests.world.nursery import Child, Nursery

TOGETHER = 3
"""Lives that are begun at the same time."""


@dataclass(slots=True, eq=False)
class Life:
    """One bot. `kill` is kill -9, as often as one likes."""

    child: Child
    port: int
    wire: Wire
    dead: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """It ends where it stands."""
        if not self.dead.is_set():
            self.dead.set()
            self.child.send_signal(signal.SIGKILL)

    async def ready(self) -> None:
        """Wait until it says that it is ready; else what it says instead."""
        said = "nothing"
        try:
            async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
                while (said := await self._said(session)) != "{}":
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise RuntimeError(f"a life does not become ready: {said}") from None

    async def _said(self, session: aiohttp.ClientSession) -> str:
        try:
            async with session.get(f"{self.url}/readyz") as response:
                return await response.text()
        except aiohttp.ClientError as error:
            return type(error).__name__


class Lives:
    """Begins lives, one after the other or some at once."""

    def __init__(
        self, nursery: Nursery, environ: Mapping[str, str], database: str, home: Path, stack: AsyncExitStack
    ) -> None:
        self._nursery = nursery
        self._environ = environ
        self._database = database
        self._home = home
        self._stack = stack
        self._numbers = count()
        self._ports: deque[int] = deque()
        self._room = asyncio.Semaphore(TOGETHER)

    async def born(self) -> Life:
        """A new bot that is ready."""
        async with self._room:
            wire = await self._stack.enter_async_context(Wire(self._database, self._home / str(next(self._numbers))))
            port = self._ports.popleft() if self._ports else free_port()
            settings = {"PORT": str(port), "DATABASE_URL": url(wire.conninfo)}
            life = Life(await self._forked(settings), port, wire)
            self._stack.callback(life.kill)
            await life.ready()
            return life

    def buried(self, life: Life) -> None:
        """It is over, and its port may be given to another."""
        life.kill()
        self._ports.append(life.port)

    async def _forked(self, settings: Mapping[str, str]) -> Child:
        with Path(os.devnull).open("wb") as nowhere:
            return await self._nursery.born((PROGRAM,), {**self._environ, **settings}, nowhere.fileno())


@asynccontextmanager
async def living(environ: Mapping[str, str], database: str) -> AsyncIterator[Lives]:
    """Where lives begin; all have ended when it is left. `environ` is what they have in common."""
    nursery, common = Nursery(), {"PATH": os.environ["PATH"], **environ}
    with TemporaryDirectory(prefix="lives-") as home:
        try:
            async with AsyncExitStack() as stack:
                yield Lives(nursery, common, database, Path(home), stack)
        finally:
            nursery.close()
