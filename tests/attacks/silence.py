"""A canary in everything that comes in, and a look at everything that goes where it must not.

The bot is a process of its own with all its libraries at their most talkative, among doubles that sing the canary in every
error they can give. It may stand before the person it belongs to, and sealed in the database; nowhere else.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bot.store.embedded import Cluster, start, stop
from tests.attacks.report import Report
from tests.attacks.song import CANARY, HOME, PATIENCE, Song, raw
from tests.world.bots import ROOT, BotProcess, url
from tests.world.database import FAST, TEMPLATE, create, fresh, migrated
from tests.world.login import SECRET
from tests.world.people import ADA
from tests.world.vault import KeyVaultServer
from tests.world.world import World

NAME = "silence: places where a canary could sing"
LOUD = ("-m", "tests.attacks.loud")
VAULT = "https://vault.azure.net"
ASKED = (
    "admin audit list",
    "admin audit verify",
    "admin dead list",
    "admin usage --by person",
    "admin feedback",
    "admin filters",
    "admin keys",
    "admin rules",
    "admin retention",
    "admin holds",
    f"admin find --person {ADA.id}",
    "check",
)
"""What the operator asks for, the doctor included."""
LOCKED = ("admin keys rewrap", "check")
"""The same where the vault answers with nonsense."""
COMMANDS = "import app, sys\nfor line in sys.argv[1:]:\n    print(line)\n    app.main(line.split())"
"""Several in one process, because each of its own would take a second to begin."""
SINKS = (
    "log of the bot",
    "answers of the door",
    "table audit",
    "table usage",
    "table inbox",
    "table history",
    "other tables",
    "reports of the operator",
    "a bot whose Key Vault fails",
    "log of PostgreSQL",
)
"""Where it is listened for."""


@dataclass(slots=True)
class Heard:
    """What was said where."""

    said: dict[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    """What must not be said anywhere either."""
    shown: str = ""
    """What stands in the chat with the person it belongs to."""

    def sings(self, sink: str) -> list[str]:
        """The lines of a place that hold the canary or a secret."""
        lines = self.said[sink].splitlines()
        return [line for line in lines if CANARY in line.lower() or any(secret in line for secret in self.secrets)]


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[str, Path]]:
    """A database server as local mode starts it: a migrated database's conninfo, and the server's own log."""
    with tempfile.TemporaryDirectory(prefix="silence-", ignore_cleanup_errors=True) as home:
        cluster = Cluster(Path(home), FAST)
        users = await asyncio.to_thread(start, cluster)
        try:
            create(cluster.conninfo, TEMPLATE)
            await asyncio.to_thread(migrated, f"{cluster.conninfo} dbname={TEMPLATE}")
            with fresh(cluster.conninfo) as conninfo:
                yield conninfo, cluster.data / "server.log"
        finally:
            await asyncio.to_thread(stop, cluster, users)


@asynccontextmanager
async def running(bot: BotProcess) -> AsyncIterator[BotProcess]:
    """A process that is ready, and ended also where it never was."""
    try:
        await bot.start()
        async with asyncio.timeout(PATIENCE):
            while not await is_ready(bot):
                await asyncio.sleep(0.1)
        yield bot
    finally:
        await bot.end()


async def is_ready(bot: BotProcess) -> bool:
    """Whether it takes messages."""
    return " 200 " in (await asked(bot)).partition("\r\n")[0]


async def asked(bot: BotProcess) -> str:
    """What it says of its readiness; nothing where it does not listen yet."""
    try:
        return await raw(bot.port, b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    except OSError:
        return ""


async def heard() -> Heard:
    """All that was said while the canary went through the whole bot."""
    found = Heard()
    async with serving() as (conninfo, log), World(answer=f"It is {CANARY}.") as world:
        async with KeyVaultServer(token=world.login.knows(VAULT)) as vault:
            environ = surroundings(world, vault, conninfo)
            async with running(BotProcess(environ, command=LOUD)) as bot:
                world.bot = bot.url
                doors = await Song(world, bot, conninfo).sung()
                found.shown = "\n".join(one.text for one in world.teams.chat(HOME.conversation).finals)
            found.said["answers of the door"] = "\n".join(doors)
            found.said["log of the bot"] = "\n".join(bot.lines)
            found.said |= tables(conninfo)
            found.said["reports of the operator"] = await ran(environ, *ASKED)
            found.said["a bot whose Key Vault fails"] = await locked_out(environ, vault)
        found.said["log of PostgreSQL"] = log.read_text(errors="replace")
        found.secrets = (SECRET, *(issued.token.rpartition(".")[2] for issued in world.login.issued), world.token())
    return found


def surroundings(world: World, vault: KeyVaultServer, conninfo: str) -> dict[str, str]:
    """The settings, with the canary in the one that holds a secret of the database's."""
    database = url(conninfo).replace(":unused@", f":{CANARY}-password@")
    return world.environ(
        DATABASE_URL=database,
        REQUIRE_SIGN_IN="false",
        CONTENT_KEY=vault.key,
        OPENAI_LOG="debug",
        PYTHONASYNCIODEBUG="1",
    )


async def locked_out(environ: Mapping[str, str], vault: KeyVaultServer) -> str:
    """What a bot says whose vault refuses in the canary's words; and commands, to whom it answers with nothing but them."""
    vault.body, vault.status = CANARY.encode(), 403
    bot, said = BotProcess(environ, command=LOUD), ""
    try:
        await bot.start()
        async with asyncio.timeout(PATIENCE):
            while "content key" not in said:
                await asyncio.sleep(0.1)
                said = await asked(bot)
    finally:
        await bot.end()
    vault.status = 200
    return "\n".join([said, *bot.lines, await ran(environ, *LOCKED)])


async def ran(environ: Mapping[str, str], *commands: str) -> str:
    """All that they print."""
    pipe, out = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
    surroundings = {"PATH": os.environ["PATH"], **environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-u", "-c", COMMANDS, *commands, cwd=ROOT, env=surroundings, stdout=pipe, stderr=out
    )
    async with asyncio.timeout(PATIENCE):
        printed, _ = await process.communicate()
    return printed.decode()


def tables(conninfo: str) -> dict[str, str]:
    """Every row of the database as text, by table."""
    found = {sink: "" for sink in SINKS if "table" in sink}
    with psycopg.connect(conninfo, autocommit=True) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (name,) in names:
            sink = f"table {name}" if f"table {name}" in found else "other tables"
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(name))).fetchall()
            found[sink] += "".join(f"{name}: {opened(row)}\n" for (row,) in rows)
    return found


def opened(row: Any) -> str:
    """A row with its binary columns as they are, so that what was not sealed is seen."""
    parts = str(row).split("\\x")
    return parts[0] + "".join(binary(part) for part in parts[1:])


def binary(text: str) -> str:
    """What hexadecimal digits say, and the rest."""
    digits = text[: len(text) - len(text.lstrip("0123456789abcdef"))]
    return bytes.fromhex(digits[: len(digits) // 2 * 2]).decode("latin-1") + text[len(digits) :]


async def run(report: Report) -> None:
    """Listen everywhere."""
    found = await heard()
    report.count(NAME, len(SINKS), sum(bool(found.sings(sink)) for sink in SINKS))
    for sink in SINKS:
        for line in found.sings(sink)[:3]:
            report.remark(f"{sink}: {line[:200]}")
