"""Who may ask, and what is tried again: every row of the matrix."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from dialogs.errors import AssistantError, Busy, NeedsSignIn, NoGuests, NoRole, NotAllowed, Stranger, Unreadable
from dialogs.rules import (
    ATTEMPTS,
    FIRST_WAIT,
    LONGEST_LACK,
    LONGEST_WAIT,
    Asker,
    Policy,
    Session,
    counts,
    holds,
    refusal,
    retry_at,
)

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
OURS, THEIRS = "tenant-a", "tenant-b"
HERE = frozenset({OURS})
SIGNED = Session("ada", OURS, "ada@contoso.example", frozenset({"user"}), NOW + timedelta(hours=1))
ADA = Asker("ada", (OURS,), session=SIGNED)
OPEN = Policy(HERE, sign_in=False)
STRICT = Policy(HERE)
ROLE = Policy(HERE, role="user")


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
    ],
)
def test_who_is_answered(asker: Asker, policy: Policy, expected: type[AssistantError] | None) -> None:
    assert kind(refusal(asker, policy, NOW)) is expected


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of the matrix: whose tenant, what kind of person, role held, signed in."""

    tenant: str
    person: str
    guest: bool
    role: bool
    signed: bool

    @property
    def asker(self) -> Asker:
        roles = frozenset({"user"}) if self.role else frozenset[str]()
        session = Session(self.person, self.tenant, "", roles, NOW + timedelta(hours=1)) if self.signed else None
        return Asker(self.person, (self.tenant,), self.guest, session)

    @property
    def good(self) -> bool:
        """Whether nothing at all speaks against the person."""
        return self.tenant == OURS and bool(self.person) and not self.guest and self.role and self.signed


MATRIX = [Row(*cell) for cell in product((OURS, THEIRS), ("ada", ""), (False, True), (False, True), (False, True))]


@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_the_strictest_policy_admits_only_whom_nothing_speaks_against(row: Row) -> None:
    assert (refusal(row.asker, ROLE, NOW) is None) is row.good


@pytest.mark.parametrize("row", MATRIX, ids=str)
def test_a_looser_policy_never_refuses_whom_a_stricter_one_admits(row: Row) -> None:
    admitted = [refusal(row.asker, policy, NOW) is None for policy in (ROLE, STRICT, OPEN)]
    assert admitted == sorted(admitted)


@pytest.mark.parametrize(
    ("session", "role", "expected"),
    [
        (SIGNED, "user", True),
        (SIGNED, "admin", False),
        (SIGNED, "", False),
        (None, "user", False),
        (replace(SIGNED, expires=NOW), "user", False),
    ],
)
def test_a_role_is_held_by_a_fresh_token_alone(session: Session | None, role: str, expected: bool) -> None:
    assert holds(session, role, NOW) is expected


def test_a_lasting_error_is_not_tried_again() -> None:
    assert retry_at(Unreadable(), 1, NOW) is None


def test_each_try_waits_twice_as_long_up_to_a_limit() -> None:
    waits = [(retry_at(Busy(), attempts, NOW) or NOW) - NOW for attempts in range(1, ATTEMPTS)]
    assert waits == [min(FIRST_WAIT * 2**n, LONGEST_WAIT) for n in range(ATTEMPTS - 1)]


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
