"""Values of the house as the parameters of statements.

Floor 6.
"""

from datetime import timedelta
from typing import Any

from bot.audit import Outcome
from bot.rings import Ring
from bot.store.keys import key
from bot.store.notes import noted
from bot.store.rows import Arrival, Claim, Record
from bot.store.spending import spent

REMEMBERED = timedelta(days=7)
"""How long a finished ask is remembered: to know a redelivery by, and the answer that somebody rates."""
KEPT = timedelta(days=30)
"""How long a dead ask is kept whose record does not say."""


def arriving(arrival: Arrival) -> dict[str, Any]:
    """All that the statements of accepting take, but for the lease and the body."""
    return {
        "tenant": key(arrival.tenant),
        "conversation": key(arrival.conversation),
        "activity": key(arrival.activity),
        "at": arrival.at,
        "due": arrival.due,
        "person": key(arrival.person),
    }


def body(arrival: Arrival, ring: Ring) -> bytes:
    """What is kept of an activity."""
    ids = (key(arrival.tenant), key(arrival.conversation), key(arrival.activity))
    return ring.seal(arrival.body, "inbox", "body", *ids)


def lane(claim: Claim) -> dict[str, Any]:
    """Which lane, and that it is still ours."""
    return {"tenant": claim.tenant, "conversation": claim.conversation, "fence": claim.fence}


def closing(claim: Claim, record: Record, ring: Ring) -> dict[str, Any]:
    """All that `FINISH` takes, but for the lease."""
    return {
        **lane(claim),
        "activity": claim.activity,
        "chat": claim.chat,
        "new_chat": record.new_chat,
        "at": record.at,
        "outcome": record.outcome.value,
        "model": key(record.usage[0].model) if record.usage else "",
        **leaving(record),
        **said(claim, record, ring),
        **spent(record),
        **noted(record.audit),
    }


def leaving(record: Record) -> dict[str, Any]:
    """What becomes of the inbox's row: only a dead ask keeps its body, for the operator to revive."""
    dead = record.outcome is Outcome.DEAD
    return {"keep": dead, "forget": (record.expires or record.at + KEPT) if dead else record.at + REMEMBERED}


def said(claim: Claim, record: Record, ring: Ring) -> dict[str, Any]:
    """The lines of the history. Those of nobody could not be forgotten, and are not kept."""
    lines = record.history if record.person else ()
    place = ("history", "text", claim.tenant, claim.conversation, key(record.person))
    return {
        "expires": record.expires,
        "roles": [line.role for line in lines],
        "texts": [ring.seal(line.text.encode("utf-8", "replace"), *place) for line in lines],
    }
