"""A Teams that refuses, hangs, or says nonsense, at every call of an answer and in every kind of place."""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiohttp.web import StreamResponse

from tests.faults.asks import Bot, Question, Tally, answered, delivered, tally
from tests.faults.moments import MOMENTS, Moment, asked, at, beginning, further, opening, step
from tests.faults.report import Report
from tests.faults.wrongs import WRONGS, Wrong
from tests.world.door import Answer, Call, Fault
from tests.world.faults import Hang
from tests.world.world import World

TOGETHER = 2
"""Faults that are played at once: more of them would meet the limit that the bot keeps for the tenant."""
GRACE = 2.5
"""Seconds in which a second answer would have come: the schedule's first wait and a little."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What people saw of one fault. `missing`: answers whose second message may be missing, and is."""

    found: Tally
    missing: int
    met: bool
    seconds: float

    def held(self, wrong: Wrong) -> bool:
        """Whether all was as it may be."""
        found, unsure = self.found, wrong.unsure or wrong.missing
        openings = sum(moment.match in (opening, beginning) for moment in MOMENTS)
        return self.met and not found.lost and not found.twice and found.standing <= (openings if unsure else 0)

    def __str__(self) -> str:
        less = f", of {self.missing} the second message is missing" if self.missing else ""
        return f"{self.found}{less}; {self.seconds:.1f} s"


@dataclass(slots=True)
class Planted:
    """A fault that counts how often it was met, and lets go of what hangs in it."""

    fault: Fault
    times: int
    met: int = 0

    async def __call__(self, call: Call, answer: Answer) -> StreamResponse:
        self.met += 1
        return await self.fault(call, answer)

    def release(self) -> None:
        """Nothing hangs any more."""
        if isinstance(self.fault, Hang):
            self.fault.release()


async def wronged(world: World, bot: Bot, wrong: Wrong, numbers: Iterator[int]) -> Outcome:
    """The fault in every kind of place, at every call, all at once."""
    pairs = asked(world, numbers)
    faults = [planted(world, question, moment, wrong) for moment, question in pairs]
    questions = [question for _, question in pairs]
    parts = [question for moment, question in pairs if moment.match is further and wrong.missing]
    began = time.monotonic()
    await asyncio.gather(*(delivered(world, question, (bot,)) for question in questions))
    await answered(world, [question for question in questions if question not in parts], wrong.within)
    seconds = time.monotonic() - began
    await asyncio.sleep(GRACE)
    for fault in faults:
        fault.release()
    # A step may be left out, as one is on a busy machine: every other call was made, and met its fault.
    met = all(
        fault.met == fault.times for fault, (moment, _) in zip(faults, pairs, strict=True) if moment.match is not step
    )
    return Outcome(tally(world, questions), len(tally(world, parts).lost), met, seconds)


def planted(world: World, question: Question, moment: Moment, wrong: Wrong) -> Planted:
    """The fault at its moment. A step is not tried again, and may have no successor."""
    fault = Planted(wrong.make(), 1 if moment.match is step else wrong.times)
    return world.teams.faults.add(fault, when=at(question, moment.match), times=fault.times)


async def play(world: World, bot: Bot, report: Report, numbers: Iterator[int]) -> None:
    """One line for each; some are played at the same time, in other chats."""
    for some in batched(WRONGS, TOGETHER):
        outcomes = await asyncio.gather(*(wronged(world, bot, wrong, numbers) for wrong in some))
        for wrong, outcome in zip(some, outcomes, strict=True):
            report.line(f"teams: {wrong.name}", str(outcome), bar(wrong), held=outcome.held(wrong))


def batched(wrongs: Sequence[Wrong], size: int) -> Iterator[Sequence[Wrong]]:
    """So many at a time."""
    return (wrongs[first : first + size] for first in range(0, len(wrongs), size))


def bar(wrong: Wrong) -> str:
    """What is promised."""
    notes = "a note may be left where its fate is unknown" if wrong.unsure or wrong.missing else "no note left"
    return f"bar: 0 lost, 0 twice, {notes}"
