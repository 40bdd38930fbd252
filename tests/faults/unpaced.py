"""The bot itself, but for the pace at which it speaks to Teams: what there would be without one."""

import asyncio
import os
import sys
from functools import partial

from app import MACHINE
from bot.house import Replaced
from bot.running import serving
from bot.settings import read
from bot.teams.pacing import NONE
from bot.telemetry import configure

if __name__ == "__main__":
    configure(partial(print, end="", flush=True))
    sys.exit(asyncio.run(serving(read(os.environ, local=False), MACHINE, Replaced(limits=NONE))))
