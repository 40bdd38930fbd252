"""What the doctor finds, and what it looks with.

Floor 7, of the family of `bot.doctor`. A finding tells the kind of an error and never its words.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

from bot.drift import told
from bot.names import Resolve
from bot.settings import Settings
from bot.store.condition import Condition
from bot.tokens import NoToken

REQUEST = aiohttp.ClientTimeout(total=10)
OUTWARD = "allow this machine the way out to it"

Token = Callable[[], Awaitable[str]]


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


class Topic(StrEnum):
    """What a check is about. Each has its part in docs/doctor.md, in this order."""

    SETTINGS = "settings"
    SETTING = "setting"
    PACKAGE = "package"
    ADDRESS = "address"
    DATABASE = "database"
    SERVER = "database server"
    ROLE = "database role"
    DATABASE_CLOCK = "database clock"
    CONTENT_KEY = "content key"
    FILES = "files"
    FILE_HOSTS = "file hosts"
    KEYS = "channel keys"
    CLOCK = "clock"
    ISSUER = "channel issuer"
    TENANT = "tenant"
    IDENTITY = "identity endpoint"
    BOT_TOKEN = "bot token"  # noqa: S105  what is looked at, not one
    CONNECTION = "sign-in connection"
    SILENT = "silent sign-in"
    PERSONS = "sign-in tokens"
    CONNECTOR = "connector"
    RETIREMENT = "retirement"
    MODEL_TOKEN = "model token"  # noqa: S105
    MODEL = "model"
    DEPLOYMENT = "deployment"
    GRAPH_TOKEN = "graph token"  # noqa: S105
    GRAPH = "graph"
    GRANTS = "graph grants"
    RESOURCE_GRANTS = "resource grants"
    PUBLIC = "public address"
    CHAIN = "certificate chain"
    CERTIFICATE = "certificate"
    TLS = "encryption"
    DOOR = "door"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `cure` is empty where there is nothing to cure; `about` says of which one it is, where there
    are several; `millis` how long the look took, None until it is over.
    """

    topic: Topic
    state: State
    seen: str
    cure: str = ""
    about: str = ""
    millis: int | None = None

    @property
    def name(self) -> str:
        """What was looked at."""
        return f"{self.topic} {self.about}".rstrip()

    @property
    def row(self) -> dict[str, object]:
        """The same for a program."""
        known: dict[str, object] = {"name": self.name, "state": self.state.value, "seen": self.seen}
        return known | {"cure": self.cure, "millis": self.millis or 0}

    def __str__(self) -> str:
        took = f" [{self.millis} ms]" if self.millis else ""
        return f"{self.state:<4} {self.name}: {self.seen}" + (f". Cure: {self.cure}" if self.cure else "") + took


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator wants looked at. `public`: the origin at which Teams calls; `teams` and `chats`: whose grants are read.

    `package`: the app package that was uploaded. `calls`: whether each deployment is asked for a word, which costs some tokens.
    """

    public: str = ""
    teams: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()
    package: Path | None = None
    calls: bool = True


@dataclass(frozen=True, slots=True)
class Probes:
    """What the doctor looks with. `missing` names the migrations not yet applied; a token comes or `Unavailable` does.
    `fenced`: a process that reads a file can be kept from everything else.

    `content_key` wraps a key and unwraps it again, as the store does with those of a company; it raises `StoreAway`.
    `identity_token` is the machine's own, by which a federated bot proves itself (`bot.tokens.EXCHANGE_SCOPE`), where there
    is one. `condition` is the database's. `trust` makes what a certificate is verified with.
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
    condition: Callable[[], Awaitable[Condition]] | None = None
    trust: Callable[[], ssl.SSLContext] = ssl.create_default_context
    asked: Asked = field(default_factory=Asked)


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


class Watch:
    """How long something takes."""

    def __init__(self) -> None:
        self._time = asyncio.get_running_loop().time
        self._since = self._time()

    def lap(self) -> int:
        """Milliseconds since the last lap, or since the beginning."""
        since, self._since = self._since, self._time()
        return round((self._since - since) * 1000)


async def issued(name: Topic, token: Token, words: str, cures: Callable[[str], str]) -> Check:
    """Whether a token comes; `cures` knows what helps for Entra's code, or for the kind of an error."""
    watch = Watch()
    try:
        await token()
    except Exception as error:
        why = str(error.__cause__) if isinstance(error.__cause__, NoToken) else type(error).__name__
        return Check(name, State.FAIL, f"none ({why})", cures(why), millis=watch.lap())
    return Check(name, State.OK, words, millis=watch.lap())


def host(address: str) -> str:
    """The host of an address."""
    return urlsplit(address).hostname or ""


def parsed(body: bytes) -> Any:
    """The JSON in a body, None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
