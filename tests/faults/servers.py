"""What may be done to a PostgreSQL server: kill it, stop its clock, restart it, fill its disk."""

import asyncio
import os
import signal
from pathlib import Path

import psycopg

from bot.store.embedded import Cluster, start


def postmaster(cluster: Cluster) -> int:
    """The server's first process."""
    return int((cluster.data / "postmaster.pid").read_text().split()[0])


def processes(cluster: Cluster) -> list[int]:
    """All of its processes, the first one first."""
    first = postmaster(cluster)
    children = Path(f"/proc/{first}/task/{first}/children").read_text()
    return [first, *map(int, children.split())]


def hit(cluster: Cluster, signum: signal.Signals) -> None:
    """Send a signal to every one of them."""
    for process in processes(cluster):
        try:
            os.kill(process, signum)
        except ProcessLookupError:
            continue


async def started(cluster: Cluster) -> None:
    """Start it again, as whoever runs a server does."""
    os.close(await asyncio.to_thread(start, cluster))


async def told(conninfo: str, *texts: str) -> None:
    """Statements of an administrator."""
    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        for text in texts:
            await connection.execute(text.encode())
