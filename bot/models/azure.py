"""Azure OpenAI: the v1 endpoint, chat completions, Entra tokens, nothing stored.

Floor 6, the only room that knows the `openai` package. What that package would read from the environment (address, key,
organisation, headers, proxies) is overruled here: it decides where a company's words go. There is one layer of retries
and it is not this one, except that the next resource is asked while nothing has been said yet.
"""

import asyncio
import hmac
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import httpx2
import openai

from bot.limits import PICTURE_BYTES, PICTURE_TOKENS, PICTURES
from bot.models.attempt import Attempt, Meter, Times
from bot.models.breaker import Breaker, Breakers
from bot.models.patience import CONNECT, PATIENCE, Patience
from bot.models.race import Race
from bot.models.refusals import refusal, summed
from bot.models.request import Deployment, request
from bot.models.shown import Body
from bot.models.tally import Tally, tokens
from bot.models.transport import Flow, Transport
from bot.telemetry import Event, Log
from dialogs.documents import Picture
from dialogs.errors import AssistantError, NoEyes, Silent, TooBig, Unavailable
from dialogs.prompt import Prompt, lines, spoken
from dialogs.slices import Ration, in_slices

WINDOW = 120_000
"""Tokens a prompt may take: every model that can still be deployed takes 128,000."""
SENT = frozenset({"host", "authorization", "content-type", "content-length", "accept", "accept-encoding", "user-agent"})
"""The headers that leave."""

Token = Callable[[], Awaitable[str]]
Chunks = openai.AsyncStream[object]
"""What an answer arrives in, as parsed JSON."""
T = TypeVar("T")

log = Log("bot.models.azure")


@dataclass(frozen=True, slots=True)
class Resource:
    """One Azure OpenAI resource, with its connections and the breakers of its deployments."""

    client: openai.AsyncOpenAI
    breakers: Breakers


class Resources:
    """The resources in order of preference. One for the whole process.

    Who writes a request does it by `ration`: eight long ones at the same moment would add up to one long stall.
    """

    def __init__(
        self, addresses: Sequence[str], token: Token, now: Callable[[], datetime], patience: Patience | None = None
    ) -> None:
        """`token` gives the bearer token, or raises `Unavailable`."""
        tls = ssl.create_default_context()
        self.token = token
        self.ration = Ration()
        self.patience = patience or Patience()
        self.all = tuple(Resource(connect(address, tls), Breakers(now)) for address in addresses)

    def aside(self) -> Iterator[tuple[str, int]]:
        """Of each deployment that was asked for, at how many resources it is set aside now."""
        opened = [resource.breakers.open() for resource in self.all]
        for name in sorted(set().union(*opened)):
            yield name, sum(each.get(name, False) for each in opened)

    async def close(self) -> None:
        """Close every connection."""
        for resource in self.all:
            await resource.client.close()


@dataclass(frozen=True, slots=True)
class Call:
    """One request, the tokens it takes at most, the token it bears, how long it is waited for, and the pictures it shows."""

    request: Mapping[str, Any] = field(repr=False)
    asked: int
    token: str = field(repr=False)
    times: Times
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
        self._deployment = Deployment(deployment, person, tunable)
        self.name = deployment
        self.window = window
        self.sees = sees

    def count(self, text: str) -> int:
        """At most how many tokens a text takes."""
        return tokens(text)

    async def stream(self, prompt: Prompt) -> AsyncIterator[str]:
        """The answer, piece by piece. Raises `AllBusy`, `Blocked`, `TooLong`, `Silent`, `ModelGone` or `Unavailable`; for
        pictures also `NoEyes`, `TooBig` or `Damaged`.
        """
        began, patience = asyncio.get_running_loop().time(), self._resources.patience
        call = await self._call(prompt, Times(began + patience.first, began + patience.whole, patience.silence))
        failures: list[AssistantError] = []
        race = Race(self._attempts(call, failures), patience.due(call.asked), call.times.first)
        while (attempt := await race.winner()) is not None:
            async with aclosing(attempt.pieces()) as pieces:
                async for piece in pieces:
                    yield piece
            if attempt.failure is None:
                return
            failures.append(attempt.failure)
            if attempt.said or attempt.failure.final:
                break
        failure = summed([*failures, *race.failures])
        if isinstance(failure, Silent) and asyncio.get_running_loop().time() - began > patience.spent:
            failure.lasting = True
        raise failure

    async def _call(self, prompt: Prompt, times: Times) -> Call:
        self._look(prompt.pictures)
        said = spoken(prompt, await in_slices(lines(prompt), self._resources.ration))
        asked = sum(tokens(message.text) for message in said) + len(prompt.pictures) * PICTURE_TOKENS
        token = await self._resources.token()
        return Call(request(self._deployment, prompt, said), asked, token, times, prompt.pictures)

    def _attempts(self, call: Call, refused: list[AssistantError]) -> Iterator[Attempt]:
        """An attempt at each resource that is not set aside when its turn comes; why the others are."""
        for breaker, resource in self._preferred():
            leave = breaker.admit()
            if leave is None:
                refused.append(breaker.refusal())
                continue
            tally = Tally(self.name, call.asked)
            yield Attempt(partial(arriving, resource.client, call, tally), leave, tally, self._meter, call.times)

    def _preferred(self) -> list[tuple[Breaker, Resource]]:
        """The resources in order of preference, those last that failed a moment ago."""
        known = [(resource.breakers.of(self.name), resource) for resource in self._resources.all]
        return sorted(known, key=lambda each: each[0].doubtful)

    def _look(self, pictures: Sequence[Picture]) -> None:
        """Raises `NoEyes` for pictures that it cannot see, and `TooBig` for more than may be shown at once."""
        if pictures and not self.sees:
            raise NoEyes
        if len(pictures) > PICTURES or sum(len(picture.data) for picture in pictures) > PICTURE_BYTES:
            raise TooBig


class Arriving:
    """The chunks of an answer, with every foreign error translated."""

    def __init__(self, chunks: Chunks, tally: Tally) -> None:
        self._chunks = chunks
        self._tally = tally
        self._flow: Flow = chunks.response.extensions["flow"]

    @property
    def together(self) -> bool:
        """Whether a `PAUSE` follows what has arrived together."""
        return self._flow.marked

    async def following(self) -> object | None:
        """The next chunk; None at the end."""
        return await ours(anext(self._chunks, None), self._tally)

    def calm(self) -> None:
        """Take the rest a breath at a time."""
        self._flow.calm = True

    async def close(self) -> None:
        """Let go of it."""
        with suppress(httpx2.HTTPError):
            await self._chunks.close()


async def arriving(client: openai.AsyncOpenAI, call: Call, tally: Tally) -> Arriving:
    """Ask, and return once the headers have come; the tally learns what they say."""
    chunks = await ours(begun(client, call), tally)
    tally.met(chunks.response.headers)
    return Arriving(chunks, tally)


async def ours(work: Awaitable[T], tally: Tally) -> T:
    """What a request brings. Raises an error of ours for every foreign one."""
    try:
        return await work
    except (openai.OpenAIError, httpx2.HTTPError, ValueError, RecursionError) as error:
        log.event(Event.MODEL_FAILED, logging.WARNING, status=getattr(error, "status_code", 0), error=error)
        failure = translated(error, tally)
    # Not raised above, for then the foreign error would hang on it as its context, and may quote the prompt.
    raise failure


async def begun(client: openai.AsyncOpenAI, call: Call) -> Chunks:
    """The stream of an answer. One that shows pictures is asked for in pieces.

    Its chunks are taken as the JSON they are: the package's typed ones cost five times the rest of a chunk, trust no field
    more than we do, and a fast model writes a hundred a second for each person.
    """
    whole = {**call.request, "stream": True}
    headers = {"Authorization": f"Bearer {call.token}"}
    body: dict[str, Any] = {"body": whole}
    if call.pictures:
        shown = Body(whole, call.pictures)
        headers |= {"Content-Type": "application/json", "Content-Length": str(shown.size)}
        body = {"content": shown.pieces()}
    chunks: Chunks = await client.post(
        "/chat/completions",
        cast_to=object,
        options={"headers": headers},
        stream=True,
        stream_cls=openai.AsyncStream[object],
        **body,
    )
    return chunks


def connect(address: str, tls: ssl.SSLContext) -> openai.AsyncOpenAI:
    """A client for one resource. An address with a path is a loopback server's own idea of where its API is."""
    http = httpx2.AsyncClient(
        transport=Transport(tls),
        # A redirect or a proxy out of the environment would carry prompts to where nobody has looked.
        follow_redirects=False,
        trust_env=False,
        timeout=httpx2.Timeout(PATIENCE, connect=CONNECT),
        headers={"Accept-Encoding": "identity"},  # so that events can be told apart where they arrive
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


def opaque(key: str, tenant: str, person: str) -> str:
    """A person as the model's provider may know them: always the same, and nobody's id."""
    return hmac.digest(key.encode(), f"{tenant}/{person}".encode(), "sha256").hex()
