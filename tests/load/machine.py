"""What the kernel says of processes, and on which core they run. Needs Linux."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

DRIVING = 0
"""The core of the driver, the doubles and the database."""
SERVING = 1
"""The core of the bot that is measured."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process."""

    pid: int

    @property
    def cpu(self) -> float:
        """Seconds of CPU used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self) -> float:
        """Resident memory in MB."""
        return self._memory("VmRSS")

    @property
    def peak(self) -> float:
        """The most resident memory so far, in MB."""
        return self._memory("VmHWM")

    def pin(self, cores: Iterable[int]) -> None:
        """Keep it, with every thread that it has by now, on these cores."""
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), set(cores))

    def _memory(self, name: str) -> float:
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def busy() -> float:
    """Seconds of CPU that all cores together have worked since the machine was started."""
    user, nice, system, _, _, irq, soft, *_ = map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:])
    return (user + nice + system + irq + soft) / os.sysconf("SC_CLK_TCK")


def every_core() -> set[int]:
    """All there are."""
    return set(range(os.cpu_count() or 1))
