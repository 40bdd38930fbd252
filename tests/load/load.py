"""Load for a bot: conversations in a closed loop, and the connector their answers arrive at, in one plain process.

Both speak HTTP by hand over asyncio streams: the driver shares the machine with what it measures, so it must cost
next to nothing itself. Each conversation sends its next message only after the answer to the one before stands.
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import unquote

from tests.world.people import ADA
from tests.world.roster import member


@dataclass(slots=True)
class Timing:
    """When one message was sent, acknowledged, first heard of at the connector, and answered; in seconds."""

    sent: float
    acked: float = 0.0
    first: float = 0.0
    done: float = 0.0


@dataclass(slots=True)
class Conversation:
    """One conversation in its loop."""

    id: str
    timing: Timing | None = None
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    timings: list[Timing] = field(default_factory=list)


ASKER = json.dumps(member(ADA)).encode()
"""What the roster says of who asks."""


class Connector:
    """The connector side: answers every call at once and notes when it came. `final` is the method that ends a turn."""

    def __init__(self, conversations: list[Conversation], final: str) -> None:
        self._by_id = {conversation.id: conversation for conversation in conversations}
        self._final = final
        self._ids = count(1)
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                method, path, _ = await read_message(reader)
                self._note(method, path)
                body = ASKER if method == "GET" else b'{"id":"m%d"}' % next(self._ids)
                status = b"201 Created" if method == "POST" else b"200 OK"
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                    % (status, len(body), body)
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _note(self, method: str, path: str) -> None:
        conversation = self._by_id[unquote(path.split("/conversations/")[1].split("/")[0])]
        timing, now = conversation.timing, time.perf_counter()
        if timing is None:
            return
        timing.first = timing.first or now
        if method == self._final:
            timing.done = now
            conversation.answered.set()


async def read_message(reader: asyncio.StreamReader) -> tuple[str, str, bytes]:
    """One HTTP message with a Content-Length: the first two words of its first line, and its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lines = head.split("\r\n")
    first, second, *_ = lines[0].split(" ")
    length = next((int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0)
    return first, second, await reader.readexactly(length)


class Driver:
    """Sends messages to a bot from every conversation until a time has passed."""

    def __init__(
        self, conversations: list[Conversation], token: str, activity: Callable[[str, str], dict[str, object]]
    ) -> None:
        self._conversations = conversations
        self._token = token
        self._activity = activity
        self._ids: Iterator[int] = count(1)

    async def run(self, port: int, seconds: float) -> float:
        """Drive the bot on a loopback port; how many seconds it really took."""
        began = time.perf_counter()
        await asyncio.gather(*(self._talk(each, port, began + seconds) for each in self._conversations))
        return time.perf_counter() - began

    async def _talk(self, conversation: Conversation, port: int, until: float) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < until:
            request = self._request(conversation, port)
            conversation.answered.clear()
            timing = conversation.timing = Timing(time.perf_counter())
            writer.write(request)
            _, status, _ = await asyncio.wait_for(read_message(reader), 30)
            timing.acked = time.perf_counter()
            if status not in ("200", "201", "202"):
                raise RuntimeError(f"the bot answered {status}")
            await asyncio.wait_for(conversation.answered.wait(), 30)
            conversation.timings.append(timing)
        writer.close()

    def _request(self, conversation: Conversation, port: int) -> bytes:
        body = json.dumps(self._activity(conversation.id, f"{next(self._ids)}")).encode()
        return (
            f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode() + body


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run showed. Times in milliseconds."""

    name: str
    rate: float
    ack_p50: float
    ack_p99: float
    first_p50: float
    first_p99: float
    done_p50: float
    done_p99: float
    cpu: float

    def __str__(self) -> str:
        return (
            f"{self.name:<28} {self.rate:8.0f}/s   ack p50 {self.ack_p50:6.1f} p99 {self.ack_p99:6.1f} ms   "
            f"first call p50 {self.first_p50:6.1f} p99 {self.first_p99:6.1f} ms   "
            f"answer p50 {self.done_p50:6.1f} p99 {self.done_p99:6.1f} ms   CPU {self.cpu:5.2f} ms a message"
        )


def figures(name: str, conversations: list[Conversation], seconds: float, cpu_seconds: float) -> Figures:
    """The figures of all conversations together; the first tenth of each is warm-up and not counted in the times."""
    timings = [timing for each in conversations for timing in each.timings[len(each.timings) // 10 :]]
    total = sum(len(each.timings) for each in conversations)
    return Figures(
        name,
        total / seconds,
        *percentiles([t.acked - t.sent for t in timings]),
        *percentiles([t.first - t.sent for t in timings]),
        *percentiles([t.done - t.sent for t in timings]),
        1000 * cpu_seconds / max(total, 1),
    )


def percentiles(values: list[float]) -> tuple[float, float]:
    """The median and the 99th percentile in milliseconds."""
    ordered = sorted(values)
    return tuple(1000 * ordered[int(len(ordered) * share)] for share in (0.5, 0.99))  # type: ignore[return-value]
