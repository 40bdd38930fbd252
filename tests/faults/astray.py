"""The bot on a machine that is not well: its clock is off, or its resolver fails or hangs, as a file says while it runs.

Configured by the environment like `app.py`. `CONDITION` names the file (see `tests.faults.condition`); beside it stands what
the loop's own pulse felt: a line for each stall with the time (CLOCK_MONOTONIC) and its seconds, less those for which other
processes had the core.
"""

import asyncio
import os
import socket
import sys
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from app import report
from bot.foundation import Machine
from bot.lookups import Loop
from bot.running import serving
from bot.settings import read
from bot.telemetry import configure
from tests.faults.condition import Condition

BEAT = 0.005
"""Seconds between two beats."""
FELT = 0.010
"""Shorter stalls are not written down."""
RIGHT = time.time


def clock(condition: Condition) -> float:
    """The seconds since 1970 that this machine believes in."""
    return RIGHT() + condition.now.clock


def look(condition: Condition, host: Any, port: Any, *rest: Any) -> list[Any]:
    """A resolver that is away for some ports; a server that hangs is asked for as long as the system's own would."""
    until = time.monotonic() + 30
    while condition.now.hangs(port) and time.monotonic() < until:
        time.sleep(0.05)
    if condition.now.fails(port) or condition.now.hangs(port):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
    return socket.getaddrinfo(host, port, *rest)


def queued() -> float:
    """Seconds for which this thread was ready to run and others had the core."""
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9


async def pulse(book: Path) -> None:
    """Writes down every stall, until cancelled."""
    with book.open("a", buffering=1) as lines:
        while True:
            before, others = time.monotonic(), queued()
            await asyncio.sleep(BEAT)
            stall = time.monotonic() - before - BEAT - (queued() - others)
            if stall > FELT:
                lines.write(f"loop {time.monotonic()} {stall}\n")


async def reading(book: Path) -> None:
    """Writes down how long a thread was waited for that would have read a file, until cancelled."""
    with book.open("a", buffering=1) as lines:
        while True:
            before = time.monotonic()
            await asyncio.to_thread(book.stat)
            waited = time.monotonic() - before
            if waited > FELT:
                lines.write(f"threads {time.monotonic()} {waited}\n")
            await asyncio.sleep(10 * BEAT)


async def main(condition: Condition) -> int:
    """Serve, with a hand on the pulse."""
    machine = Machine(lambda: datetime.fromtimestamp(clock(condition), UTC), report)
    watching = [asyncio.create_task(each(condition.book)) for each in (pulse, reading)]
    code = await serving(read(os.environ, local=False), machine)
    for watch in watching:
        watch.cancel()
    return code


if __name__ == "__main__":
    configure(partial(print, end="", flush=True))
    found = Condition(Path(os.environ["CONDITION"]))
    # The libraries' clock too, which nobody can hand them: azure-identity reckons with it until when a token is good.
    time.time = partial(clock, found)
    with asyncio.Runner(loop_factory=partial(Loop, partial(look, found))) as runner:
        sys.exit(runner.run(main(found)))
