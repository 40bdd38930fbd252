"""Telemetry from the first to the last: who receives it, and how the house stands, said every few seconds.

Floor 8. A member of the room of `app`.
"""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import timedelta

from bot.marks import Metric
from bot.settings import Settings
from bot.signals import SWITCH, tell
from bot.store.backlog import waiting
from bot.store.pool import Pool
from bot.store.rows import StoreAway
from bot.tokens import Token
from bot.worker import Worker

EVERY = timedelta(seconds=15)
"""How often it is said how the house stands."""


async def telling(settings: Settings, machine: Token | None, stack: AsyncExitStack) -> None:
    """Tell whoever the settings name, until the stack is closed; nobody where they name none. Raises `Unfit`."""
    if not settings.telemetry:
        return
    # Not at the top: where nobody is told anything, nothing of it is loaded.
    from bot.exporters import sender

    receiver = sender(settings, machine, secrets.token_hex(8))
    SWITCH.receiver, SWITCH.models = receiver, []
    stack.push_async_callback(receiver.close)
    stack.callback(_silent)


def _silent() -> None:
    SWITCH.receiver, SWITCH.models = None, []


async def levels(
    pool: Pool,
    worker: Worker,
    report: Callable[[BaseException], None],
    pause: Callable[[float], Awaitable[object]],
) -> None:
    """Say how much waits, how much is under way, and which models are set aside, for as long as anybody is told."""
    while SWITCH.receiver is not None:
        # It runs beside the worker, and what ends the one ends the other: a fault here is told, and ends nothing.
        try:
            busy(worker)
            with suppress(StoreAway):  # whoever looks sees no new figure, and the doctor says why
                await backlog(pool)
        except Exception as fault:
            report(fault)
        await pause(EVERY.total_seconds())


def busy(worker: Worker) -> None:
    """How much is under way, and what is set aside."""
    tell(Metric.TURNS, worker.busy)
    for models in SWITCH.models:
        for model, count in models():
            tell(Metric.BREAKERS, count, model=model)


async def backlog(pool: Pool) -> None:
    """How much waits. Raises `StoreAway`."""
    found = await waiting(pool)
    tell(Metric.LANES, found.lanes)
    tell(Metric.LANE_AGE, found.age)
