"""A bot as a process of its own, configured by its environment alone as in production; under pytest it is forked, see `tests.world.nurse`.

async with BotProcess(world.environ(DATABASE_URL=…)) as bot:
    world.bot = bot.url
"""

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlencode

import aiohttp
from psycopg.conninfo import conninfo_to_dict

from tests.world.nursery import Child, Nursery
from tests.world.playground.layout import free

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "app.py"
PATIENCE = 60.0
"""Seconds a bot may take to become ready or to end."""


def free_port(among: range = range(20_000, 28_000)) -> int:
    """A port nobody listens on; below the ephemeral range nothing else takes it in the meantime.

    It stays this process's own: test processes that run side by side claim a port by a name, which the system gives once,
    and each keeps a file descriptor for it to its end.
    """
    for port in among:
        if port not in _given and claimed(port) and free(port):
            return port
    raise OSError("no port is free")


def claimed(port: int) -> bool:
    """Whether the port is ours now, to the end of this process."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0parley test port {port}")
    except OSError:
        claim.close()
        return False
    claim.detach()
    _given.add(port)
    return True


_given: set[int] = set()


def url(conninfo: str) -> str:
    """A conninfo as the setting DATABASE_URL has it, with a password, so that none is fetched from Entra."""
    parts = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
    query = urlencode({"host": parts["host"], "port": parts["port"]})
    return f"postgresql://{parts['user']}:unused@/{parts['dbname']}?{query}"


class BotProcess:
    """One process of the bot, started with `arguments`; `lines` are what it wrote to standard output.

    Where there is a `nursery`, it is forked there, as far as it is the program as it stands here.
    """

    nursery: ClassVar[Nursery | None] = None

    def __init__(
        self, environ: Mapping[str, str], *arguments: str, command: Sequence[str] = (PROGRAM,), root: Path = ROOT
    ) -> None:
        """`root`: where the program stands, which may be another version of it."""
        self.port = int(environ.get("PORT") or free_port())
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        self._environ = {"PATH": os.environ["PATH"], **environ, "PORT": str(self.port)}
        self._command = (*command, *arguments)
        self._root = root
        self._process: asyncio.subprocess.Process | Child | None = None
        self._reading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        try:
            await self.ready()
        except BaseException:
            await self.kill()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.end()

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> list[dict[str, Any]]:
        """The log, line by line."""
        return [json.loads(line) for line in self.lines]

    async def start(self) -> None:
        """Start without waiting."""
        self._process = await self._born()
        self._reading = asyncio.create_task(self._read())

    async def ready(self) -> None:
        """Wait until it says that it is ready; its own words when it ends instead."""
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session:
            while not await self._answers(session):
                if self._process is not None and self._process.returncode is not None:
                    raise RuntimeError("the bot ended: " + "\n".join(self.lines[-20:]))
                await asyncio.sleep(0.02)

    async def over(self) -> int:
        """Wait until it ends by itself; its exit code."""
        assert self._process is not None and self._reading is not None
        async with asyncio.timeout(PATIENCE):
            code = await self._process.wait()
            await self._reading
        return code

    async def kill(self) -> None:
        """kill -9."""
        await self._signal(signal.SIGKILL)

    async def end(self) -> int:
        """SIGTERM, and the exit code; kill -9 for one that does not end."""
        try:
            async with asyncio.timeout(PATIENCE + 10):
                await self._signal(signal.SIGTERM)
        except TimeoutError:
            await self.kill()
        assert self._process is not None and self._process.returncode is not None
        return self._process.returncode

    async def _born(self) -> asyncio.subprocess.Process | Child:
        if self.nursery is not None and self._command[0] == PROGRAM and self._root == ROOT:
            return await self.nursery.born(self._command, self._environ)
        pipe, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
        return await asyncio.create_subprocess_exec(
            sys.executable, *self._command, cwd=self._root, env=self._environ, stdout=pipe, stderr=both
        )

    async def _answers(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/readyz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    async def _signal(self, signum: signal.Signals) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signum)
        await self._process.wait()
        if self._reading is not None:
            await self._reading

    async def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        async for line in self._process.stdout:
            self.lines.append(line.decode().rstrip("\n"))
