"""Azure OpenAI: the v1 endpoint, chat completions, Entra tokens, nothing stored.

Floor 6, the only room that knows the `openai` package. What that package would read from the environment (address, key,
organisation, headers, proxies) is overruled here: it decides where a company's words go. There is one layer of retries
and it is not this one, except that the next resource is asked while nothing has been said yet.
"""

import asyncio
import hmac
import logging
import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import httpx2
import openai
from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam

from bot.limits import PICTURE_BYTES, PICTURE_TOKENS, PICTURES, THINKING
from bot.models.breaker import Breaker
from bot.models.refusals import refusal
from bot.models.shown import Body
from bot.models.tally import Tally, tokens
from bot.telemetry import Event, Log
from dialogs.documents import Picture
from dialogs.errors import AssistantError, NoEyes, TooBig, Unavailable
from dialogs.preferences import Creativity
from dialogs.prompt import Prompt, lines, spoken
from dialogs.slices import in_slices
from dialogs.talk import Message, Usage

WINDOW = 120_000
"""Tokens a prompt may take: every model that can still be deployed takes 128,000."""
CONNECT = 5.0
"""Seconds to reach a resource."""
SILENCE = 60.0
"""Seconds between two pieces of an answer."""
PATIENCE = 100.0
"""Seconds for the whole answer; Teams ends a stream at two minutes."""
TEMPERATURES: Mapping[Creativity, float] = {"low": 0.2, "high": 1.2}
"""How creative a person may want it; without a wish the model goes by its own, which is 1."""
SENT = frozenset({"host", "authorization", "content-type", "content-length", "accept", "accept-encoding", "user-agent"})
"""The headers that leave."""

Token = Callable[[], Awaitable[str]]
Meter = Callable[[Usage], None]

log = Log("bot.models.azure")


@dataclass(frozen=True, slots=True)
class Resource:
    """One Azure OpenAI resource, with its connections and its breaker."""

    client: openai.AsyncOpenAI
    breaker: Breaker


class Resources:
    """The resources in order of preference. One for the whole process.

    Who writes a request holds `turn`: eight long ones at the same moment would add up to one long stall.
    """

    def __init__(self, addresses: Sequence[str], token: Token, now: Callable[[], datetime]) -> None:
        """`token` gives the bearer token, or raises `Unavailable`."""
        tls = ssl.create_default_context()
        self.token = token
        self.turn = asyncio.Lock()
        self._all = tuple(Resource(connect(address, tls), Breaker(now)) for address in addresses)

    def willing(self) -> tuple[Resource, ...]:
        """Those not set aside; if that is none, all, because somebody is waiting."""
        return tuple(resource for resource in self._all if resource.breaker.closed) or self._all

    async def close(self) -> None:
        """Close every connection."""
        for resource in self._all:
            await resource.client.close()


@dataclass(frozen=True, slots=True)
class Call:
    """One request, the token it bears, the loop's time at which it is given up, and the pictures it shows."""

    request: Mapping[str, Any] = field(repr=False)
    token: str = field(repr=False)
    until: float
    pictures: Sequence[Picture] = field(default=(), repr=False)


class AzureModel:
    """One deployment, for one turn; `meter` learns what each call took, also when it was stopped."""

    writes = True

    def __init__(
        self,
        resources: Resources,
        deployment: str,
        meter: Meter,
        *,
        window: int = WINDOW,
        person: str = "",
        tunable: bool = False,
        sees: bool = False,
    ) -> None:
        """`person` is an opaque identifier of who asks; see `opaque`. `tunable`: the model takes a temperature.

        `sees`: it can be shown pictures, and is not asked about any otherwise.
        """
        self._resources = resources
        self._meter = meter
        self._person = person
        self._tunable = tunable
        self.name = deployment
        self.window = window
        self.sees = sees

    def count(self, text: str) -> int:
        """At most how many tokens a text takes."""
        return tokens(text)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The answer, piece by piece. Raises `Busy`, `Blocked`, `TooLong` or `Unavailable`; for pictures also `NoEyes`, `TooBig`
        or `Damaged`.
        """
        until = asyncio.get_running_loop().time() + PATIENCE
        self._look(prompt.pictures)
        said = spoken(prompt, await in_slices(lines(prompt), self._resources.turn))
        asked = sum(tokens(message.text) for message in said) + len(prompt.pictures) * PICTURE_TOKENS
        call = Call(self._request(prompt, said), await self._resources.token(), until, prompt.pictures)
        failure: AssistantError = Unavailable()
        for resource in self._resources.willing():
            tally = Tally(self.name, asked)
            async with aclosing(self._answer(resource, call, tally)) as pieces:
                async for piece in pieces:
                    yield piece
            if tally.failure is None:
                return
            failure = tally.failure
            if tally.said or failure.lasting:
                break
        raise failure

    async def _answer(self, resource: Resource, call: Call, tally: Tally) -> AsyncGenerator[str, None]:
        """The answer of one resource, metered, with its breaker told; what went wrong stands in the tally."""
        try:
            async with aclosing(arriving(resource.client, call, tally)) as pieces:
                async for piece in pieces:
                    yield piece
            tally.complete()
            resource.breaker.succeeded()
        except AssistantError as error:
            tally.fail(error)
            if not error.lasting and resource.breaker.failed(error.retry_after):
                log.event(Event.MODEL_OPENED, logging.WARNING)
        finally:
            if tally.charged:
                self._meter(tally.usage())

    def _look(self, pictures: Sequence[Picture]) -> None:
        """Raises `NoEyes` for pictures that it cannot see, and `TooBig` for more than may be shown at once."""
        if pictures and not self.sees:
            raise NoEyes
        if len(pictures) > PICTURES or sum(len(picture.data) for picture in pictures) > PICTURE_BYTES:
            raise TooBig

    def _request(self, prompt: Prompt, said: Sequence[Message]) -> dict[str, Any]:
        """The call. A temperature only where the model takes one: those that reason refuse it."""
        chat = [{"role": message.role, "content": message.text} for message in said]
        request: dict[str, Any] = {
            "model": self.name,
            "messages": cast(list[ChatCompletionMessageParam], chat),
            "max_completion_tokens": prompt.reply + THINKING,
            "stream_options": {"include_usage": True},
            "store": False,
        }
        if self._tunable and prompt.creativity:
            request["temperature"] = TEMPERATURES[prompt.creativity]
        if self._person:
            request["safety_identifier"] = self._person
        if prompt.schema is not None:
            form = {"name": prompt.purpose.value, "schema": prompt.schema, "strict": is_strict(prompt.schema)}
            request["response_format"] = {"type": "json_schema", "json_schema": form}
        return request


async def arriving(client: openai.AsyncOpenAI, call: Call, tally: Tally) -> AsyncGenerator[str, None]:
    """The pieces of text as they arrive, with every foreign error translated."""
    try:
        async with asyncio.timeout_at(call.until):
            chunks = await begun(client, call)
        tally.met(chunks.response.headers)
        async with chunks:
            # A deadline around the whole loop would strike at whoever is being yielded to.
            while (text := await following(chunks, tally, call.until)) is not None:
                yield text
                # What has arrived already comes without waiting, and eight answers may have arrived whole.
                await asyncio.sleep(0)
    except (openai.OpenAIError, TimeoutError, ValueError) as error:
        log.event(Event.MODEL_FAILED, logging.WARNING, status=getattr(error, "status_code", 0), error=error)
        failure = translated(error, tally)
    else:
        return
    # Not raised above, for then the foreign error would hang on it as its context, and may quote the prompt.
    raise failure


async def begun(client: openai.AsyncOpenAI, call: Call) -> openai.AsyncStream[ChatCompletionChunk]:
    """The stream of an answer. One that shows pictures is asked for in pieces."""
    headers = {"Authorization": f"Bearer {call.token}"}
    chunks: openai.AsyncStream[ChatCompletionChunk]
    if not call.pictures:
        chunks = await client.chat.completions.create(**call.request, stream=True, extra_headers=headers)
        return chunks
    body = Body({**call.request, "stream": True}, call.pictures)
    headers |= {"Content-Type": "application/json", "Content-Length": str(body.size)}
    chunks = await client.post(
        "/chat/completions",
        content=body.pieces(),
        cast_to=ChatCompletion,
        options={"headers": headers},
        stream=True,
        stream_cls=openai.AsyncStream[ChatCompletionChunk],
    )
    return chunks


async def following(chunks: openai.AsyncStream[ChatCompletionChunk], tally: Tally, until: float) -> str | None:
    """The next piece of text; None at the end. Raises `TimeoutError` at the loop's time `until`."""
    async with asyncio.timeout_at(until):
        while (chunk := await anext(chunks, None)) is not None:
            if text := tally.take(chunk):
                return text
    return None


def connect(address: str, tls: ssl.SSLContext) -> openai.AsyncOpenAI:
    """A client for one resource. An address with a path is a loopback server's own idea of where its API is."""
    http = httpx2.AsyncClient(
        verify=tls,
        # A redirect or a proxy out of the environment would carry prompts to where nobody has looked.
        follow_redirects=False,
        trust_env=False,
        timeout=httpx2.Timeout(SILENCE, connect=CONNECT),
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=30.0),
        event_hooks={"request": [undress]},
    )
    path = "" if address.partition("://")[2].partition("/")[2] else "/openai/v1"
    unused = "unused"
    return openai.AsyncOpenAI(base_url=f"{address}{path}/", api_key=unused, max_retries=0, http_client=http)


async def undress(request: httpx2.Request) -> None:
    """Take off what the package adds about this machine, and what OPENAI_* variables make it add."""
    for name in set(request.headers) - SENT:
        del request.headers[name]


def translated(error: Exception, tally: Tally) -> AssistantError:
    """A foreign error as one of ours; the tally learns what it says of the call."""
    if isinstance(error, openai.APIStatusError):
        tally.met(error.response.headers)
    if isinstance(error, openai.APIError):
        tally.refused(error.body)
    if isinstance(error, openai.APIStatusError):
        return refusal(error.status_code, error.body, error.response.headers)
    if isinstance(error, openai.APIError) and not isinstance(error, openai.APIConnectionError):
        return refusal(0, error.body, {})
    return Unavailable()


def is_strict(schema: Any) -> bool:
    """Whether a schema keeps to what strict mode takes: every object closed, every property required."""
    if isinstance(schema, list | tuple):
        return all(map(is_strict, schema))
    if not isinstance(schema, dict):
        return True
    if schema.get("type") == "object":
        known = set(schema.get("properties", ()))
        if schema.get("additionalProperties") is not False or set(schema.get("required", ())) != known:
            return False
    return all(map(is_strict, schema.values()))


def opaque(key: str, tenant: str, person: str) -> str:
    """A person as the model's provider may know them: always the same, and nobody's id."""
    return hmac.digest(key.encode(), f"{tenant}/{person}".encode(), "sha256").hex()
