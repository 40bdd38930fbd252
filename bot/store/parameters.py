"""Values of the house as the parameters of statements.

Floor 6.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.audit import Action, Entry, Outcome
from bot.store.keys import key, plain
from bot.store.rows import Arrival, Claim, Record
from dialogs.talk import Usage

REMEMBERED = timedelta(days=3)
"""How long a finished ask is remembered, to know a redelivery by; the channel gives up within minutes."""
KEPT = timedelta(days=30)
"""How long a dead ask is kept whose record does not say."""

NOTHING = Entry(datetime(1970, 1, 1, tzinfo=UTC), "", "", "", "", Action.ANSWER, Outcome.OK)
"""Fills the parameters where there is nothing to write."""


def arriving(arrival: Arrival) -> dict[str, Any]:
    """All that the statements of accepting take, but for the lease."""
    return {
        "tenant": key(arrival.tenant),
        "conversation": key(arrival.conversation),
        "activity": key(arrival.activity),
        "at": arrival.at,
        "due": arrival.due,
        "person": key(arrival.person),
        "body": arrival.body,
    }


def lane(claim: Claim) -> dict[str, Any]:
    """Which lane, and that it is still ours."""
    return {"tenant": claim.tenant, "conversation": claim.conversation, "fence": claim.fence}


def closing(claim: Claim, record: Record) -> dict[str, Any]:
    """All that `FINISH` takes, but for the lease."""
    return {
        **lane(claim),
        "activity": claim.activity,
        "chat": claim.chat,
        "new_chat": int(record.new_chat),
        "at": record.at,
        "outcome": record.outcome.value,
        **leaving(record),
        **said(record),
        **spent(record),
        **audit(record.audit),
    }


def leaving(record: Record) -> dict[str, Any]:
    """What becomes of the inbox's row: only a dead ask keeps its body, for the operator to revive."""
    dead = record.outcome is Outcome.DEAD
    return {"keep": dead, "forget": (record.expires or record.at + KEPT) if dead else record.at + REMEMBERED}


def said(record: Record) -> dict[str, Any]:
    """The lines of the history."""
    return {
        "expires": record.expires,
        "roles": [line.role for line in record.history],
        "texts": [line.text.encode("utf-8", "replace") for line in record.history],
    }


def spent(record: Record) -> dict[str, Any]:
    """The tokens, added up by model: one statement may not touch a row twice."""
    groups: dict[str, list[Usage]] = {}
    for usage in record.usage:
        groups.setdefault(key(usage.model), []).append(usage)
    models = list(groups)
    return {
        "person": key(record.person),
        "day": record.at.astimezone(UTC).date(),
        "models": models,
        "calls": [len(groups[model]) for model in models],
        "inputs": [sum(usage.input for usage in groups[model]) for model in models],
        "outputs": [sum(usage.output for usage in groups[model]) for model in models],
        "cached": [sum(usage.cached for usage in groups[model]) for model in models],
        "estimated": [any(usage.estimated for usage in groups[model]) for model in models],
    }


def audit(entry: Entry | None) -> dict[str, Any]:
    """An audit row, or none."""
    row = entry or NOTHING
    return {
        "audited": entry is not None,
        "audit_at": row.at,
        "audit_tenant": key(row.tenant),
        "audit_person": key(row.person),
        "audit_place": plain(row.place),
        "audit_conversation": key(row.conversation),
        "audit_action": str(row.action),
        "audit_outcome": str(row.outcome),
        "audit_model": key(row.model),
        "audit_input": row.input_tokens,
        "audit_output": row.output_tokens,
        "audit_sources": row.sources,
        "audit_millis": row.millis,
        "audit_dropped": row.dropped,
    }
