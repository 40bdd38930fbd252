"""Looks at everything the bot needs and says what it saw and what would cure it.

Floor 7. Changes nothing. Each look stands alone: what it needs is handed to it as a probe, and whatever a probe raises is a
finding. All look at once, so that the whole takes no longer than the slowest; they are told in one order. What each check means
and how it is cured: docs/doctor.md.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

import aiohttp

from bot.cellar import look_at_database
from bot.chain import CHAIN, CREDENTIAL_CURES, cures, look_at_grants
from bot.deployments import look_at_models
from bot.drift import WORTH_A_WORD
from bot.findings import OUTWARD, Asked, Check, Look, Probes, Reply, State, Topic, Watch, host, issued
from bot.gate import look_at_gate
from bot.grants import look_at_package, look_at_resource_grants
from bot.limits import CLOCK_LEEWAY
from bot.reach import look_at_addresses
from bot.settings import BotCredential, Fault, Settings
from bot.store.rows import Locked, StoreAway
from dialogs.errors import Unavailable

__all__ = ["Asked", "Check", "Probes", "checks", "examine", "plain", "unfit", "written"]

PATIENCE = 23.0
"""Seconds for one look; a token alone may take 20."""
EVERYBODYS = frozenset({"*.sharepoint.com", "*.sharepoint.us"})
"""Hosts of files that are not one company's."""
KEY_ROLE = (
    "give the identity the role Key Vault Crypto User on the key, and look at CONTENT_KEY: https://<vault>/keys/<name>"
)
VAULT_WAY = (
    "allow this machine the way to the vault (private endpoint and its DNS zone); first cure a token that is missing"
)


def plain(check: Check) -> str:
    """A check as a line for people."""
    return str(check)


def written(check: Check) -> str:
    """A check as an object of JSON, on one line."""
    return json.dumps(check.row, ensure_ascii=False)


async def examine(settings: Settings, probes: Probes, say: Callable[[Check], object]) -> int:
    """Say every check; the exit code: 1 where one failed."""
    failed = False
    async for check in checks(settings, probes):
        say(check)
        failed |= check.state is State.FAIL
    return int(failed)


async def checks(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Every check in its order, though all look at once."""
    looks = [asyncio.create_task(bounded(name, look(settings, probes))) for name, look in to_look_at(settings)]
    try:
        for under_way in looks:
            for check in await under_way:
                yield check
    finally:
        for under_way in looks:
            under_way.cancel()


def to_look_at(settings: Settings) -> Iterator[tuple[Topic, Look]]:
    """What is looked at, by what it is called where nothing is seen. In local mode only what there is to look at."""
    yield Topic.SETTINGS, look_at_settings
    if not settings.local:
        yield Topic.PACKAGE, look_at_package
    yield Topic.ADDRESS, look_at_addresses
    yield Topic.DATABASE, look_at_database
    if "://" in settings.content_key:
        yield Topic.CONTENT_KEY, look_at_vault
    yield Topic.FILES, look_at_files
    if not settings.local:
        yield Topic.KEYS, look_at_keys
        yield from CHAIN.items()
        yield Topic.CONNECTOR, look_at_connector
    yield Topic.MODEL, look_at_models
    if settings.graph_url:
        yield Topic.GRAPH, look_at_graph
    if settings.local:
        return
    if settings.graph_url:
        yield Topic.GRANTS, look_at_grants
        yield Topic.RESOURCE_GRANTS, look_at_resource_grants
    yield Topic.PUBLIC, look_at_gate


async def bounded(name: Topic, found: AsyncIterator[Check], patience: float = PATIENCE) -> tuple[Check, ...]:
    """The checks of one look; one that fails or takes too long is a finding, told by its kind alone, after what was seen before. `patience` in seconds."""
    seen: list[Check] = []
    watch = Watch()
    try:
        async with asyncio.timeout(patience):
            async for check in found:
                took = watch.lap()
                seen.append(check if check.millis is not None else replace(check, millis=took))
    except Exception as error:
        words, cure = f"nothing was seen ({type(error).__name__})", cure_of(name, error)
        seen.append(Check(name, State.FAIL, words, cure, millis=watch.lap()))
    return tuple(seen)


def cure_of(name: Topic, error: Exception) -> str:
    """What usually helps where nothing was seen at all."""
    if name is Topic.DATABASE:
        return "look at DATABASE_URL and the server"
    return "first cure the token" if isinstance(error, Unavailable) else OUTWARD


def unfit(faults: Iterable[Fault]) -> Iterator[Check]:
    """The faults of an environment as checks."""
    return (Check(Topic.SETTING, State.FAIL, fault.problem, fault.cure, fault.name) for fault in faults)


async def look_at_settings(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The settings are complete, for otherwise nobody would be here; some of them deserve a word."""
    yield Check(Topic.SETTINGS, State.OK, "local mode" if settings.local else "complete")
    if settings.local:
        return
    if settings.bot_credential is BotCredential.SECRET:
        yield Check(
            Topic.SETTING, State.WARN, "a client secret, which is for development", "use federated", "BOT_CREDENTIAL"
        )
    if not settings.require_sign_in:
        yield Check(
            Topic.SETTING, State.WARN, "people are answered without signing in", "set it to true", "REQUIRE_SIGN_IN"
        )


async def look_at_vault(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The key that a company's keys are wrapped by does wrap, and unwraps again. Nothing is kept of it."""
    if probes.content_key is None:
        return
    try:
        await probes.content_key()
    except Locked as refused:
        yield Check(Topic.CONTENT_KEY, State.FAIL, str(refused), KEY_ROLE)
    except StoreAway as away:
        yield Check(Topic.CONTENT_KEY, State.FAIL, str(away), VAULT_WAY)
    else:
        yield Check(Topic.CONTENT_KEY, State.OK, "wraps and unwraps")


async def look_at_files(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Files are read in a process that can do nothing else, or not at all."""
    if await probes.fenced():
        yield Check(Topic.FILES, State.OK, "are read in a process of their own, without network or disk")
    else:
        cure = "run it on Linux (x86-64 or ARM) where a process may set a seccomp filter for itself"
        yield Check(Topic.FILES, State.WARN, "are not read: a process cannot be fenced in here", cure)
    anybody = sorted(each for each in settings.file_hosts if each in EVERYBODYS)
    if anybody and not settings.local:
        cure = "set FILE_HOSTS to your own, such as contoso.sharepoint.com,contoso-my.sharepoint.com"
        yield Check(Topic.FILE_HOSTS, State.WARN, f"{', '.join(anybody)} is every company's", cure)


async def look_at_keys(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The channel's signing keys can be fetched, and the clock agrees with their server's."""
    metadata = await Reply.of(probes, settings.openid_metadata_url)
    keys = await Reply.of(probes, metadata.body["jwks_uri"])
    count = len(keys.body["keys"])
    state = State.OK if count else State.FAIL
    yield Check(Topic.KEYS, state, f"{count} keys", "" if count else "look at OPENID_METADATA_URL")
    if keys.date is not None:
        yield clock(abs(probes.now() - keys.date))


def clock(drift: timedelta) -> Check:
    """Tokens are refused when the clock is off by more than their leeway."""
    state = State.FAIL if drift > CLOCK_LEEWAY else State.WARN if drift >= WORTH_A_WORD else State.OK
    cure = "" if state is State.OK else "set the clock by NTP"
    return Check(Topic.CLOCK, state, f"{drift.total_seconds():.0f} seconds apart from the key server's", cure)


async def look_at_connector(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Teams can be reached, and the token service where people sign in."""
    addresses = sorted({*settings.service_origins, settings.user_token_url})
    for check in await asyncio.gather(*(reached(probes, address) for address in addresses)):
        yield check


async def reached(probes: Probes, address: str) -> Check:
    """Whether an address answers; a refusal is an answer, and what stands in between may fail for it."""
    watch, name = Watch(), host(address)
    try:
        reply = await Reply.of(probes, address)
    except (aiohttp.ClientError, TimeoutError) as error:
        return Check(Topic.CONNECTOR, State.FAIL, type(error).__name__, OUTWARD, name, watch.lap())
    good = reply.status < 500
    state, cure = (State.OK, "") if good else (State.WARN, OUTWARD)
    return Check(Topic.CONNECTOR, state, f"reached (status {reply.status})", cure, name, watch.lap())


async def look_at_graph(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Graph can be reached with a token. Whether a team lets us read is told in that team."""
    yield await issued(Topic.GRAPH_TOKEN, probes.graph_token, "there", cures(CREDENTIAL_CURES[settings.bot_credential]))
    reply = await Reply.of(probes, f"{settings.graph_url}/v1.0/")
    good = reply.status < 500
    yield Check(
        Topic.GRAPH, State.OK if good else State.WARN, f"reached (status {reply.status})", "" if good else OUTWARD
    )
