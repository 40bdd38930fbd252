"""Processes that never outlive this one."""

import asyncio
import contextlib
import ctypes
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

PR_SET_PDEATHSIG = 1
GRACE = 25.0
"""Seconds between asking a process to end and ending it; the bot finishes what it has begun."""
TAIL = 8_000
"""Bytes of a process's last words that are kept."""


class Gone(Exception):
    """A process ended by itself; the message holds its name and its last words."""


class Child:
    """A running process whose output goes into a log file."""

    def __init__(self, name: str, process: Process) -> None:
        self.name = name
        self._process = process
        self._said = b""
        self._over = False
        self._news = asyncio.Condition()

    async def write(self, log: Path) -> None:
        """Its output into a file, as long as somebody holds it open."""
        assert self._process.stdout is not None
        with log.open("wb") as file:
            while chunk := await self._process.stdout.read(TAIL):
                file.write(chunk)
                file.flush()
                await self._tell(chunk)
        self._over = True
        await self._tell(b"")

    async def _tell(self, chunk: bytes) -> None:
        async with self._news:
            self._said = (self._said + chunk)[-TAIL:]
            self._news.notify_all()

    async def ended(self) -> None:
        """Raises `Gone` when the process ends."""
        code = await self._process.wait()
        raise Gone(f"{self.name} ended with exit code {code}:\n{self.last_words}")

    async def says(self, pattern: bytes) -> re.Match[bytes]:
        """The first match in what it prints; `Gone` when it falls silent for good without."""
        async with self._news:
            await self._news.wait_for(lambda: self._over or re.search(pattern, self._said))
            found = re.search(pattern, self._said)
        if found is None:
            raise Gone(f"{self.name} ended:\n{self.last_words}")
        return found

    @property
    def last_words(self) -> str:
        return "\n".join(self._said.decode(errors="replace").strip().splitlines()[-20:])


@asynccontextmanager
async def child(name: str, *command: str | Path, cwd: Path, env: Mapping[str, str]) -> AsyncIterator[Child]:
    """A process of its own session, so that Ctrl-C reaches it only through us, in our order."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=cwd,
        env=dict(env),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        start_new_session=True,
        preexec_fn=die_with_parent if sys.platform == "linux" else None,
    )
    try:
        yield Child(name, process)
    finally:
        await end(process)


def die_with_parent() -> None:
    """Runs in the child: even if we are killed, it is told to end."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def end(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(GRACE):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def words(errors: BaseExceptionGroup[BaseException]) -> list[str]:
    """What each says; groups inside groups are opened."""
    found: list[str] = []
    for error in errors.exceptions:
        found += words(error) if isinstance(error, BaseExceptionGroup) else [str(error) or "It did not start in time."]
    return found
