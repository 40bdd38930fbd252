"""Watches what comes in by the door and what goes out to Teams, Graph and sign-in, by the hooks that aiohttp has for it.

Floor 8. A member of the room of `app`. Of a request its method, its answer's status and whom it went to are told; no address, header
or body.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import SimpleNamespace
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from bot.marks import Marks, Metric, Step, Target
from bot.settings import Settings
from bot.signals import NANOSECONDS, SWITCH, VISIT, Span, Visit, begun, ended, tell

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
MESSAGES = "/api/messages"
THROTTLED = 429


def targets(settings: Settings) -> Mapping[str, Target]:
    """Who answers at which origin. Whatever is none of these is another."""
    known = dict.fromkeys(map(origin, settings.service_origins), Target.TEAMS)
    sign_in = dict.fromkeys(map(origin, (settings.user_token_url, settings.login_url)), Target.SIGN_IN)
    return {**known, **sign_in, origin(settings.graph_url): Target.GRAPH}


def origin(address: str) -> str:
    """Scheme, host and port."""
    parts = urlsplit(address)
    return str(URL.build(scheme=parts.scheme, authority=parts.netloc).origin()) if parts.netloc else address


def outward(settings: Settings) -> list[aiohttp.TraceConfig]:
    """What a session is to be opened with; nothing where telemetry is off."""
    if not settings.telemetry:
        return []
    known = targets(settings)
    # In local mode Teams is whoever sits at this machine, at any port.
    stranger = Target.TEAMS if settings.local else Target.OTHER

    async def start(session: object, calls: SimpleNamespace, params: aiohttp.TraceRequestStartParams) -> None:
        calls.begun = begun(Step.CALL)

    async def end(session: object, calls: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
        target = known.get(str(params.url.origin()), stranger)
        status = params.response.status
        ended(calls.begun, target=target, method=params.method, status=status)
        if status == THROTTLED:
            tell(Metric.THROTTLED, target=target)

    async def failed(session: object, calls: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams) -> None:
        target = known.get(str(params.url.origin()), stranger)
        ended(calls.begun, target=target, method=params.method, cause=type(params.exception).__name__)

    hooks = aiohttp.TraceConfig()
    hooks.on_request_start.append(start)
    hooks.on_request_end.append(end)
    hooks.on_request_exception.append(failed)
    return [hooks]


@web.middleware
async def inward(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Measures how long Teams waits for the answer to an activity, and joins that to the activity's trace."""
    receiver = SWITCH.receiver
    if receiver is None or request.path != MESSAGES:
        return await handler(request)
    visit, at = Visit(), receiver.now()
    VISIT.set(visit)
    response = await handler(request)
    now, marks = receiver.now(), Marks(method=request.method, status=response.status)
    tell(Metric.ACK, (now - at) / NANOSECONDS, status=response.status)
    if visit.door is not None:
        receiver.span(Span(Step.DOOR, visit.door, visit.parent, at, now, marks))
    return response


def watched(application: web.Application, settings: Settings) -> web.Application:
    """The application, watched from outside of all its own layers."""
    if settings.telemetry:
        application.middlewares.insert(0, inward)
    return application
