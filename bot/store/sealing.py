"""Rows with content as the values they stand for.

Floor 6. Where it stands, content is bound to its row: see `Ring`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, get_args

from bot.answers import cites_of, ids_of, place_of, schedule_of, scope_of, unpack
from bot.rings import Ring, Unopened
from bot.store.rows import Claim, Phase
from dialogs.talk import Cite, Digest, Message, Scope, Shared

UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
"""What comes of reading what none of our programs wrote, `Unopened` among it. Whoever it is of goes on without it."""

Lane = tuple[str, str, int, int]
"""Tenant, conversation, fence, chat."""
Role = Literal["user", "assistant"]
ROLES = frozenset(get_args(Role))
PHASES = frozenset(Phase)


def claim(lane: Lane | tuple[Any, ...], ask: Sequence[Any]) -> Claim:
    """A claim from the lane and from the columns of the ask: activity, body, phase, attempts, and further ones."""
    tenant, conversation, fence, chat = lane
    activity, body, phase, *more = ask
    return Claim(tenant, conversation, activity, fence, chat, body, _phase(phase), *more)


def _phase(said: str) -> Phase:
    """One that is none is the first: the ask is composed anew, and its lane and all others go on."""
    return Phase(said) if said in PHASES else Phase.ACCEPTED


def place(claim: Claim, column: str) -> tuple[str, ...]:
    """Where a column of an ask stands."""
    return ("inbox", column, claim.tenant, claim.conversation, claim.activity)


def opened(claim: Claim, ring: Ring) -> Claim:
    """The claim with its content. Raises `Unopened`."""
    answer = None if claim.answer is None else ring.open(claim.answer, *place(claim, "answer"))
    return replace(claim, body=ring.open(claim.body, *place(claim, "body")), answer=answer)


def lines(ring: Ring, keys: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> tuple[Message, ...]:
    """The lines of a chat; without those that nobody can read any more. `keys` name whose it is in which conversation."""
    found = (_line(ring, keys, *row) for row in rows)
    return tuple(line for line in found if line is not None)


def _line(
    ring: Ring,
    keys: tuple[str, ...],
    role: Role,
    text: bytes,
    scope: str | None,
    cites: bytes | None,
) -> Message | None:
    try:
        said = ring.open(text, "history", "text", *keys).decode(errors="replace")
    except Unopened:
        return None
    return Message(role, said, _scope(scope), _cites(ring, keys, cites)) if role in ROLES else None


def _scope(packed: str | None) -> Scope | None:
    """What a line was about. A text is worth having without it."""
    try:
        return None if packed is None else scope_of(packed)
    except UNREADABLE:
        return None


def _cites(ring: Ring, keys: tuple[str, ...], sealed: bytes | None) -> tuple[Cite, ...]:
    """The sources of a line. A text is worth having without them."""
    try:
        return () if sealed is None else cites_of(ring.open(sealed, "history", "cites", *keys))
    except UNREADABLE:
        return ()


def shared(
    ring: Ring, keys: tuple[str, ...], answer: bytes, sealed: bytes | None, where: str, audience: str, posted: bool
) -> Shared | None:
    """An answer that may still be posted; None where nobody can read it any more. An older program left `sealed` out."""
    try:
        found = unpack(ring.open(answer, "shares", "answer", *keys))
        ids = audience if sealed is None else ring.open(sealed, "shares", "sealed", *keys).decode()
        return Shared(found, place_of(where), ids_of(ids), posted)
    except UNREADABLE:
        return None


def digests(rows: Iterable[tuple[str, str, str, datetime | None]]) -> tuple[Digest, ...]:
    """What somebody wants to be told of; without those of which nobody can say any more what they are."""
    return tuple(found for row in rows if (found := _digest(*row)) is not None)


def _digest(where: str, schedule: str, chat: str, since: datetime | None) -> Digest | None:
    try:
        return Digest(place_of(where), schedule_of(schedule), chat, since)
    except UNREADABLE:
        return None
