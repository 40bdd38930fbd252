"""What every command stands on: who the bot is, the database, and the key that contents are sealed with.

Floor 8. A member of the room of `app`.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp

from bot.settings import Settings, is_keyless
from bot.store.away import Address
from bot.store.embedded import Cluster, embedded
from bot.store.estate import Estate
from bot.store.ledger import Ledger
from bot.store.pool import Pool
from bot.store.seals import Seals
from bot.store.spool import Spool
from bot.store.store import Store
from bot.store.vault import Vault
from bot.tokens import Token, scopes, sources
from bot.wrapping import KeyFile, KeyVault, Wrapper, scope

KEY_FILE = "content.key"
"""Where contents' keys are wrapped by unless `CONTENT_KEY` says otherwise, in `DATA_DIR`."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What the process stands on: its clock, and where it tells of its faults."""

    now: Callable[[], datetime]
    report: Callable[..., None]


@dataclass(frozen=True, slots=True)
class Identities:
    """The tokens of the bot and those of the machine it runs on; neither in local mode."""

    bot: Token | None = None
    machine: Token | None = None


@dataclass(frozen=True, slots=True)
class Shelves:
    """What stands in the database, each for its own purpose."""

    pool: Pool
    vault: Vault
    store: Store
    ledger: Ledger
    estate: Estate
    spool: Spool
    seals: Seals


async def known(settings: Settings, machine: Machine, stack: AsyncExitStack) -> Identities:
    """Who the bot and its machine are."""
    if settings.local:
        return Identities()
    bot, own = sources(settings, machine.now)
    for source in (own, bot):
        stack.push_async_callback(source.close)
    return Identities(bot.token, own.token)


async def database(settings: Settings, who: Identities, stack: AsyncExitStack) -> Address:
    """The company's database, or in local mode an embedded one."""
    if not settings.database_url:
        return Address(await stack.enter_async_context(embedded(Cluster(settings.data_dir.absolute()))))
    if not is_keyless(settings.database_url) or who.machine is None:
        return Address(settings.database_url)
    _, audience = scopes(settings.login_url)
    return Address(settings.database_url, partial(who.machine, audience))


def wrapper(settings: Settings, session: aiohttp.ClientSession, who: Identities) -> Wrapper:
    """What the data keys are wrapped by: a key in the vault, or in a file."""
    if "://" not in settings.content_key:
        path = Path(settings.content_key) if settings.content_key else settings.data_dir / KEY_FILE
        return KeyFile(path, secrets.token_bytes)
    return KeyVault(session, settings.content_key, partial(who.machine or local, scope(settings.content_key)))


async def shelved(
    settings: Settings, address: Address, by: Wrapper, machine: Machine, stack: AsyncExitStack
) -> Shelves:
    """The rooms of the database."""
    pool = await stack.enter_async_context(Pool(address))
    vault = Vault(pool, by, asyncio.get_running_loop().time, secrets.token_bytes)
    return Shelves(
        pool=pool,
        vault=vault,
        store=Store(pool, secrets.token_hex(8), vault, now=machine.now),
        ledger=Ledger(pool, timedelta(days=settings.audit_days)),
        estate=Estate(pool, vault),
        spool=Spool(pool, vault),
        seals=Seals(pool),
    )


async def local(audience: str) -> str:
    """What stands for a token where nobody asks for one."""
    return "local"
