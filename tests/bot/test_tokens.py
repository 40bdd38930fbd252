import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from bot.tokens import BOT_SCOPE, Credential, TokenSource, bot_credential, resource_credential, scopes
from dialogs.errors import Unavailable
from tests.world.faults import status
from tests.world.login import IDENTITY, SECRET, LoginDouble
from tests.world.people import APP, TENANT

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SCOPE = "https://cognitiveservices.azure.com/.default"
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time


class Counting:
    """A credential that numbers its tokens, waits at its gate, and fails when told to."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.asked = 0
        self.asking = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False
        self.closed = False

    async def get_token(self, *scopes: str) -> AccessToken:
        self.asked += 1
        self.asking.set()
        await self.gate.wait()
        if self.fails:
            raise ClientAuthenticationError("AADSTS7000215 of a secret")
        return AccessToken(f"token {self.asked}", int((self.clock() + HOUR).timestamp()))

    async def close(self) -> None:
        self.closed = True


@dataclass
class Held:
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.credential = Counting(self.clock)
        self.source = TokenSource(self.credential, self.clock)

    async def refreshed(self) -> None:
        """Wait until nothing is being fetched."""
        while self.source._fetches:
            await asyncio.gather(*self.source._fetches.values())


@pytest.fixture
async def held() -> AsyncIterator[Held]:
    made = Held()
    yield made
    await made.source.close()


async def test_a_token_is_fetched_once_and_kept(held: Held) -> None:
    assert [await held.source.token(SCOPE) for _ in range(3)] == ["token 1"] * 3


async def test_many_who_need_the_same_token_cause_one_request(held: Held) -> None:
    assert set(await asyncio.gather(*(held.source.token(SCOPE) for _ in range(50)))) == {"token 1"}


async def test_each_scope_has_its_own_token(held: Held) -> None:
    assert await held.source.token(SCOPE) != await held.source.token(BOT_SCOPE)


async def test_one_who_gives_up_does_not_take_the_token_from_the_others(held: Held) -> None:
    held.credential.gate.clear()
    first, second = (asyncio.create_task(held.source.token(SCOPE)) for _ in range(2))
    await held.credential.asking.wait()
    first.cancel()
    held.credential.gate.set()
    assert await second == "token 1"


async def test_a_token_is_renewed_in_the_background_before_it_ends(held: Held) -> None:
    await held.source.token(SCOPE)
    held.clock.time += HOUR - timedelta(minutes=4)
    held.credential.gate.clear()
    assert await held.source.token(SCOPE) == "token 1"
    held.credential.gate.set()
    await held.refreshed()
    assert await held.source.token(SCOPE) == "token 2"


async def test_a_token_stays_in_use_while_its_renewal_fails(held: Held) -> None:
    await held.source.token(SCOPE)
    held.clock.time += HOUR - timedelta(minutes=4)
    held.credential.fails = True
    await held.source.token(SCOPE)
    await held.refreshed()
    assert await held.source.token(SCOPE) == "token 1"


async def test_a_failing_renewal_is_not_tried_at_every_request(held: Held) -> None:
    await held.source.token(SCOPE)
    held.clock.time += HOUR - timedelta(minutes=4)
    held.credential.fails = True
    for _ in range(10):
        await held.source.token(SCOPE)
        await held.refreshed()
    assert held.credential.asked == 2


async def test_a_token_that_has_ended_is_not_used(held: Held) -> None:
    await held.source.token(SCOPE)
    held.clock.time += HOUR
    held.credential.fails = True
    with pytest.raises(Unavailable):
        await held.source.token(SCOPE)


async def test_a_token_that_could_not_be_fetched_is_tried_again(held: Held) -> None:
    held.credential.fails = True
    with pytest.raises(Unavailable) as failed:
        await held.source.token(SCOPE)
    held.credential.fails = False
    assert await held.source.token(SCOPE) == "token 2"
    assert "AADSTS" not in str(failed.value) + failed.value.words


async def test_closing_ends_the_renewal_and_the_credential(held: Held) -> None:
    await held.source.token(SCOPE)
    held.clock.time += HOUR - timedelta(minutes=4)
    held.credential.gate.clear()
    await held.source.token(SCOPE)
    await held.source.close()
    assert held.credential.closed
    assert not held.source._fetches


@dataclass(frozen=True)
class App:
    """A registration at a login double."""

    login_url: str
    bot_credential: str = "federated"
    managed_identity_client_id: str = ""
    microsoft_app_id: str = APP
    microsoft_app_tenant_id: str = TENANT
    microsoft_app_password: str = ""


@pytest.fixture
async def login(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoginDouble]:
    async with LoginDouble() as double:
        monkeypatch.setenv("IDENTITY_ENDPOINT", double.identity)
        monkeypatch.setenv("IDENTITY_HEADER", double.header)
        yield double


async def issued(login: LoginDouble, credential: Credential, scope: str) -> tuple[str, str, str]:
    """Who the last token is for, its audience, and how it was earned."""
    try:
        token = (await credential.get_token(scope)).token
    finally:
        await credential.close()
    last = login.issued[-1]
    assert token == last.token
    return last.client, last.audience, last.how


async def test_a_federated_bot_proves_itself_by_the_token_of_its_identity(login: LoginDouble) -> None:
    app = App(login.url, managed_identity_client_id=IDENTITY)
    found = await issued(login, bot_credential(app), BOT_SCOPE)
    assert found == (APP, "https://api.botframework.com", "assertion")
    assert login.issued[0].client == IDENTITY


async def test_a_federated_bot_reaches_the_model_as_the_identity_itself(login: LoginDouble) -> None:
    app = App(login.url, managed_identity_client_id=IDENTITY)
    found = await issued(login, resource_credential(app), SCOPE)
    assert found == (IDENTITY, "https://cognitiveservices.azure.com", "identity")


async def test_a_bot_may_be_the_identity(login: LoginDouble) -> None:
    app = App(login.url, "managed-identity")
    assert await issued(login, bot_credential(app), BOT_SCOPE) == (APP, "https://api.botframework.com", "identity")


async def test_a_bot_may_have_a_secret_in_development(login: LoginDouble) -> None:
    app = App(login.url, "secret", microsoft_app_password=SECRET)
    assert await issued(login, bot_credential(app), BOT_SCOPE) == (APP, "https://api.botframework.com", "secret")


async def test_a_wrong_secret_is_unavailable_without_a_word_of_entra(login: LoginDouble) -> None:
    source = TokenSource(bot_credential(App(login.url, "secret", microsoft_app_password="wrong")), lambda: START)
    with pytest.raises(Unavailable) as failed:
        await source.token(BOT_SCOPE)
    await source.close()
    assert "AADSTS" not in failed.value.words


async def test_an_identity_endpoint_that_is_down_is_unavailable(login: LoginDouble) -> None:
    login.faults.add(status(400), of="identity", times=10)
    source = TokenSource(resource_credential(App(login.url)), lambda: START)
    with pytest.raises(Unavailable):
        await source.token(SCOPE)
    await source.close()


SEALED = """
import asyncio, sys
from tests.bot.test_tokens import App
from bot.tokens import BOT_SCOPE, bot_credential

async def main():
    credential = bot_credential(App(sys.argv[1], "secret", microsoft_app_password=sys.argv[2]))
    print((await credential.get_token(BOT_SCOPE)).token)
    await credential.close()

asyncio.run(main())
"""


async def test_a_further_certificate_authority_is_trusted_by_ssl_cert_file(login: LoginDouble) -> None:
    environ = {"SSL_CERT_FILE": str(login.ca)}
    arguments = [sys.executable, "-c", SEALED, login.authority, SECRET]
    root = Path(__file__).parents[2]
    ran = await asyncio.to_thread(
        subprocess.run, arguments, env=environ, cwd=root, capture_output=True, text=True, timeout=30
    )
    assert ran.stdout.strip() == login.issued[-1].token


def test_the_scopes_follow_the_cloud() -> None:
    assert scopes("https://login.microsoftonline.com")[0] == "https://api.botframework.com/.default"
    assert scopes("https://login.microsoftonline.us")[0] == "https://api.botframework.us/.default"
