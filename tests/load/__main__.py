"""All figures side by side in one run: `make bench`, or `python -m tests.load [--only NAME …] [--seconds 8]`.

Each row has a database server of its own. Where a bot is pinned to one core, the driver, the doubles and the database
share the other. Needs Linux and two cores.
"""

import argparse
import asyncio
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.load import budget, export, footprint, growth, kill, papers, rendering, sweep
from tests.load.accept import accept
from tests.load.machine import DRIVING, every_core
from tests.load.processes import processes
from tests.load.refusal import refusal
from tests.load.speed import latency, speed
from tests.load.start import start
from tests.load.statements import statements
from tests.load.streams import first, streams
from tests.world.database import fresh, serving

DURABLE: tuple[str, ...] = ("fsync=on", "max_connections=200")
Row = Callable[[str, float], Coroutine[Any, Any, str]]
PINNED: Mapping[str, Row] = {
    "speed": speed,
    "latency": latency,
    "accept": accept,
    "first": first,
    "streams": streams,
    "refusal": refusal,
    "statements": statements,
}
"""What has a core of its own for the bot."""
SPREAD: Mapping[str, Row] = {"processes": processes, "start": start}
"""What may use every core."""


def row(measure: Row, seconds: float, cores: set[int]) -> None:
    """One of them, on a server of its own."""
    os.sched_setaffinity(0, cores)
    with tempfile.TemporaryDirectory() as home, serving(Path(home), DURABLE) as postgres:
        print(asyncio.run(measure(postgres, seconds)), flush=True)
    os.sched_setaffinity(0, every_core())


def killing() -> None:
    """kill -9 at random."""
    with tempfile.TemporaryDirectory() as home, serving(Path(home), DURABLE) as postgres, fresh(postgres) as database:
        print(asyncio.run(kill.run(200, 10, 1, database)))


def keeping() -> None:
    """What keeping costs: a long conversation, an export, a budget under siege, a sweep of a million rows."""
    print(asyncio.run(growth.run()))
    with tempfile.TemporaryDirectory() as home, serving(Path(home), DURABLE) as postgres:
        asyncio.run(export.export(postgres))
        for each in (budget, sweep):
            with fresh(postgres) as database:
                print(asyncio.run(each.run(database)))


def files() -> None:
    """What reading a file costs, and showing an answer."""
    papers.main()
    rendering.main([])


def long() -> None:
    """Long summaries, in a process of its own, so that the memory of what was measured before is not used again."""
    subprocess.run([sys.executable, "-m", "tests.load.long"], check=True)
    footprint.main()


def threads() -> None:
    """Summaries of recorded threads, where there are any."""
    found = sorted(Path("../shared/threads").glob("*[!e].json"))
    if found:
        subprocess.run([sys.executable, "-m", "tests.load.threads", *map(str, found)], check=True)


OTHERS: Mapping[str, Callable[[], None]] = {
    "kill": killing,
    "keeping": keeping,
    "files": files,
    "long": long,
    "threads": threads,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure side by side and print.")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--only", nargs="+", choices=(*PINNED, *SPREAD, *OTHERS))
    given = parser.parse_args()
    wanted = given.only or (*PINNED, *SPREAD, *OTHERS)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{datetime.now(UTC):%Y-%m-%d}  {machine}", flush=True)
    for name in wanted:
        if name in OTHERS:
            OTHERS[name]()
        else:
            row({**PINNED, **SPREAD}[name], given.seconds, {DRIVING} if name in PINNED else every_core())


if __name__ == "__main__":
    main()
