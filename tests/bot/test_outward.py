"""Whoever speaks outward speaks to the origin that is set, and goes nowhere else whatever the answer says."""

import ast
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.fetching import Fetcher
from bot.files import Uploader
from bot.graph.directory import GraphDirectory
from bot.graph.drive import GraphDrive
from bot.graph.profile import GraphProfile
from bot.graph.threads import GraphThreads
from bot.models.azure import AzureModel, Resources
from bot.obo import Behalf
from bot.pinning import Pinned, open_pinned
from bot.teams.keys import Keys
from bot.teams.line import Line, Ways, open_session
from bot.teams.origins import origins
from bot.tokens import bot_credential, resource_credential
from bot.wrapping import KeyVault
from dialogs.prompt import Prompt, Purpose
from dialogs.talk import Person, Place, PlaceKind, Window
from tests.structure.source import Module, modules
from tests.world.door import Door, Route, reply
from tests.world.people import ADA, APP, GROUP, TENANT
from tests.world.signpost import Signpost

CHAT = Place(PlaceKind.GROUP, GROUP.conversation)
ADA_HERSELF = Person(ADA.id, TENANT)
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request"})


@dataclass(frozen=True)
class App:
    """A registration at some authority."""

    login_url: str
    bot_credential: str = "secret"
    microsoft_app_password: str = "a-development-secret"
    managed_identity_client_id: str = ""
    microsoft_app_id: str = APP
    microsoft_app_tenant_id: str = TENANT


def now() -> datetime:
    return datetime.now(UTC)


async def token(*_: object) -> str:
    return "the-bots-token"


async def tokens(person: Person) -> tuple[str, ...]:
    return ("the-bots-token",)


async def pause(seconds: float) -> None:
    """There is nothing to wait for."""


async def pieces() -> AsyncGenerator[bytes, None]:
    yield b"abc"


async def drained(stream: AsyncGenerator[bytes, None]) -> None:
    async with aclosing(stream):
        async for _ in stream:
            pass


def graph(session: aiohttp.ClientSession, url: str) -> GraphThreads:
    return GraphThreads(session, url, tokens, APP, pause=pause)


async def connector(session: aiohttp.ClientSession, here: Signpost) -> None:
    ways = Ways(token, pause, lambda: 0.5, now)
    await Line(session, origins((here.url,)), ways).call("POST", f"{here.url}/v3/conversations", b"{}")


async def keys(session: aiohttp.ClientSession, here: Signpost) -> None:
    found = Keys(session, f"{here.url}/v1/.well-known/openidconfiguration", now, lambda fault: None)
    await found.refresh()
    await found.close()


async def vault(session: aiohttp.ClientSession, here: Signpost) -> None:
    await KeyVault(session, f"{here.url}/keys/content", token).wrap(b"k" * 32)


async def threads(session: aiohttp.ClientSession, here: Signpost) -> None:
    async for _ in graph(session, here.url).read(ADA_HERSELF, CHAT, Window()):
        pass


async def directory(session: aiohttp.ClientSession, here: Signpost) -> None:
    await GraphDirectory(graph(session, here.url).line, token).find(ADA_HERSELF, ("incidents in Engineering",))


async def profile(session: aiohttp.ClientSession, here: Signpost) -> None:
    await GraphProfile(graph(session, here.url).line, token).department(ADA_HERSELF)


async def drive(session: aiohttp.ClientSession, here: Signpost) -> None:
    found = GraphDrive(graph(session, here.url).line, token, frozenset({here.host}))
    await found.posted(ADA_HERSELF, CHAT, "1")


async def upload(session: aiohttp.ClientSession, here: Signpost) -> None:
    async with open_pinned() as own:
        await Uploader(Pinned(own), frozenset({here.host}), pause).upload(f"{here.url}/up/1", 3, pieces())


async def download(session: aiohttp.ClientSession, here: Signpost) -> None:
    async with open_pinned() as own:
        fetcher = Fetcher(Pinned(own), frozenset({here.host}), origins((here.url,)), token)
        await drained(fetcher.download(f"{here.url}/down/1"))


async def picture(session: aiohttp.ClientSession, here: Signpost) -> None:
    async with open_pinned() as own:
        fetcher = Fetcher(Pinned(own), frozenset(), origins((here.url,)), token)
        await drained(fetcher.picture(f"{here.url}/v3/attachments/1/views/original", here.url))


async def model(session: aiohttp.ClientSession, here: Signpost) -> None:
    resources = Resources((here.url,), token, now)
    prompt = Prompt(Purpose.ANSWER, "You are Parley.", "What is a lease?")
    try:
        async for _ in AzureModel(resources, "gpt", lambda usage: None).stream(prompt):
            pass
    finally:
        await resources.close()


async def entra(session: aiohttp.ClientSession, here: Signpost) -> None:
    credential = bot_credential(App(here.url), token)
    try:
        await credential.get_token_info("https://graph.microsoft.com/.default")
    finally:
        await credential.close()


async def federated(session: aiohttp.ClientSession, here: Signpost) -> None:
    credential = bot_credential(App(here.url, "federated", ""), token)
    try:
        await credential.get_token_info("https://graph.microsoft.com/.default")
    finally:
        await credential.close()


async def machine(session: aiohttp.ClientSession, here: Signpost) -> None:
    credential = resource_credential(App(here.url, "federated", ""))
    try:
        await credential.get_token_info("https://cognitiveservices.azure.com/.default")
    finally:
        await credential.close()


async def behalf(session: aiohttp.ClientSession, here: Signpost) -> None:
    exchange = Behalf(App(here.url), "https://graph.microsoft.com/.default", now, token)
    try:
        await exchange.token(ADA.id, "a-persons-token")
    finally:
        await exchange.close()


Speak = Callable[[aiohttp.ClientSession, Signpost], Awaitable[None]]
CLIENTS: tuple[Speak, ...] = (
    *(connector, keys, vault, threads, directory, profile, drive),
    *(upload, download, picture, model, entra, federated, machine, behalf),
)


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("speak", CLIENTS)
async def test_no_client_follows_a_redirect(speak: Speak, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Signpost() as elsewhere, Signpost(elsewhere.url, code) as here, open_session() as session:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{here.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "identity-header")
        failed = await outcome(speak(session, here))
        assert (elsewhere.visits, bool(here.visits)) == ([], True), failed


@pytest.mark.parametrize("speak", CLIENTS)
async def test_no_client_goes_by_a_proxy_of_the_environment(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    async with Signpost() as proxy, Signpost("http://127.0.0.1:1") as here, open_session() as session:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{here.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "identity-header")
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        failed = await outcome(speak(session, here))
        assert (proxy.visits, bool(here.visits)) == ([], True), failed


async def outcome(spoken: Awaitable[None]) -> str:
    """What became of a request: every client calls it an error of its own, and none of them matters here."""
    try:
        await spoken
    except Exception as error:
        return type(error).__name__
    return ""


async def test_signing_keys_are_fetched_from_no_origin_but_the_one_that_is_set() -> None:
    async with Signpost() as elsewhere:

        async def metadata(call: Any) -> Any:
            return reply({"jwks_uri": f"{elsewhere.url}/keys"})

        async with Door([Route("metadata", "GET", "/metadata", metadata)]) as door, open_session() as session:
            found = Keys(session, f"{door.url}/metadata", now, lambda fault: None)
            await found.refresh()
            assert (elsewhere.visits, found.loaded) == ([], False)


# every request of the source


def careless(module: Module) -> Iterator[str]:
    """The requests of a module over an aiohttp session that do not say that they follow no redirect."""
    for node in ast.walk(module.tree):
        asks = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in VERBS
        if asks and "session" in ast.unparse(node.func.value) and not bound(node):  # type: ignore[attr-defined,arg-type]
            yield f"{module.path}:{node.lineno}"  # type: ignore[attr-defined]


def bound(call: ast.Call) -> bool:
    """Whether a call says `allow_redirects=False`."""
    said = {word.arg: word.value for word in call.keywords}.get("allow_redirects")
    return isinstance(said, ast.Constant) and said.value is False


def test_every_request_says_that_it_follows_no_redirect() -> None:
    found = [line for module in modules() for line in careless(module)]
    assert not found, found


def test_the_looking_finds_the_requests_there_are() -> None:
    calls = [
        node
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and bound(node)
    ]
    assert len(calls) >= 7
