"""kill -9 at random under load: every accepted message must have exactly one answer in the chat.

    python -m tests.load.kill [--messages 200] [--kills 10] [--seed 1]

Two processes on one database; `make faults` does the same, and worse, to three. A placeholder that was shown but whose id
was not saved before the kill may be left standing without an answer; those are counted and printed.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.faults.asks import echo
from tests.faults.kills import Course, course
from tests.world.database import FAST, fresh, serving
from tests.world.world import World

SPAN = 2.5
"""Seconds a kill takes, until the process is back."""


async def run(messages: int, kills: int, seed: int, database: str) -> Course:
    """One run of about so many messages."""
    async with World(answer=echo) as world:
        return await course(world, database, bots=2, kills=kills, rate=messages / (SPAN * kills), seed=seed)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, serving(Path(home), FAST) as postgres, fresh(postgres) as database:
        print(asyncio.run(run(given.messages, given.kills, given.seed, database)))


if __name__ == "__main__":
    main()
