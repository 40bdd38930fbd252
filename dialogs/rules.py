"""Decisions as pure functions: what is tried again and when, and who may ask.

Floor 1. No clock, no randomness, no state: everything that decides is handed in.
"""

from datetime import datetime, timedelta

from dialogs.errors import AssistantError
from dialogs.talk import Ask

ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=2)


def retry_at(error: AssistantError, attempts: int, now: datetime) -> datetime | None:
    """When to try again after the `attempts`-th try failed with `error`; None when it is over."""
    if error.lasting or attempts >= ATTEMPTS:
        return None
    wait = min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
    if error.retry_after is not None:
        wait = max(wait, error.retry_after)
    return now + wait


def may_ask(ask: Ask, tenants: frozenset[str]) -> bool:
    """Only a known person of an allowed tenant may ask; an empty set of tenants allows every one (local mode)."""
    return bool(ask.person.id) and bool(ask.person.tenant) and (not tenants or ask.person.tenant in tenants)
