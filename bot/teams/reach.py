"""What may be read in a turn, and by whose rights.

Floor 7. A member of the room of `bot.teams.desk`.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from bot.teams.members import Roster
from dialogs.errors import Unreadable
from dialogs.ports import NOWHERE, Directory, Threads
from dialogs.talk import Omitted, Person, Place, Post, Window

MakeThreads = Callable[[Roster], Threads]
"""What may be read in a turn, by whoever the roster says belongs there."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be read: where the bot was added by whoever belongs there, elsewhere with the person's own rights."""

    threads: MakeThreads
    directory: Directory = NOWHERE
    abroad: Threads = NOWHERE


class NoThreads:
    """Stands in for Graph in local mode when no Graph on this machine was named."""

    async def read(self, person: Person, place: Place, window: Window) -> AsyncIterator[Sequence[Post | Omitted]]:
        """Raises `Unreadable`."""
        raise Unreadable("Local mode has no Microsoft Graph; start it with GRAPH_URL set to one on this machine.")
        yield


NO_GRAPH = Reach(lambda roster: NoThreads())
"""Where there is no Microsoft Graph."""
