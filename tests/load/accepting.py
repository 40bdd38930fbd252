"""The bot itself, which accepts and leaves the answers to others: its worker was told to end before the door opened."""

import asyncio
import os
import signal
import sys
from functools import partial

from aiohttp import web

from app import MACHINE
from bot.house import Signs, house
from bot.settings import Settings, read
from bot.teams.listener import Listener
from bot.telemetry import configure
from bot.upkeep import settle_memory, up_to_date


async def accepting(settings: Settings) -> None:
    """Serve until SIGTERM."""
    signs = Signs()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, signs.ending.set)
    async with house(settings, MACHINE, signs) as built:
        await built.keys.refresh()
        await up_to_date(built.address, MACHINE.report)
        await built.worker.drain()
        runner = Listener(built.application)
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port, backlog=1024).start()
        settle_memory()
        signs.ready.set()
        await signs.ending.wait()
        await runner.cleanup()


if __name__ == "__main__":
    configure(partial(print, end="", flush=True))
    sys.exit(asyncio.run(accepting(read(os.environ, local=False))))
