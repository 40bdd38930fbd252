"""A PostgreSQL server that can be restarted while others use it."""

from pathlib import Path
from typing import Self

from bot.store.embedded import Cluster, start, stop
from tests.world.database import FAST, migrated


class Server:
    """Runs while it is entered; `database` is a migrated one on it, at the same place after each restart."""

    def __init__(self, home: Path, settings: tuple[str, ...] = FAST) -> None:
        self._cluster = Cluster(home, settings)
        self._users = -1

    def __enter__(self) -> Self:
        self._users = start(self._cluster)
        migrated(self.database)
        return self

    def __exit__(self, *_: object) -> None:
        stop(self._cluster, self._users)

    @property
    def database(self) -> str:
        """How to reach it while it runs."""
        return self._cluster.conninfo

    def restart(self) -> None:
        """Every connection ends, and for a moment there is nobody. It blocks until the server is back."""
        stop(self._cluster, self._users)
        self._users = start(self._cluster)
