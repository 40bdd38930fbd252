"""Bots that are forked from a parent which has read the program already; see `tests.world.nurse`.

nursery = Nursery()                                         # starts nothing yet
process = await nursery.born(("app.py",), environ)          # like one of asyncio.subprocess
"""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2]
"""Where the program stands."""
ANSWER = 100
"""Bytes of what the nurse answers."""


class Nursery:
    """One parent for all who ask, started for the first of them. Not for several threads."""

    def __init__(self) -> None:
        self._door: socket.socket | None = None
        self._nurse: subprocess.Popen[bytes] | None = None

    @property
    def own(self) -> set[int]:
        """The process id of the nurse, as long as there is one."""
        return set() if self._nurse is None else {self._nurse.pid}

    async def born(
        self,
        argv: Sequence[str],
        environ: Mapping[str, str],
        output: int | None = None,
        errors: int | None = None,
        typed: int | None = None,
    ) -> "Child":
        """A process of the program with these arguments and nothing else in its environment.

        What it prints goes to the file `output`, or can be read from the child's `stdout`; its errors go there too unless
        they have a file of their own. It reads from the file `typed`, or nothing.
        """
        reading, writing = os.pipe() if output is None else (None, os.dup(output))
        nothing = os.open(os.devnull, os.O_RDONLY)
        files = (nothing if typed is None else typed, writing, writing if errors is None else errors)
        try:
            pid = self._asked({"argv": list(argv), "environ": dict(environ)}, *files)
        finally:
            os.close(writing)
            os.close(nothing)
        child = Child(pid, self)
        if reading is not None:
            await child.listen(reading)
        return child

    def buried(self, pid: int) -> int:
        """The exit code of a child that is over. With the nurse, all end that lived."""
        return -signal.SIGKILL if self._door is None else self._asked(pid)

    def close(self) -> None:
        """All that live are killed."""
        if self._door is not None and self._nurse is not None:
            self._door.close()
            self._nurse.wait()
            self._door = self._nurse = None

    def _asked(self, request: object, *files: int) -> int:
        door = self._door or self._started()
        socket.send_fds(door, [json.dumps(request).encode()], files)
        answer = door.recv(ANSWER)
        if not answer:
            raise RuntimeError("the nurse is gone")
        return int(json.loads(answer))

    def _started(self) -> socket.socket:
        """The way to a new nurse, who ends with this process."""
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._nurse = subprocess.Popen(
                [sys.executable, "-m", "tests.world.nurse"],
                cwd=FOLDER,
                env={"PATH": os.environ["PATH"]},
                stdin=theirs.fileno(),
                start_new_session=True,
            )
        atexit.register(self.close)
        return self._door


class Child:
    """A process that the nurse forked, with what is used of `asyncio.subprocess.Process`."""

    def __init__(self, pid: int, nursery: Nursery) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self.stdout: asyncio.StreamReader | None = None
        self._nursery = nursery
        self._end = os.pidfd_open(pid)
        self._over = asyncio.Event()
        asyncio.get_running_loop().add_reader(self._end, self._ended)

    async def listen(self, pipe: int) -> None:
        """What it prints can be read from `stdout`."""
        self.stdout = asyncio.StreamReader()
        protocol = asyncio.StreamReaderProtocol(self.stdout)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(pipe, "rb", 0))

    async def wait(self) -> int:
        """Its exit code, once it is over."""
        await self._over.wait()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, signum: signal.Signals) -> None:
        """Unless it is over."""
        if self.returncode is None:
            signal.pidfd_send_signal(self._end, signum)

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._end)
        try:
            self.returncode = self._nursery.buried(self.pid)
        finally:
            os.close(self._end)
            self._over.set()
