"""Teams' side: messages with a token of their own, delivered again where the door says 5xx or nothing, given up where it
refuses them.

Tokens are the play's: by which key, and of when.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

import aiohttp

from tests.faults.asks import Question, Tally, answered, ask, place
from tests.world.world import World

AGAIN = 1.0
"""Seconds until what was not accepted comes again."""
GIVES_UP = 15.0
"""Seconds Teams waits for an answer."""
LONGEST = 120.0
"""Seconds after which nothing is delivered again: that counts as refused."""
ENDS = (202, 400, 401, 403)
ROOMS = 40

_numbers = count(1)


@dataclass(slots=True)
class Post:
    """What one play sends. `sign` makes the token of a delivery, `service` is the activities' `serviceUrl`."""

    world: World
    bot: str
    sign: Callable[[], str]
    service: str = ""
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    accepted: list[Question] = field(default_factory=list)
    refused: int = 0

    async def send(self, sign: Callable[[], str] | None = None) -> int:
        """A message, delivered until it is accepted or refused; the last status."""
        number = next(_numbers)
        question = ask(self.world, number, place(("personal", "group")[number % 2], number % ROOMS))
        body = json.dumps({**question.activity, "serviceUrl": self.service or self.world.service}).encode()
        status = await self.deliver(body, sign)
        if status == 202:
            self.accepted.append(question)
        return status

    async def deliver(self, body: bytes, sign: Callable[[], str] | None = None) -> int:
        """A body, delivered until it is accepted or refused, or for too long; the last status."""
        until = time.monotonic() + LONGEST
        while (status := await self._once(body, (sign or self.sign)())) not in ENDS and time.monotonic() < until:
            await asyncio.sleep(AGAIN)
        self.refused += status != 202
        return status

    async def stream(self, seconds: float, rate: float = 10) -> None:
        """So many messages a second for so long, none waiting for another; returns when each is accepted or refused."""
        ends, sending = time.monotonic() + seconds, []
        while time.monotonic() < ends:
            sending.append(asyncio.create_task(self.send()))
            await asyncio.sleep(1 / rate)
        await asyncio.gather(*sending)

    async def settled(self, within: float) -> Tally:
        """What people see of what was accepted, once nothing is missing or the time is up."""
        return await answered(self.world, self.accepted, within)

    @property
    def again(self) -> int:
        """How many deliveries were told to come again, or told nothing."""
        return sum(times for status, times in self.statuses.items() if status == 0 or status >= 500)

    def whole(self, tally: Tally) -> bool:
        """Whether something was accepted, and nothing refused, lost, or answered twice."""
        return bool(tally.asked) and not (self.refused or tally.lost or tally.twice)

    @property
    def slowest(self) -> float:
        """Seconds of the slowest answer of the door."""
        return max(self.times, default=0.0)

    async def _once(self, body: bytes, token: str) -> int:
        began, status = time.monotonic(), 0
        try:
            async with asyncio.timeout(GIVES_UP):
                status, _ = await self.world.post_raw(body, token, self.bot)
        except (aiohttp.ClientError, TimeoutError):
            pass
        self.times.append(time.monotonic() - began)
        self.statuses[status] += 1
        return status


def quantile(times: Sequence[float], part: float) -> float:
    """The value below which so large a part of them lies."""
    return sorted(times)[min(len(times) - 1, int(len(times) * part))] if times else 0.0
