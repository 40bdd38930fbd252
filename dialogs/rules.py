"""Decisions as pure functions: what is tried again and when, and who may ask.

Floor 1. No clock, no randomness, no state: everything that decides is handed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs.errors import AssistantError, NeedsSignIn, NoGuests, NoRole, NotAllowed, NotHere, Stranger
from dialogs.talk import PlaceKind

ATTEMPTS = 5
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=2)
FRESH = timedelta(minutes=15)
"""How old an administrator's token may be: a role that was taken away does not work on for as long as a token lives."""
LONGEST_LACK = timedelta(hours=1)
"""How long tries are free that fail with an error that does not count, such as for want of a token of our own."""


def counts(error: AssistantError, lacking: datetime | None, now: datetime) -> bool:
    """Whether a try that failed with `error` is one of `ATTEMPTS`. `lacking`: when the first failed that did not."""
    return error.counts or (lacking is not None and now - lacking >= LONGEST_LACK)


def retry_at(error: AssistantError, attempts: int, now: datetime, *, counted: bool = True) -> datetime | None:
    """When to try again after the `attempts`-th try failed with `error`; None when it is over.

    A try that is not `counted` is never the last.
    """
    if error.lasting or (counted and attempts >= (error.tries or ATTEMPTS)):
        return None
    wait = min(FIRST_WAIT * (1 << (attempts - 1)), LONGEST_WAIT)
    if error.retry_after is not None:
        wait = max(wait, error.retry_after)
    return now + wait


@dataclass(frozen=True, slots=True)
class Session:
    """What a person's token says: whose it is, which app roles they hold, since when, and until when it is good."""

    person: str
    tenant: str
    name: str
    roles: frozenset[str]
    issued: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Asker:
    """Who turned to the assistant. `person` is empty for who has no Entra id, such as anonymous guests of a meeting.

    `tenants` are all that the activity names: the conversation's, the channel data's, and where it is told the sender's
    own. `guest`: belongs to the conversation as a guest, or to another tenant. `session` is None for who has not signed in.
    """

    person: str
    tenants: tuple[str, ...]
    place: PlaceKind = PlaceKind.PERSONAL
    guest: bool = False
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom the company lets in. No `tenants` admit every one (local mode); an empty `role` admits whoever is of them.

    `age`: how long a sign-in counts; None for as long as its token is good. `office`: what is asked for is an
    administrator's, and takes one of these roles by a token that was given out within `FRESH`; nobody has one of none.
    """

    tenants: frozenset[str]
    sign_in: bool = True
    role: str = ""
    guests: bool = False
    places: frozenset[PlaceKind] = frozenset(PlaceKind)
    age: timedelta | None = None
    office: frozenset[str] | None = None


def refusal(asker: Asker, policy: Policy, now: datetime) -> AssistantError | None:
    """Why this person is not answered; None for who is. In doubt it is a refusal."""
    if not asker.person or not asker.tenants:
        return Stranger()
    if policy.tenants and not policy.tenants.issuperset(tenant.lower() for tenant in asker.tenants):
        return Stranger()
    if asker.guest and not policy.guests:
        return NoGuests()
    if asker.place not in policy.places:
        return NotHere()
    if not asks(policy):
        return None
    return _unsigned(asker, policy, now)


def asks(policy: Policy) -> bool:
    """Whether nobody is answered of whom it is not known who they are signed in as."""
    return policy.sign_in or bool(policy.role) or policy.office is not None


def _unsigned(asker: Asker, policy: Policy, now: datetime) -> AssistantError | None:
    session = asker.session
    if session is None or session.expires <= now or stale(session, policy, now):
        return NeedsSignIn()
    if session.person.lower() != asker.person.lower():
        return NotAllowed()
    if policy.tenants and session.tenant.lower() not in policy.tenants:
        return Stranger()
    if policy.role and policy.role not in session.roles:
        return NoRole()
    return NotAllowed() if policy.office is not None and not policy.office & session.roles else None


def stale(session: Session, policy: Policy, now: datetime) -> bool:
    """Whether a sign-in was too long ago for what is asked. Only a new one helps then."""
    ages = [age for age in (policy.age, FRESH if policy.office is not None else None) if age is not None]
    return bool(ages) and now - session.issued > min(ages)
