"""What a process needs, looked at from outside while it lives: memory, connections, open files. Linux only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean

SLACK = {"MB": (1.10, 8.0), "connections": (1.0, 8.0), "files": (1.0, 8.0)}
"""How much more may be needed in the last third: times, and on top of that. The pool of connections grows with its use."""


@dataclass(frozen=True, slots=True)
class Need:
    """One look: resident memory in MB, sockets, and all file descriptors."""

    memory: float
    connections: int
    files: int


@dataclass(frozen=True, slots=True)
class Trend:
    """The mean of each third that matters: name → first, last."""

    thirds: dict[str, tuple[float, float]]

    def __str__(self) -> str:
        return ", ".join(f"{first:.0f} → {last:.0f} {name}" for name, (first, last) in self.thirds.items())

    @property
    def flat(self) -> bool:
        """Whether nothing has grown."""
        return all(last <= first * SLACK[name][0] + SLACK[name][1] for name, (first, last) in self.thirds.items())


@dataclass(slots=True)
class Gauge:
    """The looks at one process."""

    pid: int
    looks: list[Need] = field(default_factory=list)

    def look(self) -> None:
        """One more. Raises `FileNotFoundError` for a process that is no more."""
        self.looks.append(Need(resident(self.pid), *descriptors(self.pid)))

    @property
    def trend(self) -> Trend:
        """From the first third to the last."""
        third = max(1, len(self.looks) // 3)
        first, last = self.looks[:third], self.looks[-third:]
        return Trend(
            {
                "MB": (_mean([one.memory for one in first]), _mean([one.memory for one in last])),
                "connections": (_mean([one.connections for one in first]), _mean([one.connections for one in last])),
                "files": (_mean([one.files for one in first]), _mean([one.files for one in last])),
            }
        )


def resident(pid: int) -> float:
    """Memory in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def descriptors(pid: int) -> tuple[int, int]:
    """Sockets, and all that is open."""
    targets = [_target(path) for path in Path(f"/proc/{pid}/fd").iterdir()]
    return sum(target.startswith("socket:") for target in targets), len(targets)


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except FileNotFoundError:  # closed meanwhile
        return ""


def _mean(values: Sequence[float]) -> float:
    return mean(values) if values else 0.0
