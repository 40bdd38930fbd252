"""A model for load, as cheap as can be: `python -m tests.load.model [--first 1.5] [--every 0.2] [--pieces 60]`.

The answer's frames are made once; each stream writes them at its times. Nothing of a request is parsed but the number
behind the last `ask#` in it. `GET /times` tells, by that number, when a request came and when its first text left, in
seconds of the machine's monotonic clock, which all processes share. An `ask!` is answered at once and whole.
"""

import argparse
import asyncio
import json
import re
import time
from dataclasses import dataclass

from tests.load.wire import HEAD_END, Wire, answer, listen
from tests.world.completion import Asked, Reply, chunk, closing, opening
from tests.world.door import ended
from tests.world.openai import DEPLOYMENTS

FIRST_WORDS, LAST_WORDS = "Here is what the figures say. ", "That is all there is to say."
WORDS = "Sales in the north grew again. "
LAST = "Sales in the south did not.\n\n"
"""Of every eighth piece: people are answered in paragraphs."""
QUICK = b"ask!"
_ASK = re.compile(rb"ask#(\d+)")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked"
SSE = HEAD + b"\r\napim-request-id: bench\r\nx-request-id: bench\r\nx-ms-region: Sweden Central" + HEAD_END


@dataclass(frozen=True, slots=True)
class Pace:
    """How an answer comes: seconds to its first text, seconds between pieces, and how many there are."""

    first: float = 1.5
    every: float = 0.2
    pieces: int = 60

    @property
    def seconds(self) -> float:
        """How long an answer takes."""
        return self.first + (self.pieces - 1) * self.every


USUAL = Pace()


class Model:
    """The resource. `times` are those of each request, by the number in it."""

    def __init__(self, pace: Pace) -> None:
        self.times: dict[int, tuple[float, float]] = {}
        self._pace = pace
        words = [FIRST_WORDS, *(LAST if n % 8 == 0 else WORDS for n in range(2, pace.pieces)), LAST_WORDS]
        self._frames = frames(words)
        self._due = [pace.first + pace.every * number for number in range(pace.pieces)]
        self._quick = SSE + b"".join(frames([FIRST_WORDS + LAST_WORDS]))

    def take(self, wire: Wire, head: bytes, body: bytes) -> None:
        """One request."""
        came = time.perf_counter()
        if head.startswith(b"GET /times"):
            wire.write(answer(json.dumps(self.times).encode()))
        elif QUICK in body:
            wire.write(self._quick)
        else:
            asked = _ASK.findall(body)
            self._stream(wire, int(asked[-1]) if asked else 0, came)

    def _stream(self, wire: Wire, number: int, came: float) -> None:
        loop, began = asyncio.get_running_loop(), asyncio.get_running_loop().time()
        wire.write(SSE)
        loop.call_at(began + self._due[0], self._begin, wire, number, came)
        for due, frame in zip(self._due[1:], self._frames[1:], strict=True):
            loop.call_at(began + due, wire.write, frame)

    def _begin(self, wire: Wire, number: int, came: float) -> None:
        wire.write(self._frames[0])
        self.times[number] = (came, time.perf_counter())


def frames(words: list[str]) -> list[bytes]:
    """What is written for each piece, in chunks of HTTP: as the exact double says it."""
    text = "".join(words)
    asked = Asked(DEPLOYMENTS[0], [{"role": "user", "content": text}], {"stream_options": {"include_usage": True}})
    said = [chunk(asked, "chatcmpl-1", {"content": word}) for word in words]
    said[0] = b"".join(opening(asked, Reply(text), "chatcmpl-1")) + said[0]
    said[-1] += b"".join(closing(asked, Reply(text), "chatcmpl-1"))
    found = [b"%x\r\n%s\r\n" % (len(one), one) for one in said]
    return [*found[:-1], found[-1] + b"0\r\n\r\n"]


async def serve(pace: Pace) -> None:
    """Until this process is told to end."""
    _, url = await listen(Model(pace).take)
    print(url, flush=True)
    await ended()


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(description="A model for load.")
    parser.add_argument("--first", type=float, default=USUAL.first)
    parser.add_argument("--every", type=float, default=USUAL.every)
    parser.add_argument("--pieces", type=int, default=USUAL.pieces)
    given = parser.parse_args()
    asyncio.run(serve(Pace(given.first, given.every, given.pieces)))


if __name__ == "__main__":
    main()
