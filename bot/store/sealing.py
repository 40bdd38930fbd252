"""Rows with content as the values they stand for.

Floor 6. Where it stands, content is bound to its row: see `Ring`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, Literal

from bot.answers import ids_of, place_of, scope_of, unpack
from bot.rings import Ring, Unopened
from bot.store.rows import Claim, Phase
from dialogs.talk import Message, Shared

Lane = tuple[str, str, int, int]
"""Tenant, conversation, fence, chat."""


def claim(lane: Lane | tuple[Any, ...], ask: Sequence[Any]) -> Claim:
    """A claim from the lane and from the columns of the ask: activity, body, phase, attempts, and further ones."""
    tenant, conversation, fence, chat = lane
    activity, body, phase, *more = ask
    return Claim(tenant, conversation, activity, fence, chat, body, Phase(phase), *more)


def place(claim: Claim, column: str) -> tuple[str, ...]:
    """Where a column of an ask stands."""
    return ("inbox", column, claim.tenant, claim.conversation, claim.activity)


def opened(claim: Claim, ring: Ring) -> Claim:
    """The claim with its content. Raises `Unopened`."""
    answer = None if claim.answer is None else ring.open(claim.answer, *place(claim, "answer"))
    return replace(claim, body=ring.open(claim.body, *place(claim, "body")), answer=answer)


def lines(ring: Ring, place: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> tuple[Message, ...]:
    """The lines of a chat; without those that nobody can read any more."""
    found = (_line(ring, place, *row) for row in rows)
    return tuple(line for line in found if line is not None)


def _line(
    ring: Ring, place: tuple[str, ...], role: Literal["user", "assistant"], text: bytes, scope: str | None
) -> Message | None:
    try:
        said = ring.open(text, *place).decode(errors="replace")
    except Unopened:
        return None
    return Message(role, said, None if scope is None else scope_of(scope))


def shared(
    ring: Ring, keys: tuple[str, ...], answer: bytes, sealed: bytes | None, where: str, audience: str, posted: bool
) -> Shared | None:
    """An answer that may still be posted; None where nobody can read it any more. An older program left `sealed` out."""
    try:
        found = unpack(ring.open(answer, "shares", "answer", *keys))
        ids = audience if sealed is None else ring.open(sealed, "shares", "sealed", *keys).decode()
    except Unopened:
        return None
    return Shared(found, place_of(where), ids_of(ids), posted)
