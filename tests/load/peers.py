"""The bots that are measured side by side: ours, and echo bots of the SDKs, which promise nothing and keep nothing.

Two of the SDKs want other packages than ours, so they live in an environment of their own (`PEERS`); where it is missing
the others are measured without them.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.load.adfs import Adfs
from tests.load.machine import SERVING, Process
from tests.world.bots import ROOT, BotProcess, free_port, url
from tests.world.login import ISSUER, SECRET, LoginDouble
from tests.world.people import APP, TENANT
from tests.world.world import World

PEERS = Path(".venv-peers/bin/python")
"""Whose interpreter the peers run with, in the project's root."""
PLENTY = str(10**12)
"""An allowance that is never used up."""
OTHER = "import os, sys; os.execv(sys.argv[1], sys.argv[1:])"
"""Makes a process one of another interpreter."""


class Stock(BotProcess):
    """A bot without /readyz: ready when it says that it listens."""

    async def ready(self) -> None:
        """Wait for its line."""
        async with asyncio.timeout(30):
            while not any("listening" in line for line in self.lines):
                if self._process is not None and self._process.returncode is not None:
                    raise RuntimeError("the bot ended: " + "\n".join(self.lines[-20:]))
                await asyncio.sleep(0.02)


@dataclass(frozen=True, slots=True)
class Contender:
    """A bot: its name, how it is started for a connector at an address, and what its answers end with."""

    name: str
    start: Callable[[str], BotProcess]
    ends: bytes


@asynccontextmanager
async def alone(bot: BotProcess) -> AsyncIterator[Process]:
    """A bot on a core of its own, from its start to its end."""
    await bot.start()
    process = Process(bot.pid)
    process.pin({SERVING})
    try:
        await bot.ready()
        yield process
    finally:
        await bot.end()


def missing() -> str:
    """What is said where the peers are not installed, or ""."""
    if (ROOT / PEERS).exists():
        return ""
    return f"the Agents SDK and the Teams SDK are left out: {PEERS} is missing (make peers)"


def contenders(world: World, adfs: Adfs, database: str) -> list[Contender]:
    """Everybody that can be measured here, ours first."""
    found = [Contender("Parley, durable", lambda service: instant(world, database, service), b"At once.")]
    return found + rivals(world.login, adfs)


def rivals(login: LoginDouble, adfs: Adfs) -> list[Contender]:
    """The others: CloudAdapter of the stock SDK, and its two successors."""
    found = [Contender("stock CloudAdapter", lambda service: stock(login, adfs, service), b"Echo: ")]
    if not missing():
        found.append(Contender("Agents SDK", lambda service: agents(login, adfs), b"Echo: "))
        found.append(Contender("Teams SDK", lambda service: teams(login, adfs, service), b"Echo: "))
    return found


def ours(
    world: World, database: str, service: str, module: str = "", environ: Mapping[str, str] | None = None
) -> BotProcess:
    """Our bot with real authentication, as itself or inside a module that wraps it."""
    changed = {"REQUIRE_SIGN_IN": "false", "DAILY_TOKENS_PER_PERSON": PLENTY, "DAILY_TOKENS_TENANT": PLENTY}
    found = world.environ(DATABASE_URL=url(database), SERVICE_ORIGINS=service, **changed) | dict(environ or {})
    return BotProcess(found, command=("-m", module) if module else ("app.py",))


def instant(world: World, database: str, service: str) -> BotProcess:
    """Our bot with a model that answers at once."""
    return ours(world, database, service, "tests.load.instant")


def stock(login: LoginDouble, adfs: Adfs, service: str) -> Stock:
    """The SDK's own echo bot."""
    return echo(
        adfs,
        ("-m", "tests.load.echo"),
        APP_TYPE="SingleTenant",
        APP_ID=APP,
        APP_PASSWORD=SECRET,
        APP_TENANTID=TENANT,
        CHANNEL_SERVICE="",
        VALIDATE_AUTHORITY="",
        TO_CHANNEL_FROM_BOT_LOGIN_URL=adfs.authority,
        TO_CHANNEL_FROM_BOT_OAUTH_SCOPE=ISSUER,
        TO_BOT_FROM_CHANNEL_TOKEN_ISSUER=ISSUER,
        TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL=login.metadata,
        TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL=login.metadata,
        OAUTH_URL=service,
        CALLER_ID="",
    )


def agents(login: LoginDouble, adfs: Adfs) -> Stock:
    """The Microsoft 365 Agents SDK's."""
    return echo(
        adfs,
        peer("tests.load.echo_agents"),
        app=APP,
        tenant=TENANT,
        secret=SECRET,
        authority=adfs.authority,
        issuer=ISSUER,
        keys=login.metadata.replace("openidconfiguration", "keys"),
    )


def teams(login: LoginDouble, adfs: Adfs, service: str) -> Stock:
    """The Teams SDK's."""
    return echo(
        adfs,
        peer("tests.load.echo_teams"),
        app=APP,
        secret=SECRET,
        origin=adfs.origin,
        metadata=login.metadata,
        service=service,
    )


def peer(module: str) -> Sequence[str]:
    """A module run by the peers' interpreter."""
    return ("-c", OTHER, str(PEERS), "-m", module)


def echo(adfs: Adfs, command: Sequence[str], **settings: str) -> Stock:
    """An echo bot with these settings, on a port of its own."""
    port = str(free_port())
    environ = {"REQUESTS_CA_BUNDLE": str(adfs.ca), "PORT": port}
    return Stock(environ, json.dumps({**settings, "port": port}), command=command)
