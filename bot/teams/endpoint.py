"""The front door: POST /api/messages, and whether the process lives and is ready.

Floor 7. Every row of the contract's HTTP table. The token is verified before the body is read, and 202 is said only after
the activity has been committed. What goes wrong inside is never told outside: a code, no words.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import orjson
from aiohttp import web

from bot.limits import BODY_BYTES, BODY_TIME
from bot.store.rows import Arrival, StoreAway
from bot.teams.activity import Incoming, key, parse, place, wakes
from bot.teams.bodies import Answer, error
from bot.teams.fields import Malformed
from bot.teams.keys import KeysAway
from bot.teams.rejections import Rejections
from bot.teams.verify import Forbidden, Unverified
from bot.version import VERSION

REFUSED = (400, 401, 403)
RETRY_AFTER = timedelta(seconds=5)
LATER = {"Retry-After": str(RETRY_AFTER.seconds)}


class Door(Protocol):
    """Who may come in; see `bot.teams.doors`."""

    async def admit(self, request: web.BaseRequest) -> Callable[[Incoming], object]:
        """The check that the body must pass. Raises `Unverified`."""


@dataclass(frozen=True, slots=True)
class Inside:
    """What the endpoint is handed: where activities and invokes go, what is not ready, the time, and who hears of faults.

    An activity that `stops` goes to `stop`, every other one to `accept`.
    """

    accept: Callable[[Arrival], Awaitable[object]]
    stop: Callable[[Arrival], Awaitable[object]]
    stops: Callable[[Incoming], bool]
    invoke: Callable[[Incoming], Awaitable[Answer]]
    unready: Callable[[], Awaitable[Mapping[str, str]]]
    now: Callable[[], datetime]
    report: Callable[[BaseException], None]


class Endpoint:
    """The routes. A request is answered by exactly one of their methods."""

    def __init__(self, door: Door, inside: Inside, patience: timedelta = BODY_TIME) -> None:
        """`patience` is for a body that is still to come."""
        self._door = door
        self._inside = inside
        self._patience = patience.total_seconds()
        self._rejections = Rejections(inside.now)

    def application(self) -> web.Application:
        """An application without banners, and with errors that say a code and nothing else."""
        application = web.Application(client_max_size=BODY_BYTES, middlewares=[self._terse])
        application.router.add_post("/api/messages", self.messages)
        application.router.add_get("/healthz", self.healthz)
        application.router.add_get("/readyz", self.readyz)
        application.on_response_prepare.append(bare)
        return application

    async def messages(self, request: web.Request) -> web.Response:
        """An activity of the channel."""
        response = await self._answered(request)
        if response.status in REFUSED:
            self._rejections.tell(response.status)
        return response

    @web.middleware
    async def _terse(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """The framework's own refusals (404, 405, 413) in our few words."""
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            self._rejections.tell(refusal.status)
            allow = refusal.headers.get("Allow")
            name = type(refusal).__name__.removeprefix("HTTP")
            return refused(refusal.status, name, {"Allow": allow} if allow else None)

    async def _answered(self, request: web.Request) -> web.Response:
        try:
            return await self._take(request)
        except Unverified:
            return refused(401, "Unauthorized", {"WWW-Authenticate": "Bearer"})
        except Forbidden:
            return refused(403, "Forbidden")
        except Malformed:
            return refused(400, "BadRequest")
        except KeysAway:
            pass  # the keys have told why; a 401 would lose what may be a real message
        except StoreAway as away:
            self._inside.report(away)
        except Exception as fault:  # ours; the channel may send it again, and nothing has been accepted
            if isinstance(fault, web.HTTPException):
                raise
            self._inside.report(fault)
        return refused(503, "Unavailable", LATER)

    async def healthz(self, request: web.Request) -> web.Response:
        """The process lives, and which version it is: what rolls a release out asks who serves."""
        return web.json_response({"alive": True, "version": VERSION})

    async def readyz(self, request: web.Request) -> web.Response:
        """Whether traffic should come here; a JSON object of the reasons if not."""
        try:
            reasons = await self._inside.unready()
        except Exception as fault:  # a check that fails is no answer of 500
            self._inside.report(fault)
            reasons = {"readiness": "unknown"}
        return web.json_response(dict(reasons), status=503 if reasons else 200)

    async def _take(self, request: web.Request) -> web.Response:
        check = await self._door.admit(request)
        body = await body_of(request, self._patience)
        incoming = parse(body)
        check(incoming)
        if incoming.type == "invoke":
            told = await self._invoke(incoming)
            return written(told, LATER if told.status == 503 else None)
        if wakes(incoming):
            # A message that was changed to such a word stops nothing: only what is said does.
            stops = incoming.type == "message" and self._inside.stops(incoming)
            await (self._inside.stop if stops else self._inside.accept)(self._arrival(incoming, body))
        return web.Response(status=202)

    def _arrival(self, incoming: Incoming, body: bytes) -> Arrival:
        conversation = place(incoming).conversation
        return Arrival(
            incoming.tenant, conversation, key(incoming), body, self._inside.now(), person=incoming.sender.entra
        )

    async def _invoke(self, incoming: Incoming) -> Answer:
        try:
            return await self._inside.invoke(incoming)
        except StoreAway:
            raise
        except Exception as fault:  # ours; Teams repeats an invoke that met a 5xx, and it would fail again
            self._inside.report(fault)
            return Answer(400, error("Failed"))


async def body_of(request: web.Request, patience: float) -> bytes:
    """The body, at most `BODY_BYTES` of it, for which `patience` seconds are waited. Raises `Malformed` for one that breaks off or does not come, and
    `HTTPRequestEntityTooLarge` (413) for more."""
    if request.content_length is not None and request.content_length > BODY_BYTES:
        raise web.HTTPRequestEntityTooLarge(BODY_BYTES, request.content_length)
    # The server would unpack it, to any size.
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Malformed("encoding")
    try:
        async with asyncio.timeout(patience):
            return await request.read()
    except (web.RequestPayloadError, ConnectionError, TimeoutError):
        raise Malformed("body") from None


def refused(status: int, code: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """An error answer."""
    return written(Answer(status, error(code)), headers)


def written(answer: Answer, headers: Mapping[str, str] | None = None) -> web.Response:
    """An answer on the wire."""
    if answer.body is None:
        return web.Response(status=answer.status, headers=headers)
    body = orjson.dumps(answer.body)
    return web.Response(status=answer.status, body=body, content_type="application/json", headers=headers)


async def bare(request: web.Request, response: web.StreamResponse) -> None:
    """No banner: nobody outside needs to know what this is built of."""
    response.headers.popall("Server", None)
