"""Whose rights messages are read with."""

from collections.abc import AsyncIterator

import aiohttp
import jwt
import pytest

from bot.teams.readers import GRAPH, Readers
from dialogs.talk import Person
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.world.faults import status
from tests.world.people import ADA, BRUNO, Someone
from tests.world.userlogin import TokenServiceDouble

ADDRESS = "https://graph.example"


def token(audience: object) -> str:
    return jwt.encode(
        {"aud": audience, "exp": 4_000_000_000}, "a secret that is long enough for HS256", algorithm="HS256"
    )


async def app_token(scope: str) -> str:
    return f"app token for {scope}"


APP_TOKEN = f"app token for {ADDRESS}/.default"


@pytest.fixture
async def users() -> AsyncIterator[TokenServiceDouble]:
    async with TokenServiceDouble(issue=lambda person: token(ADDRESS)) as users:
        yield users


@pytest.fixture
def readers(session: aiohttp.ClientSession, clock: Clock, users: TokenServiceDouble) -> Readers:
    return Readers(ADDRESS, app_token, speech(session, clock, "http://127.0.0.1:1", users.url).sign_in)


def known(person: Someone) -> Person:
    return Person(person.id, person.tenant, account=person.teams)


@pytest.mark.parametrize("audience", [ADDRESS, f"{ADDRESS}/", GRAPH])
async def test_a_persons_own_token_comes_before_the_apps(
    readers: Readers, users: TokenServiceDouble, audience: str
) -> None:
    own = users.sign_in(ADA, token(audience))
    assert await readers.tokens(known(ADA)) == (own, APP_TOKEN)


async def test_without_sign_in_the_apps_rights_count(readers: Readers) -> None:
    assert await readers.tokens(known(ADA)) == (APP_TOKEN,)


@pytest.mark.parametrize("other", [token("api://botid-1"), token(["a", "b"]), token(None), "no token at all"])
async def test_a_token_for_somebody_else_is_kept_from_graph(
    readers: Readers, users: TokenServiceDouble, other: str
) -> None:
    # The double reads the token to say when it lapses, so it is handed out by a fault instead.
    users.faults.add(status(200, {"token": other}), of="get")
    assert await readers.tokens(known(ADA)) == (APP_TOKEN,)


async def test_another_persons_token_is_not_used(readers: Readers, users: TokenServiceDouble) -> None:
    users.sign_in(BRUNO)
    assert await readers.tokens(known(ADA)) == (APP_TOKEN,)


async def test_a_token_service_that_is_away_is_no_reason_not_to_read(
    readers: Readers, users: TokenServiceDouble
) -> None:
    users.faults.add(status(500), of="get", times=9)
    assert await readers.tokens(known(ADA)) == (APP_TOKEN,)


async def test_in_local_mode_nobody_looks_at_the_token(session: aiohttp.ClientSession, clock: Clock) -> None:
    readers = Readers(ADDRESS, None, speech(session, clock, "http://127.0.0.1:1").sign_in)
    assert await readers.tokens(known(ADA)) == ("local",)
