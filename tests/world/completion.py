"""The shapes of Azure OpenAI's Chat Completions: requests as a test reads them, answers as the client gets them."""

import base64
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import orjson

SAFE = {name: {"filtered": False, "severity": "safe"} for name in ("hate", "self_harm", "sexual", "violence")}
VERSION = "2026-03-17"
"""What Azure puts behind the name of the model that a deployment runs."""
MAGIC: Mapping[str, tuple[bytes, ...]] = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/gif": (b"GIF87a", b"GIF89a"),
    "image/webp": (b"RIFF",),
}
"""How files of the kinds begin that Azure takes."""
DOCUMENTS = re.compile(r'""" <documents>\n(.*?)\n</documents> """', re.DOTALL)


def count(text: str) -> int:
    """How many tokens a text takes, as this double counts."""
    return len(text.encode()) // 4 + 1 if text else 0


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as it came: what it is said to be, its bytes, how closely it is looked at."""

    media_type: str
    data: bytes = field(repr=False)
    detail: str = "auto"


class NoPicture(ValueError):
    """What Azure refuses, by the code it gives."""


def parts(message: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The parts of a message, none for one that is text alone."""
    content = message.get("content")
    return content if isinstance(content, list) else ()


def words(message: Mapping[str, Any]) -> str:
    """What a message says in words."""
    content = message.get("content")
    if isinstance(content, list):
        return "\n".join(part["text"] for part in content if part.get("type") == "text")
    return str(content)


def shown(part: Mapping[str, Any]) -> Shown:
    """The picture of a part. Raises `NoPicture`; this double fetches nothing, so an address must hold the picture itself."""
    image = part["image_url"]
    found = re.fullmatch(r"data:(image/[a-z]+);base64,(.*)", image["url"], re.DOTALL)
    if found is None:
        raise NoPicture("invalid_image_url")
    try:
        data = base64.b64decode(found[2], validate=True)
    except ValueError:
        raise NoPicture("invalid_base64_image") from None
    if not any(data.startswith(magic) for magic in MAGIC.get(found[1], ())):
        raise NoPicture("invalid_image_format")
    return Shown(found[1], data, image.get("detail", "auto"))


def seeing(picture: Shown) -> int:
    """How many tokens a picture takes, as this double counts."""
    return 85 if picture.detail == "low" else 1_105


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a completion, as it came in."""

    model: str
    messages: Sequence[Mapping[str, Any]]
    body: Mapping[str, Any] = field(repr=False)
    token: str = field(repr=False, default="")

    @property
    def text(self) -> str:
        """All that the model was told in words."""
        return "\n".join(map(words, self.messages))

    @property
    def question(self) -> str:
        """The last message of the user."""
        return words([one for one in self.messages if one["role"] == "user"][-1])

    @property
    def pictures(self) -> list[Shown]:
        """The pictures that the model was shown, in their order."""
        return [shown(part) for message in self.messages for part in parts(message) if part.get("type") == "image_url"]

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The records between the delimiters, wherever they stand."""
        blocks: list[str] = DOCUMENTS.findall(self.text)
        return [orjson.loads(line) for block in blocks for line in block.splitlines()]

    @property
    def tokens(self) -> int:
        return count(self.text) + sum(map(seeing, self.pictures))


End = Literal["whole", "cut", "malformed", "error"]
Pause = Callable[[int], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model does. `finish` is the finish_reason: stop, length or content_filter.

    `found` is what the filter found in the prompt without stopping it, in the form of `content_filter_results`.
    `end`: the stream ends as it should, breaks off, breaks into something that is no JSON, or brings an error event; all
    but the first after `pieces` pieces (None: all). `pause` is awaited with each piece's number before it is sent, `mute`
    with -1 when nothing but the headers has been.
    """

    text: str
    finish: str = "stop"
    end: End = "whole"
    pieces: int | None = None
    usage: bool = True
    pause: Pause | None = None
    mute: Pause | None = None
    found: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> list[str]:
        """The text in the pieces that come."""
        return re.findall(r"\s*\S+\s*", self.text)[: self.pieces]


def usage(asked: Asked, text: str) -> dict[str, Any]:
    read, written = asked.tokens, count(text)
    return {
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0},
    }


def whole(asked: Asked, answer: Reply, id: str) -> dict[str, Any]:
    """The answer in one piece."""
    text = "".join(answer.said)
    choice = {"index": 0, "message": {"role": "assistant", "content": text, "refusal": None}, "logprobs": None}
    return {
        **_frame(asked, id, "chat.completion"),
        "choices": [{**choice, "finish_reason": answer.finish, "content_filter_results": _results(answer)}],
        "prompt_filter_results": _prompted(answer),
        "usage": usage(asked, text),
    }


def opening(asked: Asked, answer: Reply, id: str) -> Iterator[bytes]:
    """Azure begins with a chunk that has no choices, and the first choice has no text."""
    empty = {"id": "", "object": "", "created": 0, "model": "", "choices": []}
    yield event({**empty, "prompt_filter_results": _prompted(answer)})
    yield chunk(asked, id, {"role": "assistant", "content": "", "refusal": None})


def closing(asked: Asked, answer: Reply, id: str) -> Iterator[bytes]:
    """How a stream ends, one way or another; a broken connection says nothing."""
    if answer.end == "malformed":
        yield b'data: {"id":"chatcmpl-\n\n'
    elif answer.end == "error":
        yield event({"error": {"code": "server_error", "message": "The server had an error", "type": "server_error"}})
    elif answer.end == "whole":
        yield chunk(asked, id, {}, answer.finish, _results(answer))
        if answer.usage and (asked.body.get("stream_options") or {}).get("include_usage"):
            frame = _frame(asked, id, "chat.completion.chunk")
            yield event({**frame, "choices": [], "usage": usage(asked, "".join(answer.said))})
        yield b"data: [DONE]\n\n"


def chunk(
    asked: Asked,
    id: str,
    delta: Mapping[str, Any],
    finish: str | None = None,
    results: Mapping[str, Any] | None = None,
) -> bytes:
    choice = {
        "index": 0,
        "delta": delta,
        "finish_reason": finish,
        "logprobs": None,
        "content_filter_results": results or {},
    }
    return event({**_frame(asked, id, "chat.completion.chunk"), "choices": [choice]})


def event(body: Mapping[str, Any]) -> bytes:
    """A server-sent event."""
    return b"data: " + orjson.dumps(body) + b"\n\n"


def _frame(asked: Asked, id: str, kind: str) -> dict[str, Any]:
    model = f"{asked.model}-{VERSION}"
    return {"id": id, "object": kind, "created": 1_795_248_000, "model": model, "system_fingerprint": "fp_1"}


def _prompted(answer: Reply) -> list[dict[str, Any]]:
    return [{"prompt_index": 0, "content_filter_results": {**SAFE, **answer.found}}]


def _results(answer: Reply) -> dict[str, Any]:
    if answer.finish != "content_filter":
        return SAFE
    return {**SAFE, "violence": {"filtered": True, "severity": "medium"}}
