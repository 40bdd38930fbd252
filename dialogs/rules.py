"""Decisions as pure functions: what is tried again and when, and who may ask.

Floor 1. No clock, no randomness, no state: everything that decides is handed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs.errors import AssistantError, NeedsSignIn, NoGuests, NoRole, NotAllowed, Stranger

ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=2)
LONGEST_LACK = timedelta(hours=1)
"""How long tries are free that fail with an error that does not count, such as for want of a token of our own."""


def counts(error: AssistantError, lacking: datetime | None, now: datetime) -> bool:
    """Whether a try that failed with `error` is one of `ATTEMPTS`. `lacking`: when the first failed that did not."""
    return error.counts or (lacking is not None and now - lacking >= LONGEST_LACK)


def retry_at(error: AssistantError, attempts: int, now: datetime, *, counted: bool = True) -> datetime | None:
    """When to try again after the `attempts`-th try failed with `error`; None when it is over.

    A try that is not `counted` is never the last.
    """
    if error.lasting or (counted and attempts >= ATTEMPTS):
        return None
    wait = min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
    if error.retry_after is not None:
        wait = max(wait, error.retry_after)
    return now + wait


@dataclass(frozen=True, slots=True)
class Session:
    """What a person's token says: whose it is, which app roles they hold, and until when it is good."""

    person: str
    tenant: str
    name: str
    roles: frozenset[str]
    expires: datetime


@dataclass(frozen=True, slots=True)
class Asker:
    """Who turned to the assistant. `person` is empty for who has no Entra id, such as anonymous guests of a meeting.

    `tenants` are all that the activity names: the conversation's, the channel data's, and where it is told the sender's
    own. `guest`: belongs to the conversation as a guest, or to another tenant. `session` is None for who has not signed in.
    """

    person: str
    tenants: tuple[str, ...]
    guest: bool = False
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom the company lets in. No `tenants` admit every one (local mode); an empty `role` admits whoever is of them."""

    tenants: frozenset[str]
    sign_in: bool = True
    role: str = ""
    guests: bool = False


def refusal(asker: Asker, policy: Policy, now: datetime) -> AssistantError | None:
    """Why this person is not answered; None for who is. In doubt it is a refusal."""
    if not asker.person or not asker.tenants:
        return Stranger()
    if policy.tenants and not policy.tenants.issuperset(tenant.lower() for tenant in asker.tenants):
        return Stranger()
    if asker.guest and not policy.guests:
        return NoGuests()
    if not policy.sign_in and not policy.role:
        return None
    return _unsigned(asker, policy, now)


def _unsigned(asker: Asker, policy: Policy, now: datetime) -> AssistantError | None:
    session = asker.session
    if session is None or session.expires <= now:
        return NeedsSignIn()
    if session.person.lower() != asker.person.lower():
        return NotAllowed()
    if policy.tenants and session.tenant.lower() not in policy.tenants:
        return Stranger()
    return NoRole() if policy.role and policy.role not in session.roles else None


def holds(session: Session | None, role: str, now: datetime) -> bool:
    """Whether somebody holds an app role by a token that is still good; nobody holds one without a name."""
    return session is not None and bool(role) and session.expires > now and role in session.roles
