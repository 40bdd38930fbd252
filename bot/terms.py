"""The company's terms as the process runs now: from its settings, the tenant's rules, and where its addresses lead.

Floor 6. A member of the room of `bot.models`: joins its catalogue with the settings and the rules for the dialogs.
"""

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.models.known import offers
from bot.names import Resolve, is_global
from bot.rulebook import Rules
from bot.settings import Settings
from dialogs.terms import Endpoint, Terms

FRESH = timedelta(minutes=5)
"""How long it is gone by where a name led; DNS may change while the process runs."""
PATIENCE = 2.0
"""Seconds for one name: somebody is waiting."""
DAY = timedelta(days=1)


class TermsOf:
    """The terms of a tenant. One for the whole process, because where the addresses lead is looked up for all."""

    def __init__(self, settings: Settings, resolve: Resolve, now: Callable[[], datetime]) -> None:
        self._settings = settings
        self._resolve = resolve
        self._now = now
        self._offers = offers(settings)
        self._hosts = tuple(urlsplit(address).hostname or "" for address in settings.azure_openai_endpoints)
        self._private: Mapping[str, bool | None] = {}
        self._at: datetime | None = None
        self._looking = asyncio.Lock()

    async def of(self, rules: Rules) -> Terms:
        """The terms under these rules."""
        settings, private = self._settings, await self._lead()
        regions = _regions(settings)
        return Terms(
            retention_days=-(-rules.history // DAY),
            local=settings.local,
            audit_days=-(-rules.audit // DAY),
            gone_days=-(-rules.gone // DAY),
            dead_days=-(-rules.dead // DAY),
            feedback_days=-(-rules.feedback // DAY),
            usage_days=-(-rules.usage // DAY),
            endpoints=tuple(
                Endpoint(host, private.get(host), region) for host, region in zip(self._hosts, regions, strict=True)
            ),
            offers=tuple(offer for offer in self._offers if not rules.models or offer.name in rules.models),
            monitoring="modified" if settings.abuse_monitoring == "modified" else "standard",
            sealed="vault" if settings.content_key.startswith("https://") else "file",
            telemetry=settings.telemetry,
            off=rules.off,
        )

    async def _lead(self) -> Mapping[str, bool | None]:
        """Where each host's name leads, as of a few minutes ago at most."""
        if not self._is_fresh() and (self._at is None or not self._looking.locked()):
            async with self._looking:
                await self._look()
        return self._private

    async def _look(self) -> None:
        if self._is_fresh():
            return
        found = await asyncio.gather(*(leads(host, self._resolve) for host in self._hosts))
        self._private, self._at = dict(zip(self._hosts, found, strict=True)), self._now()

    def _is_fresh(self) -> bool:
        # A clock that was set back must not keep an old answer alive.
        return self._at is not None and self._at <= self._now() < self._at + FRESH


async def leads(host: str, resolve: Resolve) -> bool | None:
    """Whether a name leads to private addresses alone; None where that cannot be told."""
    try:
        async with asyncio.timeout(PATIENCE):
            found = await resolve(host)
    except (OSError, TimeoutError, UnicodeError):
        return None
    if any(map(is_global, found)):
        return False
    return True if found and all(map(_is_private, found)) else None


def _is_private(address: str) -> bool:
    found = ipaddress.ip_address(address.partition("%")[0])
    return (getattr(found, "ipv4_mapped", None) or found).is_private


def _regions(settings: Settings) -> tuple[str, ...]:
    """A region for each address; "" for each where not every one has its own."""
    count = len(settings.azure_openai_endpoints)
    regions = settings.azure_openai_regions
    return regions if len(regions) == count else ("",) * count
