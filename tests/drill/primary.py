"""The server that is going to be destroyed, and what is kept of it elsewhere: a base backup, and its log as it grows.

async with running(folder, Way.ARCHIVE) as primary:
    await primary.backup()
    …
    await primary.destroy()
"""

import asyncio
import os
import shutil
import signal
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from psycopg.conninfo import make_conninfo

from bot.store.away import Address
from bot.store.embedded import Cluster, start, stop
from bot.store.schema import migrate
from bot.store.sessions import ROLE
from tests.drill.programs import Programs
from tests.drill.questions import asked
from tests.faults.servers import hit, told

ARCHIVE_SECONDS = 2
"""A piece of the log is handed over when it is full, or after so long. In Azure it is Microsoft who decides that."""
DATABASE = "parley"
LOGIN = "id-parley-bot"
"""The bot's own login, which owns nothing: docs/operations.md."""
ROOM = ("max_connections=200", "max_wal_senders=6", "wal_level=replica")
"""What a server that is restored must have as well, or it refuses to read the other's log."""
RELOAD = "SELECT pg_reload_conf()"


class Way(StrEnum):
    """How the log leaves the server."""

    ARCHIVE = "archive"
    """Piece by piece, some seconds late, as a cloud's backups are written."""
    STREAM = "stream"
    """Somebody follows, and nothing is committed that they have not: as a standby in a second zone does."""


@dataclass(slots=True)
class Primary:
    """`kept` is the folder of all that outlives it."""

    cluster: Cluster
    kept: Path
    way: Way
    programs: Programs
    users: int
    followers: list[Process] = field(default_factory=list)

    @property
    def postgres(self) -> str:
        """How its administrator reaches the bot's database."""
        return make_conninfo(self.cluster.conninfo, dbname=DATABASE)

    @property
    def database(self) -> str:
        """How the bot does."""
        return make_conninfo(self.postgres, user=LOGIN)

    @property
    def log(self) -> Path:
        """Where its log is kept."""
        return self.kept / "log"

    async def backup(self, name: str = "base", rate: str = "1000M") -> Path:
        """A base backup while everybody works: the files alone, without the log that makes them whole."""
        folder = self.kept / name
        how = ("--wal-method=none", "--checkpoint=fast", "--no-sync", f"--max-rate={rate}", "--no-manifest")
        await self.programs.run("pg_basebackup", "-d", self.cluster.conninfo, "-D", str(folder), *how)
        return folder

    async def follow(self) -> None:
        """Let somebody follow the log; from then on a commit waits until they have it."""
        how = ("--synchronous", "--no-loop")
        self.followers.append(
            await self.programs.begun("pg_receivewal", "-d", self.cluster.conninfo, "-D", str(self.log), *how)
        )
        while await asked(self.postgres, "SELECT count(*) FROM pg_stat_replication") == [(0,)]:
            await asyncio.sleep(0.05)

    async def insist(self) -> None:
        """Not before the backup is made: a restored server would wait for a follower too."""
        await told(self.postgres, "ALTER SYSTEM SET synchronous_standby_names = 'pg_receivewal'", RELOAD)

    async def archived(self) -> None:
        """Wait until the log up to now is kept elsewhere."""
        ((piece,),) = await asked(self.postgres, "SELECT pg_walfile_name(pg_switch_wal())")
        while not (self.log / piece).exists():
            await asyncio.sleep(0.05)

    async def destroy(self) -> float:
        """Its processes end where they stand, and its disk is gone; the moment (`time.monotonic`)."""
        hit(self.cluster, signal.SIGKILL)
        moment = time.monotonic()
        while self.cluster.data.exists():
            shutil.rmtree(self.cluster.data, ignore_errors=True)
            await asyncio.sleep(0)
        for follower in self.followers:
            await follower.communicate()
        return moment

    async def end(self) -> None:
        """Stop what still runs."""
        for follower in self.followers:
            with suppress(ProcessLookupError):
                follower.kill()
            await follower.communicate()
        await asyncio.to_thread(stop, self.cluster, self.users)


@asynccontextmanager
async def running(folder: Path, way: Way) -> AsyncIterator[Primary]:
    """A migrated server with a login for the bot, a first backup of it, and the bot's way there."""
    kept = folder / "kept"
    hand_over = f"archive_command=cp %p {kept}/log/%f.part && mv {kept}/log/%f.part {kept}/log/%f"
    archive = ("archive_mode=on", f"archive_timeout={ARCHIVE_SECONDS}", hand_over) if way is Way.ARCHIVE else ()
    cluster = Cluster(folder / "primary", (*ROOM, *archive))
    users = await asyncio.to_thread(start, cluster)
    programs = Programs.beside(cluster)
    primary = Primary(cluster, kept, way, programs, users)
    for place in (kept, kept / "log"):
        place.mkdir()
        os.chown(place, programs.user, programs.group)
    try:
        await prepared(primary)
        yield primary
    finally:
        await primary.end()


async def prepared(primary: Primary) -> None:
    """As the install guide has it: the owner migrates, the bot gets a login that may serve and nothing else."""
    await told(primary.cluster.conninfo, f"CREATE DATABASE {DATABASE}")
    await migrate(Address(primary.postgres))
    await told(primary.postgres, f'CREATE ROLE "{LOGIN}" LOGIN', f'GRANT {ROLE} TO "{LOGIN}"')
    if primary.way is Way.STREAM:
        await primary.follow()
    await primary.backup()
    if primary.way is Way.STREAM:
        await primary.insist()
