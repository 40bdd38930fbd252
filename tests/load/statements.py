"""How often a turn goes to the database, counted on the wire: in a group, in a personal chat, and with two processes."""

import asyncio
import importlib
import pkgutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import bot.store
from bot.store.statements import Statement
from tests.load.load import Connector, Conversation, Driver, Seat, chats, groups
from tests.load.peers import instant
from tests.load.processes import several
from tests.load.wiretap import Wiretap
from tests.world.database import fresh
from tests.world.world import World

ENDS = b"At once."
TALKS = 4


@dataclass(frozen=True, slots=True)
class Case:
    """Who talks, and to how many processes."""

    name: str
    seats: Sequence[Seat]
    processes: int = 1


def cases() -> list[Case]:
    """What is counted."""
    return [
        Case("group chat", groups(TALKS)),
        Case("personal chat", chats(TALKS, "what is new?")),
        Case("group chat, two processes in turn", groups(TALKS), 2),
    ]


async def statements(postgres: str, seconds: float) -> str:
    """A line for each case."""
    title = "round trips to the database (bar: accepting 1, a whole turn <= 5)"
    return "\n  ".join([title, *[await counted(postgres, case, seconds) for case in cases()]])


async def counted(postgres: str, case: Case, seconds: float) -> str:
    """Round trips of each kind, a turn."""
    talks = [Conversation(seat, ENDS) for seat in case.seats]
    connector = Connector(talks)
    service = await connector.start()
    async with World() as world:
        with fresh(postgres) as database:
            async with Wiretap(database) as tap:
                bots = [instant(world, tap.conninfo, service) for _ in range(case.processes)]
                async with several(bots) as ports:
                    found = await turned(tap, Driver(talks, world.login, service), ports, seconds)
    connector.stop()
    return f"{case.name}: {found}"


async def turned(tap: Wiretap, driver: Driver, ports: Sequence[int], seconds: float) -> str:
    """What turns do, less what the processes do in any case; what was only prepared is not counted."""
    await driver.run(ports, 2.0)
    driver.forget()
    tap.forget()
    await asyncio.sleep(seconds)
    idle = dict(tap.trips)
    tap.forget()
    took = await driver.run(ports, seconds)
    driver.close()
    share = took / seconds
    turns = sum(len(talk.timings) for talk in driver.conversations)
    return told({text: (n - share * idle.get(text, 0)) / turns for text, n in tap.trips.items() if text}, turns)


def told(trips: Mapping[bytes, float], turns: int) -> str:
    """The sum, and each kind that is more than once in a hundred turns."""
    known, kinds = names(), defaultdict[str, float](float)
    for text, count in trips.items():
        kinds[known.get(text) or shortened(text)] += count
    often = [(name, count) for name, count in sorted(kinds.items(), key=lambda kind: -kind[1]) if count > 0.01]
    listed = ", ".join(f"{name} {count:.2f}" for name, count in often)
    return f"{sum(count for _, count in often):.2f} a turn ({listed}); {turns:,} turns"


def shortened(text: bytes) -> str:
    """The beginning of a statement without a name."""
    return " ".join(text.decode().split())[:40]


def names() -> dict[bytes, str]:
    """What the statements are called that the store has."""
    rooms = [importlib.import_module(f"bot.store.{room.name}") for room in pkgutil.iter_modules(bot.store.__path__)]
    return {
        value.text: name.lower() for room in rooms for name, value in vars(room).items() if isinstance(value, Statement)
    }
