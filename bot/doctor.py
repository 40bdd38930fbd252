"""Looks at everything the bot needs and says what it saw and what would cure it.

Floor 7. Changes nothing and asks no model anything. Each check stands alone: what it needs is handed to it as a probe,
and whatever a probe raises is a finding.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp

from bot.limits import CLOCK_LEEWAY
from bot.names import Resolve, is_global, is_loopback
from bot.settings import BotCredential, Fault, Settings

PATIENCE = 15.0
"""Seconds for one check."""
REQUEST = aiohttp.ClientTimeout(total=10)
DRIFT = timedelta(seconds=30)
"""How far the clock may be off before it is worth a word."""

CREDENTIAL_CURES = {
    BotCredential.FEDERATED: "add a federated credential for the managed identity to the app registration",
    BotCredential.MANAGED_IDENTITY: "assign the identity MICROSOFT_APP_ID to this machine",
    BotCredential.SECRET: "make a new client secret and set MICROSOFT_APP_PASSWORD",
}
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
    """What the doctor looks with. `missing` names the migrations not yet applied; a token comes or `Unavailable` does."""

    session: aiohttp.ClientSession
    now: Callable[[], datetime]
    resolve: Resolve
    missing: Callable[[], Awaitable[tuple[str, ...]]]
    bot_token: Token
    graph_token: Token
    model_token: Token


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
            return cls(response.status, date(response.headers.get("Date", "")), parsed(await response.read()))


async def examine(settings: Settings, probes: Probes, say: Callable[[str], object]) -> int:
    """Say every check, a line each; the exit code: 1 where one failed."""
    failed = False
    async for check in checks(settings, probes):
        say(str(check))
        failed |= check.state is State.FAIL
    return int(failed)


async def checks(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Every check, one after the other. In local mode only what there is to look at."""
    looks: dict[str, Look] = {"settings": look_at_settings, "database": look_at_database}
    if not settings.local:
        looks |= {"channel keys": look_at_keys, "bot token": look_at_token, "connector": look_at_connector}
    looks |= {"model": look_at_models}
    if settings.graph_url:
        looks |= {"graph": look_at_graph}
    for name, look in looks.items():
        async for check in bounded(name, look(settings, probes)):
            yield check


async def bounded(name: str, found: AsyncIterator[Check]) -> AsyncIterator[Check]:
    """The checks of one look; one that fails or takes too long is a finding, told by its kind alone."""
    try:
        async with asyncio.timeout(PATIENCE):
            seen = [check async for check in found]
    except Exception as error:
        seen = [Check(name, State.FAIL, f"nothing was seen ({type(error).__name__})", cure_of(name))]
    for check in seen:
        yield check


def cure_of(name: str) -> str:
    """What usually helps where nothing was seen at all."""
    return "look at DATABASE_URL and the server" if name == "database" else OUTWARD


def unfit(faults: Iterable[Fault]) -> Iterator[Check]:
    """The faults of an environment as checks."""
    return (Check(fault.name, State.FAIL, fault.problem, fault.cure) for fault in faults)


async def look_at_settings(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The settings are complete, for otherwise nobody would be here; some of them deserve a word."""
    yield Check("settings", State.OK, "local mode" if settings.local else "complete")
    if settings.local:
        return
    if settings.bot_credential is BotCredential.SECRET:
        yield Check("BOT_CREDENTIAL", State.WARN, "a client secret, which is for development", "use federated")
    if not settings.require_sign_in:
        yield Check("REQUIRE_SIGN_IN", State.WARN, "people are answered without signing in", "set it to true")


async def look_at_database(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The database answers and is up to date."""
    missing = await probes.missing()
    if missing:
        words = f"reached, {len(missing)} of its migrations are missing"
        yield Check("database", State.WARN, words, "run app.py migrate, or just start")
    else:
        yield Check("database", State.OK, "reached, up to date")


async def look_at_keys(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The channel's signing keys can be fetched, and the clock agrees with their server's."""
    metadata = await Reply.of(probes, settings.openid_metadata_url)
    keys = await Reply.of(probes, metadata.body["jwks_uri"])
    count = len(keys.body["keys"])
    state = State.OK if count else State.FAIL
    yield Check("channel keys", state, f"{count} keys", "" if count else "look at OPENID_METADATA_URL")
    if keys.date is not None:
        yield clock(abs(probes.now() - keys.date))


def clock(drift: timedelta) -> Check:
    """Tokens are refused when the clock is off by more than their leeway."""
    state = State.FAIL if drift > CLOCK_LEEWAY else State.WARN if drift > DRIFT else State.OK
    cure = "" if state is State.OK else "set the clock by NTP"
    return Check("clock", state, f"{drift.total_seconds():.0f} seconds apart from the key server's", cure)


async def look_at_token(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The bot can prove itself."""
    cure = CREDENTIAL_CURES[settings.bot_credential]
    yield await issued("bot token", probes.bot_token, f"Entra gave one, by {settings.bot_credential}", cure)


async def issued(name: str, token: Token, words: str, cure: str) -> Check:
    """Whether a token comes."""
    try:
        await token()
    except Exception as error:
        return Check(name, State.FAIL, f"none ({type(error).__name__})", cure)
    return Check(name, State.OK, words)


async def look_at_connector(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Teams can be reached, and the token service where people sign in."""
    for address in sorted({*settings.service_origins, settings.user_token_url}):
        try:
            reply = await Reply.of(probes, address)
        except (aiohttp.ClientError, TimeoutError) as error:
            yield Check(f"connector {host(address)}", State.FAIL, type(error).__name__, OUTWARD)
        else:
            yield Check(f"connector {host(address)}", State.OK, f"reached (status {reply.status})")


async def look_at_models(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Each resource has a private address and lets us in."""
    if not settings.azure_openai_endpoints:
        yield Check("model", State.OK, "the offline engine")
        return
    check = await issued("model token", probes.model_token, "there", "assign the managed identity to this machine")
    yield check
    for address in settings.azure_openai_endpoints:
        yield await reached(settings, probes, address)
        if check.state is State.OK:
            yield await answers(probes, address, await probes.model_token())


async def reached(settings: Settings, probes: Probes, address: str) -> Check:
    """Where the name of a resource leads."""
    name = f"model {host(address)}"
    try:
        found = await probes.resolve(host(address))
    except OSError as error:
        return Check(name, State.WARN, f"its name is not known ({type(error).__name__})", "link the private DNS zone")
    if any(map(is_global, found)):
        state = State.WARN if settings.allow_public_model_endpoint else State.FAIL
        return Check(name, state, "a public address", "give it a private endpoint and link its DNS zone")
    return Check(name, State.OK, "this machine" if all(map(is_loopback, found)) else "a private address")


async def answers(probes: Probes, address: str, token: str) -> Check:
    """Whether a resource answers with its list of models."""
    name = f"model {host(address)}"
    path = "" if urlsplit(address).path else "/openai/v1"
    try:
        status = (await Reply.of(probes, f"{address}{path}/models", token)).status
    except (aiohttp.ClientError, TimeoutError) as error:
        return Check(name, State.FAIL, f"does not answer ({type(error).__name__})", OUTWARD)
    if status in (401, 403):
        cure = "give the identity the role Cognitive Services OpenAI User; it takes up to 5 minutes"
        return Check(name, State.FAIL, f"lets nobody in (status {status})", cure)
    if status != 200:
        return Check(name, State.FAIL, f"status {status}", "look at AZURE_OPENAI_ENDPOINTS")
    return Check(name, State.OK, "answers")


async def look_at_graph(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Graph can be reached with a token. Whether a team lets us read is told in that team."""
    yield await issued("graph token", probes.graph_token, "there", CREDENTIAL_CURES[settings.bot_credential])
    reply = await Reply.of(probes, f"{settings.graph_url}/v1.0/")
    good = reply.status < 500
    yield Check("graph", State.OK if good else State.WARN, f"reached (status {reply.status})", "" if good else OUTWARD)


def host(address: str) -> str:
    """The host of an address."""
    return urlsplit(address).hostname or ""


def date(value: str) -> datetime | None:
    """A `Date` header, in UTC."""
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def parsed(body: bytes) -> Any:
    """The JSON in a body, None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
