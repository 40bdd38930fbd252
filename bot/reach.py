"""Where the names lead that the bot speaks to: to a private address, to this machine, or out into the world.

Floor 7, of the family of `bot.doctor`. What a company's data goes to is promised to have private addresses; Microsoft's own names
have only public ones. A name is judged by all its addresses, of every family: one public address among them is public.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from enum import Enum
from urllib.parse import urlsplit

from bot.findings import Check, Probes, State, Topic, Watch, host
from bot.names import is_global, is_loopback
from bot.settings import Settings
from bot.store.condition import hosts

SHOWN = 3
"""So many addresses are shown at most."""
ENDPOINT = "give it a private endpoint and link its DNS zone to this machine's network"
ZONE = "look at this machine's DNS; for a private endpoint link its DNS zone to the network"


class Promise(Enum):
    """Where a name may lead."""

    PRIVATE = 1
    """What a company's words go to: never into the public internet, unless ALLOW_PUBLIC_MODEL_ENDPOINT says that this is a trial."""
    BETTER = 2
    """What no words go to: better private."""
    ANY = 3
    """Microsoft's, which has public names alone."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A host that the bot speaks to, what it is to it, and where it may lead."""

    host: str
    what: str
    promise: Promise


async def look_at_addresses(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Where each name leads."""
    known = {each.host: each for each in reversed(list(endpoints(settings))) if each.host}
    for check in await asyncio.gather(*(led(settings, probes, each) for each in reversed(known.values()))):
        yield check


def endpoints(settings: Settings) -> Iterator[Endpoint]:
    """All that is spoken to, the strictest first."""
    for address in settings.azure_openai_endpoints:
        yield Endpoint(host(address), "models", Promise.PRIVATE)
    for name in hosts(settings.database_url):
        yield Endpoint(name, "database", Promise.PRIVATE)
    if "://" in settings.content_key:
        yield Endpoint(host(settings.content_key), "key vault", Promise.PRIVATE)
    yield Endpoint(host(ingestion(settings.applicationinsights_connection_string)), "telemetry", Promise.BETTER)
    yield Endpoint(host(settings.otel_exporter_otlp_endpoint), "telemetry", Promise.BETTER)
    if settings.local:
        return
    yield Endpoint(host(settings.login_url), "Entra", Promise.ANY)
    yield Endpoint(host(settings.openid_metadata_url), "channel keys", Promise.ANY)
    yield Endpoint(host(settings.user_token_url), "token service", Promise.ANY)
    for origin in sorted(settings.service_origins):
        yield Endpoint(host(origin), "Teams", Promise.ANY)
    yield Endpoint(host(settings.graph_url), "Graph", Promise.ANY)


def ingestion(connection: str) -> str:
    """Where Application Insights takes what it is sent, by its connection string; "" where that does not say."""
    parts = (part.partition("=") for part in connection.split(";"))
    found = next((value.strip() for name, _, value in parts if name.strip().lower() == "ingestionendpoint"), "")
    return found if urlsplit(found).scheme == "https" else ""


async def led(settings: Settings, probes: Probes, to: Endpoint) -> Check:
    """Where one of them leads."""
    watch = Watch()
    try:
        found = await probes.resolve(to.host)
    except (OSError, UnicodeError) as error:
        seen = f"{to.what}: its name is not known ({type(error).__name__})"
        return Check(Topic.ADDRESS, State.FAIL, seen, ZONE, to.host, watch.lap())
    state = judged(settings, to, found)
    cure = "" if state is State.OK else ENDPOINT
    return Check(Topic.ADDRESS, state, f"{to.what}: {told(found)}", cure, to.host, watch.lap())


def judged(settings: Settings, to: Endpoint, found: frozenset[str]) -> State:
    """Whether it may lead there."""
    if to.promise is Promise.ANY or not any(map(is_global, found)):
        return State.OK
    trial = settings.allow_public_model_endpoint or to.promise is Promise.BETTER
    return State.WARN if trial else State.FAIL


def told(found: frozenset[str]) -> str:
    """Addresses in words."""
    shown = ", ".join(sorted(found)[:SHOWN]) + (f" and {len(found) - SHOWN} more" if len(found) > SHOWN else "")
    if all(map(is_loopback, found)):
        return f"{shown} (this machine)"
    public = sum(map(is_global, found))
    return f"{shown} ({'private' if not public else 'public' if public == len(found) else 'private and public'})"
