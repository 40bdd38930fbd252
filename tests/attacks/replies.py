"""What comes back over the wires, as far as the house looks at it."""

import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any


@dataclass(slots=True)
class Body:
    """The content of a response."""

    data: bytes

    async def iter_chunked(self, size: int) -> Any:
        yield self.data

    async def iter_any(self) -> Any:
        yield self.data


@dataclass(slots=True)
class Response:
    """What comes back, as far as the house looks at it."""

    status: int
    data: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content_length(self) -> int:
        return len(self.data)

    @property
    def content(self) -> Body:
        return Body(self.data)

    async def read(self) -> bytes:
        return self.data

    async def __aenter__(self) -> "Response":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


def told(value: object, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(status, json.dumps(value).encode())


def absent(code: str, status: int = 404) -> Response:
    """There is no such thing."""
    return told({"error": {"code": code, "message": code}}, status)
