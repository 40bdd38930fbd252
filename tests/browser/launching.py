"""The local world as `make run` starts it, on ports of its own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.browser import needs
from tests.world.bots import free_port
from tests.world.playground.child import Gone, child
from tests.world.playground.layout import ROOT

SETTINGS = ("PORT", "PAGE_PORT", "PLAYGROUND_PORT")
PATIENCE = 90.0
"""Seconds the local world may take to start on a slow machine."""


def ports(count: int) -> Iterator[int]:
    """Free ports below the range the system uses by itself; they stay this process's own."""
    return (free_port(range(28_000, 32_700)) for _ in range(count))


@asynccontextmanager
async def launched(data: Path, **settings: str) -> AsyncIterator[str]:
    """The address that `make run` prints. It keeps in `data` what it keeps; `settings` are more of the environment."""
    needs.playground()
    numbers = dict(zip(SETTINGS, map(str, ports(len(SETTINGS))), strict=True))
    env = {**os.environ, **numbers, "DATA_DIR": str(data), **settings}
    async with child("launcher", sys.executable, "-m", "tests.world.playground", cwd=ROOT, env=env) as launcher:
        writing = asyncio.create_task(launcher.write(data / "launcher.log"))
        try:
            async with asyncio.timeout(PATIENCE):
                found = await launcher.says(rb"is ready: (\S+)")
        except (Gone, TimeoutError):
            pytest.fail(f"The local world did not get ready:\n{launcher.last_words}", pytrace=False)
        yield found[1].decode()
        writing.cancel()
