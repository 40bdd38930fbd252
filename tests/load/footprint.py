"""The memory of a real bot while it sums up a busy channel: `python -m tests.load.footprint`, part of `make bench`.

The process is `app.py` as it runs in production, asked through its front door. Needs Linux.
"""

import asyncio
import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.load.long import MILLIS, honest
from tests.load.reading import POSTS, SMALL, THREADS, forget, resident
from tests.world.activities import message
from tests.world.bots import BotProcess, url
from tests.world.database import fresh, serving
from tests.world.generator import generate, generate_channel
from tests.world.people import ADA, CHANNEL, Room
from tests.world.world import World

BUSY = replace(CHANNEL, conversation="19:busy@thread.tacv2", channel="19:busy@thread.tacv2")
QUIET = replace(CHANNEL, conversation="19:quiet@thread.tacv2", channel="19:quiet@thread.tacv2")
AGO = timedelta(days=9)
"""When the first thread begins; they begin within five days, and some go on for two."""
PATIENCE = 90.0
"""Seconds an answer may take."""
COVERAGE = re.compile(r"Read [\d,]+ of [\d,]+ messages")


async def run(database: str) -> str:
    """The memory before, and the most of it meanwhile."""
    async with World(answer=honest) as world:
        small = planted(world)
        environ = world.environ(DATABASE_URL=url(database), REQUIRE_SIGN_IN="false")
        async with BotProcess(environ) as bot:
            world.bot = bot.url
            await asked(world, QUIET.at(small), message(QUIET.at(small), ADA, "summarise"))
            forget(bot.pid)
            idle, began = resident(bot.pid), perf_counter()
            activity = message(BUSY, ADA, "summarise the last 14 days")
            thread = BUSY.at(activity["id"])
            read = await asked(world, thread, {**activity, "conversation": message(thread, ADA, "")["conversation"]})
            seconds, peak = perf_counter() - began, resident(bot.pid)
    return f"bot: “{read}” after {seconds:.1f} s; idle {idle:.0f} MB, peak {peak:.0f} MB (+{peak - idle:.0f} MB)"


def planted(world: World) -> str:
    """A busy channel and a small thread; its root."""
    start = datetime.now(UTC) - AGO
    for one in generate_channel(2, threads=THREADS, posts=POSTS, start=start, conversation=BUSY.conversation):
        world.graph.load(one.record)
    for room in (BUSY, QUIET):
        world.teams.roster.admit(room.conversation, ADA)
    world.graph.millis = MILLIS
    small = generate(1, posts=SMALL, start=start, conversation=QUIET.conversation)
    return str(world.graph.load(small.record)[0]["id"])


async def asked(world: World, room: Room, activity: Mapping[str, Any]) -> str:
    """How much the bot says it has read, once its summary stands there."""
    await world.post(activity)

    def found() -> list[str]:
        finals = world.teams.chat(room.conversation).finals
        return [match[0] for one in finals if (match := COVERAGE.search(one.text))]

    await world.teams.until(lambda: bool(found()), PATIENCE)
    return found()[0]


def main() -> None:
    """Run and print."""
    with tempfile.TemporaryDirectory() as home, serving(Path(home)) as postgres, fresh(postgres) as database:
        print(asyncio.run(run(database)))


if __name__ == "__main__":
    main()
