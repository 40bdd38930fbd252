"""`python -m tests.faults`: every fault and what came of it; exit code 1 where a promise did not hold.

With names, only those: `python -m tests.faults database teams`. `--times` is how often each phase is killed.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module

from tests.faults.effort import Effort
from tests.faults.report import Report

MODULES = ("processes", "database", "teams", "models", "identity")


async def played(names: tuple[str, ...], effort: Effort) -> Report:
    """The report of all of them, one after the other."""
    report = Report()
    for name in names:
        run: Callable[[Report, Effort], Awaitable[None]] = import_module(f"tests.faults.{name}").run
        print(f"{name} …", flush=True)
        await run(report, effort)
    return report


def main(given: list[str]) -> int:
    """Break everything, and say what held."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("name", nargs="*", help="some of them; all where none is named")
    parser.add_argument("--times", type=int, default=Effort().times, help="kills of each phase")
    options = parser.parse_args(given)
    report = asyncio.run(played(tuple(options.name) or MODULES, Effort(options.times)))
    print(f"{len(report.lines)} faults, {len(report.broken)} promises broken")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
