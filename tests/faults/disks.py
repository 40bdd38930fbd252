"""Disks that are full: a small file system of its own for the server's data, or for its log of what it will write (WAL).

The two end differently. Where the data's disk is full, PostgreSQL refuses what needs a new page and goes on serving the rest.
Where the WAL's is, it must not go on: it ends itself (PANIC), and starts again when there is room. Needs the right to mount.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from bot.store.embedded import Cluster, start, stop
from tests.faults.outage import Fault, Scene, play
from tests.faults.report import Report
from tests.faults.servers import started, told
from tests.world.database import TEMPLATE, fresh, run, serving

MEGABYTES = 64
CHUNK = 1 << 16
SMALL = "small"
WAL = ("min_wal_size=32MB", "max_wal_size=32MB")


class NotPermitted(Exception):
    """Whoever runs this may not mount a file system."""


@contextmanager
def small(megabytes: int = MEGABYTES) -> Iterator[Path]:
    """A directory with so much room, into which the server may write."""
    with TemporaryDirectory(prefix="parley-disk-", ignore_cleanup_errors=True) as place:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0777", "tmpfs", place]
        if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            raise NotPermitted
        Path(place).chmod(0o755)
        inner = Path(place) / "server"
        inner.mkdir(mode=0o700)
        try:
            yield inner
        finally:
            subprocess.run(["umount", "--lazy", place], capture_output=True, check=True)


def fill(place: Path) -> Path:
    """Take all the room there is; the file that holds it."""
    ballast = place.parent / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * CHUNK):
            continue
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(b"\0"):
            continue
    return ballast


async def data_full(place: Path, scene: Scene) -> None:
    """What the tables lie on is full for six seconds."""
    ballast = await asyncio.to_thread(fill, place)
    scene.broken()
    await asyncio.sleep(6)
    ballast.unlink()
    scene.mended()


async def wal_full(place: Path, scene: Scene) -> None:
    """What the WAL lies on is full for six seconds; afterwards somebody sees to it that the server runs."""
    ballast = await asyncio.to_thread(fill, place)
    scene.broken()
    with suppress(psycopg.Error):
        for _ in range(20):
            await told(scene.database, "SELECT pg_logical_emit_message(true, 'fill', repeat('x', 4000000))")
    await asyncio.sleep(6)
    ballast.unlink()
    await started(scene.cluster)
    scene.mended()


async def full(cluster: Cluster, postgres: str, report: Report) -> None:
    """Both, each with a bot of its own."""
    try:
        await _data(cluster, postgres, report)
        await _wal(report)
    except NotPermitted:
        report.line("database: full disk", "not played: this account may not mount a small disk", "", held=True)


async def _data(cluster: Cluster, postgres: str, report: Report) -> None:
    with small() as place:
        _own(place, cluster)
        run(
            postgres, sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(SMALL), sql.Literal(str(place)))
        )
        text = "CREATE DATABASE cramped TEMPLATE {} TABLESPACE {}"
        run(postgres, sql.SQL(text).format(sql.Identifier(TEMPLATE), sql.Identifier(SMALL)))
        try:
            fault = Fault("full disk, data", partial(data_full, place))
            await play(fault, cluster, make_conninfo(postgres, dbname="cramped"), report)
        finally:
            run(postgres, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier("cramped")))
            run(postgres, sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(SMALL)))


async def _wal(report: Report) -> None:
    with small() as place, TemporaryDirectory(prefix="parley-wal-", ignore_cleanup_errors=True) as home:
        cluster = Cluster(Path(home), WAL)
        with serving(cluster.home, cluster.settings):
            pass
        _own(place, cluster)
        _moved(cluster.data / "pg_wal", place)
        with serving_again(cluster) as postgres, fresh(postgres) as database:
            await play(Fault("full disk, WAL", partial(wal_full, place)), cluster, database, report)


@contextmanager
def serving_again(cluster: Cluster) -> Iterator[str]:
    """A server that ran before, and has its template still."""
    users = start(cluster)
    try:
        yield cluster.conninfo
    finally:
        stop(cluster, users)


def _own(place: Path, cluster: Cluster) -> None:
    """The directory is the server's, as its data are."""
    owner = cluster.data.stat()
    os.chown(place, owner.st_uid, owner.st_gid)


def _moved(wal: Path, place: Path) -> None:
    """The WAL lies elsewhere from now on; whoever copies it as root has to give it back."""
    owner = wal.stat()
    for each in wal.iterdir():
        shutil.move(each, place / each.name)
    for each in place.rglob("*"):
        os.chown(each, owner.st_uid, owner.st_gid)
    wal.rmdir()
    wal.symlink_to(place)
    os.chown(wal, owner.st_uid, owner.st_gid, follow_symlinks=False)
