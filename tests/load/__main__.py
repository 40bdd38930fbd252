"""All figures side by side in one run: `make bench`, or `python -m tests.load [--seconds 8]`.

The bot is pinned to one core; the driver, the connector and the database share the other. Needs Linux and two cores.
"""

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.load import budget, export, footprint, growth, kill, papers, rendering, sweep
from tests.load.adfs import Adfs
from tests.load.load import Connector, Conversation, Driver, Figures, figures
from tests.world.activities import message
from tests.world.bots import BotProcess, free_port, url
from tests.world.database import fresh, serving
from tests.world.login import SECRET, LoginDouble
from tests.world.people import ADA, APP, GROUP, TENANT, Room
from tests.world.world import World

CONVERSATIONS = 16
PLENTY = str(10**12)
"""An allowance that is never used up."""
DURABLE: tuple[str, ...] = ("fsync=on", "max_connections=100")


@dataclass(frozen=True, slots=True)
class Process:
    """What the kernel says of a process."""

    pid: int

    @property
    def cpu(self) -> float:
        """Seconds of CPU used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self) -> float:
        """Resident memory in MB."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def conversations() -> list[Conversation]:
    """Group chats: a mention, a placeholder, an answer written over it."""
    return [Conversation(f"19:bench{number}@thread.v2") for number in range(CONVERSATIONS)]


def activity(service: str) -> Callable[[str, str], dict[str, object]]:
    """A maker of messages: conversation and id in, activity out."""

    def make(conversation: str, id: str) -> dict[str, object]:
        room = Room("groupChat", conversation, GROUP.members)
        return message(room, ADA, "what is new?", id=id, service=service)

    return make


async def drive(
    name: str, login: LoginDouble, start: Callable[[str], BotProcess], final: str, seconds: float
) -> Figures:
    """Load on one bot; its figures."""
    talks = conversations()
    connector = Connector(talks, final)
    service = await connector.start()
    async with start(service) as bot:
        os.sched_setaffinity(bot.pid, {1})
        driver = Driver(talks, login.sign(serviceurl=service), activity(service))
        await driver.run(bot.port, 1.0)
        for talk in talks:
            talk.timings.clear()
        process = Process(bot.pid)
        before = process.cpu
        took = await driver.run(bot.port, seconds)
        found = figures(name, talks, took, process.cpu - before)
    await connector.stop()
    return found


def stock(login: LoginDouble, adfs: Adfs, service: str) -> "Stock":
    """The SDK's own echo bot."""
    settings = {
        "port": str(free_port()),
        "APP_TYPE": "SingleTenant",
        "APP_ID": APP,
        "APP_PASSWORD": SECRET,
        "APP_TENANTID": TENANT,
        "CHANNEL_SERVICE": "",
        "VALIDATE_AUTHORITY": "",
        "TO_CHANNEL_FROM_BOT_LOGIN_URL": adfs.authority,
        "TO_CHANNEL_FROM_BOT_OAUTH_SCOPE": "https://api.botframework.com",
        "TO_BOT_FROM_CHANNEL_TOKEN_ISSUER": "https://api.botframework.com",
        "TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL": login.metadata,
        "TO_BOT_FROM_EMULATOR_OPENID_METADATA_URL": login.metadata,
        "OAUTH_URL": service,
        "CALLER_ID": "",
    }
    environ = {"REQUESTS_CA_BUNDLE": str(adfs.ca), "PORT": settings["port"]}
    return Stock(environ, json.dumps(settings), command=("-m", "tests.load.echo"))


class Stock(BotProcess):
    """A bot without /readyz: ready when it says that it listens."""

    async def ready(self) -> None:
        """Wait for its first line."""
        async with asyncio.timeout(20):
            while not any("listening" in line for line in self.lines):
                await asyncio.sleep(0.02)


async def speed(database: str, seconds: float) -> Sequence[Figures]:
    """Ours and the stock bot under the same load, one after the other."""
    async with World() as world, Adfs() as adfs:

        def ours(service: str) -> BotProcess:
            environ = world.environ(DATABASE_URL=url(database), REQUIRE_SIGN_IN="false", SERVICE_ORIGINS=service)
            environ |= {"DAILY_TOKENS_PER_PERSON": PLENTY, "DAILY_TOKENS_TENANT": PLENTY}
            return BotProcess(environ, command=("-m", "tests.load.instant"))

        mine = await drive("Parley, durable", world.login, ours, "PUT", seconds)

        def stocked(service: str) -> BotProcess:
            return stock(world.login, adfs, service)

        theirs = await drive("stock CloudAdapter echo", world.login, stocked, "POST", seconds)
    return mine, theirs


async def idle(database: str) -> str:
    """How long until ready, and the memory then."""
    async with World() as world:
        began = time.perf_counter()
        async with BotProcess(world.environ(DATABASE_URL=url(database))) as bot:
            ready = time.perf_counter() - began
            return f"ready {ready:.1f} s after start, idle {Process(bot.pid).resident:.0f} MB"


def keeping(postgres: str) -> None:
    """What keeping costs: a long conversation, an export, a budget under siege, a sweep of a million rows."""
    print(asyncio.run(growth.run()))
    asyncio.run(export.export(postgres))
    with fresh(postgres) as database:
        print(asyncio.run(budget.run(database)))
    with fresh(postgres) as database:
        print(asyncio.run(sweep.run(database)))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure side by side and print.")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--only", choices=("speed", "idle", "kill", "keeping", "files", "long", "threads"))
    given = parser.parse_args()
    print(
        f"{datetime.now(UTC):%Y-%m-%d}  {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    os.sched_setaffinity(0, {0})
    with tempfile.TemporaryDirectory() as home, serving(Path(home), DURABLE) as postgres:
        if given.only in (None, "idle"):
            with fresh(postgres) as database:
                print(asyncio.run(idle(database)))
        if given.only in (None, "speed"):
            with fresh(postgres) as database:
                mine, theirs = asyncio.run(speed(database, given.seconds))
            print(mine, theirs, f"ratio {mine.rate / theirs.rate:.1f}", sep="\n")
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
        if given.only in (None, "kill"):
            with fresh(postgres) as database:
                print(asyncio.run(kill.run(200, 10, 1, database)))
        if given.only in (None, "keeping"):
            keeping(postgres)
        if given.only in (None, "files"):
            papers.main()
            rendering.main([])
        if given.only in (None, "long"):
            # A process of its own, so that the memory of what was measured before is not there to be used again.
            subprocess.run([sys.executable, "-m", "tests.load.long"], check=True)
            with fresh(postgres) as database:
                print(asyncio.run(footprint.run(database)))
    threads = sorted(Path("../shared/threads").glob("*[!e].json"))
    if threads and given.only in (None, "threads"):
        subprocess.run([sys.executable, "-m", "tests.load.threads", *map(str, threads)], check=True)


if __name__ == "__main__":
    main()
