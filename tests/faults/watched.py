"""The bot as it is, and beside it one who watches how long its loop is kept from its work.

Configured by the environment like `app.py`. SIGUSR1 begins the watch anew; at the end the longest stall is a line of its own:
{"event": "longest stall", "millis": …, "ran": …}, where `ran` are those of them in which this process had a core.
"""

import asyncio
import json
import os
import signal
import sys
from functools import partial

from app import MACHINE
from bot.running import serving
from bot.settings import read
from bot.telemetry import configure
from tests.load.reading import Watch


async def main() -> int:
    """Serve, watched."""
    watch = Watch()

    def anew() -> None:
        watch.stall = watch.ran = 0.0

    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, anew)
    watching = asyncio.create_task(watch.look())
    code = await serving(read(os.environ, local=False), MACHINE)
    watching.cancel()
    stall = {"event": "longest stall", "millis": round(watch.stall * 1000), "ran": round(watch.ran * 1000)}
    print(json.dumps(stall), flush=True)
    return code


if __name__ == "__main__":
    configure(partial(print, end="", flush=True))
    sys.exit(asyncio.run(main()))
