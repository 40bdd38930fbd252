"""Parley's beginning: reads the environment and the clock, puts the parts together, and serves.

Floor 8. Nothing else reads the environment. `python app.py --help` lists the commands.
"""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from functools import partial

from bot import admin, doctor_arguments
from bot.cabinet import Cabinet
from bot.catalogue import Catalogue
from bot.foundation import Machine, database, known, shelved, wrapper
from bot.lookups import Loop
from bot.settings import Settings, Unfit, read
from bot.store.embedded import EmbeddedFailed
from bot.store.rows import LeaseLost, StoreAway, VaultAway
from bot.store.schema import migrate
from bot.teams.line import open_session
from bot.telemetry import Event, Log, configure
from dialogs.talk import Person

QUIET = dict.fromkeys(
    (
        "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL",
        "APPLICATIONINSIGHTS_SDKSTATS_DISABLED",
        "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED",
    ),
    "true",
)
"""The exporter for Azure Monitor would tell Microsoft of itself, and ask for remote settings; only the environment stops it."""

log = Log("app")


def now() -> datetime:
    """The clock of the house."""
    return datetime.now(UTC)


def report(fault: BaseException, event: Event = Event.FAILED) -> None:
    """One line in the log; of what happened inside, only the kind and the place in the code."""
    known: dict[type[BaseException], Event] = {
        StoreAway: Event.STORE_AWAY,
        VaultAway: Event.VAULT_AWAY,
        LeaseLost: Event.LEASE_LOST,
    }
    cause = str(fault.args[0]) if isinstance(fault, StoreAway) and fault.args else ""
    log.event(known.get(type(fault), event), logging.WARNING, error=fault, cause=cause)


MACHINE = Machine(now, report)


async def serve(settings: Settings) -> int:
    """The command `serve`, the usual one."""
    os.environ.update(QUIET)
    # Not at the top: the operator's commands begin in half the time without what only serving needs.
    from bot.running import serving

    return await serving(settings, MACHINE)


async def bring_up_to_date(settings: Settings) -> int:
    """The command `migrate`."""
    async with AsyncExitStack() as stack:
        address = await database(settings, await known(settings, MACHINE, stack), stack)
        for name in await migrate(address):
            print(f"applied {name}")
    print("The database is up to date.")
    return 0


async def check(options: argparse.Namespace) -> int:
    """The command `check`: the doctor's findings, a line each; 1 where something fails, 2 where the settings are unfit."""
    # What is logged meanwhile is no finding, and a program reads these.
    configure(partial(print, end="", flush=True, file=sys.stderr))
    from bot.checking import checking

    return await checking(options, os.environ, MACHINE)


async def administer(options: argparse.Namespace, settings: Settings) -> int:
    """The command `admin`: what `python -m bot.admin` leads to."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session())
        who = await known(settings, MACHINE, stack)
        address = await database(settings, who, stack)
        shelves = await shelved(settings, address, wrapper(settings, session, who), MACHINE, stack)
        cabinet = Cabinet(
            settings=settings,
            ledger=shelves.ledger,
            estate=shelves.estate,
            vault=shelves.vault,
            store=shelves.store,
            seals=shelves.seals,
            words=Catalogue().words(Person("", "")),
            now=now,
            tell=print,
            warn=partial(print, file=sys.stderr),
            ask=input,
        )
        return await admin.run(options, cabinet)


COMMANDS = {"serve": serve, "migrate": bring_up_to_date}


def arguments(given: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="app.py", description="Parley, a private assistant for Microsoft Teams.")
    parser.add_argument("--local", action="store_true", help="embedded PostgreSQL, offline engine, 127.0.0.1 only")
    words = "serve (the default); check: look at everything that is needed (check --help); migrate: bring the database up to date"
    parser.add_argument("command", nargs="?", default="serve", choices=[*COMMANDS, "check"], help=words)
    return parser.parse_args(given)


def command(given: list[str]) -> Callable[[], Awaitable[int]]:
    """What the command line asks for. Raises `Unfit`."""
    if given[:1] == ["admin"]:
        return partial(administer, admin.arguments(given[1:]), read(os.environ, local="--local" in given))
    if "check" in given[:2]:
        rest = list(given)
        rest.remove("check")
        return partial(check, doctor_arguments.arguments(rest))
    options = arguments(given)
    return partial(COMMANDS[options.command], read(os.environ, local=options.local))


async def awaited(run: Callable[[], Awaitable[int]]) -> int:
    """A command inside a loop."""
    return await run()


def main(given: list[str]) -> int:
    """Run a command; the exit code is 0, 1 when something failed (3 of `admin`), 2 when the settings are unfit."""
    configure(partial(print, end="", flush=True))
    try:
        with asyncio.Runner(loop_factory=Loop) as runner:
            return runner.run(awaited(command(given)))
    except Unfit as unfit:
        for fault in unfit.faults:
            print(fault, file=sys.stderr)
        return 2
    except (EmbeddedFailed, StoreAway, OSError) as failed:
        print(f"Parley could not go on: {str(failed) or type(failed).__name__}", file=sys.stderr)
        return admin.AWAY if given[:1] == ["admin"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
