"""The whole house in one process: its real rooms on a real database, its network answered by the town.

Requests come in at the real door, signed. Time runs quicker for the loop, because Teams' pace between two steps of a stream
is all that a turn waits for here.
"""

import asyncio
import secrets
import selectors
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import orjson
import psycopg
from aiohttp import ClientSession, web
from multidict import CIMultiDict

from bot import filing
from bot.chores import Chores
from bot.fetching import Fetcher
from bot.foundation import Identities, Machine, shelved
from bot.graph.directory import GraphDirectory
from bot.graph.drive import GraphDrive
from bot.graph.threads import GraphThreads
from bot.house import Replaced, cupboards, door, furnished, serving
from bot.outward import Graph, nothing
from bot.papers.reader import Reader
from bot.pinning import Pinned
from bot.rulebook import Rulebook
from bot.settings import Settings, read
from bot.store.away import Address
from bot.teams.desk import MakeModel, Rooms
from bot.teams.keys import Keys
from bot.teams.line import Line, Ways
from bot.teams.members import Admitted, Roster
from bot.teams.origins import origins
from bot.teams.reach import Reach
from bot.teams.readers import Readers
from bot.teams.signin import SignIn
from bot.teams.usertokens import UserTokens
from bot.worker import Worker
from bot.wrapping import KeyFile
from dialogs.documents import Document, Kind, Passage, Picture
from dialogs.ports import Threads
from dialogs.talk import Locator
from tests.attacks.badges import APP_TOKEN, GRAPH
from tests.attacks.wires import Wires
from tests.world.activities import Activity
from tests.world.people import APP, TENANT
from tests.world.signing import key

HASTE = 20.0
"""How many seconds pass for the loop in one of the wall's."""
PATIENCE = 120.0
"""Seconds of the wall that anything may take, on the slowest machine."""
GLANCE = 0.005
"""Seconds of the wall between two looks at whether all is calm."""
DUE = """
    SELECT count(*), count(*) FILTER (WHERE l.owner IS NOT NULL), count(*) FILTER (WHERE l.due > now())
    FROM inbox i LEFT JOIN lanes l USING (tenant, conversation)
    WHERE i.tenant = ANY(%s) AND i.open AND (i.due IS NULL OR i.due <= now())
"""
"""How many asks are due, how many of them in a lane with an owner, and how many in one that was put off."""
SOONER = "UPDATE lanes SET due = now() WHERE tenant = ANY(%s) AND due > now()"
SERVICES = "https://smba.trafficmanager.net"
ISSUER = "https://api.botframework.com"


class Quick(selectors.DefaultSelector):
    """Waits for as long as the hurried loop means."""

    haste = HASTE

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(None if timeout is None else timeout / self.haste)


class Hurry(asyncio.SelectorEventLoop):
    """A loop whose time runs `haste` times as fast."""

    def __init__(self, haste: float = HASTE) -> None:
        quick = Quick()
        quick.haste = self.haste = haste
        super().__init__(quick)

    def time(self) -> float:
        return time.monotonic() * self.haste


@dataclass(slots=True)
class Leap:
    """A clock that leaps over every pause: Graph's pace is kept, and nobody waits for it."""

    at: float = 0.0

    def now(self) -> float:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.at += seconds
        await asyncio.sleep(0)


class Restless(AssertionError):
    """The house did not become calm: it says what was still under way or due."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A request, as far as the door looks at it."""

    body: bytes
    headers: CIMultiDict[str]

    @property
    def content_length(self) -> int:
        return len(self.body)

    async def read(self) -> bytes:
        return self.body


@dataclass(frozen=True, slots=True)
class Parcels:
    """Files on their way, read as they stand: what `texts` holds at an address, else the end of the address itself."""

    texts: Mapping[str, str]

    async def download(self, address: str) -> AsyncIterator[bytes]:
        yield self.texts.get(address, f"they wrote of {address.rpartition('/')[2]} in it").encode()

    async def picture(self, address: str, service_url: str) -> AsyncIterator[bytes]:
        yield b"pixels"


class Glance:
    """Reads a file at a glance: plain text, which may begin with a heading, and any picture."""

    async def picture(self, pieces: AsyncIterator[bytes], name: str) -> Picture:
        return Picture(name, "image/png", b"".join([piece async for piece in pieces]), 1, 1)

    async def document(self, pieces: AsyncIterator[bytes], name: str, key: str, at: datetime) -> Document:
        text = b"".join([piece async for piece in pieces]).decode()
        heading, _, rest = text.partition("\n") if text.startswith("# ") else ("", "", text)
        locator = Locator("heading", heading[2:]) if heading else Locator("line", "1")
        return Document(key, name, Kind.TEXT, at, (Passage(locator, rest),), 1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the house is another's: the model, what stands between it and Graph, and rooms with a hole in them."""

    model: MakeModel
    threads: Callable[[Threads, Roster], Threads] = lambda threads, roster: threads
    admitted: Callable[[Threads, Roster], Threads] = Admitted
    rooms: Callable[[Rooms], Rooms] = lambda rooms: rooms


@dataclass(slots=True)
class Premises:
    """One life of the process. Open it, post to it, wait until it is calm, close it."""

    database: str
    home: Path
    wires: Wires
    wanted: Wanted
    faults: list[BaseException] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    _worker: Worker | None = None
    _handle: Callable[[web.Request], Any] | None = None
    _running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin."""
        machine, session = Machine(now, self._fault), cast(ClientSession, self.wires)
        settings = settings_of(self.wires)
        wrapper = KeyFile(self.home / "content.key", secrets.token_bytes)
        shelves = await shelved(settings, Address(self.database), wrapper, machine, self._stack)
        rulebook = Rulebook(shelves.store.rules, settings, now)
        graph = self._graph(settings, session)
        replaced = Replaced(self.wanted.model, graph.reach)
        rooms = furnished(settings, session, Identities(token), shelves, rulebook, replaced, machine, self._stack)
        fetcher, reader = cast(Fetcher, Parcels(self.wires.texts)), cast(Reader, Glance())
        sent = filing.Rooms(fetcher, reader, shelves.pool, shelves.vault, shelves.spool, graph.drive, now)
        within = cupboards(settings, cast(Pinned, self.wires), shelves, sent)
        rooms = self.wanted.rooms(replace(rooms, cupboards=within))
        chores = Chores(shelves.store, shelves.ledger, shelves.estate, shelves.seals, rulebook.of, now)
        self._worker = Worker(shelves.store, serving(shelves.store, rooms, chores), self._fault, lambda tenant: 50)
        keys = Keys(session, settings.openid_metadata_url, now, self._fault)
        self._stack.push_async_callback(keys.close)
        routes = door(rooms, shelves, keys, self._worker, ready).router.routes()
        self._handle = next(route.handler for route in routes if route.method == "POST")
        self._running = asyncio.create_task(self._worker.run())

    def _graph(self, settings: Settings, session: ClientSession) -> Graph:
        """As `bot.outward.graph`, but that nobody waits for Graph's pace."""
        service = Line(session, origins((settings.user_token_url,)), Ways(none, asyncio.sleep, lambda: 0.5, now))
        tokens = UserTokens(service, settings.user_token_url, APP)
        readers = Readers(GRAPH, token, SignIn(tokens, settings.oauth_connection_name))
        leap = Leap()
        graph = GraphThreads(session, GRAPH, readers.tokens, APP, pause=leap.pause, clock=leap.now)

        def threads(roster: Roster) -> Threads:
            return self.wanted.admitted(self.wanted.threads(graph, roster), roster)

        reach = Reach(threads, GraphDirectory(graph.line, readers.own), Own(self.wanted, graph.abroad(readers.own)))
        return Graph(reach, nothing, GraphDrive(graph.line, readers.own, settings.file_hosts))

    async def post(self, activity: Activity, region: str) -> tuple[int, bytes]:
        """Bring an activity to the door as Teams does; the status and the body."""
        service = f"{SERVICES}/{region}/"
        headers = CIMultiDict({"Authorization": f"Bearer {signed(service)}"})
        letter = Letter(orjson.dumps({**activity, "serviceUrl": service}), headers)
        assert self._handle is not None
        response: web.Response = await self._handle(cast(web.Request, letter))
        return response.status, cast(bytes, response.body or b"")

    async def calm(self) -> None:
        """Nothing is under way any more, and nothing waits that is due. Raises `Restless` after `PATIENCE`."""
        assert self._worker is not None
        haste, due = cast(Hurry, asyncio.get_running_loop()).haste, ""
        connecting = psycopg.AsyncConnection.connect(self.database, autocommit=True)
        try:
            async with asyncio.timeout(PATIENCE * haste), await connecting as connection:
                while self._worker.busy or (due := await self._due(connection)):
                    await asyncio.sleep(GLANCE * haste)
        except TimeoutError:
            raise Restless(f"{self._worker.busy} lanes are being served; {due or 'nothing else was due'}") from None

    async def _due(self, connection: psycopg.AsyncConnection[Any]) -> str:
        """What waits that nobody has begun with, between an answer and its errand, say; what was put off comes at once."""
        tenants = [company.id for company in self.wires.town.companies]
        asks, owned, later = await (await connection.execute(DUE, (tenants,))).fetchone() or (0, 0, 0)
        if later:
            await connection.execute(SOONER, (tenants,))
            await connection.execute("SELECT pg_notify('parley', '')")
        return f"{asks} asks are due: {owned} in a lane with an owner, {later} put off" if asks else ""

    async def close(self) -> None:
        """End as a process does."""
        assert self._worker is not None and self._running is not None
        await self._worker.drain()
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    def _fault(self, fault: BaseException, **_: object) -> None:
        self.faults.append(fault)


@dataclass(frozen=True, slots=True)
class Own:
    """What a person's own rights show, as the walk looks on."""

    wanted: Wanted
    threads: Threads

    def read(self, person: Any, place: Any, window: Any) -> Any:
        return self.wanted.threads(self.threads, cast(Roster, None)).read(person, place, window)


def settings_of(wires: Wires) -> Settings:
    """The settings of a house that serves all companies of the town."""
    tenants = [company.id for company in wires.town.companies]
    environ = {
        "DATABASE_URL": "postgresql://parley:secret@127.0.0.1/parley",  # pragma: allowlist secret
        "MICROSOFT_APP_ID": APP,
        "MICROSOFT_APP_TENANT_ID": TENANT,
        "MICROSOFT_APP_PASSWORD": "a secret",  # pragma: allowlist secret
        "BOT_CREDENTIAL": "secret",
        "ALLOWED_TENANTS": ",".join(tenants),
        "AZURE_OPENAI_ENDPOINTS": "http://127.0.0.1:1",
        "AZURE_OPENAI_DEPLOYMENTS": "echo",
        "FILE_HOSTS": "contoso.sharepoint.com",
        "DAILY_TOKENS_PER_PERSON": "1000000000",
        "DAILY_TOKENS_TENANT": "100000000000",
    }
    return replace(read(environ, local=False), graph_url=GRAPH)


def now() -> datetime:
    return datetime.now(UTC)


async def token(scope: str) -> str:
    """The application's own."""
    return APP_TOKEN


async def none() -> None:
    """No token."""


async def ready() -> Mapping[str, str]:
    """Nothing is amiss."""
    return {}


_signed: dict[str, str] = {}


def signed(service: str) -> str:
    """The channel's token for a service address, made once."""
    if service not in _signed:
        seconds = int(time.time())
        claims = {"iss": ISSUER, "aud": APP, "iat": seconds, "nbf": seconds - 300, "exp": seconds + 36_000}
        _signed[service] = key(1).sign({**claims, "serviceurl": service})
    return _signed[service]
