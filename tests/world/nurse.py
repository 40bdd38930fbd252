"""A parent that has read the whole program once and forks a bot for whoever asks: a start then costs a fifth of what it does.

A child is a process like any other, with an environment, a port, connections and a death of its own. Over the socket on standard
input comes a JSON object for each: `argv` and `environ`, and with it the files that are its input, its output and its errors; the
answer is its process id. A number is the id of a child that is over; the answer is its exit code. When the socket ends, all that live are killed.
"""

import gc
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Mapping, Sequence
from typing import NoReturn

from aiohttp import connector

from app import main
from bot.calendar.calendar import Calendar
from bot.checking import checking
from bot.running import serving

ENTRIES = (serving, checking)
"""Read once for all, because the program itself reads them only where it serves or looks."""
MOST = 200_000
"""Bytes of a request."""
STREAMS = 3
"""Files that come with it."""


def live(argv: Sequence[str], environ: Mapping[str, str], files: Sequence[int]) -> NoReturn:
    """The child: the program, told what it would be told on a command line."""
    for stream, file in enumerate(files):
        os.dup2(file, stream)
    os.closerange(3, 64)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = [*argv]
    if "SSL_CERT_FILE" in environ:
        # aiohttp has read whom it trusts when it was imported.
        connector._SSL_CONTEXT_VERIFIED.load_verify_locations(environ["SSL_CERT_FILE"])
    os._exit(ended(argv[1:]))


def ended(arguments: Sequence[str]) -> int:
    """Its exit code, as Python itself would have it."""
    try:
        return main([*arguments])
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def buried(child: int) -> int:
    """The exit code of a child that is over; a signal's number with a minus, as for `subprocess`."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def nurse(door: socket.socket) -> None:
    """Serve until nobody can ask any more."""
    children: set[int] = set()
    while request := socket.recv_fds(door, MOST, STREAMS):
        text, files, *_ = request
        if not text:
            break
        asked = json.loads(text)
        if isinstance(asked, int):
            children.discard(asked)
            door.send(json.dumps(buried(asked)).encode())
            continue
        child = os.fork()
        if child == 0:
            live(asked["argv"], asked["environ"], files)
        for file in files:
            os.close(file)
        children.add(child)
        door.send(json.dumps(child).encode())
    for child in children:
        os.kill(child, signal.SIGKILL)
        buried(child)


if __name__ == "__main__":
    Calendar().load()
    gc.freeze()
    nurse(socket.socket(fileno=0))
