"""A resource of Azure OpenAI: the v1 endpoint's Chat Completions, streamed or whole.

    async with ModelDouble("Good morning") as model:            # the standing answer: text, Reply or callable(Asked)
        model.next(Reply("half of", finish="content_filter"))   # what comes once, before that
        model.faults.add(filtered(), of="chat")                 # the prompt is blocked
        model.faults.add(throttled(millis=200), of="chat")
        …
        assert "secret" not in model.prompts[0].text

`Asked.documents` are the records a prompt carries, so that a callable can answer with a summary that cites them;
`Asked.pictures` are the pictures it was shown.
Fault kinds: chat, models.
"""

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from aiohttp import web

from tests.world.bell import Bell
from tests.world.completion import SAFE, Asked, NoPicture, Reply, chunk, closing, opening, parts, shown, whole
from tests.world.door import Call, Door, Fault, Refusal, Route, bearer, reply
from tests.world.faults import refused

Script = str | Reply | Callable[[Asked], str | Reply]
DEPLOYMENTS = ("gpt-5.4-mini", "gpt-4.1")
REASONING = ("gpt-5", "o1", "o3", "o4")
BLIND = ("o3-mini", "gpt-35")
"""Models that refuse to be shown anything."""
PICTURES = 10
"""Pictures that one request may bring."""
REGION = "Sweden Central"
"""Where every request is answered, as Azure's header says it."""
UNSUPPORTED = ("temperature", "top_p", "presence_penalty", "frequency_penalty", "logprobs", "logit_bias", "max_tokens")


def filtered(category: str = "violence") -> Fault:
    """The prompt is blocked: 400 before anything is said."""
    verdict = (
        {"detected": True, "filtered": True} if category == "jailbreak" else {"filtered": True, "severity": "high"}
    )
    inner = {"code": "ResponsibleAIPolicyViolation", "content_filter_result": {**SAFE, category: verdict}}
    words = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."
    headers = {"apim-request-id": "refused-1", "x-ms-region": REGION}
    return refused(400, "content_filter", words, headers, param="prompt", status=400, type=None, innererror=inner)


class Hold:
    """A `pause` that holds the stream before piece number `at`, until it is released or the client goes away."""

    def __init__(self, at: int) -> None:
        self.reached = asyncio.Event()
        self._at = at
        self._go = asyncio.Event()

    def release(self) -> None:
        self._go.set()

    async def __call__(self, piece: int) -> None:
        if piece == self._at:
            self.reached.set()
            await self._go.wait()


class ModelDouble:
    """The resource. `token` says which bearer tokens are good, `window` how many tokens a prompt may take."""

    def __init__(
        self,
        answer: Script = "Hello.",
        *,
        token: Callable[[str], bool] = bool,
        deployments: Sequence[str] = DEPLOYMENTS,
        window: int = 272_000,
    ) -> None:
        self.answer = answer
        """What it says when nothing else comes next."""
        self.prompts: list[Asked] = []
        """Every prompt that reached the model, in order."""
        self.aborted = 0
        """Streams whose client went away before their end."""
        self._next: deque[Script] = deque()
        self._token, self._deployments, self._window = token, deployments, window
        self._ids = itertools.count(1)
        self._bell = Bell()
        routes = (
            Route("chat", "POST", "/openai/v1/chat/completions", self._chat),
            Route("models", "GET", "/openai/v1/models", self._models),
        )
        self._door = Door(routes, guard=self._admit, attentive=True)
        self.faults = self._door.faults

    async def __aenter__(self) -> Self:
        await self._door.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._door.__aexit__()

    @property
    def url(self) -> str:
        """The resource's address, without /openai/v1."""
        return self._door.url

    def next(self, *answers: Script) -> None:
        """What it says to the next requests, each once."""
        self._next.extend(answers)

    async def until(self, come: Callable[[], bool], timeout: float = 5) -> None:
        """Returns when `come()`, looked at whenever a prompt arrives or a stream ends."""
        await self._bell.until(come, timeout, lambda: f"{len(self.prompts)} prompts, {self.aborted} aborted")

    def _admit(self, request: web.BaseRequest) -> None:
        if not self._token(bearer(request)):
            raise Refusal(401, "401", "Access denied due to invalid subscription key or wrong API endpoint.")

    async def _models(self, call: Call) -> web.Response:
        known = [{"id": name, "object": "model", "owned_by": "system"} for name in self._deployments]
        return reply({"object": "list", "data": known})

    async def _chat(self, call: Call) -> web.StreamResponse:
        asked = self._asked(call)
        self.prompts.append(asked)
        self._bell.ring()
        answer, id = self._answer(asked), f"chatcmpl-{next(self._ids)}"
        if asked.body.get("stream"):
            return await self._streamed(call.request, asked, answer, id)
        return reply(whole(asked, answer, id), headers=_headers(id))

    def _asked(self, call: Call) -> Asked:
        """The request, once it has been found in order."""
        body = call.json
        if body.get("model") not in self._deployments:
            raise Refusal(404, "DeploymentNotFound", "The API deployment for this resource does not exist.")
        _check(body)
        asked = Asked(body["model"], body["messages"], body, bearer(call.request))
        if asked.tokens > self._window:
            words = f"This model's maximum context length is {self._window} tokens."
            raise Refusal(400, "context_length_exceeded", words, param="messages", type="invalid_request_error")
        return asked

    def _answer(self, asked: Asked) -> Reply:
        found = self._next.popleft() if self._next else self.answer
        said = found(asked) if callable(found) else found
        return Reply(said) if isinstance(said, str) else said

    async def _streamed(self, request: web.BaseRequest, asked: Asked, answer: Reply, id: str) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8", **_headers(id)})
        response.enable_chunked_encoding()
        try:
            await response.prepare(request)
            await self._send(response, asked, answer, id)
        except ConnectionError:
            self.aborted += 1
        except asyncio.CancelledError:
            self.aborted += 1
            raise
        finally:
            self._bell.ring()
        if answer.end == "cut" and request.transport is not None:
            request.transport.abort()
        return response

    async def _send(self, response: web.StreamResponse, asked: Asked, answer: Reply, id: str) -> None:
        if answer.mute is not None:
            await answer.mute(-1)
        for event in opening(asked, answer, id):
            await response.write(event)
        for number, piece in enumerate(answer.said):
            if answer.pause is not None:
                await answer.pause(number)
            await response.write(chunk(asked, id, {"content": piece}))
        for event in closing(asked, answer, id):
            await response.write(event)


def _headers(id: str) -> dict[str, str]:
    limits = {"x-ratelimit-remaining-requests": "99", "x-ratelimit-remaining-tokens": "99000"}
    return {"apim-request-id": id, "x-request-id": id, "x-ms-region": REGION, **limits}


def _check(body: Mapping[str, Any]) -> None:
    """Refuses what Azure refuses for models that reason."""
    if not body.get("messages"):
        raise Refusal(400, "invalid_value", "messages is missing", param="messages", type="invalid_request_error")
    wrong = [name for name in UNSUPPORTED if name in body]
    if body["model"].startswith(REASONING) and wrong:
        words = f"Unsupported parameter: '{wrong[0]}' is not supported with this model."
        raise Refusal(400, "unsupported_parameter", words, param=wrong[0], type="invalid_request_error")
    _check_pictures(body)
    if {"developer", "system"} <= {message["role"] for message in body["messages"]}:
        raise Refusal(400, "invalid_value", "developer and system exclude each other", param="messages")


def _check_pictures(body: Mapping[str, Any]) -> None:
    """Refuses pictures that nobody could look at, and any at all where the model is blind. Only a user shows any."""
    sent = [(message["role"], part) for message in body["messages"] for part in parts(message)]
    pictures = [(role, part) for role, part in sent if part.get("type") == "image_url"]
    if any(part.get("type") not in ("text", "image_url") for _, part in sent):
        raise _refusal("invalid_value", "Invalid type of a content part.")
    if pictures and body["model"].startswith(BLIND):
        raise _refusal("invalid_value", "image_url is only supported by certain models.")
    if len(pictures) > PICTURES or any(role != "user" for role, _ in pictures):
        raise _refusal("invalid_value", "Too many images in request, or by the wrong role.")
    try:
        _ = [shown(part) for _, part in pictures]
    except NoPicture as wrong:
        raise _refusal(str(wrong), "The image data you provided does not represent a valid image.") from None


def _refusal(code: str, words: str) -> Refusal:
    return Refusal(400, code, words, param="messages", type="invalid_request_error")
