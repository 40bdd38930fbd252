"""The bot itself with the engine that only quotes, among the doubles of a company: `python -m tests.scenarios.quoting`.

Configured by the environment like `app.py`, which it is except for the model.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from functools import partial

from app import MACHINE
from bot.house import Replaced
from bot.models.offline import OfflineModel
from bot.running import serving
from bot.settings import read
from bot.telemetry import configure
from dialogs.ports import Model
from dialogs.talk import Ask, Usage
from dialogs.terms import Offer


def make(ask: Ask, offer: Offer | None, meter: Callable[[Usage], None]) -> Model:
    """The model of a turn, which makes no pauses."""
    return OfflineModel(meter, partial(asyncio.sleep, 0))


if __name__ == "__main__":
    configure(partial(print, end="", flush=True))
    sys.exit(asyncio.run(serving(read(os.environ, local=False), MACHINE, Replaced(make))))
