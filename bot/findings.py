"""What the doctor finds, and what it looks with.

Floor 7, of the family of `bot.doctor`. A finding tells the kind of an error and never its words.
"""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

from bot.drift import told
from bot.names import Resolve
from bot.settings import Settings
from bot.tokens import NoToken

REQUEST = aiohttp.ClientTimeout(total=10)
OUTWARD = "allow this machine the way out to it"

Token = Callable[[], Awaitable[str]]


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `cure` is empty where there is nothing to cure."""

    name: str
    state: State
    seen: str
    cure: str = ""

    def __str__(self) -> str:
        return f"{self.state:<4} {self.name}: {self.seen}" + (f". Cure: {self.cure}" if self.cure else "")


@dataclass(frozen=True, slots=True)
class Probes:
    """What the doctor looks with. `missing` names the migrations not yet applied; a token comes or `Unavailable` does.
    `fenced`: a process that reads a file can be kept from everything else.

    `content_key` wraps a key and unwraps it again, as the store does with those of a company; it raises `StoreAway`.
    `identity_token` is the machine's own, by which a federated bot proves itself (`bot.tokens.EXCHANGE_SCOPE`), where there
    is one.
    """

    session: aiohttp.ClientSession
    now: Callable[[], datetime]
    resolve: Resolve
    missing: Callable[[], Awaitable[tuple[str, ...]]]
    bot_token: Token
    graph_token: Token
    model_token: Token
    fenced: Callable[[], Awaitable[bool]]
    identity_token: Token | None = None
    content_key: Callable[[], Awaitable[object]] | None = None


Look = Callable[[Settings, Probes], AsyncIterator[Check]]


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back from an address."""

    status: int
    date: datetime | None
    body: Any

    @classmethod
    async def of(cls, probes: Probes, address: str, token: str = "") -> Self:
        """The reply of an address; the body is None where it is no JSON. Raises `aiohttp.ClientError`."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with probes.session.get(address, headers=headers, allow_redirects=False, timeout=REQUEST) as response:
            return cls(response.status, told(response.headers), parsed(await response.read()))

    def field(self, *names: str) -> Any:
        """What stands in the body under these names, one within the other; None where nothing does."""
        found = self.body
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return found


async def issued(name: str, token: Token, words: str, cures: Callable[[str], str]) -> Check:
    """Whether a token comes; `cures` knows what helps for Entra's code, or for the kind of an error."""
    try:
        await token()
    except Exception as error:
        why = str(error.__cause__) if isinstance(error.__cause__, NoToken) else type(error).__name__
        return Check(name, State.FAIL, f"none ({why})", cures(why))
    return Check(name, State.OK, words)


def host(address: str) -> str:
    """The host of an address."""
    return urlsplit(address).hostname or ""


def parsed(body: bytes) -> Any:
    """The JSON in a body, None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
