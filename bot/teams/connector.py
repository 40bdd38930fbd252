"""The SDK's connector clients over our own line: one for each service address, for the life of the process.

Floor 6. The four hot calls go straight to the line; every other generated operation keeps working, through a pipeline
whose sender is the line too. That way all of them share the pool, the token, the retries and the typed errors.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import quote

import orjson
from botbuilder.schema import Activity, ResourceResponse
from botframework.connector.aio import ConnectorClient
from botframework.connector.aio.operations_async import ConversationsOperations
from msrest.pipeline import HTTPPolicy, Request, Response
from msrest.pipeline.async_abc import AsyncHTTPSender, AsyncPipeline
from msrest.pipeline.universal import RawDeserializer

from bot.teams.errors import Rejected
from bot.teams.line import Call, Reply
from bot.teams.origins import Origins
from bot.teams.wire import to_wire

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
    client.conversations = _Conversations(client, line, service_url)
    return client


class _Conversations(ConversationsOperations):  # type: ignore[misc]  # the SDK has no types
    """The operations on conversations, the four hot ones without msrest."""

    def __init__(self, client: Any, line: Call, service_url: str) -> None:
        super().__init__(client._client, client.config, client._serialize, client._deserialize)
        self._line = line
        self._address = f"{service_url.rstrip('/')}/v3/conversations/"

    async def send_to_conversation(self, conversation_id: str, activity: Activity, **_: Any) -> ResourceResponse:
        """Show something in a conversation."""
        return await self._say("POST", self._activities(conversation_id), activity)

    async def reply_to_activity(
        self, conversation_id: str, activity_id: str, activity: Activity, **_: Any
    ) -> ResourceResponse:
        """Show something as a reply. The steps of a stream have an address of their own."""
        where = self._activities(conversation_id)
        return await self._say("POST", where if is_step(activity) else f"{where}/{_part(activity_id)}", activity)

    async def update_activity(
        self, conversation_id: str, activity_id: str, activity: Activity, **_: Any
    ) -> ResourceResponse:
        """Write over something that was shown."""
        return await self._say("PUT", f"{self._activities(conversation_id)}/{_part(activity_id)}", activity)

    async def delete_activity(self, conversation_id: str, activity_id: str, **_: Any) -> None:
        """Take back something that was shown."""
        await self._line.call("DELETE", f"{self._activities(conversation_id)}/{_part(activity_id)}")

    def _activities(self, conversation_id: str) -> str:
        return f"{self._address}{_part(conversation_id)}/activities"

    async def _say(self, method: str, url: str, activity: Activity) -> ResourceResponse:
        reply = await self._line.call(method, url, orjson.dumps(to_wire(activity)))
        # A 202 has no id, and a message that Teams split in two has none either.
        found = reply.json
        id = found.get("id") if isinstance(found, dict) else None
        return ResourceResponse(id=id if isinstance(id, str) else "")


def is_step(activity: Activity) -> bool:
    """Whether an activity is a step of a stream."""
    return any(_type(entity).lower() == "streaminfo" for entity in activity.entities or ())


def _type(entity: Any) -> str:
    found = entity.get("type") if isinstance(entity, Mapping) else entity.type
    return found if isinstance(found, str) else ""


def _part(id: str) -> str:
    """One part of a path; nothing in an id can leave it."""
    if not id or not id.strip("."):
        raise Rejected(code="bad id")
    return quote(id, safe="")


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
