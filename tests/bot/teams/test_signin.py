from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import jwt
import orjson
import pytest
from botbuilder.schema import Activity
from botframework.connector.token_api.models import TokenExchangeRequest

from bot.calendar.calendar import Calendar
from bot.catalogue import error_words
from bot.teams import errands
from bot.teams.activity import parse, wakes
from bot.teams.desk import stops
from bot.teams.signin import Failure, Own, SignIn
from bot.teams.usertokens import UserTokens
from bot.teams.wire import from_wire
from dialogs import choice
from dialogs.errors import NoSignIn, Unavailable
from dialogs.talk import Person, PlaceKind
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.world.activities import message
from tests.world.catalogue import catalogue
from tests.world.faults import status, throttled
from tests.world.people import ADA, BRUNO, TENANT, personal
from tests.world.userlogin import TokenServiceDouble, plain_token


@pytest.fixture
async def users() -> AsyncIterator[TokenServiceDouble]:
    async with TokenServiceDouble(token=lambda token: token == "bot-token") as users:
        yield users


@pytest.fixture
def tokens(session: aiohttp.ClientSession, clock: Clock, users: TokenServiceDouble) -> UserTokens:
    return speech(session, clock, "http://127.0.0.1:1", users.url).tokens


@pytest.fixture
def sign_in(tokens: UserTokens) -> SignIn:
    return SignIn(tokens, "sso")


async def test_nobody_has_signed_in_at_first(sign_in: SignIn) -> None:
    assert await sign_in.token(ADA.teams) is None


async def test_who_has_signed_in_is_known(sign_in: SignIn, users: TokenServiceDouble) -> None:
    token = users.sign_in(ADA)
    assert await sign_in.token(ADA.teams) == token


async def test_one_persons_token_is_not_anothers(sign_in: SignIn, users: TokenServiceDouble) -> None:
    users.sign_in(ADA)
    assert await sign_in.token(BRUNO.teams) is None


async def test_a_clients_token_signs_the_person_in(sign_in: SignIn) -> None:
    assert await sign_in.exchange(ADA.teams, plain_token(ADA))
    assert await sign_in.token(ADA.teams)


async def test_without_consent_there_is_no_exchange(sign_in: SignIn, users: TokenServiceDouble) -> None:
    users.withhold(ADA)
    assert not await sign_in.exchange(ADA.teams, plain_token(ADA))


async def test_a_magic_code_signs_the_person_in(sign_in: SignIn, users: TokenServiceDouble) -> None:
    code = users.code(ADA)
    assert await sign_in.token(ADA.teams, code=code) is not None


async def test_who_signed_out_has_no_token(sign_in: SignIn, users: TokenServiceDouble) -> None:
    users.sign_in(ADA)
    await sign_in.sign_out(ADA.teams)
    assert await sign_in.token(ADA.teams) is None


async def test_a_token_service_that_fails_is_not_somebody_signed_out(
    sign_in: SignIn, users: TokenServiceDouble
) -> None:
    users.faults.add(status(503), times=3)
    with pytest.raises(Unavailable):
        await sign_in.token(ADA.teams)


def verbs(sign_in: SignIn) -> dict[str, Callable[[], Awaitable[object]]]:
    """Everything that asks the token service, by the double's names."""
    return {
        "get": lambda: sign_in.token(ADA.teams),
        "exchange": lambda: sign_in.exchange(ADA.teams, plain_token(ADA)),
        "out": lambda: sign_in.sign_out(ADA.teams),
        "resource": lambda: card(sign_in, PlaceKind.PERSONAL),
    }


@pytest.mark.parametrize("verb", ["get", "exchange", "out", "resource"])
@pytest.mark.parametrize("code", [401, 408, 429, 500, 502, 503, 504])
async def test_a_token_service_that_fails_is_no_model_and_not_teams(
    sign_in: SignIn, users: TokenServiceDouble, verb: str, code: int
) -> None:
    users.faults.add(status(code), of=verb, times=None)
    with pytest.raises(Unavailable) as raised:
        await verbs(sign_in)[verb]()
    assert type(raised.value) is Unavailable


async def test_a_token_service_that_says_when_to_come_back_is_heard(sign_in: SignIn, users: TokenServiceDouble) -> None:
    users.faults.add(throttled(60), of="get", times=None)
    with pytest.raises(Unavailable) as raised:
        await sign_in.token(ADA.teams)
    assert raised.value.retry_after == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        *(("get", code) for code in (400, 403)),
        *(("exchange", code) for code in (403, 405)),
        *(("out", code) for code in (400, 403, 404)),
        *(("resource", code) for code in (400, 403, 404)),
    ],
)
async def test_a_token_service_that_will_not_is_not_set_up(
    sign_in: SignIn, users: TokenServiceDouble, verb: str, code: int
) -> None:
    users.faults.add(status(code), of=verb, times=None)
    with pytest.raises(NoSignIn):
        await verbs(sign_in)[verb]()


@pytest.mark.parametrize("body", [{}, {"signInLink": None}, {"signInLink": ""}, None])
async def test_no_card_is_made_whose_button_leads_nowhere(
    sign_in: SignIn, users: TokenServiceDouble, body: object
) -> None:
    users.faults.add(status(200, body), of="resource")
    with pytest.raises(NoSignIn):
        await card(sign_in, PlaceKind.PERSONAL)


@pytest.mark.parametrize("locale", ["de-DE", "es-ES", "fr-FR"])
def test_that_nobody_can_sign_in_is_said_in_the_persons_language(locale: str) -> None:
    words = catalogue().words(Person(ADA.id, TENANT, locale=locale))
    assert error_words(NoSignIn(), words) not in ("", NoSignIn().words)


async def card(sign_in: SignIn, kind: PlaceKind) -> dict[str, Any]:
    activity = from_wire(Activity, message(personal(ADA), ADA, "hello"))
    return await sign_in.card(activity, kind, "Please sign in.", "Sign in")


@pytest.mark.parametrize("kind", [PlaceKind.PERSONAL, PlaceKind.GROUP])
async def test_the_card_offers_silent_sign_in(sign_in: SignIn, kind: PlaceKind) -> None:
    found = await card(sign_in, kind)
    assert found["contentType"] == "application/vnd.microsoft.card.oauth"
    assert found["content"]["tokenExchangeResource"]["id"]


async def test_in_a_channel_there_is_only_the_button(sign_in: SignIn) -> None:
    content = (await card(sign_in, PlaceKind.CHANNEL))["content"]
    assert "tokenExchangeResource" not in content
    assert content["buttons"][0]["value"].startswith("http")


@pytest.mark.parametrize(
    ("locale", "button"), [("en-US", "Sign in"), ("de-DE", "Anmelden"), ("fr-FR", "Se connecter"), ("nb-NO", "Sign in")]
)
async def test_the_message_is_in_the_persons_language(sign_in: SignIn, locale: str, button: str) -> None:
    activity = from_wire(Activity, message(personal(ADA), ADA, "hello"))
    words = catalogue().words(Person(ADA.id, TENANT, locale=locale))
    (found,) = (await sign_in.message(activity, words, PlaceKind.PERSONAL)).attachments
    assert [one["title"] for one in found["content"]["buttons"]] == [button]


# who one is signed in as


ME = Person(ADA.id, TENANT, account=ADA.teams)


def a_token(**claims: Any) -> str:
    usual = {"oid": ADA.id, "tid": TENANT, "preferred_username": ADA.mail, "exp": 2_000_000_000, **claims}
    return jwt.encode(usual, "a secret that is long enough for HS256", algorithm="HS256")


@pytest.fixture
def own(sign_in: SignIn, clock: Clock) -> Own:
    return Own(sign_in, ME, clock.now())


async def test_who_has_not_signed_in_has_no_account(own: Own) -> None:
    assert await own.name() is None


async def test_an_account_is_called_what_the_person_types_to_sign_in(own: Own, users: TokenServiceDouble) -> None:
    users.sign_in(ADA, a_token())
    assert await own.name() == ADA.mail


async def test_an_account_may_have_no_name(own: Own, users: TokenServiceDouble) -> None:
    users.sign_in(ADA, a_token(preferred_username=None))
    assert await own.name() == ""


@pytest.mark.parametrize("claims", [{"exp": 1_000_000_000}, {"oid": BRUNO.id}])
async def test_a_token_that_opens_nothing_is_no_sign_in(
    own: Own, users: TokenServiceDouble, claims: dict[str, Any]
) -> None:
    users.sign_in(ADA, a_token(**claims))
    assert await own.name() is None


async def test_who_leaves_is_forgotten_by_the_service(own: Own, users: TokenServiceDouble) -> None:
    users.sign_in(ADA)
    await own.leave()
    assert (users.signed_in(ADA), users.count(ADA, "signed out")) == (False, 1)


async def test_an_account_that_cannot_be_asked_for_is_not_left(own: Own, users: TokenServiceDouble) -> None:
    users.faults.add(status(503), times=3)
    with pytest.raises(Unavailable):
        await own.name()


@pytest.mark.parametrize("code", [None, 5, "", "OTHER", "other", "installappfailed "])
def test_a_code_that_nobody_knows_is_another_failure(code: object) -> None:
    assert Failure.of(code) is Failure.OTHER


# the code is taken from the window that hands it over, and from nothing that somebody writes


@pytest.mark.parametrize("rest", ["", " what is this ticket?"])
async def test_a_message_that_begins_with_six_digits_is_a_question(
    sign_in: SignIn, users: TokenServiceDouble, clock: Clock, rest: str
) -> None:
    code = users.code(ADA)
    body = orjson.dumps(message(personal(ADA), ADA, f"{code}{rest}"))
    assert wakes(parse(body)) and not stops(parse(body))
    assert choice.mean(errands.read(body), Calendar(), clock.now()).action == "answer"
    assert await sign_in.token(ADA.teams) is None
    assert (users.count(ADA, "redeemed"), users.count(ADA, "wrong code")) == (0, 0)


# through the SDK


async def test_the_sdk_can_ask_for_the_state_of_all_connections(tokens: UserTokens, users: TokenServiceDouble) -> None:
    users.sign_in(ADA)
    assert [one.connection_name for one in await tokens.get_token_status(ADA.teams, "msteams")] == ["sso"]


async def test_the_sdk_can_ask_for_tokens_of_resources(tokens: UserTokens, users: TokenServiceDouble) -> None:
    users.sign_in(ADA)
    found = await tokens.get_aad_tokens(ADA.teams, "sso", ["https://graph.microsoft.com"], "msteams")
    assert list(found) == ["https://graph.microsoft.com"]


async def test_the_sdk_gets_the_exchanged_token(tokens: UserTokens) -> None:
    found = await tokens.exchange_token(ADA.teams, "sso", "msteams", TokenExchangeRequest(token=plain_token(ADA)))
    assert found is not None
    assert (bool(found.token), found.connection_name) == (True, "sso")
