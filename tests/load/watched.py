"""The bot itself, with a watch on its event loop: on SIGUSR1 it prints the longest stall since the last one, as JSON.

It takes the connector for one without limits: by those of Teams, 50 requests a second for a company, a thousand streams would say
one thing in twenty seconds, and that measures Teams. For the same reason Graph is not asked: it lets a company read 30 times a second.
"""

import asyncio
import json
import os
import signal
import sys
from functools import partial

from app import MACHINE
from bot.house import Replaced
from bot.running import serving
from bot.settings import read
from bot.teams.pacing import NONE
from bot.teams.reach import Reach
from bot.telemetry import configure
from tests.load.instant import Silence
from tests.load.reading import Watch
from tests.world.bots import BotProcess


async def watched() -> int:
    """Serve, and look at the clock meanwhile."""
    watch = Watch()

    def tell() -> None:
        print(json.dumps({"stall": 1000 * watch.stall, "ran": 1000 * watch.ran}), flush=True)
        watch.stall = watch.ran = 0.0

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, tell)
    looking = asyncio.create_task(watch.look())
    try:
        return await serving(
            read(os.environ, local=False), MACHINE, Replaced(reach=Reach(lambda roster: Silence()), limits=NONE)
        )
    finally:
        looking.cancel()


async def stall(bot: BotProcess) -> tuple[float, float]:
    """The longest stall of a bot's loop since this was asked before, in ms, and how many of them it had a core."""
    seen = len(bot.lines)
    os.kill(bot.pid, signal.SIGUSR1)
    async with asyncio.timeout(10):
        while not (told := [line for line in bot.lines[seen:] if line.startswith('{"stall"')]):
            await asyncio.sleep(0.01)
    found = json.loads(told[0])
    return found["stall"], found["ran"]


if __name__ == "__main__":
    configure(partial(print, end="", flush=True))
    sys.exit(asyncio.run(watched()))
