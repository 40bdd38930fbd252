"""The login double: the channel's keys, and tokens that azure-identity really gets (facts S5, S6)."""

import ssl
import sys
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import jwt
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity.aio import (
    ClientAssertionCredential,
    ClientSecretCredential,
    ManagedIdentityCredential,
    OnBehalfOfCredential,
)

from tests.contracts.wire import Wire
from tests.world.faults import throttled
from tests.world.login import FEDERATION, IDENTITY, ISSUER, SECRET, LoginDouble
from tests.world.people import ADA, APP, BRUNO, OTHER_TENANT, TENANT
from tests.world.signing import key
from tests.world.userlogin import TokenServiceDouble

SERVICE = "https://smba.trafficmanager.net/emea/"
SCOPE = "https://api.botframework.com/.default"


@pytest.fixture
async def login() -> AsyncIterator[LoginDouble]:
    async with LoginDouble() as double:
        yield double


@pytest.fixture
async def wire(login: LoginDouble) -> AsyncIterator[Wire]:
    async with Wire(login.url, token="") as client:
        yield client


async def verified(login: LoginDouble, wire: Wire, token: str) -> dict[str, Any]:
    """The claims of a token, checked against the keys that are published now."""
    _, metadata = await wire.get(login.metadata)
    _, keys = await wire.get(metadata["jwks_uri"])
    found = {one["kid"]: jwt.PyJWK(one) for one in keys["keys"]}
    kid = jwt.get_unverified_header(token)["kid"]
    return dict(jwt.decode(token, found[kid], algorithms=["RS256"], audience=APP, issuer=ISSUER))


async def test_a_channel_token_verifies_against_the_published_keys(login: LoginDouble, wire: Wire) -> None:
    claims = await verified(login, wire, login.sign(serviceurl=SERVICE))
    assert claims["serviceurl"] == SERVICE


async def test_keys_are_endorsed_for_teams(wire: Wire) -> None:
    _, keys = await wire.get("/v1/.well-known/keys")
    assert "msteams" in keys["keys"][0]["endorsements"]


async def test_after_a_rotation_old_tokens_do_not_verify(login: LoginDouble, wire: Wire) -> None:
    old = login.sign(serviceurl=SERVICE)
    login.rotate()
    with pytest.raises(KeyError):
        await verified(login, wire, old)
    assert await verified(login, wire, login.sign(serviceurl=SERVICE))


async def test_a_rotation_may_keep_the_old_key(login: LoginDouble, wire: Wire) -> None:
    old = login.sign(serviceurl=SERVICE)
    login.rotate(keep=True)
    assert await verified(login, wire, old)


async def test_a_forged_token_names_a_published_key_and_does_not_verify(login: LoginDouble, wire: Wire) -> None:
    with pytest.raises(jwt.InvalidSignatureError):
        await verified(login, wire, login.forged(serviceurl=SERVICE))


async def test_claims_can_be_changed_and_left_out(login: LoginDouble) -> None:
    token = login.sign(by=key(1), iss="https://elsewhere.invalid", exp=None)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], "exp" in claims) == ("https://elsewhere.invalid", False)


async def test_keys_may_be_out_of_reach(login: LoginDouble, wire: Wire) -> None:
    login.faults.add(throttled(), of="keys")
    assert (await wire.get("/v1/.well-known/keys"))[0] == 429


async def test_a_client_secret_gets_a_token(login: LoginDouble) -> None:
    async with ClientSecretCredential(
        TENANT, APP, SECRET, authority=login.authority, connection_verify=str(login.ca)
    ) as credential:
        token = (await credential.get_token(SCOPE)).token
    assert login.knows("https://api.botframework.com")(token)
    assert not login.knows("https://graph.microsoft.com")(token)


async def test_a_wrong_secret_gets_none(login: LoginDouble) -> None:
    async with ClientSecretCredential(
        TENANT, APP, "wrong", authority=login.authority, connection_verify=str(login.ca)
    ) as credential:
        with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
            await credential.get_token(SCOPE)


async def test_a_managed_identity_gets_a_token(login: LoginDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDENTITY_ENDPOINT", login.identity)
    monkeypatch.setenv("IDENTITY_HEADER", login.header)
    async with ManagedIdentityCredential(client_id=IDENTITY) as credential:
        token = (await credential.get_token("https://cognitiveservices.azure.com/.default")).token
    assert login.knows("https://cognitiveservices.azure.com")(token)
    assert login.issued[-1].client == IDENTITY


async def test_a_managed_identity_stands_in_for_the_app(login: LoginDouble) -> None:
    assertion = login.token(FEDERATION, client=IDENTITY, how="identity")
    async with ClientAssertionCredential(
        TENANT, APP, lambda: assertion, authority=login.authority, connection_verify=str(login.ca)
    ) as credential:
        token = (await credential.get_token(SCOPE)).token
    assert (login.knows()(token), login.issued[-1].how) == (True, "assertion")


async def test_an_assertion_that_nobody_issued_is_refused(login: LoginDouble) -> None:
    async with ClientAssertionCredential(
        TENANT, APP, lambda: login.sign(), authority=login.authority, connection_verify=str(login.ca)
    ) as credential:
        with pytest.raises(ClientAuthenticationError, match="AADSTS700213"):
            await credential.get_token(SCOPE)


async def test_a_token_on_behalf_of_a_person_speaks_for_them(login: LoginDouble) -> None:
    async with OnBehalfOfCredential(
        TENANT,
        APP,
        client_secret=SECRET,
        user_assertion=login.person_token(ADA),
        authority=login.authority,
        connection_verify=str(login.ca),
    ) as credential:
        token = (await credential.get_token("https://graph.microsoft.com/.default")).token
    assert jwt.decode(token, options={"verify_signature": False})["oid"] == ADA.id


async def test_a_process_trusts_the_double_through_its_environment(login: LoginDouble) -> None:
    script = (
        "import asyncio; from azure.identity.aio import ClientSecretCredential as C\n"
        "async def main():\n"
        f"    async with C({TENANT!r}, {APP!r}, {SECRET!r}, authority={login.authority!r}) as credential:\n"
        f"        print((await credential.get_token({SCOPE!r})).token)\n"
        "asyncio.run(main())"
    )
    process = await create_subprocess_exec(
        sys.executable, "-c", script, env={"SSL_CERT_FILE": str(login.ca)}, stdout=PIPE
    )
    out, _ = await process.communicate()
    assert login.knows("https://api.botframework.com")(out.decode().strip())


async def test_entra_is_discovered_over_tls(login: LoginDouble) -> None:
    trust = ssl.create_default_context(cafile=str(login.ca))
    where = f"{login.authority}/{TENANT}/v2.0/.well-known/openid-configuration"
    async with aiohttp.ClientSession() as session, session.get(where, ssl=trust) as response:
        found = await response.json()
    assert found["token_endpoint"] == f"{login.authority}/{TENANT}/oauth2/v2.0/token"


@pytest.fixture
async def users() -> AsyncIterator[TokenServiceDouble]:
    async with TokenServiceDouble() as double:
        yield double


@pytest.fixture
async def bot(users: TokenServiceDouble) -> AsyncIterator[Wire]:
    async with Wire(users.url) as client:
        yield client


def of(path: str, user: str = ADA.teams, **more: str) -> dict[str, Any]:
    """The call the SDK makes for a person."""
    return {
        "path": f"/api/usertoken/{path}",
        "params": {"userId": user, "connectionName": "sso", "channelId": "msteams", **more},
    }


async def test_who_has_not_signed_in_has_no_token(bot: Wire) -> None:
    assert (await bot.get(**of("GetToken")))[0] == 404


async def test_who_has_signed_in_has_a_token(users: TokenServiceDouble, bot: Wire) -> None:
    token = users.sign_in(ADA)
    status, body = await bot.get(**of("GetToken"))
    assert (status, body["token"], body["connectionName"]) == (200, token, "sso")
    assert (await bot.get(**of("GetToken", BRUNO.teams)))[0] == 404


async def test_a_magic_code_signs_its_person_in_once(users: TokenServiceDouble, bot: Wire) -> None:
    code = users.code(ADA)
    assert (await bot.get(**of("GetToken", BRUNO.teams, code=code)))[0] == 404
    code = users.code(ADA)
    assert (await bot.get(**of("GetToken", code=code)))[0] == 200
    assert users.signed_in(ADA)
    assert (await bot.get(**of("GetToken", code=code)))[0] == 404
    assert (users.count(ADA, "redeemed"), users.count(ADA, "wrong code"), users.count(BRUNO, "wrong code")) == (1, 1, 1)


async def test_in_the_window_one_may_sign_in_as_somebody_else(users: TokenServiceDouble, bot: Wire) -> None:
    _, body = await bot.get(**of("GetToken", code=users.code(ADA, account=BRUNO)))
    assert jwt.decode(body["token"], options={"verify_signature": False})["oid"] == BRUNO.id


async def test_a_persons_own_token_is_exchanged(login: LoginDouble, users: TokenServiceDouble, bot: Wire) -> None:
    status, body = await bot.call("POST", body={"token": login.person_token(ADA)}, **of("exchange"))
    assert (status, bool(body["token"]), users.signed_in(ADA)) == (200, True, True)


async def test_somebody_elses_token_is_not_exchanged(login: LoginDouble, users: TokenServiceDouble, bot: Wire) -> None:
    assert (await bot.call("POST", body={"token": login.person_token(BRUNO)}, **of("exchange")))[0] == 400
    assert not users.signed_in(ADA)


async def test_a_token_of_another_tenant_is_not_exchanged(
    login: LoginDouble, users: TokenServiceDouble, bot: Wire
) -> None:
    token = login.person_token(ADA, tid=OTHER_TENANT)
    assert (await bot.call("POST", body={"token": token}, **of("exchange")))[0] == 400
    assert (users.count(ADA, "exchanged"), users.count(ADA, "refused")) == (0, 1)


async def test_without_consent_nothing_is_exchanged(login: LoginDouble, users: TokenServiceDouble, bot: Wire) -> None:
    users.withhold(ADA)
    assert (await bot.call("POST", body={"token": login.person_token(ADA)}, **of("exchange")))[0] == 412
    users.consent(ADA)
    assert (await bot.call("POST", body={"token": login.person_token(ADA)}, **of("exchange")))[0] == 200


async def test_signing_out_is_heeded(users: TokenServiceDouble, bot: Wire) -> None:
    users.sign_in(ADA)
    assert (await bot.get(**of("GetTokenStatus")))[1][0]["hasToken"]
    await bot.call("DELETE", **of("SignOut"))
    assert not (await bot.get(**of("GetTokenStatus")))[1][0]["hasToken"]


async def test_a_sign_in_resource_has_a_link_and_an_exchange(users: TokenServiceDouble, bot: Wire) -> None:
    _, body = await bot.get("/api/botsignin/GetSignInResource", params={"state": "abc"})
    assert body["signInLink"].startswith(users.url)
    assert body["tokenExchangeResource"]["uri"] == f"api://botid-{APP}"


async def test_the_token_service_knows_the_bot_by_its_token(users: TokenServiceDouble) -> None:
    async with Wire(users.url, token="") as stranger:
        assert (await stranger.get(**of("GetToken")))[0] == 401
