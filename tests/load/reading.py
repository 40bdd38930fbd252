"""Reading a long thread and a busy channel, measured: `python -m tests.load.reading [--millis 50]`.

Graph's double runs in a process of its own, so that memory and stalls are those of the reader alone. What is measured
is any callable that is handed the batches: `reading` counts messages, a summary may do more with them.
"""

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TypeVar

import aiohttp

from bot.graph.threads import GraphThreads
from dialogs.talk import Omitted, Person, Place, PlaceKind, Post, Window
from tests.world.door import ended
from tests.world.generator import generate, generate_channel
from tests.world.graph import GraphDouble
from tests.world.people import ADA, APP, CHANNEL, TEAM, TENANT

T = TypeVar("T")
PERSON = Person(ADA.id, TENANT)
QUIET = f"19:quiet{CHANNEL.conversation[8:]}"
"""A channel with nothing in it but the long thread and the small one."""
LONG, POSTS, THREADS, SMALL = 2_000, 10_000, 400, 90
NAP = 0.005
"""Seconds between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Case:
    """A place to read, and how many pages must be fetched one after the other."""

    name: str
    place: Place
    pages: int


@dataclass(frozen=True, slots=True)
class Measured:
    """What a piece of work took: seconds, MB of resident memory above before, and the longest stall of the loop in ms.

    `ran` is how many ms of that stall this process had a core: for the rest the machine was busy elsewhere.
    """

    seconds: float
    memory: float
    stall: float
    ran: float


@dataclass(slots=True)
class Watch:
    """Looks at the clock at every nap while work is under way."""

    stall: float = 0.0
    ran: float = 0.0

    async def look(self) -> None:
        """Until it is cancelled."""
        while True:
            before, cpu = time.perf_counter(), time.process_time()
            await asyncio.sleep(NAP)
            stall = time.perf_counter() - before - NAP
            if stall > self.stall:
                self.stall, self.ran = stall, time.process_time() - cpu


def resident(process: int | str = "self") -> float:
    """The highest resident memory of a process in MB since `forget`."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def forget(process: int | str = "self") -> None:
    """Let the highest memory of a process begin anew."""
    Path(f"/proc/{process}/clear_refs").write_text("5")


async def measured(work: Callable[[], Awaitable[T]]) -> tuple[T, Measured]:
    """The work's result and what it took."""
    forget()
    watch, before, began = Watch(), resident(), time.perf_counter()
    watching = asyncio.create_task(watch.look())
    try:
        result = await work()
    finally:
        watching.cancel()
    seconds = time.perf_counter() - began
    return result, Measured(seconds, resident() - before, watch.stall * 1000, watch.ran * 1000)


async def reading(batches: AsyncIterator[Sequence[Post | Omitted]]) -> list[Sequence[Post | Omitted]]:
    """Keeps everything, as a summary must until it is made."""
    return [batch async for batch in batches]


def cases(root: str, small: str) -> tuple[Case, Case, Case]:
    """The long thread, the busy channel, and a small thread to warm up with."""
    channel = Place(PlaceKind.CHANNEL, CHANNEL.conversation, TEAM, CHANNEL.channel)
    return (
        Case(f"thread of {LONG:,} messages", thread(root), ceil((LONG - 1) / 50)),
        Case(f"channel, {POSTS:,} messages in {THREADS} threads", channel, ceil(THREADS / 50)),
        Case(f"thread of {SMALL} messages", thread(small), ceil((SMALL - 1) / 50)),
    )


def thread(root: str) -> Place:
    """A thread of the quiet channel."""
    return Place(PlaceKind.CHANNEL, f"{QUIET};messageid={root}", TEAM, QUIET, root)


async def serve(millis: int) -> None:
    """Graph with both places in it, until this process is told to end."""
    async with GraphDouble() as graph:
        quiet = (
            generate(n, posts=size, people=9, conversation=QUIET, lane=(n, 2)) for n, size in enumerate((LONG, SMALL))
        )
        roots = [str(graph.load(one.record)[0]["id"]) for one in quiet]
        for one in generate_channel(2, threads=THREADS, posts=POSTS):
            graph.load(one.record)
        graph.millis = millis
        print(graph.url, *roots, flush=True)
        await ended()


@contextmanager
def graph(millis: int) -> Iterator[tuple[str, tuple[Case, Case, Case]]]:
    """The double in a process of its own: its address, and what can be read there."""
    with served("tests.load.reading", "--serve", "--millis", str(millis)) as (url, root, small):
        yield url, cases(root, small)


@contextmanager
def served(*module: str) -> Iterator[list[str]]:
    """A module as a process of its own; the words of its first line."""
    with subprocess.Popen([sys.executable, "-m", *module], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield (process.stdout.readline() if process.stdout else "").split()
        finally:
            process.terminate()


async def tokens(person: Person) -> Sequence[str]:
    """What opens the double."""
    return ("good",)


async def run(millis: int) -> list[str]:
    """A line for each case."""
    found = []
    with graph(millis) as (url, every):
        async with aiohttp.ClientSession() as session:
            for case in every[:2]:
                threads = GraphThreads(session, url, tokens, APP)

                async def work(threads: GraphThreads = threads, case: Case = case) -> int:
                    return sum(map(len, await reading(threads.read(PERSON, case.place, Window()))))

                found.append(line(case, millis, *await measured(work)))
    return found


def line(case: Case, millis: int, count: int, took: Measured) -> str:
    """The figures of a case beside the longest chain of pages that must wait for each other."""
    chain = case.pages * millis / 1000
    return (
        f"{case.name}: {count:,} read in {took.seconds:.2f} s, longest chain {chain:.2f} s "
        f"({took.seconds / chain:.2f} x); memory +{took.memory:.0f} MB, {stall(took)}"
    )


def stall(took: Measured) -> str:
    """The longest stall in words."""
    return f"longest stall {took.stall:.0f} ms ({took.ran:.0f} of them running)"


def main() -> None:
    """Measure and print, or be the double."""
    parser = argparse.ArgumentParser(description="Measure the reading of messages.")
    parser.add_argument("--millis", type=int, default=50, help="what a page takes")
    parser.add_argument("--serve", action="store_true", help="be Graph's double instead")
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(given.millis))
    else:
        print(*asyncio.run(run(given.millis)), sep="\n")


if __name__ == "__main__":
    main()
