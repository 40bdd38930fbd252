"""Addresses that look like ours and lead elsewhere, and names that lead inside, against every gate outward.

Whatever a message, a listing or an answer says: nobody but the host that is meant is asked for, resolved or connected to,
and the bot's token is not even fetched for anybody else. Nothing is sent anywhere: names are made up and sockets lead nowhere.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.fetching import Fetcher
from bot.files import Uploader
from bot.graph.pace import Pace
from bot.graph.pages import Budget, Pages
from bot.graph.pages import Line as GraphLine
from bot.graph.source import Source
from bot.hosts import allowed
from bot.pinning import Pinned, open_pinned
from bot.posts import LINK, Spot
from bot.teams.line import Line, Ways
from bot.teams.origins import origins
from dialogs.errors import AssistantError
from tests.attacks.lookalikes import lookalikes
from tests.attacks.report import Report
from tests.bot.resolving import PUBLIC, Names, Sockets

TEAMS = "smba.trafficmanager.net"
FILES = "contoso.sharepoint.com"
GRAPH = "graph.microsoft.com"
LINKS = "teams.microsoft.com"


FORBIDDEN = (
    *(
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.169.254",
    ),
    *("168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.88.99.1"),
    *(
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
    ),
    *("2002:a9fe:a9fe::1", "2001:0:a9fe:a9fe::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("2001:db8::1", "fec0::1", "100::1"),
)
"""What a name must not lead to, as a resolver may answer."""


@dataclass
class Outside:
    """A world in which every name resolves and nothing can be reached; it remembers who was turned to."""

    names: Names = field(default_factory=lambda: Names({PUBLIC}))
    sockets: Sockets = field(default_factory=Sockets)
    shown: int = 0
    """How often the bot's token was fetched."""

    async def token(self) -> str:
        self.shown += 1
        return "the-bots-token"

    async def pause(self, seconds: float) -> None:
        """There is nothing to wait for."""

    def forget(self) -> None:
        """Nobody was turned to yet."""
        self.names.asked.clear()
        self.sockets.wanted.clear()
        self.shown = 0

    @property
    def touched(self) -> bool:
        """Whether anybody was turned to."""
        return bool(self.names.asked or self.sockets.wanted or self.shown)


Gate = Callable[[str], Awaitable[bool]]
"""Whether an address was let through."""


async def turned_to(outside: Outside, spoken: Awaitable[object]) -> bool:
    """Whether a request turned to anybody; what it raised does not matter."""
    try:
        await spoken
    except AssistantError:
        return outside.touched
    return True


async def drained(stream: AsyncGenerator[bytes, None]) -> None:
    async for _ in stream:
        pass


async def pieces() -> AsyncIterator[bytes]:
    yield b"abc"


def gates(outside: Outside, session: Pinned) -> dict[str, tuple[str, Gate]]:
    """Every gate, with the host that it is for."""
    teams, files = origins((f"https://{TEAMS}",)), frozenset({FILES})
    fetcher = Fetcher(session, files, teams, outside.token)
    line = Line(session, teams, Ways(outside.token, outside.pause, lambda: 0.5, lambda: datetime.now(UTC)))
    clock = asyncio.get_running_loop().time
    way = GraphLine(session, f"https://{GRAPH}/v1.0", Pace(clock, outside.pause), clock, outside.pause)
    pages = Pages(way, Source((), "", "", Spot("", ""), ()), ("token",), Budget())

    async def trusted(address: str) -> bool:
        return teams.trust(address)

    async def listed(address: str) -> bool:
        return allowed(address, files)

    async def linked(address: str) -> bool:
        return LINK.fullmatch(address) is not None

    async def following(address: str) -> bool:
        try:
            return pages.next({"@odata.nextLink": address}) is not None
        except AssistantError:
            return False

    return {
        "a service address": (TEAMS, trusted),
        "a call of Teams": (TEAMS, lambda address: turned_to(outside, line.call("GET", address))),
        "a file's host": (FILES, listed),
        "a download": (FILES, lambda address: turned_to(outside, drained(fetcher.download(address)))),
        "an upload": (
            FILES,
            lambda address: turned_to(outside, Uploader(session, files, outside.pause).upload(address, 3, pieces())),
        ),
        "a picture": (
            TEAMS,
            lambda address: turned_to(outside, drained(fetcher.picture(address, f"https://{TEAMS}/emea/"))),
        ),
        "a picture's service": (
            TEAMS,
            lambda address: turned_to(outside, drained(fetcher.picture(f"{address}/picture", address))),
        ),
        "a next page of Graph": (GRAPH, following),
        "a link to a message": (LINKS, linked),
    }


async def leaks() -> AsyncIterator[tuple[str, str, str]]:
    """Every address that was tried: the gate, the family, and the address where it was let through, else ""."""
    outside = Outside()
    async with open_pinned(outside.names, outside.sockets) as session:
        for name, (host, gate) in gates(outside, Pinned(session)).items():
            for family, address in ((family, one) for family, all_ in lookalikes(host).items() for one in all_):
                outside.forget()
                yield name, family, address if await gate(address) else ""


async def resolved() -> AsyncIterator[tuple[str, str, bool]]:
    """Every answer of a resolver that was tried on a listed name: the form, the answer, and whether it was let through."""
    for bad in FORBIDDEN:
        yield "a name that leads inside", bad, await reached(Names({bad}), bad)
        yield "one good and one bad answer", bad, await reached(Names({PUBLIC, bad}), bad)
        names = Names({PUBLIC}, {bad})
        yield "a second answer", bad, await reached(names, bad) or len(names.asked) != 1


async def reached(names: Names, bad: str) -> bool:
    """Whether a download from a listed name got as far as the bad address, or anywhere from a spoilt answer."""
    sockets = Sockets()
    async with open_pinned(names, sockets) as session:
        fetcher = Fetcher(Pinned(session), frozenset({FILES}), origins((f"https://{TEAMS}",)), Outside().token)
        outside = Outside(names, sockets)
        await turned_to(outside, drained(fetcher.download(f"https://{FILES}/x")))
    return bad in sockets.wanted or any(address != PUBLIC for address in sockets.wanted)


async def run(report: Report) -> None:
    """Try everything."""
    # What the rooms log of it is not the report's: without a place for it, Python would print it.
    logging.getLogger("bot").addHandler(logging.NullHandler())
    async for gate, _, through in leaks():
        report.count(f"addresses: {gate}", 1, bool(through))
    async for form, _, let in resolved():
        report.count(f"addresses: {form}", 1, let)
