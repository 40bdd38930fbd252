"""A parent that has read the whole program once and forks a bot for every line it is told: a life that costs little to begin.

A child is a process like any other, with a port, connections and a death of its own. Each line on standard input is a JSON
object of settings; the answer is the child's process id. What still lives when the input ends is killed.
"""

import gc
import json
import os
import signal
import sys
from typing import NoReturn

from app import main
from bot.calendar.calendar import Calendar
from bot.running import serving

ENTRY = serving
"""Read once for all lives, because the program itself reads it only where it serves."""


def live(settings: dict[str, str]) -> NoReturn:
    """The child: the program, told nothing but its settings."""
    os.environ.update(settings)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nowhere, stream)
    os._exit(main([]))


def buried(children: set[int]) -> set[int]:
    """Those that still live; the dead are taken off the process table."""
    return {child for child in children if os.waitpid(child, os.WNOHANG) == (0, 0)}


def nurse() -> None:
    """Fork a child for each line."""
    children: set[int] = set()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(json.loads(line))
        children = buried(children) | {child}
        print(child, flush=True)
    for child in buried(children):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    Calendar().load()
    gc.freeze()
    nurse()
