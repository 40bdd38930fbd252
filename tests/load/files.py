"""How long people wait for an answer while others' long files are read: `python -m tests.load.files`.

The process is `app.py` as it runs in production, asked through its front door; the model answers at once. Needs Linux.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from tests.load.papers import report
from tests.load.reading import forget, resident
from tests.scenarios.firm import Firm
from tests.scenarios.parcels import dropped, file, office
from tests.scenarios.staff import newcomer
from tests.world.database import serving

QUESTIONS, READERS = 60, 3
"""Questions that are asked one after the other, each by somebody new; how many people drop files meanwhile."""
PLENTY = str(10**12)
"""An allowance that is never used up."""


async def question(firm: Firm) -> float:
    """Seconds until somebody is answered."""
    person, began = newcomer(firm), perf_counter()
    await firm.say(person.room, "Hello?", person.person)
    return perf_counter() - began


async def dropping(firm: Firm, data: bytes, taken: list[float]) -> None:
    """One file after the other, each by somebody new; how many seconds each took until it was answered from."""
    while True:
        person, began = newcomer(firm), perf_counter()
        await firm.give(person.room, dropped(person, "What is on page 7?", file(firm, "report.pdf", data)))
        taken.append(perf_counter() - began)


async def run(server: str) -> list[str]:
    """A line each: the answers without and with files, the files, the memory."""
    data, taken = report(), list[float]()
    async with office(server, DAILY_TOKENS_PER_PERSON=PLENTY, DAILY_TOKENS_TENANT=PLENTY) as firm:
        await question(firm)
        alone = [await question(firm) for _ in range(QUESTIONS)]
        forget(firm.bot.pid)
        idle = resident(firm.bot.pid)
        droppers = [asyncio.create_task(dropping(firm, data, taken)) for _ in range(READERS)]
        meanwhile = [await question(firm) for _ in range(QUESTIONS)]
        while not taken:
            meanwhile.append(await question(firm))
        for dropper in droppers:
            dropper.cancel()
        await asyncio.gather(*droppers, return_exceptions=True)
        peak = resident(firm.bot.pid)
    return [
        f"questions alone: {spread(alone)}",
        f"questions while {READERS} people drop 300-page PDFs: {spread(meanwhile)}",
        f"files answered from: {len(taken)}, median {median(taken):.1f} s",
        f"bot: idle {idle:.0f} MB, peak {peak:.0f} MB (+{peak - idle:.0f} MB)",
    ]


def spread(seconds: Sequence[float]) -> str:
    """What half of them took at most, and nineteen of twenty."""
    return f"{len(seconds)}, median {1000 * median(seconds):.0f} ms, 95 % {1000 * quantiles(seconds, n=20)[-1]:.0f} ms"


def main() -> None:
    """With a database of its own."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        print("\n".join(asyncio.run(run(server))), flush=True)


if __name__ == "__main__":
    main()
