"""Load for a bot: conversations in a closed loop, and the connector their answers arrive at, in one plain process.

A request is written once and sent again with another id in it; nothing of an answer is parsed. Each conversation sends
its next message only after the answer to the one before stands, and the message itself was acknowledged.
"""

import asyncio
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from urllib.parse import unquote_to_bytes

from tests.load.wire import Wire, answer, connect, listen
from tests.world.activities import message
from tests.world.login import LoginDouble
from tests.world.people import ADA, GROUP, Room, Someone
from tests.world.roster import member

ID = b"1111111111111"
"""Stands for an activity's id where a request is made once; as long as those that take its place."""
FIRST_ID = 1_790_000_000_000
GRACE = 120.0
"""Seconds that answers may take after the last message."""
ACCEPTED = (b"200", b"201", b"202")
BUSY = b"503"
AGAIN = 0.1
"""Seconds after which a message is sent again that could not be accepted just now."""
PATH = b"/api/messages"

_ids = count(FIRST_ID)


@dataclass(slots=True)
class Timing:
    """When one message was sent, acknowledged, first heard of at the connector, and answered; in seconds.

    `text` is when the first words of a model's answer were seen there.
    """

    id: int
    sent: float
    acked: float = 0.0
    first: float = 0.0
    text: float = 0.0
    done: float = 0.0

    @property
    def over(self) -> bool:
        return self.acked > 0 and self.done > 0


@dataclass(frozen=True, slots=True)
class Seat:
    """A conversation, who speaks in it, and what they say; `ID` may stand in it."""

    room: Room
    person: Someone
    text: str = "what is new?"


def somebody(number: int) -> Someone:
    """One of any number of employees."""
    return replace(ADA, id=f"b0000000-0000-4000-8000-{number:012d}", teams=f"29:1bench-Kq7vN2mZ{number:06d}")


def groups(number: int, text: str = "what is new?", name: str = "bench") -> list[Seat]:
    """Group chats, each with a person of its own who asks: a mention, and an answer for all to see."""
    rooms = [Room("groupChat", f"19:{name}{one}@thread.v2", GROUP.members) for one in range(number)]
    return [Seat(room, somebody(one), text) for one, room in enumerate(rooms)]


def chats(number: int, text: str) -> list[Seat]:
    """Personal chats, each of a person of its own: an answer that is streamed."""
    people = [somebody(one) for one in range(number)]
    return [Seat(Room("personal", f"a:1bench{person.id}", (person,)), person, text) for person in people]


def request(seat: Seat, service: str, login: LoginDouble) -> bytes:
    """The request that brings a message of a seat, with `ID` in it."""
    activity = message(seat.room, seat.person, seat.text, id=ID.decode(), service=service)
    body = json.dumps(activity).encode()
    # A token of its own for each conversation: the bot must not get away with having seen one.
    token = login.sign(serviceurl=service, jti=seat.room.conversation)
    head = b"POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\n" % (PATH, token.encode())
    return head + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class Conversation:
    """One conversation. What ends an answer are the words `ends`, in a message that is no step of a stream."""

    def __init__(self, seat: Seat, ends: bytes) -> None:
        self.id = seat.room.conversation.encode()
        self.asker = json.dumps(member(seat.person)).encode()
        self.timings: list[Timing] = []
        self.seat = seat
        self._ends = ends
        self._request = b""
        self._wires: list[Wire] = []
        self.timing: Timing | None = None
        self.refused = 0
        """Messages that could not be accepted just now."""
        self._until = 0.0
        self._idle: asyncio.Future[None] | None = None

    async def open(self, ports: Iterable[int], request: bytes) -> None:
        """Connect to every process; messages go to them in turn."""
        self._request = request
        self._wires = [await connect(port, self.acked, self._lost) for port in ports]

    def close(self) -> None:
        self._idle = None
        for wire in self._wires:
            wire.close()

    def talk(self, until: float, after: float = 0.0) -> asyncio.Future[None]:
        """Send `after` so many seconds, and again whenever an answer stands, until then; done when the last stands."""
        loop = asyncio.get_running_loop()
        self._until, self._idle = until, loop.create_future()
        loop.call_later(after, self.send) if after else self.send()
        return self._idle

    def heard(self, body: bytes) -> None:
        """Something arrived at the connector."""
        timing, now = self.timing, time.perf_counter()
        if timing is None:
            return
        timing.first = timing.first or now
        if self._ends in body and b'"type":"typing"' not in body:
            timing.done = now
            self._step(timing)

    def send(self) -> None:
        """The next message."""
        id = next(_ids)
        self.timing = Timing(id, time.perf_counter())
        self._wires[id % len(self._wires)].write(self._request.replace(ID, b"%d" % id))

    def acked(self, wire: Wire, head: bytes, body: bytes) -> None:
        """The bot answered a request."""
        timing = self.timing
        if head[9:12] == BUSY:
            self.refused += 1
            asyncio.get_running_loop().call_later(AGAIN, self.send)
        elif head[9:12] not in ACCEPTED:
            self._fail(f"the bot answered {head[9:12].decode()}")
        elif timing is not None:
            timing.acked = time.perf_counter()
            self._step(timing)

    def _step(self, timing: Timing) -> None:
        if not timing.over:
            return
        self.timings.append(timing)
        self.timing = None
        if time.perf_counter() < self._until:
            self.send()
        elif self._idle is not None and not self._idle.done():
            self._idle.set_result(None)

    def _lost(self, wire: Wire) -> None:
        self._fail("the bot closed the connection")

    def _fail(self, words: str) -> None:
        if self._idle is not None and not self._idle.done():
            self._idle.set_exception(RuntimeError(words))


class Connector:
    """The connector side: answers every call after `delay` seconds, and tells its conversation of it when it comes."""

    def __init__(
        self, conversations: Iterable[Conversation], delay: float = 0.0, rest: Conversation | None = None
    ) -> None:
        """`rest` is told of every conversation that is not known."""
        self._by_id = {conversation.id: conversation for conversation in conversations}
        self._delay = delay
        self._rest = rest
        self._ids = count(1)
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        self._server, url = await listen(self._take)
        return url

    def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    def _take(self, wire: Wire, head: bytes, body: bytes) -> None:
        method, path, _ = head.split(b" ", 2)
        conversation = self._known(path.split(b"/conversations/", 1)[1].split(b"/", 1)[0])
        said = b'{"id":"m%d"}' % next(self._ids)
        if method != b"GET":
            conversation.heard(body)
        response = answer(
            conversation.asker if method == b"GET" else said, b"201 Created" if method == b"POST" else b"200 OK"
        )
        if self._delay:
            asyncio.get_running_loop().call_later(self._delay, wire.write, response)
        else:
            wire.write(response)

    def _known(self, name: bytes) -> Conversation:
        """By the name as it stands in a path, which is looked at closely once."""
        found = self._by_id.get(name)
        if found is None:
            found = self._by_id.get(unquote_to_bytes(name), self._rest)
            if found is None:
                raise LookupError("a conversation that nobody has begun")
            self._by_id[name] = found
        return found


@dataclass(slots=True)
class Driver:
    """Sends messages to the processes of a bot from every conversation until a time has passed."""

    conversations: Sequence[Conversation]
    login: LoginDouble
    service: str
    opened: bool = field(default=False)

    async def run(self, ports: Sequence[int], seconds: float, spread: float = 0.0) -> float:
        """Drive the bot on these ports; how many seconds it really took. The conversations begin over `spread` seconds."""
        await self.open(ports)
        began, step = time.perf_counter(), spread / len(self.conversations)
        async with asyncio.timeout(seconds + spread + GRACE):
            await asyncio.gather(*(one.talk(began + seconds, n * step) for n, one in enumerate(self.conversations)))
        return time.perf_counter() - began

    def forget(self) -> None:
        """What was measured so far was a warm-up."""
        for each in self.conversations:
            each.timings.clear()
            each.refused = 0

    def close(self) -> None:
        for each in self.conversations:
            each.close()

    async def open(self, ports: Sequence[int]) -> None:
        """Connect every conversation; once."""
        if not self.opened:
            for each in self.conversations:
                await each.open(ports, request(each.seat, self.service, self.login))
        self.opened = True


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run showed. Times in milliseconds; `share` is how much of one core the bot used."""

    name: str
    rate: float
    ack_p50: float
    ack_p99: float
    first_p50: float
    first_p99: float
    done_p50: float
    done_p99: float
    cpu: float
    share: float
    refused: int

    def __str__(self) -> str:
        return (
            f"{self.name:<22} {self.rate:7.1f}/s   ack p50 {self.ack_p50:6.1f} p99 {self.ack_p99:6.1f} ms   "
            f"first call p50 {self.first_p50:6.1f} p99 {self.first_p99:6.1f} ms   "
            f"answer p50 {self.done_p50:6.1f} p99 {self.done_p99:6.1f} ms   "
            f"CPU {self.cpu:6.3f} ms a message, {100 * self.share:3.0f} % of a core"
            + (f", {self.refused} refused for now" if self.refused else "")
        )


def figures(name: str, conversations: Sequence[Conversation], seconds: float, cpu_seconds: float) -> Figures:
    """The figures of all conversations together."""
    timings = [timing for each in conversations for timing in each.timings]
    ack_p50, ack_p99 = percentiles(t.acked - t.sent for t in timings)
    first_p50, first_p99 = percentiles(t.first - t.sent for t in timings)
    done_p50, done_p99 = percentiles(t.done - t.sent for t in timings)
    return Figures(
        name=name,
        rate=len(timings) / seconds,
        ack_p50=ack_p50,
        ack_p99=ack_p99,
        first_p50=first_p50,
        first_p99=first_p99,
        done_p50=done_p50,
        done_p99=done_p99,
        cpu=1000 * cpu_seconds / max(len(timings), 1),
        share=cpu_seconds / seconds,
        refused=sum(each.refused for each in conversations),
    )


def percentiles(values: Iterable[float], *shares: float) -> tuple[float, ...]:
    """The median and the 99th percentile, or what is asked for, in milliseconds; zeros where there are no values."""
    ordered = sorted(values) or [0.0]
    return tuple(1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in shares or (0.5, 0.99))
