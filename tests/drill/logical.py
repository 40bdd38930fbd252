"""What a dump of the database misses that a backup of its files has: `pg_dump`, into a server that is new."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from psycopg.conninfo import make_conninfo

from bot.store.embedded import Cluster, start, stop
from bot.store.sessions import ROLE
from tests.drill.primary import Primary, Way, running
from tests.drill.programs import Programs
from tests.drill.soundness import catalogue, differing
from tests.faults.report import Report
from tests.faults.servers import told


async def play(seed: int, report: Report) -> None:
    """One line; nothing of it is left to chance."""
    with TemporaryDirectory(prefix="parley-drill-", ignore_cleanup_errors=True) as folder:
        async with running(Path(folder), Way.ARCHIVE) as primary:
            dump = primary.kept / "log" / "parley.sql"
            await primary.programs.run("pg_dump", "-d", primary.postgres, "-f", str(dump))
            cluster = Cluster(Path(folder) / "new")
            users = await asyncio.to_thread(start, cluster)
            try:
                await compared(primary, cluster, dump, report)
            finally:
                await asyncio.to_thread(stop, cluster, users)


async def compared(primary: Primary, cluster: Cluster, dump: Path, report: Report) -> None:
    """Once as it is, and once where somebody has made the role first."""
    refused = await read_in(cluster, "as_it_is", dump)
    await told(cluster.conninfo, f"CREATE ROLE {ROLE}")
    afterwards = await read_in(cluster, "with_role", dump)
    with_role = make_conninfo(cluster.conninfo, dbname="with_role")
    other = differing(await catalogue(primary.postgres), await catalogue(with_role))
    seen = f"{refused} statements refused in a new server, {afterwards} where {ROLE} was made before; then still missing: {', '.join(other)}"
    bar = f"bar: with {ROLE} made before, all but roles and memberships is there"
    held = refused > 0 and afterwards == 0 and {"roles", "memberships"} >= set(other)
    report.line("a dump instead of a backup", seen, bar, held=held)


async def read_in(cluster: Cluster, name: str, dump: Path) -> int:
    """How many statements of the dump were refused by a new database."""
    await told(cluster.conninfo, f"CREATE DATABASE {name} TEMPLATE template0")
    database = make_conninfo(cluster.conninfo, dbname=name)
    _, said = await Programs.beside(cluster).run("psql", "-q", "-d", database, "-f", str(dump))
    return said.count("ERROR:")
