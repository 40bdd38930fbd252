"""The data keys of all tenants: made, unwrapped, held in memory for a while, changed and destroyed.

Floor 6. The row of the tenant "" is the house's own and comes before every other: a process whose wrapping key does not
open that one never reads and never writes (`Locked`). A key that is destroyed keeps its row without the key, so that its
number is not given again.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.rings import HEAD, KEY, Ring, Unopened, number_of
from bot.store import resealing
from bot.store.keys import key as keyed
from bot.store.pool import Pool, Rows
from bot.store.rows import Locked, StoreAway
from bot.store.statements import statement
from bot.wrapping import Wrapper, sure

HOUSE = ""
"""The tenant whose ring shows that the wrapping key is the right one."""
FRESH_SECONDS = 60.0
"""How soon a key that another process made is used to seal with, and one that it destroyed is forgotten here."""
REST_SECONDS = 1.0
"""How long everybody is told at once what an attempt to open the keys has just failed with. A database that was away may be back
sooner."""

KEYS = statement(
    "SELECT number, kid, wrapped FROM data_keys WHERE tenant = %(tenant)s AND wrapped <> '' ORDER BY number"
)
LISTED = statement("SELECT number, kid, at, wrapped = '' FROM data_keys WHERE tenant = %(tenant)s ORDER BY number")
TENANTS = statement("SELECT DISTINCT tenant FROM data_keys WHERE wrapped <> '' ORDER BY tenant", house=True)
ANY = statement("SELECT 1 FROM data_keys LIMIT 1", house=True)

ADDED = """
    INSERT INTO data_keys (tenant, number, kid, wrapped)
    SELECT %(tenant)s::text, coalesce(max(number), 0) + 1, %(kid)s::text, %(wrapped)s::bytea
    FROM data_keys WHERE tenant = %(tenant)s::text
"""
FIRST = statement(f"{ADDED} HAVING count(*) FILTER (WHERE wrapped <> '') = 0 ON CONFLICT DO NOTHING")
"""Of those who make a tenant's first key at the same time, one does."""
NEXT = statement(f"{ADDED} ON CONFLICT DO NOTHING")
REWRAPPED = statement("""
    UPDATE data_keys SET kid = %(kid)s, wrapped = %(wrapped)s
    WHERE tenant = %(tenant)s AND number = %(number)s AND wrapped = %(was)s
    RETURNING 1
""")
DESTROYED = statement("""
    UPDATE data_keys SET kid = '', wrapped = '' WHERE tenant = %(tenant)s AND wrapped <> '' RETURNING 1
""")


@dataclass(frozen=True, slots=True)
class DataKey:
    """A data key as the operator sees it. `kid` names what it is wrapped with."""

    number: int
    kid: str
    at: datetime
    destroyed: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A ring in memory, and since when (seconds of the vault's clock)."""

    ring: Ring
    at: float


class Vault:
    """The rings. `clock` gives seconds that only grow, `random` random bytes. Every verb raises `StoreAway` or `Locked`."""

    def __init__(
        self, pool: Pool, wrapper: Wrapper, clock: Callable[[], float], random: Callable[[int], bytes]
    ) -> None:
        self._pool = pool
        self._wrapper = wrapper
        self._clock = clock
        self._random = random
        self._held: dict[str, Held] = {}
        self._failed: dict[str, tuple[float, StoreAway]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._reached: dict[str, resealing.Reached] = {}

    async def check(self) -> None:
        """Raises `Locked` with the reason where this process cannot open what the database holds."""
        await self.ring(HOUSE)

    async def ring(self, tenant: str, *sealed: bytes | None) -> Ring:
        """The tenant's ring, with the keys that these were sealed with as far as there are any."""
        tenant = keyed(tenant)
        held = self._held.get(tenant)
        if held is None or self._clock() - held.at >= FRESH_SECONDS or not _knows(held.ring, sealed):
            return await self._loaded(tenant, self._clock())
        return held.ring

    async def rotate(self, tenant: str) -> None:
        """A new data key to seal with. What is sealed already stays readable; `reseal` brings it along."""
        await self.ring(tenant)
        await self._make(keyed(tenant), NEXT)
        await self._loaded(keyed(tenant), self._clock())

    async def rewrap(self, tenant: str) -> int:
        """Wraps the data keys anew after the wrapping key was changed; how many."""
        count = 0
        for number, kid, wrapped in await self._pool.run(KEYS, tenant=keyed(tenant)):
            key = await self._wrapper.unwrap(kid, wrapped)
            newest, anew = await sure(self._wrapper, key)
            values = {"number": number, "kid": newest, "wrapped": anew, "was": wrapped}
            count += len(await self._pool.run(REWRAPPED, tenant=keyed(tenant), **values))
        return count

    async def destroy(self, tenant: str) -> int:
        """Nothing that was ever sealed for the tenant can be read again; how many keys that took.

        Other processes forget them within a minute. Raises `ValueError` for the house's own key.
        """
        if tenant == HOUSE:
            raise ValueError("the house's own key opens nothing but the house")
        destroyed = await self._pool.run(DESTROYED, tenant=keyed(tenant))
        self._held.pop(keyed(tenant), None)
        return len(destroyed)

    async def listed(self, tenant: str) -> tuple[DataKey, ...]:
        """The tenant's data keys, oldest first."""
        return tuple(DataKey(*row) for row in await self._pool.run(LISTED, tenant=keyed(tenant)))

    async def tenants(self) -> tuple[str, ...]:
        """Whoever has a data key, the house's own included."""
        return tuple(tenant for (tenant,) in await self._pool.run(TENANTS))

    async def reseal(self, tenant: str, batch: int) -> int:
        """Seals at most `batch` rows with the newest key that another sealed, or none; how many. Call again until 0."""
        tenant = keyed(tenant)
        ring = await self._loaded(tenant, self._clock())
        reached = self._reached.get(tenant, resealing.Reached())
        count, self._reached[tenant] = await resealing.reseal(self._pool, ring, tenant, batch, reached)
        return count

    async def _loaded(self, tenant: str, asked: float) -> Ring:
        """The ring as the database has it now. All who ask at the same time wait for one attempt."""
        async with self._turns[tenant]:
            held, failed = self._held.get(tenant), self._failed.get(tenant)
            if held is not None and held.at > asked:
                return held.ring
            if failed is not None and asked < failed[0]:
                raise type(failed[1])(*failed[1].args)
            try:
                rows = await self._pool.run(KEYS, tenant=tenant)
            except StoreAway as error:
                self._failed[tenant] = (
                    self._clock(),
                    error,
                )  # for those who wait already, or each would try in vain in turn
                raise
            try:
                ring = await self._read(tenant, held, rows)
            except StoreAway as error:
                self._failed[tenant] = self._clock() + REST_SECONDS, error
                raise
            self._held[tenant] = Held(ring, self._clock())
            return ring

    async def _read(self, tenant: str, held: Held | None, rows: Rows) -> Ring:
        if not rows:
            await self._first(tenant)
            rows = await self._pool.run(KEYS, tenant=tenant)
        if not rows:  # destroyed between the two
            raise StoreAway("the tenant has no key")
        known = held.ring.keys if held else {}
        # A number is given once, so a key that was opened before need not be again.
        keys = {number: known.get(number) or await self._opened(kid, wrapped) for number, kid, wrapped in rows}
        return Ring(keys, self._random)

    async def _opened(self, kid: str, wrapped: bytes) -> bytes:
        key = await self._wrapper.unwrap(kid, wrapped)
        if len(key) != KEY:
            raise Locked("a data key was changed in the database")
        return key

    async def _first(self, tenant: str) -> None:
        if tenant != HOUSE:
            await self.check()
        elif not await self._pool.run(ANY):
            await self._wrapper.begin()
        await self._make(tenant, FIRST)

    async def _make(self, tenant: str, how: Any) -> None:
        kid, wrapped = await sure(self._wrapper, self._random(KEY))
        await self._pool.run(how, tenant=tenant, kid=kid, wrapped=wrapped)


def _knows(ring: Ring, sealed: tuple[bytes | None, ...]) -> bool:
    """Whether everything was sealed with a key of the ring, or with none; what nobody could open counts as known."""
    heads = {one[:HEAD] for one in sealed if one is not None}  # forty lines of a chat have one
    return all(_number(head) in (None, *ring.keys) for head in heads)


def _number(head: bytes) -> int | None:
    try:
        return number_of(head)
    except Unopened:
        return None
