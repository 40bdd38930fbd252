"""The promise: what was accepted is kept, and worked on by one process at a time, in order, until it is finished.

Floor 6. Every verb is one transaction and, in the ordinary case, one round trip. Each raises `StoreAway` when the
database did not answer; what was asked of it may then have happened all the same, and every verb may be called again.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.audit import Entry, Outcome
from bot.limits import LEASE
from bot.rings import Rings, Unopened
from bot.store import accepting, keeping, leaving, parameters, purses, sealing, signing, statements, writing
from bot.store.bell import Pause, pause, rings
from bot.store.changes import Frame
from bot.store.keys import key, plain
from bot.store.notes import noted
from bot.store.pool import Pool, Rows
from bot.store.rows import Accepted, Arrival, Claim, LeaseLost, Phase, Record, StoreAway
from bot.store.sealing import Lane
from bot.store.spending import spent
from bot.store.statements import Statement
from bot.store.vault import HOUSE
from dialogs.talk import Digest, Message, Shared

Now = Callable[[], datetime]
KNOWN: Rows = [(None,)]
"""What `STOP` answers to a word that it has heard before."""


def utc() -> datetime:
    """The time."""
    return datetime.now(UTC)


class Store:
    """The verbs of the process `owner`, whose name no other living process may have."""

    def __init__(
        self, pool: Pool, owner: str, vault: Rings, *, lease: timedelta = LEASE, wait: Pause = pause, now: Now = utc
    ) -> None:
        self._pool = pool
        self._owner = owner
        self._vault = vault
        self._now = now
        self._lease = f"{lease.total_seconds()} seconds"
        self._wait = wait

    async def accept(self, arrival: Arrival, *, lease: bool = True, queue: int | None = None) -> Accepted:
        """Keeps an activity for good; with `lease`, also takes its lane when it is free.

        The claim is for the lane's oldest ask, which need not be this one. Scheduled work is claimed when it is due.
        Where so many of its person as `queue` says wait in the lane already, it is kept `crowded`.
        """
        statement = accepting.ACCEPT if lease else accepting.ACCEPT_ONLY
        if arrival.due is not None:
            statement = accepting.SCHEDULE
        body = parameters.body(arrival, await self._vault.ring(arrival.tenant))
        rows = await self._pool.run(statement, **parameters.arriving(arrival), body=body, **self._taking())
        if not rows or statement is accepting.SCHEDULE:
            return Accepted(bool(rows))
        if queue is not None and rows[0][0] > queue:
            await self._crowd(arrival, queue)
        if statement is not accepting.ACCEPT:
            return Accepted(True)
        pending, fence, chat, lost, taken, recalled, *told = rows[0]
        told = told if recalled else []
        return Accepted(True, await self._begin(arrival, pending, fence, chat, lost, told) if taken else None)

    async def claim(self, limit: int) -> list[Claim]:
        """Takes at most `limit` lanes that have work and no living owner, those that wait longest first."""
        await self._vault.ring(HOUSE)  # without the keys nothing is taken that nobody could read
        await self._pool.run(statements.RIPEN, limit=limit)
        lanes = await self._pool.run(statements.CLAIM, limit=limit, **self._taking())
        return await self._oldest(lanes) if lanes else []

    async def placed(self, claim: Claim, placeholder: str) -> None:
        """A first message with this id stands in the chat. Raises `LeaseLost`, like every verb that takes a claim."""
        await self._step(statements.PLACED, claim, placeholder=plain(placeholder))

    async def answered(self, claim: Claim, answer: bytes, placeholder: str | None = None) -> bool:
        """The answer is complete; it will not be composed again. `placeholder` where it was not told of before.

        False where the person stopped the ask before: then the answer is not to be shown. Afterwards nobody can stop it.
        """
        known = None if placeholder is None else plain(placeholder)
        ring = await self._vault.ring(claim.tenant)
        sealed = ring.seal(answer, *sealing.place(claim, "answer"))
        rows = await self._step(statements.ANSWERED, claim, answer=sealed, placeholder=known)
        return not rows[0][0]

    async def shown(self, claim: Claim, count: int) -> None:
        """So many messages of the answer stand in the chat."""
        await self._step(statements.SHOWN, claim, shown=count)

    async def finish(self, claim: Claim, record: Record) -> Claim | None:
        """Closes the ask and writes what it leaves behind; hands back the lane's next ask, or gives the lane up.

        The lines of the record belong to the claim's chat, also where they begin a new one.
        """
        ring = await self._vault.ring(claim.tenant)
        values = parameters.closing(claim, record, ring) | {"lease": self._lease}
        statement = statements.FINISH
        if record.more:
            statement, values = keeping.FINISH_MORE, values | leaving.more(claim, record, ring)
        if not record.changes:
            return await self._following(claim, await self._fenced(statement, **values))
        audited = record.audit.expires if record.audit else None
        frame = Frame(claim, record.person, record.at, ring, record.expires, audited)
        async with self._pool.transaction() as run:
            rows = await writing.close(run, record.changes, frame, statement, values)
        return await self._following(claim, rows) if rows else None

    async def postpone(self, claim: Claim, at: datetime, record: Record | None = None, *, counted: bool = True) -> None:
        """Counts an attempt and gives the lane up until then; what else is in it waits too, so the order stays.

        Of the `record` only what the attempt took is written: it was paid for, whatever became of it. Of attempts that are
        not `counted` it is kept since when they are made one after the other: the `record`'s time, or `at`.
        """
        left = record or Record(at, Outcome.ERROR)
        # The database's clock says when it is due: this machine's may be off, and then a wait would be none, or without end.
        wait = f"{(at - self._now()) // timedelta(milliseconds=1)} milliseconds"
        await self._step(statements.POSTPONE, claim, wait=wait, at=left.at, counted=counted, **spent(left))

    async def before(self, claim: Claim) -> int:
        """How much was accepted before this ask, in other conversations of its tenant, and waits still."""
        values = {**parameters.lane(claim), "activity": claim.activity}
        return int((await self._pool.run(statements.BEFORE, **values))[0][0])

    async def park(self, claim: Claim, until: datetime, record: Record) -> Claim | None:
        """Takes the ask out of its lane until its person signs in, or until then; hands back the lane's next like `finish`.

        Of the `record` only what the attempt took is written. It comes back as it is, `parked`; at once where the person
        has signed in since it was claimed, or has stopped it; `woken` where they have signed in.
        """
        values = {**parameters.lane(claim), **spent(record), "new_chat": False, "lease": self._lease}
        rows = await self._fenced(signing.PARK, **values, activity=claim.activity, due=until)
        return await self._following(claim, rows)

    async def resume(self, tenant: str, person: str) -> int:
        """The person has signed in: what was parked for it is due, how much that is; no card of theirs stands any more."""
        await self._pool.run(signing.SIGNED, **_own(tenant, person))
        rows = await self._pool.run(signing.UNPARK, **_own(tenant, person))
        return rows[0][0] if rows else 0

    async def offered(self, claim: Claim, person: str, until: datetime) -> bool:
        """Whether this ask is to show its person how to sign in: where no card stands in its conversation yet.

        It then stands there `until` that time, unless this ask ends without having shown it. The same ask may show it again.
        """
        where = {"conversation": claim.conversation, "activity": claim.activity, "until": until}
        return bool(await self._pool.run(signing.OFFERED, **_own(claim.tenant, person), **where))

    async def exchanged(self, tenant: str, person: str, attempt: str) -> bool:
        """Whether this attempt of the person to sign in is heard of for the first time, in any process."""
        return bool(await self._pool.run(signing.EXCHANGED, **_own(tenant, person), key=key(attempt)))

    async def rules(self, tenant: str) -> Mapping[str, str]:
        """What a company has decided for itself; what is missing is as `RULES` says."""
        return dict(await self._pool.run(signing.RULES, tenant=key(tenant)))

    async def beat(self, claims: Sequence[Claim]) -> tuple[Claim, ...]:
        """Extends the leases of the claims' lanes, where they are still ours; those of the claims that were stopped.

        Only those lanes, not all of this owner: a lane that was taken by an accept whose answer got lost is known to
        nobody here, and must run out.
        """
        if not claims:
            return ()
        by_key = {(claim.tenant, claim.conversation, claim.activity): claim for claim in claims}
        tenants, conversations, activities = (list(ids) for ids in zip(*by_key, strict=True))
        ids = {"tenants": tenants, "conversations": conversations, "activities": activities}
        return tuple(by_key[row] for row in await self._pool.run(statements.BEAT, **ids, **self._taking()))

    async def stop(self, arrival: Arrival) -> bool:
        """Stops all that the arrival's person has under way or waiting in its lane; the arrival is noted as done then.

        False where there was nothing: then nothing was noted either. Every process that serves such an ask is told.
        """
        values = parameters.arriving(arrival) | {"forget": arrival.at + parameters.REMEMBERED}
        stopped = await self._pool.run(statements.STOP, **values)
        if stopped == KNOWN:
            return True
        return bool(await self._pool.run(signing.STOP_PARKED, **values) or stopped)

    async def ended(self, tenant: str, conversation: str, activity: str, person: str) -> bool:
        """Whether that ask of the person is over, however it ended. Of other people's asks nothing is told."""
        where = {"conversation": key(conversation), "activity": key(activity)}
        return bool(await self._pool.run(statements.ENDED, **_own(tenant, person), **where))

    async def release(self) -> None:
        """Gives up every lane of this owner and tells the other processes."""
        await self._pool.run(statements.RELEASE, owner=self._owner)

    async def history(self, tenant: str, conversation: str, person: str, chat: int, limit: int) -> tuple[Message, ...]:
        """The newest lines of one person's chat, oldest first."""
        where = {**_own(tenant, person), "conversation": key(conversation)}
        rows = await self._pool.run(statements.HISTORY, **where, chat=chat, limit=limit)
        ring = await self._vault.ring(tenant, *(sealed for _, text, _, cites in rows for sealed in (text, cites)))
        keys = (where["tenant"], where["conversation"], where["person"])
        return sealing.lines(ring, keys, reversed(rows))

    async def visited(self, tenant: str, person: str, home: str) -> datetime | None:
        """Until when a person knows a channel or chat."""
        rows = await self._pool.run(keeping.VISIT, **_own(tenant, person), home=key(home))
        return rows[0][0] if rows else None

    async def digests(self, tenant: str, person: str) -> tuple[Digest, ...]:
        """What a person wants to be told of."""
        rows = await self._pool.run(keeping.DIGESTS, **_own(tenant, person))
        return sealing.digests((place, schedule, chat, since) for place, schedule, chat, since in rows)

    async def shared(self, tenant: str, person: str, share: str, now: datetime) -> Shared | None:
        """What a person may still post; None where it is no longer kept, or another person's."""
        rows = await self._pool.run(keeping.SHARE, **_own(tenant, person), key=key(share), now=now)
        sealed = [column for row in rows for column in row[:2]]
        ring = await self._vault.ring(tenant, *sealed)
        return next((sealing.shared(ring, (*_own(tenant, person).values(), key(share)), *row) for row in rows), None)

    async def write(self, entry: Entry) -> None:
        """An audit row outside a turn."""
        await self._pool.run(statements.WRITE, **noted(entry))

    async def ping(self) -> None:
        """Whether the database answers, and takes what is given to it."""
        await self._pool.ping()

    def signals(self) -> AsyncGenerator[None, None]:
        """Yields when another process may have left work behind; outlives the database's absence."""
        return rings(self._pool.address, self._wait)

    async def _crowd(self, arrival: Arrival, queue: int) -> None:
        with suppress(StoreAway):  # it is kept by now: then it is answered like any other
            await self._pool.run(purses.CROWD, **parameters.arriving(arrival), queue=queue)

    def _taking(self) -> dict[str, Any]:
        return {"owner": self._owner, "lease": self._lease}

    async def _step(self, statement: Statement, claim: Claim, **values: Any) -> Rows:
        return await self._fenced(statement, **parameters.lane(claim), activity=claim.activity, **values)

    async def _fenced(self, statement: Statement, **values: Any) -> Rows:
        rows = await self._pool.run(statement, **values)
        if not rows:
            raise LeaseLost
        return rows

    async def _following(self, claim: Claim, rows: Rows) -> Claim | None:
        """The claim to what is next in a lane that an ask has left."""
        pending, fence, chat, *ask = rows[0]
        if not pending:
            return None
        lane: Lane = (claim.tenant, claim.conversation, fence, chat)
        return await self._first(lane) if ask[0] is None else await self._opened(sealing.claim(lane, ask))

    async def _begin(
        self, arrival: Arrival, pending: int, fence: int, chat: int, lost: bool, recalled: Sequence[Any]
    ) -> Claim | None:
        """The claim of a lane that an arrival took: for the arrival itself, unless something waited there before it."""
        lane = (key(arrival.tenant), key(arrival.conversation), fence, chat)
        if pending > 1:
            return await self._first(lane, lost)
        claim = sealing.claim(lane, (key(arrival.activity), arrival.body, Phase.ACCEPTED, 0))
        return replace(claim, recalled=recalled, at=arrival.at)

    async def _first(self, lane: Lane, lost: bool = False) -> Claim | None:
        claims = await self._oldest([(*lane, lost)])
        return claims[0] if claims else None

    async def _oldest(self, lanes: Rows) -> list[Claim]:
        """The claims of lanes that were just taken: rows of tenant, conversation, fence, chat, lost."""
        by_key = {lane[:2]: lane for lane in lanes}
        values = {"tenants": [lane[0] for lane in lanes], "conversations": [lane[1] for lane in lanes]}
        rows = await self._pool.run(statements.OLDEST, **values, lost=[lane[4] for lane in lanes])
        return await self._readable([sealing.claim(by_key[row[:2]][:4], row[2:]) for row in rows])

    async def _readable(self, sealed: Sequence[Claim]) -> list[Claim]:
        """The claims, opened. A tenant whose keys are not to be had just now does not keep the others waiting."""
        claims, away = [], None
        for claim in sealed:
            try:
                claims.append(await self._opened(claim))
            except StoreAway as error:
                away = error
        if away is not None and not any(claims):
            raise away
        return [claim for claim in claims if claim is not None]

    async def _opened(self, claim: Claim) -> Claim | None:
        """The claim with its content. What can never be read, because its key was destroyed, is dead; then its lane's next."""
        ring = await self._vault.ring(claim.tenant, claim.body, claim.answer)
        try:
            return sealing.opened(claim, ring)
        except Unopened:
            with suppress(LeaseLost):
                return await self.finish(claim, Record(self._now(), Outcome.DEAD))
            return None


def _own(tenant: str, person: str) -> dict[str, str]:
    return {"tenant": key(tenant), "person": key(person)}
