"""`python -m tests.drill`: the restore drill, a line for each; exit code 1 where something did not hold.

With names, only those: the points at which the database is destroyed, and `stream`, `mistake`, `dump`. `--seed` repeats a
run; without it each is another.
"""

import argparse
import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from tests.drill import latest, logical, past
from tests.drill.points import POINTS
from tests.drill.primary import Way
from tests.faults.report import Report

DRILLS: Mapping[str, Callable[[int, Report], Awaitable[None]]] = {
    **{point: partial(latest.play, point, Way.ARCHIVE) for point in POINTS},
    "stream": partial(latest.play, "under load", Way.STREAM),
    "mistake": past.play,
    "dump": logical.play,
}


async def drilled(names: Sequence[str], seed: int) -> Report:
    """The report of these, one after the other."""
    report = Report()
    for name in names:
        await DRILLS[name](seed, report)
    return report


def main(given: list[str]) -> int:
    """Lose it all, and say what came back."""
    parser = argparse.ArgumentParser(prog="python -m tests.drill", description=__doc__)
    parser.add_argument("name", nargs="*", help=f"some of them: {', '.join(DRILLS)}; all where none is named")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(100_000), help="where chance begins")
    options = parser.parse_args(given)
    if unknown := set(options.name) - set(DRILLS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    print(f"seed {options.seed}", flush=True)
    report = asyncio.run(drilled(options.name or tuple(DRILLS), options.seed))
    print(f"{len(report.lines)} lines, {len(report.broken)} promises broken")
    return 1 if report.broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
