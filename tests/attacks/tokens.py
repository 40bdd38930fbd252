"""Forged, bent and borrowed tokens at the front door: each is refused before a byte of the body is read."""

import asyncio
import json
import time

from aiohttp import web

from bot.limits import KEY_REFRESH
from bot.teams.keys import Keys
from bot.teams.line import open_session
from tests.attacks.connection import Connection, Server
from tests.attacks.forgeries import BARE, HEADER, USUAL, WEBCHAT, Try, bearer, signed, tries
from tests.attacks.indoors import NOW, SERVICE, House, token
from tests.attacks.report import Report
from tests.world.activities import message
from tests.world.door import Answer, Call
from tests.world.login import LoginDouble
from tests.world.people import ADA, personal
from tests.world.signing import key

NAME = "front door: tokens"


class Post:
    """Requests whose heads say what is tried, over connections of their own."""

    def __init__(self, server: Server, house: House) -> None:
        self._server = server
        self._house = house
        self.body = json.dumps({**message(personal(ADA), ADA, "hello"), "serviceUrl": SERVICE}).encode()

    async def whole(self, one: Try) -> int:
        """The status of a request with its body."""
        return await self._sent(one, self.body)

    async def head(self, one: Try) -> int:
        """The status where the body never comes; 0 where it is waited for."""
        return await self._sent(one, b"")

    async def _sent(self, one: Try, body: bytes) -> int:
        lines = "".join(f"Authorization: {header}\r\n" for header in one.headers).encode("utf-8", "surrogateescape")
        head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\n%bContent-Length: %d\r\n\r\n" % (lines, len(self.body))
        connection = self._server.connect()
        heard = await connection.send(head + body)
        await connection.end()
        return int(heard[9:12] or 0)

    @property
    def entered(self) -> int:
        """How many requests came in."""
        return self._house.shelf.accepted


async def attempted(house: House) -> list[str]:
    """Every try, with its body and without; what was not refused as it must be."""
    house.keys.publish(key(0), WEBCHAT, BARE)
    wrong = []
    async with Server(house.application()) as server:
        post = Post(server, house)
        if await post.whole(Try("good", bearer(token()))) != 202 or post.entered != 1:
            raise AssertionError("a good token is refused")
        for one in tries():
            early = await post.head(one) if one.status == 401 else one.status
            if (early, await post.whole(one), post.entered) != (one.status, one.status, 1):
                wrong.append(one.what)
    return wrong


async def fetched(count: int) -> int:
    """How often the keys are fetched while so many tokens with unknown keys come within one period."""
    visits, clock = 0, NOW

    async def visited(call: Call, answer: Answer) -> web.StreamResponse:
        nonlocal visits
        visits += 1
        return await answer(call)

    async with LoginDouble() as login, open_session() as session:
        keys = Keys(session, login.metadata, lambda: clock)
        await keys.find("key-0")
        clock += KEY_REFRESH
        login.faults.add(visited, of="metadata", times=None)
        await asyncio.gather(*(keys.find(f"unknown-{number}") for number in range(count)))
        await keys.close()
    return visits


async def cost(count: int = 200, rounds: int = 5) -> float:
    """Milliseconds of CPU for one refusal of a request of 200 KB, in the best of some rounds: others use the machine too.

    Nothing but the signature is wrong about its token, so that it is looked at to the end. Its connection is kept.
    """
    text, big = signed(dict(USUAL), HEADER, key(99)).encode(), b" " * 200_000
    head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %b\r\nContent-Length: %d\r\n\r\n"
    wire = head % (text, len(big)) + big
    async with Server(House().application()) as server:
        connection = server.connect()
        found = min([await taken(connection, wire, count) for _ in range(rounds)])
        await connection.end()
    return found / count * 1000


async def taken(connection: Connection, wire: bytes, count: int) -> float:
    """Seconds of CPU in which a request is refused so many times."""
    started = time.process_time()
    for _ in range(count):
        if b" 401 " not in (await connection.send(wire))[:16]:
            raise AssertionError("not refused")
    return time.process_time() - started


async def run(report: Report) -> None:
    """All of it."""
    wrong = await attempted(House())
    report.count(NAME, len(tries()), len(wrong))
    times = await fetched(200)
    report.count("front door: unknown keys in one period", 200, max(0, times - 1))
    report.remark(f"a forged token with a body of 200 KB costs {await cost():.3f} ms of CPU to refuse")
    for what in wrong[:20]:
        report.remark(f"token let through: {what}")
