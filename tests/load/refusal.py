"""What a request costs that nobody has signed: 200 KB without a token, at our door and at the peers'."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.load.adfs import Adfs
from tests.load.load import PATH
from tests.load.peers import Contender, alone, contenders, missing
from tests.load.wire import Wire, connect
from tests.world.activities import message
from tests.world.database import fresh
from tests.world.people import ADA, personal
from tests.world.world import World

DOORS = 4
SIZE = 200_000
PATIENCE = 10.0


@dataclass(slots=True)
class Knocker:
    """Comes without a token again and again, on a new connection where the old one was closed."""

    port: int
    request: bytes
    answers: Counter[str] = field(default_factory=Counter)
    _wire: Wire | None = None
    _answered: asyncio.Future[str] | None = None

    async def run(self, until: float) -> None:
        """Until then."""
        while time.perf_counter() < until:
            self._answered = asyncio.get_running_loop().create_future()
            if self._wire is None:
                self._wire = await connect(self.port, self._heard, self._lost)
            self._wire.write(self.request)
            self.answers[await asyncio.wait_for(self._answered, PATIENCE)] += 1
        if self._wire is not None:
            self._wire.close()

    def _heard(self, wire: Wire, head: bytes, body: bytes) -> None:
        self._tell(head[9:12].decode())

    def _lost(self, wire: Wire) -> None:
        if wire is self._wire:
            self._wire = None
            self._tell("closed")

    def _tell(self, words: str) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_result(words)


def large(service: str) -> bytes:
    """A message with a great many mentions and no token."""
    entity = {"type": "mention", "mentioned": {"id": ADA.teams, "name": ADA.name}, "text": f"<at>{ADA.name}</at>"}
    room = personal(ADA)
    entities = [entity] * (SIZE // len(json.dumps(entity)))
    body = json.dumps(message(room, ADA, "hello", entities=entities, service=service)).encode()
    head = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" % PATH
    return head + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def refusal(postgres: str, seconds: float) -> str:
    """Everybody's cost."""
    service = "http://127.0.0.1:9"
    async with World() as world, Adfs() as adfs:
        with fresh(postgres) as database:
            found = [await cost(one, service, seconds) for one in contenders(world, adfs, database)]
    title = "refusing 200 KB without a token (bar: <= 0.15 ms of CPU)"
    return "\n".join([title, *(f"  {line}" for line in [*found, missing()] if line)])


async def cost(contender: Contender, service: str, seconds: float) -> str:
    """CPU a request."""
    bot = contender.start(service)
    async with alone(bot) as process:
        await knock(bot.port, service, 1.0)
        before = process.cpu
        answers = await knock(bot.port, service, seconds)
        spent = process.cpu - before
    count = answers.total() - answers["closed"]
    kinds = ", ".join(f"{name}: {number:,}" for name, number in answers.most_common())
    return f"{contender.name:<22} {1000 * spent / max(count, 1):8.3f} ms of CPU a request, {count / seconds:.0f}/s ({kinds})"


async def knock(port: int, service: str, seconds: float) -> Counter[str]:
    """What was answered, by several at once."""
    request, until = large(service), time.perf_counter() + seconds
    knockers = [Knocker(port, request) for _ in range(DOORS)]
    await asyncio.gather(*(each.run(until) for each in knockers))
    return sum((each.answers for each in knockers), Counter())
