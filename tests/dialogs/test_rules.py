"""Who may ask, and what is tried again: every row of the matrix."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from dialogs.errors import (
    AssistantError,
    Busy,
    NeedsSignIn,
    NoGuests,
    NoRole,
    NotAllowed,
    NotHere,
    Silent,
    Stranger,
    Unreadable,
)
from dialogs.rules import (
    ATTEMPTS,
    FIRST_WAIT,
    FRESH,
    LONGEST_LACK,
    LONGEST_WAIT,
    Asker,
    Policy,
    Session,
    counts,
    refusal,
    retry_at,
)
from dialogs.talk import PlaceKind

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OURS, THEIRS = "tenant-a", "tenant-b"
HERE = frozenset({OURS})
SIGNED = Session(
    "ada", OURS, "ada@contoso.example", frozenset({"user"}), NOW - timedelta(minutes=1), NOW + timedelta(hours=1)
)
OLD = replace(SIGNED, issued=NOW - FRESH - timedelta(seconds=1))
ADMIN = replace(SIGNED, roles=frozenset({"admin"}))
ADA = Asker("ada", (OURS,), session=SIGNED)
OPEN = Policy(HERE, sign_in=False)
STRICT = Policy(HERE)
ROLE = Policy(HERE, role="user")
OFFICE = Policy(HERE, office=frozenset({"admin", "auditor"}))
CHATS = frozenset({PlaceKind.PERSONAL, PlaceKind.GROUP})


def kind(error: AssistantError | None) -> type[AssistantError] | None:
    return type(error) if error else None


@pytest.mark.parametrize(
    ("asker", "policy", "expected"),
    [
        (ADA, STRICT, None),
        (ADA, OPEN, None),
        (ADA, ROLE, None),
        # the tenant
        (replace(ADA, tenants=(THEIRS,)), OPEN, Stranger),
        (replace(ADA, tenants=()), OPEN, Stranger),
        (replace(ADA, tenants=(OURS, THEIRS)), OPEN, Stranger),
        (replace(ADA, tenants=(THEIRS, OURS)), OPEN, Stranger),
        (replace(ADA, tenants=(OURS.upper(),)), OPEN, None),
        (replace(ADA, tenants=(THEIRS,)), Policy(frozenset(), sign_in=False), None),
        (replace(ADA, tenants=(OURS, THEIRS)), Policy(frozenset({OURS, THEIRS}), sign_in=False), None),
        # the person
        (replace(ADA, person=""), OPEN, Stranger),
        (replace(ADA, person=""), Policy(frozenset(), sign_in=False), Stranger),
        (replace(ADA, guest=True), OPEN, NoGuests),
        (replace(ADA, guest=True), replace(OPEN, guests=True), None),
        (replace(ADA, guest=True, tenants=(THEIRS,)), replace(OPEN, guests=True), Stranger),
        # the sign-in
        (replace(ADA, session=None), STRICT, NeedsSignIn),
        (replace(ADA, session=None), OPEN, None),
        (replace(ADA, session=replace(SIGNED, expires=NOW)), STRICT, NeedsSignIn),
        (replace(ADA, session=replace(SIGNED, person="bruno")), STRICT, NotAllowed),
        (replace(ADA, session=replace(SIGNED, person="ADA")), STRICT, None),
        (replace(ADA, session=replace(SIGNED, tenant=THEIRS)), STRICT, Stranger),
        # the role
        (replace(ADA, session=replace(SIGNED, roles=frozenset())), ROLE, NoRole),
        (replace(ADA, session=replace(SIGNED, roles=frozenset({"admin"}))), ROLE, NoRole),
        (replace(ADA, session=None), replace(ROLE, sign_in=False), NeedsSignIn),
        (replace(ADA, session=replace(SIGNED, roles=frozenset())), replace(ROLE, sign_in=False), NoRole),
        # the place
        (replace(ADA, place=PlaceKind.CHANNEL), replace(STRICT, places=CHATS), NotHere),
        (replace(ADA, place=PlaceKind.GROUP), replace(STRICT, places=CHATS), None),
        (replace(ADA, place=PlaceKind.CHANNEL, session=None), replace(STRICT, places=CHATS), NotHere),
        # how long ago
        (replace(ADA, session=OLD), STRICT, None),
        (replace(ADA, session=OLD), replace(STRICT, age=FRESH), NeedsSignIn),
        (replace(ADA, session=OLD), replace(STRICT, age=2 * FRESH), None),
        # an administrator's command
        (replace(ADA, session=ADMIN), OFFICE, None),
        (replace(ADA, session=replace(SIGNED, roles=frozenset({"auditor"}))), OFFICE, None),
        (ADA, OFFICE, NotAllowed),
        (replace(ADA, session=None), replace(OFFICE, sign_in=False), NeedsSignIn),
        (replace(ADA, session=ADMIN), replace(OFFICE, office=frozenset()), NotAllowed),
        (replace(ADA, session=replace(OLD, roles=frozenset({"admin"}))), OFFICE, NeedsSignIn),
        (replace(ADA, session=replace(OLD, roles=frozenset({"admin"}))), replace(OFFICE, age=2 * FRESH), NeedsSignIn),
        (replace(ADA, session=replace(ADMIN, person="bruno")), OFFICE, NotAllowed),
        (replace(ADA, session=replace(ADMIN, expires=NOW)), OFFICE, NeedsSignIn),
    ],
)
def test_who_is_answered(asker: Asker, policy: Policy, expected: type[AssistantError] | None) -> None:
    assert kind(refusal(asker, policy, NOW)) is expected


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of the matrix: whose tenant, what kind of person, where, which role held, how signed in."""

    tenant: str
    person: str
    guest: bool
    place: PlaceKind
    role: str
    signed: str

    @property
    def asker(self) -> Asker:
        issued = NOW - timedelta(days=1) if self.signed == "long ago" else NOW
        session = Session(self.person, self.tenant, "", frozenset({self.role}), issued, NOW + timedelta(hours=1))
        return Asker(self.person, (self.tenant,), self.place, self.guest, session if self.signed != "no" else None)

    @property
    def known(self) -> bool:
        """Whether it is somebody of the company, in a place where it wants the assistant to answer."""
        return self.tenant == OURS and bool(self.person) and not self.guest and self.place in CHATS


MATRIX = [
    Row(*cell)
    for cell in product(
        (OURS, THEIRS), ("ada", ""), (False, True), PlaceKind, ("", "user", "admin"), ("no", "long ago", "now")
    )
]
STRICTEST = Policy(HERE, role="user", places=CHATS, age=FRESH)
POLICIES = {
    "open": replace(OPEN, places=CHATS),
    "signed in": replace(STRICT, places=CHATS),
    "lately": replace(STRICT, places=CHATS, age=FRESH),
    "a role": replace(ROLE, places=CHATS),
    "an administrator": replace(OFFICE, places=CHATS, sign_in=False),
}


@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_whom_each_policy_admits(row: Row) -> None:
    admitted = {name for name, policy in POLICIES.items() if refusal(row.asker, policy, NOW) is None}
    expected = {
        "open": row.known,
        "signed in": row.known and row.signed != "no",
        "lately": row.known and row.signed == "now",
        "a role": row.known and row.signed != "no" and row.role == "user",
        "an administrator": row.known and row.signed == "now" and row.role == "admin",
    }
    assert admitted == {name for name, admits in expected.items() if admits}


@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_a_looser_policy_never_refuses_whom_a_stricter_one_admits(row: Row) -> None:
    admitted = [refusal(row.asker, policy, NOW) is None for policy in (STRICTEST, POLICIES["lately"], OPEN)]
    assert admitted == sorted(admitted)


def test_a_lasting_error_is_not_tried_again() -> None:
    assert retry_at(Unreadable(), 1, NOW) is None


def test_each_try_waits_twice_as_long_up_to_a_limit() -> None:
    waits = [(retry_at(Busy(), attempts, NOW) or NOW) - NOW for attempts in range(1, ATTEMPTS)]
    assert waits == [min(FIRST_WAIT * 2**n, LONGEST_WAIT) for n in range(ATTEMPTS - 1)]


def test_after_a_silence_there_is_one_more_try() -> None:
    """Each may have taken most of half a minute, and who asked is told within one."""
    assert (retry_at(Silent(), 1, NOW), retry_at(Silent(), 2, NOW)) == (NOW + FIRST_WAIT, None)


def test_the_last_try_is_the_last() -> None:
    assert retry_at(Busy(), ATTEMPTS, NOW) is None


def lacking() -> AssistantError:
    error = Busy()
    error.counts = False
    return error


@pytest.mark.parametrize(
    ("error", "since", "expected"),
    [
        (Busy(), None, True),
        (Busy(), NOW, True),
        (lacking(), None, False),
        (lacking(), NOW - LONGEST_LACK + timedelta(seconds=1), False),
        (lacking(), NOW - LONGEST_LACK, True),
    ],
)
def test_which_tries_count(error: AssistantError, since: datetime | None, expected: bool) -> None:
    assert counts(error, since, NOW) is expected


def test_a_try_that_does_not_count_is_never_the_last() -> None:
    assert retry_at(lacking(), ATTEMPTS, NOW, counted=False) == NOW + FIRST_WAIT * 2 ** (ATTEMPTS - 1)


def test_a_lasting_error_is_not_tried_again_though_it_does_not_count() -> None:
    assert retry_at(Unreadable(), 1, NOW, counted=False) is None


def test_the_other_sides_wish_is_waited_for() -> None:
    assert retry_at(Busy(retry_after=timedelta(minutes=5)), 1, NOW) == NOW + timedelta(minutes=5)
