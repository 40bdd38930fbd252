from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from botbuilder.schema import Activity
from botframework.connector.token_api.models import TokenExchangeRequest

from bot.teams.signin import SignIn
from bot.teams.usertokens import UserTokens
from bot.teams.wire import from_wire
from dialogs.errors import Unavailable
from dialogs.talk import PlaceKind
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.world.activities import message
from tests.world.faults import status
from tests.world.people import ADA, BRUNO, personal
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
    assert not await sign_in.signed_in(ADA.teams)


async def test_who_has_signed_in_is_known(sign_in: SignIn, users: TokenServiceDouble) -> None:
    token = users.sign_in(ADA)
    assert await sign_in.token(ADA.teams) == token


async def test_one_persons_token_is_not_anothers(sign_in: SignIn, users: TokenServiceDouble) -> None:
    users.sign_in(ADA)
    assert not await sign_in.signed_in(BRUNO.teams)


async def test_a_clients_token_signs_the_person_in(sign_in: SignIn) -> None:
    assert await sign_in.exchange(ADA.teams, plain_token(ADA))
    assert await sign_in.signed_in(ADA.teams)


async def test_without_consent_there_is_no_exchange(sign_in: SignIn, users: TokenServiceDouble) -> None:
    users.withhold(ADA)
    assert not await sign_in.exchange(ADA.teams, plain_token(ADA))


async def test_a_magic_code_signs_the_person_in(sign_in: SignIn, users: TokenServiceDouble) -> None:
    code = users.code(ADA)
    assert await sign_in.token(ADA.teams, code=code) is not None


async def test_who_signed_out_has_no_token(sign_in: SignIn, users: TokenServiceDouble) -> None:
    users.sign_in(ADA)
    await sign_in.sign_out(ADA.teams)
    assert not await sign_in.signed_in(ADA.teams)


async def test_a_token_service_that_fails_is_not_somebody_signed_out(
    sign_in: SignIn, users: TokenServiceDouble
) -> None:
    users.faults.add(status(503), times=3)
    with pytest.raises(Unavailable):
        await sign_in.signed_in(ADA.teams)


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
