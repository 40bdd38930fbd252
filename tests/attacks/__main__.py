"""`python -m tests.attacks`: all attacks and what came of them; exit code 1 where anything was let through.

With `--soak`, the long forms of those that have one.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from importlib.util import find_spec

from bot.telemetry import configure
from tests.attacks.report import Report

MODULES = (
    "door",
    "tokens",
    "consumption",
    "silence",
    "addresses",
    "rendering",
    "isolation",
    "injection",
    "store",
)


def attack(name: str, *, soak: bool) -> Callable[[Report], Awaitable[None]] | None:
    """A module's attack, its long form where that is wanted; None where there is none."""
    if find_spec(f"tests.attacks.{name}") is None:
        print(f"{name}: not there yet")
        return None
    module = import_module(f"tests.attacks.{name}")
    found: Callable[[Report], Awaitable[None]] | None = getattr(module, "soak" if soak else "run", None)
    return found


async def attacked(names: tuple[str, ...], *, soak: bool) -> Report:
    """The report of all of them, one after the other."""
    report = Report()
    for name in names:
        run = attack(name, soak=soak)
        if run is not None:
            print(f"{name} …", flush=True)
            await run(report)
    return report


def main(given: list[str]) -> int:
    """Attack, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--soak", action="store_true", help="the long forms")
    parser.add_argument("name", nargs="*", help="some of them; all where none is named")
    options = parser.parse_args(given)
    configure(lambda line: None)  # the bot's own log lines: tests/attacks/silence.py reads them
    report = asyncio.run(attacked(tuple(options.name) or MODULES, soak=options.soak))
    print(report.table())
    return 1 if report.let_through else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
