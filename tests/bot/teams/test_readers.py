"""Whose rights messages are read with."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiohttp
import jwt
import pytest

from bot.obo import Behalf
from bot.teams.readers import GRAPH, Readers
from dialogs.errors import AssistantError, NeedsSignIn, Unavailable, Unreadable
from dialogs.talk import Person
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.bot.test_obo import App, nowhere
from tests.world.faults import status
from tests.world.login import LoginDouble
from tests.world.people import ADA, APP, BRUNO, Someone
from tests.world.userlogin import TokenServiceDouble

ADDRESS = "https://graph.example"


def token(audience: object, of: str = ADA.id) -> str:
    claims = {"oid": of, "aud": audience, "exp": 4_000_000_000}
    return jwt.encode(claims, "a secret that is long enough for HS256", algorithm="HS256")


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


async def test_in_local_mode_a_stand_in_for_graph_is_told_who_asks(
    session: aiohttp.ClientSession, clock: Clock
) -> None:
    readers = Readers(ADDRESS, None, speech(session, clock, "http://127.0.0.1:1").sign_in)
    claims = jwt.decode(await readers.own(known(ADA)), options={"verify_signature": False})
    assert claims == {"oid": ADA.id}


# abroad: the person's own token or none


async def test_a_persons_own_token_for_graph_is_used_as_it_is(readers: Readers, users: TokenServiceDouble) -> None:
    own = users.sign_in(ADA, token(ADDRESS))
    assert await readers.own(known(ADA)) == own


async def refusal(readers: Readers, person: Person) -> AssistantError:
    with pytest.raises(AssistantError) as refused:
        await readers.own(person)
    return refused.value


async def test_without_a_sign_in_it_is_asked_for_and_the_apps_token_is_no_way_out(readers: Readers) -> None:
    assert isinstance(await refusal(readers, known(ADA)), NeedsSignIn)


@pytest.mark.parametrize("other", [token(ADDRESS, BRUNO.id), token(ADDRESS, ""), "no token at all"])
async def test_a_token_that_is_not_the_persons_is_never_used(
    readers: Readers, users: TokenServiceDouble, other: str
) -> None:
    users.faults.add(status(200, {"token": other}), of="get", times=2)
    assert isinstance(await refusal(readers, known(ADA)), NeedsSignIn)
    assert await readers.tokens(known(ADA)) == (APP_TOKEN,)


async def test_nobody_without_an_entra_id_has_a_token(readers: Readers, users: TokenServiceDouble) -> None:
    users.sign_in(ADA, token(ADDRESS, ""))
    assert isinstance(await refusal(readers, Person("", ADA.tenant, account=ADA.teams)), NeedsSignIn)


@pytest.mark.parametrize("audience", ["api://botid-1", ["a", "b"], None, APP])
async def test_a_sign_in_for_something_else_is_said_to_be_wrong(
    readers: Readers, users: TokenServiceDouble, audience: object
) -> None:
    users.sign_in(ADA, token(audience))
    assert isinstance(await refusal(readers, known(ADA)), Unreadable)


@pytest.mark.parametrize("code", [429, 500])
async def test_a_token_service_that_is_away_is_unavailable(
    readers: Readers, users: TokenServiceDouble, code: int
) -> None:
    users.faults.add(status(code), of="get", times=9)
    assert isinstance(await refusal(readers, known(ADA)), Unavailable)


@pytest.fixture
async def login() -> AsyncIterator[LoginDouble]:
    async with LoginDouble() as login:
        yield login


@pytest.fixture
async def exchanging(
    session: aiohttp.ClientSession, clock: Clock, users: TokenServiceDouble, login: LoginDouble
) -> AsyncIterator[Readers]:
    behalf = Behalf(App(login.url), f"{ADDRESS}/.default", lambda: datetime.now(UTC), nowhere)
    yield Readers(ADDRESS, app_token, speech(session, clock, "http://127.0.0.1:1", users.url).sign_in, behalf)
    await behalf.close()


@pytest.mark.parametrize("audience", [APP, f"api://botid-{APP}"])
async def test_a_token_for_the_bot_is_exchanged_for_one_for_graph(
    exchanging: Readers, users: TokenServiceDouble, login: LoginDouble, audience: str
) -> None:
    users.sign_in(ADA, login.person_token(ADA, audience=audience))
    own = await exchanging.own(known(ADA))
    assert (login.issued[-1].token, login.issued[-1].audience, login.issued[-1].how) == (own, ADDRESS, "behalf")
    assert await exchanging.tokens(known(ADA)) == (own, APP_TOKEN)


async def test_a_token_for_graph_is_not_exchanged(
    exchanging: Readers, users: TokenServiceDouble, login: LoginDouble
) -> None:
    own = users.sign_in(ADA, login.person_token(ADA, audience=ADDRESS))
    assert await exchanging.own(known(ADA)) == own


async def test_where_consent_is_missing_only_the_app_reads_and_abroad_nobody_does(
    exchanging: Readers, users: TokenServiceDouble, login: LoginDouble
) -> None:
    users.sign_in(ADA, login.person_token(ADA))
    login.demands[ADA.id] = 65001
    assert await exchanging.tokens(known(ADA)) == (APP_TOKEN,)
    assert isinstance(await refusal(exchanging, known(ADA)), Unreadable)
