"""The SDK's connector clients over our own line: one for each service address, for the life of the process.

Floor 6. The hot calls go straight to the line (`bot.teams.conversations`); every other generated operation keeps working,
through a pipeline whose sender is the line too. That way all of them share the pool, the token, the retries and the
typed errors.
"""

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, TypeVar

from botframework.connector.aio import ConnectorClient
from msrest.pipeline import HTTPPolicy, Request, Response
from msrest.pipeline.async_abc import AsyncHTTPSender, AsyncPipeline
from msrest.pipeline.universal import RawDeserializer

from bot.teams.conversations import Conversations
from bot.teams.errors import Rejected
from bot.teams.line import Call, Reply
from bot.teams.origins import Origins

T = TypeVar("T")
Wanted = Request[Any]
Got = Response[Any, Any]

ADDRESSES = 64
"""Most service addresses clients are kept for; Teams has a handful of regions."""


class Connectors:
    """The connector clients. `client` is synchronous and cheap after the first time for an address."""

    def __init__(self, line: Call, origins: Origins) -> None:
        self._line = line
        self._origins = origins
        self._clients: dict[str, Any] = {}

    def client(self, service_url: str) -> Any:
        """The `ConnectorClient` of a service address. Raises `Rejected` for one outside the trusted origins."""
        client = self._clients.get(service_url)
        if client is None:
            if not self._origins.trust(service_url):
                raise Rejected(code="untrusted origin")
            if len(self._clients) >= ADDRESSES:
                del self._clients[next(iter(self._clients))]
            client = self._clients[service_url] = _client(self._line, service_url)
        return client


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """Run one of the SDK's synchronous operations (TeamsInfo's team and meeting details) off the loop.

    `await apart(TeamsInfo.get_team_details(context))`: in a thread of its own, while the call itself goes over the line.
    """
    return await asyncio.to_thread(asyncio.run, work)


def _client(line: Call, service_url: str) -> Any:
    sender = _Sender(line)
    client = ConnectorClient(
        _Borrowed(line, asyncio.get_running_loop()),
        service_url,
        pipeline_type=lambda config: AsyncPipeline([], sender),
    )
    client.conversations = Conversations(client, line, service_url)
    return client


class _Sender(AsyncHTTPSender[Any, Any]):
    """The end of msrest's asynchronous pipeline."""

    def __init__(self, line: Call) -> None:
        self._line = line

    async def send(self, request: Wanted, **_: Any) -> Got:
        """Make the call that a generated operation has put together."""
        return _response(request, await _made(self._line, request))

    async def __aexit__(self, *_: object) -> None:
        """Nothing to close: the session belongs to the process."""


class _Borrowed(HTTPPolicy[Any, Any]):
    """Stands where msrest wants credentials, and is the whole pipeline of the SDK's synchronous Teams client.

    That client knows nothing but `config.credentials`; here they lend it the line. See `apart`.
    """

    def __init__(self, line: Call, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._line = line
        self._loop = loop

    def send(self, request: Wanted, **_: Any) -> Got:
        """Make the call on the loop of the process and wait for it in this thread."""
        if _is_on(self._loop):
            raise RuntimeError("this SDK operation is synchronous: await apart(…) runs it off the loop")
        call = asyncio.run_coroutine_threadsafe(_made(self._line, request), self._loop)
        return _response(request, call.result())


async def _made(line: Call, request: Wanted) -> Reply:
    wanted = request.http_request
    data = wanted.data.encode() if isinstance(wanted.data, str) else wanted.data
    return await line.call(wanted.method, wanted.url, data)


def _response(request: Wanted, reply: Reply) -> Got:
    """The reply as msrest's operations read it, its JSON parsed already."""
    plain = SimpleNamespace(status_code=reply.status, headers={}, reason="", body=lambda: reply.body)
    plain.internal_response = plain
    return Response(request, plain, {RawDeserializer.CONTEXT_NAME: reply.json})


def _is_on(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
