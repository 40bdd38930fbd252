"""A new server, made of a base backup and the log that was kept: up to its end, or up to a moment."""

import asyncio
import os
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg.conninfo import make_conninfo

from bot.store.embedded import Cluster, EmbeddedFailed, start, stop
from tests.drill.primary import DATABASE, LOGIN, ROOM
from tests.drill.questions import asked

PATIENCE = 60.0
"""Seconds until it takes what is written."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A server that has become the new one. `at`: since when, on the clock of `time.monotonic`."""

    cluster: Cluster
    at: float

    @property
    def postgres(self) -> str:
        """How its administrator reaches the bot's database."""
        return make_conninfo(self.cluster.conninfo, dbname=DATABASE)

    @property
    def database(self) -> str:
        """How the bot does."""
        return make_conninfo(self.postgres, user=LOGIN)


@asynccontextmanager
async def restored(kept: Path, home: Path, until: datetime | None = None) -> AsyncIterator[Restored]:
    """Runs as long as it is entered; what is kept stays as it is, for another time."""
    cluster = Cluster(home, ROOM)
    await copied(kept / "base", cluster)
    with (cluster.data / "postgresql.auto.conf").open("a") as settings:
        settings.write(recovery(kept / "log", until))
    told(cluster.data / "recovery.signal", cluster)
    try:
        users = await asyncio.to_thread(start, cluster)
    except EmbeddedFailed as failed:
        said = (cluster.data / "server.log").read_text().splitlines()
        raise RuntimeError("\n".join(said[-20:])) from failed
    try:
        async with asyncio.timeout(PATIENCE):
            while await asked(cluster.conninfo, "SELECT pg_is_in_recovery()") == [(True,)]:
                await asyncio.sleep(0.02)
        yield Restored(cluster, time.monotonic())
    finally:
        await asyncio.to_thread(stop, cluster, users)


def told(signal: Path, cluster: Cluster) -> None:
    """The file by which a server knows that it is restored; it takes it away itself."""
    owner = cluster.data.stat()
    signal.touch()
    os.chown(signal, owner.st_uid, owner.st_gid)


def recovery(log: Path, until: datetime | None) -> str:
    """Where the log is read, and how far. A piece that nobody finished is taken too, where somebody followed."""
    lines = [f"restore_command = 'cp {log}/%f %p || cp {log}/%f.partial %p'"]
    if until is not None:
        lines += [f"recovery_target_time = '{until.isoformat()}'", "recovery_target_action = 'promote'"]
    return "".join(f"{line}\n" for line in lines)


async def copied(backup: Path, cluster: Cluster) -> None:
    """The backup's files where the server looks for them, with their owner."""
    cluster.home.mkdir()
    process = await asyncio.create_subprocess_exec(
        "cp", "-a", str(backup), str(cluster.data), stdout=DEVNULL, stderr=DEVNULL
    )
    if await process.wait() != 0:
        raise OSError("the backup could not be copied")
    # It lies in the data's own folder, so the backup has it, and the server that wrote it may still run.
    for lock in cluster.data.glob(".s.PGSQL.*"):
        lock.unlink()
