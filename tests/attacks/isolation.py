"""The isolation walk: 100,000 steps through the house, and the shortest way to a leak where there is one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.attacks.markers import Leak
from tests.attacks.report import Report
from tests.attacks.steps import Step, steps
from tests.attacks.walk import Hole, sound, walked
from tests.world.database import fresh, serving

STEPS = 100_000
SEED = 7
TRIES = 40
"""How often a way that leads to a leak is walked again to make it shorter."""
Leads = Callable[[Sequence[Step]], str]
"""What was seen on a way, "" for nothing."""


@dataclass(frozen=True, slots=True)
class Walked:
    """How a walk went: what was asked and seen, and the leak with the way there."""

    seed: int
    asked: int = 0
    marks: int = 0
    faults: tuple[BaseException, ...] = ()
    leak: str = ""
    way: tuple[Step, ...] = ()

    def __str__(self) -> str:
        way = "\n".join(f"  {step.verb} {step.seed}" for step in self.way)
        return f"seed {self.seed}, {len(self.way)} steps:\n{way}\n{self.leak}"


def walk(seed: int, many: int, database: str, home: Path, hole: Hole = sound) -> Walked:
    """One walk of so many steps."""
    way = steps(seed, many)
    try:
        done = walked(seed, way, database, home, hole)
    except Leak as leak:
        short = shorter(way[: leak.step], lambda some: leaks(seed, some, database, home, hole))
        return Walked(seed, leak=str(leak), way=tuple(short))
    return Walked(seed, done.asked, len(done.town.marks.sources), tuple(done.premises.faults))


def leaks(seed: int, way: Sequence[Step], database: str, home: Path, hole: Hole) -> str:
    """What is seen on a way that must not be."""
    try:
        walked(seed, way, database, home, hole)
    except Leak as leak:
        return str(leak)
    return ""


def shorter(way: Sequence[Step], leads: Leads, tries: int = TRIES) -> list[Step]:
    """A shorter way that leads to a leak too, by leaving out ever smaller parts of it."""
    found, part = list(way), len(way) // 2
    while part and tries > 0:
        start = 0
        while start < len(found) and tries > 0:
            without, tries = found[:start] + found[start + part :], tries - 1
            if without and leads(without):
                found = without
            else:
                start += part
        part //= 2
    return found


async def run(report: Report) -> None:
    """All steps, on a database of its own."""
    found = await asyncio.to_thread(alone, STEPS)
    report.count("isolation: steps of a walk", STEPS, bool(found.leak))
    report.remark(
        str(found) if found.leak else f"isolation: {found.asked:,} asks, {found.marks:,} marks, seed {found.seed}"
    )


def alone(many: int, seed: int = SEED) -> Walked:
    """A walk with a server of its own."""
    with (
        TemporaryDirectory() as data,
        TemporaryDirectory() as home,
        serving(Path(data)) as postgres,
        fresh(postgres) as database,
    ):
        return walk(seed, many, database, Path(home))
