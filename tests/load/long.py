"""Long summaries from end to end: `python -m tests.load.long`, part of `make bench`.

The real pipeline: the dialog, Graph's pages over HTTP, the calls of an Azure model over HTTP, checking. The doubles of
Graph (50 ms a page) and of the model (2 s a call) are processes of their own, so that memory and stalls are those of
the pipeline alone. What is waited for at least is worked out from the calls that were made; see `tests.load.chain`.
Needs Linux.
"""

import argparse
import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import aiohttp

from bot.calendar.calendar import Calendar
from bot.catalogue import Catalogue
from bot.graph.threads import GraphThreads
from bot.models.azure import AzureModel, Resources
from bot.upkeep import settle_memory
from dialogs.points import Section
from dialogs.ports import Desk
from dialogs.prompt import Prompt
from dialogs.streams import closing
from dialogs.summary import summarise
from dialogs.talk import Answer, Ask, Person, Place, Usage, grow
from dialogs.terms import Terms
from dialogs.tree import HANDS
from tests.dialogs.desk import (
    FakeAccount,
    FakeHistory,
    FakeMembers,
    FakeMemory,
    FakeOffice,
    FakeRecords,
    FakeShelf,
    a_summary,
)
from tests.load.chain import Call, Chain, Pace, chain
from tests.load.reading import Case, Measured, graph, measured, served, stall, tokens
from tests.world.completion import Asked, Reply
from tests.world.door import ended
from tests.world.generator import START
from tests.world.openai import DEPLOYMENTS, ModelDouble
from tests.world.people import ADA, APP, TENANT

MILLIS = 50
"""What a page takes."""
CALL = 2.0
"""Seconds that a call of the model takes."""
NOW = START + timedelta(days=14)
"""The clock of the desk, after everything was written."""
SINCE = "since 1 November"
"""What is asked for of a whole channel; of a thread, all of it."""
SHARES = {Section.KEY_POINTS: 5, Section.DECISIONS: 3, Section.ACTIONS: 4, Section.QUESTIONS: 2}
"""How many points of each section the model finds in what it is given."""
BARS = "bars: wall 1.3 x the chain, memory +150 MB, stall 50 ms"


@dataclass(slots=True)
class Watched:
    """A model whose calls are noted."""

    model: AzureModel
    calls: list[Call] = field(default_factory=list)
    writes: bool = True
    sees: bool = False

    @property
    def name(self) -> str:
        """As the model's."""
        return self.model.name

    @property
    def window(self) -> int:
        """As the model's."""
        return self.model.window

    def count(self, text: str) -> int:
        """As the model does."""
        return self.model.count(text)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """As the model does."""
        began = time.perf_counter()
        async with closing(self.model.stream(prompt)) as pieces:
            async for piece in pieces:
                yield piece
        self.calls.append(Call(began, time.perf_counter(), len(prompt.posts)))


def honest(asked: Asked) -> Reply:
    """A summary of what it was given, in the words that stand there, spoken over the time a call takes."""
    records = asked.documents
    points = merged(records) if "section" in records[0] else noticed(records)
    reply = Reply(a_summary(**points))
    due = time.monotonic() + CALL
    pieces = len(reply.said)

    async def pause(piece: int) -> None:
        """The words come evenly in the second half of the time."""
        left = (pieces - 1 - piece) / pieces * CALL / 2
        await asyncio.sleep(due - left - time.monotonic())

    return Reply(reply.text, pause=pause)


def noticed(records: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Messages from everywhere, as many as a summary has points."""
    spread = iter(records[:: max(1, len(records) // sum(SHARES.values()))])
    return {section.value: [point(record) for record in islice(spread, most)] for section, most in SHARES.items()}


def point(record: dict[str, Any]) -> dict[str, Any]:
    """A message as a point; what an action has besides does no harm to the others."""
    return {"text": record["text"], "ids": [record["id"]], "owner": record["author"], "due": None}


def merged(records: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
    """Of the drafts those from everywhere that fit into one summary."""
    found = {section.value: [one for one in records if one["section"] == section] for section in Section}
    return {
        section.value: found[section.value][:: max(1, len(found[section.value]) // most)]
        for section, most in SHARES.items()
    }


async def serve() -> None:
    """The model, until this process is told to end."""
    async with ModelDouble(honest) as model:
        print(model.url, flush=True)
        await ended()


@dataclass(frozen=True, slots=True)
class Result:
    """A summary, the calls made for it and what it took."""

    answer: Answer
    calls: Sequence[Call]
    took: Measured


@dataclass(frozen=True, slots=True)
class Bench:
    """The parts that all summaries share."""

    session: aiohttp.ClientSession
    address: str
    resources: Resources
    calendar: Calendar
    catalogue: Catalogue

    async def summary(self, place: Place) -> Result:
        """One summary, as a person asks for it."""
        person = Person(ADA.id, TENANT, ADA.name, ADA.locale, ADA.zone)
        model = Watched(AzureModel(self.resources, DEPLOYMENTS[0], unmetered))
        ask = Ask("ask", person, place, "" if place.thread else SINCE)
        answer, took = await measured(lambda: shown(ask, self._desk(person, model)))
        return Result(answer, model.calls, took)

    def _desk(self, person: Person, model: Watched) -> Desk:
        """A new reader each time, so that none finds the pace of the one before used up."""
        return Desk(
            model=model,
            history=FakeHistory(),
            threads=GraphThreads(self.session, self.address, tokens, APP),
            calendar=self.calendar,
            words=self.catalogue.words(person),
            memory=FakeMemory(),
            members=FakeMembers(),
            account=FakeAccount(),
            terms=Terms(retention_days=30),
            now=NOW,
            shelf=FakeShelf(),
            records=FakeRecords(),
            office=FakeOffice(),
        )


def unmetered(usage: Usage) -> None:
    """Nobody counts what a bench takes."""


async def shown(ask: Ask, desk: Desk) -> Answer:
    """What stands there at the end."""
    answer = Answer()
    async for part in summarise(ask, desk):
        answer = grow(answer, part)
    return answer


async def run(repeat: int) -> None:
    """Print a line for each case, as often."""
    with graph(MILLIS) as (address, every), served("tests.load.long", "--serve") as (model,):
        resources = Resources((model,), token, lambda: datetime.now(UTC))
        calendar = Calendar()
        calendar.load()
        async with aiohttp.ClientSession() as session:
            bench = Bench(session, address, resources, calendar, Catalogue())
            await bench.summary(every[-1].place)
            settle_memory()
            for case in every[:2] * repeat:
                print(line(case, await bench.summary(case.place)), flush=True)
        await resources.close()
    print(BARS)


async def token() -> str:
    """What opens the model."""
    return "good"


def line(case: Case, result: Result) -> str:
    """The figures of a case beside the longest chain that must wait."""
    least = chain(result.calls, case.pages, Pace(MILLIS / 1000, CALL, HANDS))
    took = result.took
    return (
        f"{case.name}: {composed(result.calls)}, {took.seconds:.2f} s, "
        f"longest chain {least.seconds:.2f} s ({steps(least)}), {took.seconds / least.seconds:.2f} x; "
        f"memory +{took.memory:.0f} MB, {stall(took)}; {len(result.answer.cites)} citations, "
        f"{result.answer.dropped} points dropped"
    )


def composed(calls: Sequence[Call]) -> str:
    """Which calls there were."""
    pieces = sum(1 for call in calls if call.posts)
    return f"{sum(call.posts for call in calls):,} read by the model in {pieces} pieces, {len(calls)} calls"


def steps(least: Chain) -> str:
    """What a chain is made of."""
    return (
        f"{least.pages} pages x {MILLIS} ms + {least.waves} waves x {CALL:.0f} s + {least.levels} levels x {CALL:.0f} s"
    )


def main() -> None:
    """Measure and print, or be the model."""
    parser = argparse.ArgumentParser(description="Measure long summaries.")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--serve", action="store_true", help="be the model's double instead")
    given = parser.parse_args()
    asyncio.run(serve() if given.serve else run(given.repeat))


if __name__ == "__main__":
    main()
