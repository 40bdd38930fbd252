"""Azure OpenAI in every ill state, before a real bot: answer or clear apology within a minute, failover within five seconds.

Each fault meets so many people at once as `WAVE` says, in a bot and a database of its own.
"""

import asyncio
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dialogs.errors import AssistantError, Blocked, ModelGone, Silent, Unavailable
from tests.faults.ailments import ANSWER, BEGINS, FILTERS, MIDDLE, Ailment, well
from tests.faults.effort import Effort
from tests.faults.regions import Seen, regions
from tests.faults.report import Report
from tests.world.database import FAST, serving

WAVE = 10
SIDES = 3
"""Faults that are played at the same time: most of each is waiting."""
TOLD, OVER = 60.0, 5.0
"""Seconds, at the 99th percentile."""


@dataclass(frozen=True, slots=True)
class Case:
    """A fault, and what everybody reads in the end. `heals`: seconds after which all is well again.

    `queued`: they are told first that they wait, and how many before them. `fails_over`: the second resource is asked in time.
    """

    name: str
    first: Ailment
    second: Ailment = well
    ends: str = ANSWER
    heals: float | None = None
    queued: bool = False
    fails_over: bool = False


def words(error: AssistantError) -> str:
    """What a person reads of it."""
    return error.words


THROTTLED = ("429 with Retry-After", "429 with the limits' reset alone", "429 without headers (capacity)")
SORRY: dict[str, AssistantError] = {
    **dict.fromkeys(("500", "401", "200, a page", "connection broken", "an empty answer"), Unavailable()),
    **dict.fromkeys(("silence before the first byte", "silence after the headers"), Silent()),
    "deployment gone": ModelGone(),
}
"""What is said where both resources are so."""
CASES = (
    *(Case(f"one region: {name}", ailment, fails_over=True) for name, ailment in BEGINS.items()),
    *(Case(f"one region: {name}", ailment) for name, ailment in MIDDLE.items()),
    *(Case(name, ailment, ailment, words(Blocked())) for name, ailment in FILTERS.items()),
    *(Case(f"both: {name}", BEGINS[name], BEGINS[name], words(error)) for name, error in SORRY.items()),
    *(Case(f"both: {name}", MIDDLE[name], MIDDLE[name], words(Unavailable())) for name in list(MIDDLE)[:3]),
    Case(
        "both: silence in the middle", MIDDLE["silence in the middle"], MIDDLE["silence in the middle"], words(Silent())
    ),
    *(Case(f"both for 20 s: {name}", BEGINS[name], BEGINS[name], heals=20, queued=True) for name in THROTTLED),
    Case(
        "one down, the other throttled for 20 s", BEGINS["500"], BEGINS["429 with Retry-After"], heals=20, queued=True
    ),
    Case("both for 10 s: 503", BEGINS["503"], BEGINS["503"], heals=10),
)


@dataclass(slots=True)
class Played:
    """What all people of all faults saw."""

    told: list[float] = field(default_factory=list)
    over: list[float] = field(default_factory=list)


async def run(report: Report, effort: Effort) -> None:
    """Play every fault, some side by side."""
    played, gate = Played(), asyncio.Semaphore(SIDES)
    with tempfile.TemporaryDirectory() as home, serving(Path(home), FAST) as postgres:

        async def one(case: Case) -> None:
            async with gate:
                seen = await play(postgres, case)
            tell(report, case, seen)
            played.told += [each.told for each in seen]
            played.over += [each.over for each in seen if case.fails_over and each.over is not None]

        async with asyncio.TaskGroup() as tasks:
            for case in CASES:
                tasks.create_task(one(case))
    told, over = p99(played.told), p99(played.over)
    seen = (
        f"{len(played.told)} questions, answered or told why not after {told:.1f} s, failover after {over:.1f} s (p99)"
    )
    report.line("models: all of them", seen, f"{TOLD:.0f} s, {OVER:.0f} s", held=told <= TOLD and over <= OVER)


async def play(postgres: str, case: Case, people: int = WAVE) -> list[Seen]:
    """What people see of one fault."""
    async with regions(postgres, case.first, case.second) as place:
        healing = asyncio.create_task(place.heal(case.heals)) if case.heals is not None else None
        try:
            return await place.wave(people, case.ends)
        finally:
            if healing is not None:
                healing.cancel()


def tell(report: Report, case: Case, seen: Sequence[Seen]) -> None:
    """One line of one fault."""
    right = sum(each.text == case.ends and each.alone for each in seen)
    told, ended = (max(getattr(each, name) for each in seen) for name in ("told", "ended"))
    over = max((each.over for each in seen if each.over is not None), default=0.0)
    queued = sum(bool(each.note) for each in seen)
    parts = [
        f"{right} of {len(seen)} {'answered' if case.ends == ANSWER else 'told why not'}, the last after {ended:.1f} s"
    ]
    parts += [f"failover after {over:.1f} s"] if case.fails_over else []
    parts += (
        [f"{queued} told after {told:.1f} s at most that they wait, of {_before(seen)} before them"]
        if case.queued
        else []
    )
    held = right == len(seen) and told <= TOLD and (not case.fails_over or over <= OVER)
    held = held and (not case.queued or queued == len(seen))
    report.line(f"models: {case.name}", "; ".join(parts), bar(case), held=held)


def bar(case: Case) -> str:
    """What is promised of it."""
    wait = f"told within {TOLD:.0f} s, once"
    return f"{wait}, failover {OVER:.0f} s" if case.fails_over else wait


def _before(seen: Sequence[Seen]) -> str:
    numbers = sorted({int(word) for each in seen for word in each.note.split() if word.isdigit()} or {0})
    return f"{numbers[0]} to {numbers[-1]}"


def p99(seconds: Sequence[float]) -> float:
    """Of a hundred, all but one are no longer."""
    ranked = sorted(seconds) or [0.0]
    return ranked[math.ceil(len(ranked) * 0.99) - 1]
