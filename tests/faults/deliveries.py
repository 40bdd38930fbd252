"""Every activity up to five times, to three processes, out of order: answered once, as people see it."""

import asyncio
import random
from collections.abc import Iterator, Sequence

from tests.faults.asks import Bot, Question, answered, ask, delivered, place, tally
from tests.faults.report import Report
from tests.world.world import World

MESSAGES = 120
ROOMS = 24
MOST = 5
TOGETHER = 20
"""Deliveries that are under way at once."""
GRACE = 5.0
"""Seconds in which late deliveries, and second answers to them, would be seen."""


def written(world: World, numbers: Iterator[int]) -> list[Question]:
    """Messages in personal and group chats, several in each."""
    rooms = [place(("personal", "group")[each % 2], 40_000 + each) for each in range(ROOMS)]
    return [ask(world, next(numbers), rooms[each % ROOMS]) for each in range(MESSAGES)]


def shuffled(asked: Sequence[Question], chance: random.Random) -> list[Question]:
    """Each between once and `MOST` times, in any order."""
    found = [question for question in asked for _ in range(chance.randint(1, MOST))]
    chance.shuffle(found)
    return found


async def play(world: World, bots: Sequence[Bot], report: Report, numbers: Iterator[int]) -> None:
    """One line."""
    chance, asked = random.Random(8), written(world, numbers)
    deliveries, room = shuffled(asked, chance), asyncio.Semaphore(TOGETHER)

    async def bring(question: Question) -> None:
        async with room:
            await delivered(world, question, chance.sample(bots, len(bots)))

    await asyncio.gather(*map(bring, deliveries))
    await answered(world, asked, 60)
    # Once more, when all has been answered long since.
    await asyncio.gather(*map(bring, chance.sample(asked, len(asked) // 2)))
    await asyncio.sleep(GRACE)
    found = tally(world, asked)
    seen = f"{len(deliveries) + len(asked) // 2} deliveries over {len(bots)} processes: {found}"
    held = not (found.lost or found.twice or found.standing)
    report.line(f"teams: delivered up to {MOST} times, out of order", seen, "bar: 0 lost, 0 twice", held=held)
