"""What may go wrong with a request: each is a `Fault` to be added to a double's script.

teams.faults.add(throttled(2), of="send", times=3)
teams.faults.add(accepted(status(502)), of="reply")     # it is in the chat, and the bot is told it failed
hang = graph.faults.add(Hang(), of="replies")            # … await hang.reached.wait(); hang.release()
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from tests.world.door import Answer, Call, Fault, Refusal, reply


def status(code: int, body: Any = None, headers: Mapping[str, str] | None = None) -> Fault:
    """The status and nothing else; the request has no effect."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        return reply(body, code, headers)

    return play


def refused(code: int, name: str, message: str = "", headers: Mapping[str, str] | None = None, **more: Any) -> Fault:
    """An error in the form {"error": {"code", "message"}}, such as 403 BotNotInConversationRoster."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        raise Refusal(code, name, message or name, headers, **more)

    return play


def throttled(after: float | str | None = None, *, millis: int | None = None) -> Fault:
    """429, with `Retry-After` in seconds (or as an HTTP date), `retry-after-ms`, both or neither."""
    headers = {} if after is None else {"Retry-After": str(after)}
    headers |= {} if millis is None else {"retry-after-ms": str(millis)}
    return refused(429, "Throttled", "Too many requests", headers)


def moved(to: str, code: int = 302) -> Fault:
    """A redirect, which a careful client does not follow with its token."""
    return status(code, headers={"Location": to})


def garbage(code: int = 200, text: str = "<html>Gateway</html>", content_type: str = "text/html") -> Fault:
    """A body that is not JSON."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        return web.Response(text=text, status=code, content_type=content_type)

    return play


async def drop(call: Call, answer: Answer) -> web.StreamResponse:
    """The connection breaks and nobody answers."""
    if call.request.transport is not None:
        call.request.transport.abort()
    return web.Response()


def accepted(fault: Fault) -> Fault:
    """The request has its full effect, and what comes back is the fault."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        await answer(call)
        return await fault(call, answer)

    return play


def slow(wait: Callable[[], Awaitable[object]]) -> Fault:
    """The right answer, after `wait()`."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        await wait()
        return await answer(call)

    return play


class Hang:
    """No answer until `release()`. With `after` the request has its effect first, and only the answer is held back."""

    def __init__(self, *, after: bool = False) -> None:
        self.reached = asyncio.Event()
        self._after = after
        self._go = asyncio.Event()

    def release(self) -> None:
        self._go.set()

    async def __call__(self, call: Call, answer: Answer) -> web.StreamResponse:
        early = await answer(call) if self._after else None
        self.reached.set()
        await self._go.wait()
        return early or await answer(call)
