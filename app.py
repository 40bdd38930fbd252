"""Parley's beginning: reads the environment and the clock, puts the parts together, and serves.

Floor 8. Nothing else reads the environment. `python app.py --help` lists the commands.
"""

import argparse
import asyncio
import contextlib
import logging
import os
import random
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from bot import admin, doctor
from bot.calendar.calendar import Calendar
from bot.catalogue import Catalogue
from bot.graph.directory import GraphDirectory
from bot.graph.threads import GraphThreads
from bot.limits import DRAIN
from bot.models.azure import AzureModel, Resources, opaque
from bot.models.offline import OfflineModel
from bot.names import resolve
from bot.obo import Behalf
from bot.settings import Settings, Unfit, is_keyless, read, refuse_public
from bot.store.away import Address
from bot.store.embedded import Cluster, EmbeddedFailed, embedded
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.rows import LeaseLost, StoreAway
from bot.store.schema import migrate, missing
from bot.store.store import Store
from bot.teams.adapter import Adapter
from bot.teams.admission import Admission
from bot.teams.authentication import Authentication
from bot.teams.connector import Connectors
from bot.teams.desk import NO_GRAPH, MakeModel, Reach, Rooms, extension, stops, ways
from bot.teams.doors import ChannelDoor, LocalDoor
from bot.teams.endpoint import Endpoint, Inside
from bot.teams.invoke import Invokes
from bot.teams.keys import Keys
from bot.teams.line import Line, open_session
from bot.teams.line import Ways as LineWays
from bot.teams.members import Admitted, Guests
from bot.teams.origins import origins
from bot.teams.readers import Readers
from bot.teams.signin import SignIn
from bot.teams.usertokens import UserTokens
from bot.teams.verify import Allowed, Verifier
from bot.telemetry import Event, Log, configure
from bot.tokens import EXCHANGE_SCOPE, TokenSource, bot_credential, resource_credential, scopes
from bot.turn import Turn
from bot.upkeep import settle_memory, tidy, up_to_date, warm
from bot.worker import Worker
from dialogs.ports import Model
from dialogs.talk import Ask, Usage

Token = Callable[[str], Awaitable[str]]
"""A scope in, a token out."""

WORD_PAUSE = 0.04
"""Seconds between two words of the offline engine, so that its answers are seen to grow."""

log = Log("app")


def now() -> datetime:
    """The clock of the house."""
    return datetime.now(UTC)


def report(fault: BaseException, event: Event = Event.FAILED) -> None:
    """One line in the log; of what happened inside, only the kind and the place in the code."""
    known: dict[type[BaseException], Event] = {StoreAway: Event.STORE_AWAY, LeaseLost: Event.LEASE_LOST}
    cause = str(fault.args[0]) if isinstance(fault, StoreAway) and fault.args else ""
    log.event(known.get(type(fault), event), logging.WARNING, error=fault, cause=cause)


@dataclass(frozen=True, slots=True)
class Identities:
    """The tokens of the bot and those of the machine it runs on; neither in local mode."""

    bot: Token | None = None
    machine: Token | None = None


@dataclass(frozen=True, slots=True)
class Replaced:
    """What is put in the place of a part: by benchmarks, which measure the rest."""

    model: MakeModel | None = None
    reach: Reach | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """What the process says of itself: that the database is up to date, and that it is about to end."""

    ready: asyncio.Event = field(default_factory=asyncio.Event)
    ending: asyncio.Event = field(default_factory=asyncio.Event)


AS_SET = Replaced()
"""Every part as the settings have it."""


@dataclass(frozen=True, slots=True)
class House:
    """Everything put together."""

    settings: Settings
    address: Address
    keys: Keys
    ledger: Ledger
    worker: Worker
    application: web.Application
    calendar: Calendar


@asynccontextmanager
async def house(settings: Settings, signs: Signs, replaced: Replaced = AS_SET) -> AsyncIterator[House]:
    """Open every connection, hand every room what it needs of the others, and close all in the opposite order."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session())
        identities = await known(settings, stack)
        address = await database(settings, identities, stack)
        pool = await stack.enter_async_context(Pool(address))
        store = Store(pool, secrets.token_hex(8))
        keys = Keys(session, settings.openid_metadata_url, now, partial(report, event=Event.KEYS_FAILED))
        stack.push_async_callback(keys.close)
        tokens, connectors = lines(settings, session, identities)
        sign_in = SignIn(tokens, settings.oauth_connection_name)
        rooms = Rooms(
            settings=settings,
            store=store,
            adapter=Adapter(Authentication(connectors.client, tokens), settings.microsoft_app_id),
            connectors=connectors,
            sign_in=sign_in,
            admission=Admission(settings, sign_in, Guests(now), store.rules, now),
            reach=replaced.reach or reach(settings, session, identities.bot, sign_in, stack),
            model=replaced.model or models(settings, identities.machine, stack),
            calendar=Calendar(),
            catalogue=Catalogue(),
            now=now,
            report=report,
        )
        turn_ways = ways(rooms)
        worker = Worker(store, lambda claim, stop: Turn(store, turn_ways, claim, stop).run(), report)
        application = door(rooms, keys, worker, partial(unready, settings, keys, store, signs))
        ledger = Ledger(pool, timedelta(days=settings.audit_days))
        yield House(settings, address, keys, ledger, worker, application, rooms.calendar)


async def known(settings: Settings, stack: AsyncExitStack) -> Identities:
    """Who the bot and its machine are."""
    if settings.local:
        return Identities()
    sources = [TokenSource(credential(settings), now) for credential in (bot_credential, resource_credential)]
    for source in sources:
        stack.push_async_callback(source.close)
    return Identities(sources[0].token, sources[1].token)


async def database(settings: Settings, identities: Identities, stack: AsyncExitStack) -> Address:
    """The company's database, or in local mode an embedded one."""
    if not settings.database_url:
        return Address(await stack.enter_async_context(embedded(Cluster(settings.data_dir.absolute()))))
    if not is_keyless(settings.database_url) or identities.machine is None:
        return Address(settings.database_url)
    _, scope = scopes(settings.login_url)
    return Address(settings.database_url, partial(identities.machine, scope))


def lines(settings: Settings, session: aiohttp.ClientSession, who: Identities) -> tuple[UserTokens, Connectors]:
    """The ways to the user token service and to Teams, with the bot's token."""
    scope, _ = scopes(settings.login_url)
    token = partial(who.bot, scope) if who.bot else nobody
    handed = LineWays(token, asyncio.sleep, random.random, now)
    teams = origins(settings.service_origins, loopback=settings.local)
    parts = urlsplit(settings.user_token_url)
    service = Line(session, origins((f"{parts.scheme}://{parts.netloc}",), loopback=settings.local), handed)
    tokens = UserTokens(service, settings.user_token_url, settings.microsoft_app_id)
    return tokens, Connectors(Line(session, teams, handed), teams)


async def nobody() -> None:
    """The token of local mode."""


def reach(
    settings: Settings, session: aiohttp.ClientSession, bot: Token | None, sign_in: SignIn, stack: AsyncExitStack
) -> Reach:
    """Microsoft Graph, read as the person where they have signed in for it, else as the app by members alone."""
    if not settings.graph_url:
        return NO_GRAPH
    if behalf := None if settings.local else Behalf(settings, f"{settings.graph_url}/.default", now):
        stack.push_async_callback(behalf.close)
    readers = Readers(settings.graph_url, bot, sign_in, behalf)
    graph = GraphThreads(session, settings.graph_url, readers.tokens, settings.microsoft_app_id)
    return Reach(partial(Admitted, graph), GraphDirectory(graph.line, readers.own), graph.abroad(readers.own))


def models(settings: Settings, machine: Token | None, stack: AsyncExitStack) -> MakeModel:
    """Azure OpenAI, or in local mode the offline engine unless a model server on this machine was named."""
    if not settings.azure_openai_endpoints:
        return lambda ask, meter: OfflineModel(meter, partial(asyncio.sleep, WORD_PAUSE))

    async def token() -> str:
        return settings.model_key or (await machine(settings.azure_openai_scope) if machine else "local")

    resources = Resources(settings.azure_openai_endpoints, token, now)
    stack.push_async_callback(resources.close)

    def make(ask: Ask, meter: Callable[[Usage], None]) -> Model:
        person = opaque(settings.microsoft_app_id, ask.person.tenant, ask.person.id)
        return AzureModel(resources, settings.azure_openai_deployments[0], meter, person=person)

    return make


def door(
    rooms: Rooms, keys: Keys, worker: Worker, reasons: Callable[[], Awaitable[Mapping[str, str]]]
) -> web.Application:
    """The routes behind the door that the settings ask for."""
    settings = rooms.settings
    allowed = Allowed(origins(settings.service_origins, loopback=settings.local), settings.allowed_tenants)
    verifier = Verifier(keys, settings.token_issuer, settings.microsoft_app_id, now)
    inside = Inside(
        accept=worker.accept,
        invoke=Invokes(
            rooms.adapter, rooms.sign_in, extension(rooms, worker.accept), rooms.store, settings.allowed_tenants, now
        ),
        stop=worker.stop,
        stops=stops,
        unready=reasons,
        now=now,
        report=report,
    )
    return Endpoint(LocalDoor(allowed) if settings.local else ChannelDoor(verifier, allowed), inside).application()


async def unready(settings: Settings, keys: Keys, store: Store, signs: Signs) -> Mapping[str, str]:
    """Why no traffic should come here."""
    reasons = {}
    if signs.ending.is_set():
        reasons["process"] = "is ending"
    if not signs.ready.is_set():
        reasons["schema"] = "the database has not been brought up to date"
    if not settings.local and not keys.loaded:
        await keys.refresh()
    if not settings.local and not keys.loaded:
        reasons["keys"] = "the channel's signing keys have not been fetched"
    try:
        await store.ping()
    except StoreAway:
        reasons["database"] = "does not answer"
    return reasons


async def serve(settings: Settings, replaced: Replaced = AS_SET) -> int:
    """Serve until SIGTERM or Ctrl-C, then finish what was begun. Raises `Unfit`."""
    await refuse_public(settings, resolve)
    signs = Signs()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, signs.ending.set)
    async with house(settings, signs, replaced) as built:
        # Packed bodies are refused, so nothing may unpack them first.
        runner = web.AppRunner(built.application, access_log=None, shutdown_timeout=5, auto_decompress=False)
        await runner.setup()
        await web.TCPSite(runner, settings.host, settings.port, backlog=1024).start()
        log.event(Event.STARTED)
        settle_memory()
        working, told = asyncio.create_task(work(built, signs)), asyncio.create_task(signs.ending.wait())
        await asyncio.wait({working, told}, return_when=asyncio.FIRST_COMPLETED)
        signs.ending.set()
        log.event(Event.DRAINING)
        with contextlib.suppress(StoreAway):
            await built.worker.drain()
        working.cancel()
        await asyncio.wait({working}, timeout=DRAIN.total_seconds())
        await runner.cleanup()
    log.event(Event.ENDED)
    return ended(working)


def ended(working: asyncio.Task[None]) -> int:
    """The exit code: 1 where the loop ended by itself, because then something is wrong that only a new process cures."""
    fault = None if working.cancelled() or not working.done() else working.exception()
    if fault is not None:
        report(fault)
    return 1 if fault is not None else 0


async def work(built: House, signs: Signs) -> None:
    """Bring the database up to date, then serve lanes and tidy up."""
    if not built.settings.local:
        await built.keys.refresh()
    await up_to_date(built.address, report)
    signs.ready.set()
    log.event(Event.READY)
    await asyncio.gather(built.worker.run(), tidy(built.ledger, now), warm(built.calendar.load))


async def bring_up_to_date(settings: Settings) -> int:
    """The command `migrate`."""
    async with AsyncExitStack() as stack:
        address = await database(settings, await known(settings, stack), stack)
        for name in await migrate(address):
            print(f"applied {name}")
    print("The database is up to date.")
    return 0


async def check(settings: Settings) -> int:
    """The command `check`: the doctor's findings, a line each; 1 where something fails."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(open_session())
        who = await known(settings, stack)
        address = await database(settings, who, stack)
        scope, _ = scopes(settings.login_url)
        probes = doctor.Probes(
            session=session,
            now=now,
            resolve=resolve,
            missing=partial(missing, address),
            identity_token=partial(who.machine or local_token, EXCHANGE_SCOPE),
            bot_token=partial(who.bot or local_token, scope),
            graph_token=partial(who.bot or local_token, f"{settings.graph_url}/.default"),
            model_token=partial(who.machine or local_token, settings.azure_openai_scope),
        )
        return await doctor.examine(settings, probes, print)


async def local_token(scope: str) -> str:
    """What stands for a token where nobody asks for one."""
    return "local"


async def administer(options: argparse.Namespace, settings: Settings) -> int:
    """The command `admin`: what `python -m bot.admin` leads to."""
    async with AsyncExitStack() as stack:
        address = await database(settings, await known(settings, stack), stack)
        pool = await stack.enter_async_context(Pool(address))
        return await admin.run(options, Ledger(pool, timedelta(days=settings.audit_days)), now(), print)


COMMANDS = {"serve": serve, "check": check, "migrate": bring_up_to_date}


def arguments(given: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="app.py", description="Parley, a private assistant for Microsoft Teams.")
    parser.add_argument("--local", action="store_true", help="embedded PostgreSQL, offline engine, 127.0.0.1 only")
    words = "serve (the default); check: look at everything that is needed; migrate: bring the database up to date"
    parser.add_argument("command", nargs="?", default="serve", choices=COMMANDS, help=words)
    return parser.parse_args(given)


def command(given: list[str]) -> Callable[[], Awaitable[int]]:
    """What the command line asks for. Raises `Unfit`."""
    if given[:1] == ["admin"]:
        return partial(administer, admin.arguments(given[1:]), read(os.environ, local="--local" in given))
    options = arguments(given)
    return partial(COMMANDS[options.command], read(os.environ, local=options.local))


async def awaited(run: Callable[[], Awaitable[int]]) -> int:
    """A command inside a loop."""
    return await run()


def main(given: list[str]) -> int:
    """Run a command; the exit code is 0, 1 when something failed, 2 when the settings are unfit."""
    configure(partial(print, end="", flush=True))
    try:
        return asyncio.run(awaited(command(given)))
    except Unfit as unfit:
        for fault in unfit.faults:
            print(fault, file=sys.stderr)
        return 2
    except (EmbeddedFailed, StoreAway, OSError) as failed:
        print(f"Parley could not go on: {str(failed) or type(failed).__name__}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
