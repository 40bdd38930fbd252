"""PostgreSQL's own programs, those beside a running server's, as the user whom it runs as."""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from bot.store.embedded import ENVIRONMENT, Cluster
from tests.faults.servers import postmaster


class Failed(Exception):
    """A program ended with an error: its name, and the last that it said."""


@dataclass(frozen=True, slots=True)
class Programs:
    """`folder` holds them; they run as `user` and `group`, because a server's files belong to its user alone."""

    folder: Path
    user: int
    group: int

    @classmethod
    def beside(cls, cluster: Cluster) -> Self:
        """Those of the server that runs this cluster."""
        owner = cluster.data.stat()
        return cls(Path(f"/proc/{postmaster(cluster)}/exe").resolve().parent, owner.st_uid, owner.st_gid)

    async def begun(self, name: str, *arguments: str) -> Process:
        """A program that runs."""
        return await asyncio.create_subprocess_exec(
            str(self.folder / name),
            *arguments,
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=PIPE,
            cwd="/",
            env=ENVIRONMENT,
            user=self.user,
            group=self.group,
            extra_groups=(),
        )

    async def run(self, name: str, *arguments: str) -> tuple[str, str]:
        """What it printed, and what it said beside. Raises `Failed`."""
        process = await self.begun(name, *arguments)
        out, err = (part.decode() for part in await process.communicate())
        if process.returncode:
            raise Failed(f"{name}: {err.strip().splitlines()[-1:]}")
        return out, err
