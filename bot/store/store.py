"""The promise: what was accepted is kept, and worked on by one process at a time, in order, until it is finished.

Floor 6. Every verb is one transaction and, in the ordinary case, one round trip. Each raises `StoreAway` when the
database did not answer; what was asked of it may then have happened all the same, and every verb may be called again.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.answers import ids_of, place_of, schedule_of, scope_of, unpack
from bot.audit import Entry, Outcome
from bot.limits import LEASE
from bot.store import keeping, leaving, parameters, signing, statements
from bot.store.bell import Pause, pause, rings
from bot.store.keys import key, plain
from bot.store.pool import Pool, Rows
from bot.store.rows import Accepted, Arrival, Claim, LeaseLost, Phase, Record
from bot.store.statements import Statement
from dialogs.talk import Digest, Message, Shared

Lane = tuple[str, str, int, int]
"""Tenant, conversation, fence, chat."""
KNOWN: Rows = [(None,)]
"""What `STOP` answers to a word that it has heard before."""


class Store:
    """The verbs of the process `owner`, whose name no other living process may have."""

    def __init__(self, pool: Pool, owner: str, *, lease: timedelta = LEASE, wait: Pause = pause) -> None:
        self._pool = pool
        self._owner = owner
        self._lease = f"{lease.total_seconds()} seconds"
        self._wait = wait

    async def accept(self, arrival: Arrival, *, lease: bool = True) -> Accepted:
        """Keeps an activity for good; with `lease`, also takes its lane when it is free.

        The claim is for the lane's oldest ask, which need not be this one. Scheduled work is claimed when it is due.
        """
        statement = statements.ACCEPT if lease else statements.ACCEPT_ONLY
        if arrival.due is not None:
            statement = statements.SCHEDULE
        rows = await self._pool.run(statement, **parameters.arriving(arrival), **self._taking())
        if not rows or statement is not statements.ACCEPT:
            return Accepted(bool(rows))
        pending, fence, chat, lost, taken = rows[0]
        return Accepted(True, await self._begin(arrival, pending, fence, chat, lost) if taken else None)

    async def claim(self, limit: int) -> list[Claim]:
        """Takes at most `limit` lanes that have work and no living owner, those that wait longest first."""
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
        rows = await self._step(statements.ANSWERED, claim, answer=answer, placeholder=known)
        return not rows[0][0]

    async def shown(self, claim: Claim, count: int) -> None:
        """So many messages of the answer stand in the chat."""
        await self._step(statements.SHOWN, claim, shown=count)

    async def finish(self, claim: Claim, record: Record) -> Claim | None:
        """Closes the ask and writes what it leaves behind; hands back the lane's next ask, or gives the lane up.

        The lines of the record belong to the claim's chat, also where they begin a new one.
        """
        values = parameters.closing(claim, record)
        statement = statements.FINISH
        if record.more:
            statement, values = keeping.FINISH_MORE, values | leaving.more(record)
        return await self._following(claim, await self._fenced(statement, **values, lease=self._lease))

    async def postpone(self, claim: Claim, at: datetime, record: Record | None = None, *, counted: bool = True) -> None:
        """Counts an attempt and gives the lane up until then; what else is in it waits too, so the order stays.

        Of the `record` only what the attempt took is written: it was paid for, whatever became of it. Of attempts that are
        not `counted` it is kept since when they are made one after the other: the `record`'s time, or `at`.
        """
        left = record or Record(at, Outcome.ERROR)
        await self._step(statements.POSTPONE, claim, due=at, at=left.at, counted=counted, **parameters.spent(left))

    async def park(self, claim: Claim, until: datetime, record: Record) -> Claim | None:
        """Takes the ask out of its lane until its person signs in, or until then; hands back the lane's next like `finish`.

        Of the `record` only what the attempt took is written. It comes back as it is, `parked`; at once where the person
        has signed in since it was claimed, or has stopped it; `woken` where they have signed in.
        """
        values = {**parameters.lane(claim), **parameters.spent(record), "new_chat": 0, "lease": self._lease}
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

    async def history(self, tenant: str, conversation: str, chat: int, limit: int) -> tuple[Message, ...]:
        """The newest lines of a chat, oldest first."""
        where = {"tenant": key(tenant), "conversation": key(conversation), "chat": chat}
        rows = await self._pool.run(statements.HISTORY, **where, limit=limit)
        return tuple(_line(*row) for row in reversed(rows))

    async def visited(self, tenant: str, person: str, home: str) -> datetime | None:
        """Until when a person knows a channel or chat."""
        rows = await self._pool.run(keeping.VISIT, **_own(tenant, person), home=key(home))
        return rows[0][0] if rows else None

    async def digests(self, tenant: str, person: str) -> tuple[Digest, ...]:
        """What a person wants to be told of."""
        rows = await self._pool.run(keeping.DIGESTS, **_own(tenant, person))
        return tuple(Digest(place_of(place), schedule_of(schedule), *more) for place, schedule, *more in rows)

    async def shared(self, tenant: str, person: str, share: str, now: datetime) -> Shared | None:
        """What a person may still post; None where it is no longer kept, or another person's."""
        rows = await self._pool.run(keeping.SHARE, **_own(tenant, person), key=key(share), now=now)
        return next((_shared(*row) for row in rows), None)

    async def write(self, entry: Entry) -> None:
        """An audit row outside a turn."""
        await self._pool.run(statements.WRITE, **parameters.audit(entry))

    async def ping(self) -> None:
        """Whether the database answers."""
        await self._pool.run(statements.PING)

    def signals(self) -> AsyncGenerator[None, None]:
        """Yields when another process may have left work behind; outlives the database's absence."""
        return rings(self._pool.address, self._wait)

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
        lane = (claim.tenant, claim.conversation, fence, chat)
        return await self._first(lane) if ask[0] is None else _claim(lane, ask)

    async def _begin(self, arrival: Arrival, pending: int, fence: int, chat: int, lost: bool) -> Claim | None:
        """The claim of a lane that an arrival took: for the arrival itself, unless something waited there before it."""
        lane = (key(arrival.tenant), key(arrival.conversation), fence, chat)
        if pending > 1:
            return await self._first(lane, lost)
        return _claim(lane, (key(arrival.activity), arrival.body, Phase.ACCEPTED, 0))

    async def _first(self, lane: Lane, lost: bool = False) -> Claim | None:
        claims = await self._oldest([(*lane, lost)])
        return claims[0] if claims else None

    async def _oldest(self, lanes: Rows) -> list[Claim]:
        """The claims of lanes that were just taken: rows of tenant, conversation, fence, chat, lost."""
        by_key = {lane[:2]: lane for lane in lanes}
        values = {"tenants": [lane[0] for lane in lanes], "conversations": [lane[1] for lane in lanes]}
        rows = await self._pool.run(statements.OLDEST, **values, lost=[lane[4] for lane in lanes])
        return [_claim(by_key[row[:2]][:4], row[2:]) for row in rows]


def _claim(lane: Lane | tuple[Any, ...], ask: Sequence[Any]) -> Claim:
    """A claim from the lane and from the columns of the ask: activity, body, phase, attempts, and further ones."""
    tenant, conversation, fence, chat = lane
    activity, body, phase, *more = ask
    return Claim(tenant, conversation, activity, fence, chat, body, Phase(phase), *more)


def _line(role: Literal["user", "assistant"], text: bytes, scope: str | None) -> Message:
    return Message(role, text.decode(), None if scope is None else scope_of(scope))


def _shared(answer: bytes, place: str, audience: str, posted: bool) -> Shared:
    return Shared(unpack(answer), place_of(place), ids_of(audience), posted)


def _own(tenant: str, person: str) -> dict[str, str]:
    return {"tenant": key(tenant), "person": key(person)}
