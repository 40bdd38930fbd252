"""The database goes away in every way it can, while people write to a real bot: `python -m tests.faults database`.

The bot reaches a real PostgreSQL through a pipe that may be blocked, cut or led elsewhere.
"""

import asyncio
import os
import signal
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from bot.store.embedded import Cluster
from tests.faults.disks import full
from tests.faults.effort import Effort
from tests.faults.outage import Fault, Scene, play
from tests.faults.report import Report
from tests.faults.servers import hit, processes, started, told
from tests.world.database import fresh, serving

SETTINGS = ("max_connections=40",)
"""With fsync on, as in production."""
OUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'parley'"
READS = "ALTER SYSTEM SET default_transaction_read_only = on"
WRITES = "ALTER SYSTEM RESET default_transaction_read_only"
RELOAD = "SELECT pg_reload_conf()"


async def killed(scene: Scene) -> None:
    """kill -9 of every process of the server; somebody starts it again a second later."""
    hit(scene.cluster, signal.SIGKILL)
    scene.broken()
    await asyncio.sleep(1)
    await started(scene.cluster)
    scene.mended()


async def crashed(scene: Scene) -> None:
    """kill -9 of one of its processes: the server throws everybody out and recovers."""
    scene.broken()
    os.kill(processes(scene.cluster)[-1], signal.SIGKILL)
    scene.mended()


async def restarted(scene: Scene) -> None:
    """An administrator restarts it."""
    scene.broken()
    os.kill(processes(scene.cluster)[0], signal.SIGINT)
    while (scene.cluster.data / "postmaster.pid").exists():
        await asyncio.sleep(0.02)
    await started(scene.cluster)
    scene.mended()


async def dropped(scene: Scene) -> None:
    """Every connection is cut, ten times within two seconds."""
    scene.broken()
    for _ in range(10):
        scene.pipe.drop()
        await asyncio.sleep(0.2)
    scene.mended()


async def terminated(scene: Scene) -> None:
    """An administrator ends the bot's backends, ten times within two seconds."""
    scene.broken()
    for _ in range(10):
        await told(scene.database, OUT)
        await asyncio.sleep(0.2)
    scene.mended()


async def forgotten(scene: Scene) -> None:
    """A firewall forgets the connections: no FIN, no answer; new ones pass."""
    scene.broken()
    scene.pipe.forget()
    scene.mended()


async def hung(scene: Scene) -> None:
    """Its processes stand still: connections are taken, nothing is ever answered."""
    scene.broken()
    hit(scene.cluster, signal.SIGSTOP)
    await asyncio.sleep(12)
    hit(scene.cluster, signal.SIGCONT)
    scene.mended()


async def refused(scene: Scene) -> None:
    """Nobody listens."""
    await scene.pipe.refuse()
    scene.broken()
    await asyncio.sleep(3)
    await scene.pipe.accept()
    scene.mended()


async def slow(scene: Scene) -> None:
    """Every answer takes two seconds longer."""
    scene.pipe.latency = 2.0
    scene.broken()
    await asyncio.sleep(10)
    scene.pipe.latency = 0.0
    scene.mended()


async def exhausted(scene: Scene) -> None:
    """Somebody holds a lock on what every statement needs: all connections are in use, and the server ends what waits."""
    async with await psycopg.AsyncConnection.connect(scene.database) as connection:
        await connection.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
        scene.broken()
        await asyncio.sleep(8)
        await connection.rollback()
        scene.mended()


async def crowded(scene: Scene) -> None:
    """Others have taken all connections that the server has, and the bot has lost its own."""
    others: list[psycopg.AsyncConnection] = []
    with_all = False
    try:
        while not with_all:
            try:
                others.append(await psycopg.AsyncConnection.connect(scene.database))
            except psycopg.OperationalError:
                if others[0].closed or scene.broken_at:
                    with_all = True
                else:
                    await others[0].execute(OUT)
                    scene.broken()
        await asyncio.sleep(3)
    finally:
        for other in others:
            await other.close()
        scene.mended()


async def relieved(scene: Scene) -> None:
    """The server takes nothing any more, as Azure's does whose disk is nearly full, and one that is no longer the primary."""
    await told(scene.database, READS, RELOAD)
    scene.broken()
    await asyncio.sleep(4)
    await told(scene.database, "SET default_transaction_read_only = off", WRITES, RELOAD)
    scene.mended()


FAULTS = (
    Fault("kill -9", killed),
    Fault("kill -9 of one of its processes", crashed, noticed=False),
    Fault("restart", restarted),
    Fault("connections dropped", dropped, noticed=False),
    Fault("backends ended by an administrator", terminated, noticed=False),
    Fault("half-open connections", forgotten, quick=8.5, back=9, noticed=False),
    Fault("it hangs", hung, quick=8.5),
    Fault("connection refused", refused),
    Fault("2 s latency", slow, quick=8.5, noticed=False),
    Fault("exhausted pool, statements ended by the server", exhausted, quick=8.5),
    # Through the connections that are open already it goes on, and so there is nothing to notice.
    Fault("too many connections", crowded, noticed=False),
    Fault("read-only", relieved),
)


async def run(report: Report, effort: Effort) -> None:
    """Every fault once, each with a bot and a database of its own."""
    with TemporaryDirectory(prefix="parley-faults-", ignore_cleanup_errors=True) as home:
        cluster = Cluster(Path(home), SETTINGS)
        with serving(cluster.home, cluster.settings) as postgres:
            for fault in FAULTS:
                with fresh(postgres) as database:
                    await play(fault, cluster, database, report)
            await full(cluster, postgres, report)
