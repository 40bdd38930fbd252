"""Looks at everything the bot needs and says what it saw and what would cure it.

Floor 7. Changes nothing and asks no model anything. Each check stands alone: what it needs is handed to it as a probe,
and whatever a probe raises is a finding.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp

from bot.chain import ASSIGN, CHAIN, CREDENTIAL_CURES, cures, look_at_grants
from bot.drift import WORTH_A_WORD
from bot.findings import OUTWARD, Check, Look, Probes, Reply, State, host, issued
from bot.limits import CLOCK_LEEWAY
from bot.models.known import offers, retiring
from bot.names import is_global, is_loopback
from bot.settings import BotCredential, Fault, Settings
from bot.store.rows import Locked, StoreAway
from dialogs.errors import Unavailable
from dialogs.terms import Offer

__all__ = ["Check", "Probes", "checks", "examine", "unfit"]

PATIENCE = 25.0
"""Seconds for one look; a token alone may take 20."""
EVERYBODYS = frozenset({"*.sharepoint.com", "*.sharepoint.us"})
"""Hosts of files that are not one company's."""
KEY_ROLE = (
    "give the identity the role Key Vault Crypto User on the key, and look at CONTENT_KEY: https://<vault>/keys/<name>"
)
VAULT_WAY = (
    "allow this machine the way to the vault (private endpoint and its DNS zone); first cure a token that is missing"
)


async def examine(settings: Settings, probes: Probes, say: Callable[[str], object]) -> int:
    """Say every check, a line each; the exit code: 1 where one failed."""
    failed = False
    async for check in checks(settings, probes):
        say(str(check))
        failed |= check.state is State.FAIL
    return int(failed)


async def checks(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Every check, one after the other. In local mode only what there is to look at."""
    looks: dict[str, Look] = {"settings": look_at_settings, "database": look_at_database, "files": look_at_files}
    if "://" in settings.content_key:
        looks |= {"content key": look_at_vault}
    if not settings.local:
        looks |= {"channel keys": look_at_keys, **CHAIN, "connector": look_at_connector}
    looks |= {"model": look_at_models}
    if settings.graph_url:
        looks |= {"graph": look_at_graph}
    if settings.graph_url and not settings.local:
        looks |= {"graph grants": look_at_grants}
    for name, look in looks.items():
        async for check in bounded(name, look(settings, probes)):
            yield check


async def bounded(name: str, found: AsyncIterator[Check]) -> AsyncIterator[Check]:
    """The checks of one look; one that fails or takes too long is a finding, told by its kind alone."""
    try:
        async with asyncio.timeout(PATIENCE):
            seen = [check async for check in found]
    except Exception as error:
        seen = [Check(name, State.FAIL, f"nothing was seen ({type(error).__name__})", cure_of(name, error))]
    for check in seen:
        yield check


def cure_of(name: str, error: Exception) -> str:
    """What usually helps where nothing was seen at all."""
    if name == "database":
        return "look at DATABASE_URL and the server"
    return "first cure the token" if isinstance(error, Unavailable) else OUTWARD


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


async def look_at_vault(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """The key that a company's keys are wrapped by does wrap, and unwraps again. Nothing is kept of it."""
    if probes.content_key is None:
        return
    try:
        await probes.content_key()
    except Locked as refused:
        yield Check("content key", State.FAIL, str(refused), KEY_ROLE)
    except StoreAway as away:
        yield Check("content key", State.FAIL, str(away), VAULT_WAY)
    else:
        yield Check("content key", State.OK, "wraps and unwraps")


async def look_at_files(settings: Settings, probes: Probes) -> AsyncIterator[Check]:
    """Files are read in a process that can do nothing else, or not at all."""
    if await probes.fenced():
        yield Check("files", State.OK, "are read in a process of their own, without network or disk")
    else:
        cure = "run it on Linux (x86-64 or ARM) where a process may set a seccomp filter for itself"
        yield Check("files", State.WARN, "are not read: a process cannot be fenced in here", cure)
    anybody = sorted(each for each in settings.file_hosts if each in EVERYBODYS)
    if anybody and not settings.local:
        cure = "set FILE_HOSTS to your own, such as contoso.sharepoint.com,contoso-my.sharepoint.com"
        yield Check("file hosts", State.WARN, f"{', '.join(anybody)} is every company's", cure)


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
    state = State.FAIL if drift > CLOCK_LEEWAY else State.WARN if drift >= WORTH_A_WORD else State.OK
    cure = "" if state is State.OK else "set the clock by NTP"
    return Check("clock", state, f"{drift.total_seconds():.0f} seconds apart from the key server's", cure)


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
    check = await issued("model token", probes.model_token, "there", cures(ASSIGN))
    yield check
    for offer in retiring(offers(settings), probes.now().date()):
        yield ending(offer)
    for address in settings.azure_openai_endpoints:
        yield await reached(settings, probes, address)
        if check.state is State.OK:
            yield await answers(probes, address, await probes.model_token())


def ending(offer: Offer) -> Check:
    """A deployment whose model is gone or goes soon."""
    when = f"ends on {offer.retires.isoformat()}" if offer.retires else "has ended"
    seen = f"what runs behind it, {offer.model}, {when} by Microsoft's schedule"
    return Check(f"model {offer.name}", State.WARN, seen, "deploy another one and name it in AZURE_OPENAI_DEPLOYMENTS")


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
    yield await issued("graph token", probes.graph_token, "there", cures(CREDENTIAL_CURES[settings.bot_credential]))
    reply = await Reply.of(probes, f"{settings.graph_url}/v1.0/")
    good = reply.status < 500
    yield Check("graph", State.OK if good else State.WARN, f"reached (status {reply.status})", "" if good else OUTWARD)
