"""A plain client for tests of the doubles: what any bot would send, without the bot."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson


class Wire:
    """Speaks HTTP to one address with one bearer token. Every call returns the status and the JSON body (or None)."""

    def __init__(self, url: str, token: str = "good") -> None:
        self._url = url
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(headers=self._headers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._session.close()

    async def call(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        address = path if path.startswith("http") else self._url + path
        options["json" if not isinstance(body, bytes) else "data"] = body
        async with self._session.request(method, address, allow_redirects=False, **options) as response:
            return response.status, _json(await response.read())

    async def get(self, path: str, **options: Any) -> tuple[int, Any]:
        return await self.call("GET", path, **options)

    async def say(self, conversation: str, activity: Mapping[str, Any] | str) -> tuple[int, Any]:
        """Posts a message to a conversation."""
        body = {"type": "message", "text": activity} if isinstance(activity, str) else activity
        return await self.call("POST", f"/v3/conversations/{conversation}/activities", body)

    async def step(self, conversation: str, text: str, **mark: Any) -> tuple[int, Any]:
        """One step of a stream; `mark` are the fields of its streaminfo, such as streamSequence=1."""
        return await self.say(conversation, step(text, **mark))

    async def update(self, conversation: str, id: str, activity: Mapping[str, Any] | str) -> tuple[int, Any]:
        body = {"type": "message", "text": activity} if isinstance(activity, str) else activity
        return await self.call("PUT", f"/v3/conversations/{conversation}/activities/{id}", body)

    async def delete(self, conversation: str, id: str) -> tuple[int, Any]:
        return await self.call("DELETE", f"/v3/conversations/{conversation}/activities/{id}")


def step(text: str, **mark: Any) -> dict[str, Any]:
    """A step of a stream; without a streamType a piece of content."""
    entity = {"type": "streaminfo", "streamType": "streaming", **mark}
    kind = "message" if entity["streamType"] == "final" else "typing"
    return {"type": kind, "text": text, "entities": [entity]}


def error(body: Any) -> str:
    """The code of an error body."""
    return str(body["error"]["code"])


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw) if raw else None
    except orjson.JSONDecodeError:
        return raw
