"""A loopback HTTP server: a table of routes, and a script of faults that are played instead of the truth.

Every double stands on one. It is aiohttp's low-level server without a router or middleware, because a double may share
a processor core with the load driver that measures the bot.
"""

import asyncio
import re
import signal
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import unquote

import orjson
from aiohttp import web


@dataclass(frozen=True, slots=True)
class Call:
    """One request that found its route. `kind` is the route's name, `args` are the parts of its path."""

    kind: str
    args: Mapping[str, str]
    request: web.BaseRequest
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; `Refusal` 400 where it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise Refusal(400, "BadSyntax", "The body is not JSON") from error

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query


Answer = Callable[[Call], Awaitable[web.StreamResponse]]
"""What a route does."""
Fault = Callable[[Call, Answer], Awaitable[web.StreamResponse]]
"""What happens instead; it is handed the route's answer and may still call it."""
Guard = Callable[[web.BaseRequest], None]
LARGEST = 64 * 1024 * 1024
"""Bytes of a request's body: pictures go in them."""
"""Looks at a request before its body is read; raises `Refusal`."""


class Refusal(Exception):
    """An error answer in the form {"error": {"code", "message", …}}, which all of Microsoft's services share."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None, /, **more: Any
    ) -> None:
        super().__init__(code)
        self.status = status
        self.headers = headers
        self.error = {"code": code, "message": message, **more}


def _request(message: Any, payload: Any, protocol: Any, writer: Any, task: Any) -> web.BaseRequest:
    loop = asyncio.get_running_loop()
    return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=LARGEST)


def reply(body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON answer, or a truly empty one for None."""
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(body=orjson.dumps(body), status=status, headers=headers, content_type="application/json")


def bearer(request: web.BaseRequest) -> str:
    """The bearer token of a request; `Refusal` 401 where there is none."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise Refusal(401, "Unauthorized", "Authorization has been denied for this request.")
    return token


async def ended() -> None:
    """Returns when this process is told to end."""
    told = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, told.set)
    await told.wait()


class Route:
    """A line of the table: the name of the thing asked for, the method, and a path with {parts}."""

    __slots__ = ("answer", "kind", "method", "pattern")

    def __init__(self, kind: str, method: str, path: str, answer: Answer) -> None:
        self.kind = kind
        self.method = method
        self.pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + "/?", re.IGNORECASE)
        self.answer = answer

    def match(self, method: str, path: str) -> dict[str, str] | None:
        found = self.pattern.fullmatch(path) if method == self.method else None
        return {name: unquote(part) for name, part in found.groupdict().items()} if found else None


@dataclass(slots=True)
class Line:
    """A line of the script: this fault for the next `left` calls that fit; None means for good."""

    fault: Fault
    fits: Callable[[Call], bool]
    left: int | None


FaultT = TypeVar("FaultT", bound=Fault)


class Script:
    """What is going to go wrong, in order."""

    def __init__(self) -> None:
        self._lines: deque[Line] = deque()

    def add(
        self,
        fault: FaultT,
        *,
        of: str = "",
        when: Callable[[Call], bool] | None = None,
        times: int | None = 1,
    ) -> FaultT:
        """Plays `fault` for the next `times` calls (None: from now on) of kind `of`, or of every kind."""
        self._lines.append(Line(fault, lambda call: of in ("", call.kind) and (when is None or when(call)), times))
        return fault

    def clear(self) -> None:
        self._lines.clear()

    @property
    def left(self) -> int:
        """Faults that nobody has met yet."""
        return sum(line.left or 0 for line in self._lines)

    def take(self, call: Call) -> Fault | None:
        line = next((line for line in self._lines if line.fits(call)), None)
        if line is None:
            return None
        if line.left is not None:
            line.left -= 1
            if line.left == 0:
                self._lines.remove(line)
        return line.fault


class Door:
    """An HTTP server on 127.0.0.1. `url` has no slash at its end and is known once the door is open."""

    def __init__(
        self,
        routes: Sequence[Route],
        *,
        guard: Guard | None = None,
        script: Script | None = None,
        tls: ssl.SSLContext | None = None,
        port: int = 0,
        attentive: bool = False,
    ) -> None:
        """`attentive`: an answer under way is cancelled when the client goes away, as a model's is."""
        self.faults = script or Script()
        self._routes = routes
        self._guard = guard
        self._tls = tls
        self._port = port
        server = web.Server(self._answer, request_factory=_request, handler_cancellation=attentive, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._runner.addresses[0][1]}"

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port, ssl_context=self._tls, backlog=1024).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self._play(request)
        except Refusal as refusal:
            return reply({"error": refusal.error}, refusal.status, refusal.headers)

    async def _play(self, request: web.BaseRequest) -> web.StreamResponse:
        route, args = self._find(request)
        if self._guard is not None:
            self._guard(request)
        call = Call(route.kind, args, request, await request.read())
        fault = self.faults.take(call)
        return await (fault(call, route.answer) if fault else route.answer(call))

    def _find(self, request: web.BaseRequest) -> tuple[Route, dict[str, str]]:
        path = request.rel_url.raw_path
        for route in self._routes:
            args = route.match(request.method, path)
            if args is not None:
                return route, args
        raise Refusal(404, "NotFound", "There is no such thing here.")
