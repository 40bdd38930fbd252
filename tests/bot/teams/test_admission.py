"""Who is let in, over the doubles of Teams' roster and the token service."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import orjson
import pytest

from bot.rulebook import Rulebook
from bot.settings import Settings, read
from bot.teams.activity import parse, place
from bot.teams.admission import Admission, Matter
from bot.teams.members import Guests, Roster
from dialogs.errors import (
    AssistantError,
    NeedsSignIn,
    NoGuests,
    NoRole,
    NotAllowed,
    NotHere,
    NotMember,
    Stranger,
)
from dialogs.talk import Person
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.world.activities import message
from tests.world.faults import status
from tests.world.people import ADA, APP, BOT, BRUNO, GROUP, GUEST, OTHER_TENANT, TENANT, Someone
from tests.world.teams import TeamsDouble
from tests.world.userlogin import TokenServiceDouble

ENVIRON = {
    "MICROSOFT_APP_ID": APP,
    "MICROSOFT_APP_TENANT_ID": TENANT,
    "DATABASE_URL": "postgresql://parley:unused@127.0.0.1/parley",  # pragma: allowlist secret
    "AZURE_OPENAI_ENDPOINTS": "http://127.0.0.1:1",
    "AZURE_OPENAI_DEPLOYMENTS": "gpt",
}
OUTSIDER = replace(GUEST, teams="29:outsider")


def token(person: Someone = ADA, audience: str = APP, *roles: str) -> str:
    claims = {"oid": person.id, "tid": TENANT, "iat": 1, "exp": 4_000_000_000, "aud": audience, "roles": list(roles)}
    return signed(claims)


def signed(claims: Mapping[str, Any]) -> str:
    return jwt.encode(dict(claims), "a secret that is long enough for HS256", algorithm="HS256")


@dataclass
class Gate:
    """The admission of one company; `rules` are what it has decided."""

    teams: TeamsDouble
    users: TokenServiceDouble
    session: aiohttp.ClientSession
    clock: Clock
    rules: dict[str, str] = field(default_factory=dict)

    async def passed(
        self,
        person: Someone,
        *,
        free: bool = False,
        office: frozenset[str] | None = None,
        sender: Mapping[str, Any] = {},
        **environ: str,
    ) -> None:
        spoken = speech(self.session, self.clock, self.teams.url, self.users.url)
        settings: Settings = read({**ENVIRON, **environ}, local=False)
        admission = Admission(settings, spoken.sign_in, Guests(self.clock.now), self.book(settings).of, self.clock.now)
        activity = message(GROUP, person, "hello", service=f"{self.teams.url}/")
        incoming = parse(orjson.dumps({**activity, "from": {**activity["from"], **sender}}))
        asker = Person(person.id, TENANT, account=person.teams)
        roster = Roster(spoken.connectors, f"{self.teams.url}/", asker, TENANT, BOT)
        await admission.check(incoming, place(incoming), roster, Matter(free, office))

    def book(self, settings: Settings) -> Rulebook:
        return Rulebook(self._rules, settings, self.clock.now)

    async def _rules(self, tenant: str) -> Mapping[str, str]:
        return self.rules


@pytest.fixture
async def gate(teams: TeamsDouble, session: aiohttp.ClientSession, clock: Clock) -> AsyncIterator[Gate]:
    async with TokenServiceDouble() as users:
        yield Gate(teams, users, session, clock)


async def refused(gate: Gate, person: Someone, **more: Any) -> type[AssistantError]:
    with pytest.raises(AssistantError) as found:
        await gate.passed(person, **more)
    return found.type


async def test_a_colleague_who_has_signed_in_comes_in(gate: Gate) -> None:
    gate.users.sign_in(ADA, token())
    await gate.passed(ADA)


async def test_a_colleague_who_has_not_is_asked_to(gate: Gate) -> None:
    assert await refused(gate, ADA) is NeedsSignIn


async def test_what_is_free_needs_no_sign_in(gate: Gate) -> None:
    await gate.passed(ADA, free=True)


@pytest.mark.parametrize(
    ("audience", "roles", "expected"),
    [
        (APP, ("user",), None),
        (APP, (), NoRole),
        ("https://graph.example", ("user",), NoRole),
        ("api://x", ("user",), NoRole),
    ],
)
async def test_a_role_is_the_bots_own(gate: Gate, audience: str, roles: tuple[str, ...], expected: Any) -> None:
    gate.users.sign_in(ADA, token(ADA, audience, *roles))
    if expected is None:
        await gate.passed(ADA, USER_ROLE="user")
    else:
        assert await refused(gate, ADA, USER_ROLE="user") is expected


async def test_another_accounts_sign_in_is_forgotten_and_asked_for_anew(gate: Gate) -> None:
    gate.users.sign_in(ADA, token(BRUNO))
    assert await refused(gate, ADA) is NeedsSignIn
    assert not gate.users.signed_in(ADA)


@pytest.mark.parametrize("role", ["guest", "anonymous"])
async def test_a_guest_is_refused_unless_the_company_allows_guests(gate: Gate, role: str) -> None:
    guest = replace(OUTSIDER, tenant=TENANT)
    gate.teams.roster.admit(GROUP.conversation, guest, role)
    before = await refused(gate, guest, free=True)
    gate.rules["guests"] = "allow"
    await gate.passed(guest, free=True)
    assert before is NoGuests


@pytest.mark.parametrize("sender", [{}, {"tenantId": OTHER_TENANT}])
async def test_somebody_of_another_tenant_stays_outside_even_where_guests_are_allowed(
    gate: Gate, sender: dict[str, str]
) -> None:
    gate.teams.roster.admit(GROUP.conversation, OUTSIDER)
    gate.rules["guests"] = "allow"
    assert await refused(gate, OUTSIDER, free=True, sender=sender) is Stranger


async def test_a_stranger_costs_no_question(gate: Gate) -> None:
    gate.teams.faults.add(status(500), of="member", times=None)
    assert await refused(gate, ADA, sender={"tenantId": OTHER_TENANT}) is Stranger


async def test_who_does_not_belong_to_the_conversation_is_refused(gate: Gate) -> None:
    assert await refused(gate, OUTSIDER) is NotMember


async def test_in_local_mode_nobody_is_asked(gate: Gate, tmp_path: Path) -> None:
    spoken = speech(gate.session, gate.clock, gate.teams.url, gate.users.url)
    settings = read({}, local=True)
    admission = Admission(settings, spoken.sign_in, Guests(gate.clock.now), gate.book(settings).of, gate.clock.now)
    incoming = parse(orjson.dumps(message(GROUP, ADA, "hello", service=f"{gate.teams.url}/")))
    roster = Roster(spoken.connectors, "https://nowhere.example", Person(ADA.id, TENANT), TENANT, BOT)
    await admission.check(incoming, place(incoming), roster)


def fresh(gate: Gate, *roles: str, minutes: int = 1) -> str:
    issued = gate.clock.now() - timedelta(minutes=minutes)
    claims = {"oid": ADA.id, "tid": TENANT, "aud": APP, "exp": 4_000_000_000, "roles": list(roles)}
    return signed(claims | {"iat": int(issued.timestamp())})


OFFICE = frozenset({"admin"})


async def test_an_administrator_is_known_by_a_fresh_token(gate: Gate) -> None:
    gate.users.sign_in(ADA, fresh(gate, "admin"))
    await gate.passed(ADA, office=OFFICE)


async def test_an_administrators_old_token_is_given_up_for_a_new_one(gate: Gate) -> None:
    gate.users.sign_in(ADA, fresh(gate, "admin", minutes=30))
    assert await refused(gate, ADA, office=OFFICE) is NeedsSignIn
    assert not gate.users.signed_in(ADA)


async def test_who_is_no_administrator_is_refused_whatever_is_free(gate: Gate) -> None:
    gate.users.sign_in(ADA, fresh(gate, "user"))
    assert await refused(gate, ADA, office=OFFICE, free=True) is NotAllowed


async def test_a_company_may_want_a_new_sign_in_sooner(gate: Gate) -> None:
    gate.users.sign_in(ADA, fresh(gate, minutes=30))
    await gate.passed(ADA)
    gate.rules["session"] = "20"
    assert await refused(gate, ADA) is NeedsSignIn


async def test_a_company_may_want_no_answers_in_group_chats(gate: Gate) -> None:
    gate.rules["places"] = "personal, channel"
    assert await refused(gate, ADA, free=True) is NotHere
