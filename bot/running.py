"""Serving: from the first line to the last, and what goes on beside the answers.

Floor 8. A member of the room of `app`.
"""

import asyncio
import contextlib
import logging
import signal

from aiohttp import web

from bot.foundation import Machine
from bot.house import AS_SET, House, Replaced, Signs, house
from bot.limits import DRAIN
from bot.models.known import offers, retiring
from bot.names import resolve
from bot.settings import Settings, refuse_public
from bot.store.rows import StoreAway
from bot.teams import adaptive
from bot.teams.listener import Listener
from bot.telemetry import Event, Log
from bot.telling import levels
from bot.upkeep import begun, sealing, settle_memory, tidying, up_to_date, warm

log = Log("app")


async def serving(settings: Settings, machine: Machine, replaced: Replaced = AS_SET) -> int:
    """Serve until SIGTERM or Ctrl-C, then finish what was begun. Raises `Unfit`."""
    await refuse_public(settings, resolve)
    signs = Signs()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, signs.ending.set)
    async with house(settings, machine, signs, replaced) as built:
        runner = Listener(built.application)
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port, backlog=1024).start()
        log.event(Event.STARTED)
        for offer in retiring(offers(settings), machine.now().date()):
            log.event(Event.MODEL_RETIRES, logging.WARNING, model=offer.name)
        settle_memory()
        working, told = asyncio.create_task(work(built, machine, signs)), asyncio.create_task(signs.ending.wait())
        await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
        signs.ending.set()
        log.event(Event.DRAINING)
        with contextlib.suppress(StoreAway):
            await built.worker.drain()
        working.cancel()
        await asyncio.wait({working}, timeout=DRAIN.total_seconds())
        await runner.cleanup()
    log.event(Event.ENDED)
    return ended(working, machine)


def ended(working: asyncio.Task[None], machine: Machine) -> int:
    """The exit code: 1 where the loop ended by itself, because then something is wrong that only a new process cures."""
    fault = None if working.cancelled() or not working.done() else working.exception()
    if fault is not None:
        machine.report(fault)
    return 1 if fault is not None else 0


async def work(built: House, machine: Machine, signs: Signs) -> None:
    """Bring the database up to date, then serve lanes and tidy up."""
    if not built.settings.local:
        await built.keys.refresh()
    await up_to_date(built.address, machine.report)
    signs.ready.set()
    log.event(Event.READY)
    await asyncio.gather(
        built.worker.run(),
        begun(built.chores, machine.report),
        sealing(built.shelves.seals, machine.now),
        warm(built.calendar.load, adaptive.load),
        tidying(lambda: built.worker.busy),
        levels(built.shelves.pool, built.worker, machine.report, asyncio.sleep),
    )
