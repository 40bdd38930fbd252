"""How a message is accepted: alone and as fast as it goes, and at a steady pace beside many streaming answers."""

import asyncio
import time
from collections.abc import Sequence

from tests.load.load import Connector, Conversation, Driver, chats, figures, groups, percentiles
from tests.load.model import LAST_WORDS, Pace
from tests.load.peers import alone, ours
from tests.load.streams import ASK, OPEN, Listened, pair, scene
from tests.load.wire import Wire
from tests.world.database import fresh
from tests.world.world import World

DOORS = 16
RATE = 200
"""Messages a second that come whatever happens."""
POOL = 400
"""Conversations that they come from."""
LONG = 60.0
"""Seconds of that; as many as the runs are short where they are shorter than a usual one."""
USUAL = 8.0
NEW = "-1111111111111"
"""At the end of a conversation's name: each message begins a conversation of its own."""


class Heap(Conversation):
    """What is sent is accepted, and that is all."""

    def acked(self, wire: Wire, head: bytes, body: bytes) -> None:
        """The next one follows at once."""
        if self.timing is not None:
            self.timing.first = self.timing.done = time.perf_counter()
        super().acked(wire, head, body)


class Steady:
    """Messages at a steady pace, from whoever has nothing under way."""

    def __init__(self, talks: Sequence[Conversation]) -> None:
        self._talks = talks
        self.late: list[float] = []
        """How late each message was sent, in seconds."""
        self.full = 0
        """Messages that nobody was free to send."""

    async def run(self, seconds: float) -> None:
        """For so long."""
        began = time.perf_counter()
        for number in range(int(RATE * seconds)):
            due = began + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self.late.append(time.perf_counter() - due)
            self._send()

    def _send(self) -> None:
        free = next((talk for talk in self._talks if talk.timing is None), None)
        if free is None:
            self.full += 1
        else:
            free.send()


async def accept(postgres: str, seconds: float) -> str:
    """Both."""
    return "\n  ".join(
        [
            "accepting (bar: >= 2,000/s alone; ack p99 <= 50 ms at 200/s beside a full load of streaming answers)",
            await heaped(postgres, seconds),
            await beside(postgres, LONG * min(1.0, seconds / USUAL)),
        ]
    )


async def heaped(postgres: str, seconds: float) -> str:
    """Messages that are accepted by a process that answers none, each the first of its conversation."""
    doors = [Heap(seat, b"") for seat in groups(DOORS, name="heap" + NEW)]
    connector = Connector(doors)
    service = await connector.start()
    async with World() as world:
        with fresh(postgres) as database:
            bot, driver = ours(world, database, service, "tests.load.accepting"), Driver(doors, world.login, service)
            async with alone(bot) as process:
                await driver.run([bot.port], 1.0)
                driver.forget()
                before = process.cpu
                took = await driver.run([bot.port], seconds)
                found = figures("alone", doors, took, process.cpu - before)
                driver.close()
    connector.stop()
    return (
        f"alone, {DOORS} connections: {found.rate:.0f}/s, ack p50 {found.ack_p50:.1f} p99 {found.ack_p99:.1f} ms, "
        f"CPU {found.cpu:.3f} ms a message, {100 * found.share:.0f} % of a core"
    )


async def beside(postgres: str, seconds: float) -> str:
    """Messages at a steady pace, answered at once in groups, while many others are being answered in streams."""
    pace = Pace(first=1.0, every=0.2, pieces=50)
    readers = [Listened(seat, LAST_WORDS.encode()) for seat in chats(OPEN, ASK)]
    askers = [Conversation(seat, LAST_WORDS.encode()) for seat in groups(POOL, "What is it? ask!", "asker")]
    async with scene(postgres, pace, readers, askers) as played:
        port, steady = played.bot.port, Steady(askers)
        senders = Driver(askers, played.driver.login, played.driver.service)
        await senders.open([port])
        reading = asyncio.create_task(played.driver.run([port], pace.seconds + seconds, pace.seconds))
        await asyncio.sleep(pace.seconds)
        before, began = played.process.cpu, time.perf_counter()
        await steady.run(seconds)
        took, spent = time.perf_counter() - began, played.process.cpu - before
        await reading
        senders.close()
    acks = percentiles(timing.acked - timing.sent for talk in askers for timing in talk.timings)
    count = sum(len(talk.timings) for talk in askers)
    return (
        f"{RATE}/s for {took:.0f} s beside {OPEN} open streams: ack {pair(acks)}; {count:,} of {int(RATE * seconds):,} "
        f"answered, {steady.full} could not be sent, sent late {pair(percentiles(steady.late))}; "
        f"{100 * spent / took:.0f} % of a core"
    )
