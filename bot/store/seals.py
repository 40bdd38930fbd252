"""Seals over the audit: a chain of hashes for each tenant, in which whatever was changed, taken out or put in shows.

Floor 6. A turn writes its audit row without a seal, so that no turn waits for another; here the rows are sealed afterwards,
by one process at a time. Each verb raises `StoreAway`.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.store import canon
from bot.store.canon import COLUMNS, FIRST, VERSION, Seal
from bot.store.keys import key
from bot.store.pool import Pool
from bot.store.statements import statement
from bot.store.sweeps import TENANTS
from bot.telemetry import Event, Log

BATCH = 250
"""Rows sealed or verified in one go: so many are hashed before the loop may do something else."""
LATE = 1_000
"""Numbers behind the newest seal among which rows are looked for that were committed late."""
LONGEST = timedelta(hours=1)
"""How much later than it was written a row is sealed at most, while anybody seals."""
MENTIONED = 100
"""At most so many faults of a kind are told one by one."""

ROW = ", ".join(f"a.{name}" for name in COLUMNS[VERSION])
SEAL = ("tenant", "number", "at", "audit", "version", "expires", "digest", "previous", "hash")
UNSEALED = "(SELECT s.number FROM seals s WHERE s.tenant = a.tenant AND s.audit = a.id LIMIT 1) IS NULL"
"""Looked up row by row: of a join, a plan that was made when the tables were empty would compare everything with everything."""

WAITING = statement(
    f"""
    SELECT asked.tenant FROM unnest(%(tenants)s::text[]) AS asked (tenant), LATERAL (
        SELECT FROM audit a WHERE a.tenant = asked.tenant AND {UNSEALED} AND a.id > (
            SELECT coalesce(max(audit), 0) - %(late)s::bigint FROM seals WHERE tenant = asked.tenant
        ) LIMIT 1
    ) AS waiting
""",  # noqa: S608 - our own pieces
    house=True,
)
"""Which tenants there are with something to seal: asked of all of them, and so no fence of theirs."""

TO_SEAL = statement(f"""
    WITH begun AS MATERIALIZED (
        SELECT coalesce(%(since)s::bigint, (
            SELECT coalesce(max(audit), 0) - %(late)s::bigint FROM seals WHERE tenant = %(tenant)s::text
        )) AS id
    )
    SELECT coalesce(head.number, 0), coalesce(head.hash, ''), {ROW}
    FROM begun, LATERAL (
        SELECT * FROM audit a WHERE a.tenant = %(tenant)s::text AND {UNSEALED} AND a.id > begun.id
        ORDER BY a.id LIMIT %(batch)s
    ) AS a LEFT JOIN (
        SELECT number, hash FROM seals WHERE tenant = %(tenant)s::text ORDER BY number DESC LIMIT 1
    ) AS head ON true
    ORDER BY a.id
""")  # noqa: S608
"""The newest link and what is to follow it. Where to begin is worked out before: beside the fence, an index does not take
what another query answers."""

ALONE = statement("SELECT pg_try_advisory_xact_lock(7275397002)")
"""Whether no other process is sealing; held to the end of the transaction."""

APPEND = statement("""
    INSERT INTO seals (tenant, number, at, audit, version, expires, digest, previous, hash)
    SELECT %(tenant)s::text, new.number, %(at)s, new.audit, %(version)s, new.expires, new.digest, new.previous, new.hash
    FROM unnest(
        %(numbers)s::bigint[], %(audits)s::bigint[], %(expires)s::timestamptz[], %(digests)s::bytea[],
        %(previous)s::bytea[], %(hashes)s::bytea[]
    ) AS new (number, audit, expires, digest, previous, hash)
""")

WALK = statement(f"""
    SELECT {", ".join(f"s.{name}" for name in SEAL)}, s.expires <= now(), {ROW}
    FROM (
        SELECT * FROM seals WHERE tenant = %(tenant)s AND number > %(after)s ORDER BY number LIMIT %(batch)s
    ) AS s LEFT JOIN LATERAL (SELECT * FROM audit WHERE tenant = s.tenant AND id = s.audit LIMIT 1) AS a ON true
    ORDER BY s.number
""")  # noqa: S608

OPEN = statement(f"""
    SELECT count(*) FILTER (WHERE free), count(*) FILTER (WHERE free AND late), max(id) FROM (
        SELECT a.id, {UNSEALED} AS free, a.at < now() - interval '1 hour' AS late FROM audit a
        WHERE a.tenant = %(tenant)s AND a.id > %(after)s ORDER BY a.id LIMIT 10000
    ) AS part
""")  # noqa: S608

log = Log("bot.store.seals")


@dataclass(frozen=True, slots=True)
class Chain:
    """What the verifier found of one tenant's audit. Rows are named by their id, links by their number; the first hundred.

    `changed`: the row is not what was sealed. `missing`: the row is gone before its time. `broken`: the seal itself was
    changed, or does not follow the one before it. `gaps`: the seals before this one are gone before their time.
    `belated`: the row says that it was written over an hour before it was sealed, so that it may have been put in afterwards;
    rows from before the oldest seal are not meant, which were there before anybody sealed.
    `unsealed` rows are not sealed yet, which is usual for some seconds; of these `overdue` were written over an hour ago,
    which means that nobody seals, or that they were put in afterwards. `expired` rows are gone as they should be.
    `head` and `hash` name the newest link: compare them with what the log said outside this database.
    """

    tenant: str
    sound: int = 0
    expired: int = 0
    changed: tuple[int, ...] = ()
    missing: tuple[int, ...] = ()
    broken: tuple[int, ...] = ()
    gaps: tuple[int, ...] = ()
    belated: tuple[int, ...] = ()
    unsealed: int = 0
    overdue: int = 0
    head: int = 0
    hash: str = ""

    @property
    def ok(self) -> bool:
        """Whether nobody has done anything to it."""
        return not (self.changed or self.missing or self.broken or self.gaps or self.belated or self.overdue)


class Seals:
    """The verbs of the sealer and of the verifier."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def seal(self, now: datetime, batch: int = BATCH) -> int:
        """Seals at most `batch` rows of each tenant; how many it were. Call again until 0."""
        waiting = await self._pool.run(WAITING, tenants=await self._tenants(), late=LATE)
        return sum([await self._extend(tenant, now, batch) for (tenant,) in waiting])

    async def seal_all(self, now: datetime) -> int:
        """Looks at every row, and seals also what was committed much later than others with higher ids; how many it were."""
        count = 0
        for tenant in await self._tenants():
            async for free, since in self._unsealed(tenant):
                while free > 0 and (sealed := await self._extend(tenant, now, BATCH, since)):
                    count, free = count + sealed, free - sealed
        return count

    async def verify(self, tenant: str | None = None) -> tuple[Chain, ...]:
        """Walks all seals and rows of a tenant, or of every one, in memory that does not grow with them."""
        tenants = await self._tenants() if tenant is None else [key(tenant)]
        chains = [await self._verified(each) for each in tenants]
        return tuple(chain for chain in chains if tenant is not None or chain != Chain(chain.tenant))

    async def _tenants(self) -> list[str]:
        return sorted(tenant for (tenant,) in await self._pool.run(TENANTS))

    async def _extend(self, tenant: str, now: datetime, batch: int, since: int | None = None) -> int:
        async with self._pool.transaction() as run:
            ((alone,),) = await run(ALONE)
            where = {"tenant": tenant, "since": since, "late": LATE, "batch": batch}
            rows = await run(TO_SEAL, **where) if alone else []
            if not rows:
                return 0
            seals = links(tenant, now, rows[0][0], rows[0][1], [_row(row[2:]) for row in rows])
            await run(APPEND, tenant=tenant, at=now, version=VERSION, **_columns(seals))
        log.event(Event.SEALED, tenant=tenant, count=seals[-1].number, seal=seals[-1].hash.hex())
        return len(seals)

    async def _verified(self, tenant: str) -> Chain:
        chain, previous, began = Chain(tenant), None, None
        async for seal, due, row in self._walk(tenant):
            began = began or seal.at
            chain = judged(chain, previous, seal, due, row, began)
            previous = seal
        if previous is not None:
            chain = replace(chain, head=previous.number, hash=previous.hash.hex())
        return await self._counted(chain)

    async def _walk(self, tenant: str) -> AsyncIterator[tuple[Seal, bool, canon.Row | None]]:
        """The seals in their order, each with whether its row had its time, and with the row."""
        after, size = 0, BATCH
        while size == BATCH:
            rows = await self._pool.run(WALK, tenant=tenant, after=after, batch=BATCH)
            size = len(rows)
            for row in rows:
                seal = Seal(*row[: len(SEAL)])
                after = seal.number
                due, *found = row[len(SEAL) :]
                yield seal, due, None if found[0] is None else _row(found)

    async def _counted(self, chain: Chain) -> Chain:
        """With the rows that have no seal."""
        after: int | None = 0
        while after is not None:
            ((free, late, after),) = await self._pool.run(OPEN, tenant=chain.tenant, after=after)
            chain = replace(chain, unsealed=chain.unsealed + free, overdue=chain.overdue + late)
        return chain

    async def _unsealed(self, tenant: str) -> AsyncIterator[tuple[int, int]]:
        """How many rows after an id have no seal, a stretch of them at a time."""
        after = 0
        while True:
            ((free, _, upto),) = await self._pool.run(OPEN, tenant=tenant, after=after)
            yield free, after
            if upto is None:
                return
            after = upto


def links(tenant: str, now: datetime, head: int, previous: bytes, rows: Sequence[canon.Row]) -> list[Seal]:
    """The seals of rows that follow on the one with the number `head` and the hash `previous`."""
    seals: list[Seal] = []
    for number, row in enumerate(rows, head + 1):
        seal = Seal(tenant, number, now, row["id"], VERSION, row["expires"], canon.digest(row), previous)
        previous = seal.true_hash
        seals.append(replace(seal, hash=previous))
    return seals


def judged(chain: Chain, previous: Seal | None, seal: Seal, due: bool, row: canon.Row | None, began: datetime) -> Chain:
    """What is known of a chain after one more link.

    `due`: the row had its time; `row` is None where it is gone. `began` is when the oldest seal was made.
    """
    fault = _fault(previous, seal, due, row) or _belated(seal, row, began)
    if fault is None:
        return replace(chain, expired=chain.expired + 1) if row is None else replace(chain, sound=chain.sound + 1)
    named = seal.audit if fault in ("missing", "changed", "belated") else seal.number
    told: dict[str, Any] = {fault: (*getattr(chain, fault), named)[:MENTIONED]}
    return replace(chain, **told)


def _fault(previous: Seal | None, seal: Seal, due: bool, row: canon.Row | None) -> str | None:
    if not _follows(previous, seal, gone=row is None and due):
        return "gaps"
    if not _binds(previous, seal):
        return "broken"
    if row is None:
        return None if due else "missing"
    return None if canon.digest(row, seal.version) == seal.digest else "changed"


def _belated(seal: Seal, row: canon.Row | None, began: datetime) -> str | None:
    return "belated" if row is not None and began <= row["at"] < seal.at - LONGEST else None


def _binds(previous: Seal | None, seal: Seal) -> bool:
    """Whether a seal is the one that was made then, and hangs on the one before it."""
    linked = previous is None or previous.hash == seal.previous
    return linked and seal.version in COLUMNS and seal.true_hash == seal.hash


def _follows(previous: Seal | None, seal: Seal, gone: bool) -> bool:
    """Whether nothing is missing before a seal. The oldest that is left after a sweep is one whose row is gone."""
    if previous is not None:
        return seal.number == previous.number + 1
    return gone if seal.number > 1 else seal.previous == FIRST


def _row(values: Sequence[Any]) -> canon.Row:
    return dict(zip(COLUMNS[VERSION], values, strict=True))


def _columns(seals: Sequence[Seal]) -> dict[str, Any]:
    return {
        "numbers": [seal.number for seal in seals],
        "audits": [seal.audit for seal in seals],
        "expires": [seal.expires for seal in seals],
        "digests": [seal.digest for seal in seals],
        "previous": [seal.previous for seal in seals],
        "hashes": [seal.hash for seal in seals],
    }
