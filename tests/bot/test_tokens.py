import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

import pytest
from azure.core.credentials import AccessTokenInfo
from azure.core.exceptions import ClientAuthenticationError

from bot.tokens import (
    BOT_SCOPE,
    REST,
    Credential,
    TokenSource,
    bot_credential,
    claims,
    resource_credential,
    scopes,
    sources,
)
from dialogs.errors import Unavailable
from dialogs.rules import ATTEMPTS, retry_at
from tests.world.faults import Hang, drop, garbage, moved, status, throttled
from tests.world.login import IDENTITY, SECRET, LoginDouble
from tests.world.people import APP, TENANT

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SCOPE = "https://cognitiveservices.azure.com/.default"
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.time = START

    @classmethod
    def later(cls) -> Self:
        """A clock that stands still at the present, because azure-identity has no other."""
        clock = cls()
        clock.time = cls.real()
        return clock

    @staticmethod
    def real() -> datetime:
        return datetime.now(UTC)

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
        self.text: Any = "numbered"
        self.life = HOUR.total_seconds()
        self.refresh: timedelta | None = None

    async def get_token_info(self, *scopes: str) -> AccessTokenInfo:
        self.asked += 1
        self.asking.set()
        await self.gate.wait()
        if self.fails:
            raise ClientAuthenticationError("AADSTS7000215 of a secret")
        now = self.clock().timestamp()
        refresh = int(now + self.refresh.total_seconds()) if self.refresh else None
        text = f"token {self.asked}" if self.text == "numbered" else self.text
        return AccessTokenInfo(text, int(now + self.life), refresh_on=refresh)

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
        while self.source.attempts:
            await asyncio.gather(*self.source.attempts)


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
    held.clock.time += REST
    assert await held.source.token(SCOPE) == "token 2"
    assert "AADSTS" not in str(failed.value) + failed.value.words


async def test_what_is_tried_without_a_token_does_not_count_as_tried(held: Held) -> None:
    held.credential.fails = True
    with pytest.raises(Unavailable) as failed:
        await held.source.token(SCOPE)
    assert (failed.value.counts, Unavailable.counts) == (False, True)


async def test_closing_ends_the_renewal_and_the_credential(held: Held) -> None:
    await held.source.token(SCOPE)
    held.clock.time += HOUR - timedelta(minutes=4)
    held.credential.gate.clear()
    await held.source.token(SCOPE)
    await held.source.close()
    assert held.credential.closed
    assert not held.source.attempts


async def test_a_token_is_renewed_when_entra_advises_it(held: Held) -> None:
    held.credential.refresh = timedelta(minutes=20)
    await held.source.token(SCOPE)
    held.clock.time += timedelta(minutes=21)
    assert await held.source.token(SCOPE) == "token 1"
    await held.refreshed()
    assert await held.source.token(SCOPE) == "token 2"


async def test_after_an_attempt_that_failed_there_is_a_rest(held: Held) -> None:
    held.credential.fails = True
    for _ in range(10):
        with pytest.raises(Unavailable):
            await held.source.token(SCOPE)
    assert held.credential.asked == 1


async def test_nobody_is_kept_waiting_longer_than_the_patience_for_an_endpoint_that_hangs() -> None:
    clock = Clock()
    credential = Counting(clock)
    credential.gate.clear()
    source = TokenSource(credential, clock, patience=0.05)
    with pytest.raises(Unavailable) as failed:
        await source.token(SCOPE)
    credential.gate.set()
    clock.time += REST
    assert (str(failed.value.__cause__), await source.token(SCOPE)) == ("TimeoutError", "token 2")
    await source.close()


async def test_a_token_that_has_ended_before_it_came_is_none(held: Held) -> None:
    held.credential.life = -1
    with pytest.raises(Unavailable):
        await held.source.token(SCOPE)


async def test_no_token_is_given_up_for_one_that_has_ended(held: Held) -> None:
    await held.source.token(SCOPE)
    held.clock.time += HOUR - timedelta(minutes=4)
    held.credential.life = -1
    await held.source.token(SCOPE)
    await held.refreshed()
    assert await held.source.token(SCOPE) == "token 1"


@pytest.mark.parametrize(("text", "life"), [(None, 3600), (7, 3600), ("a", 1e17)])
async def test_an_answer_that_is_no_token_is_unavailable(held: Held, text: Any, life: float) -> None:
    held.credential.text, held.credential.life = text, life
    with pytest.raises(Unavailable):
        await held.source.token(SCOPE)


async def test_the_longer_nobody_answers_the_later_it_is_worth_coming_back(held: Held) -> None:
    held.credential.fails = True
    waits = []
    for seconds in (0, 10, 50, 600):
        held.clock.time = START + timedelta(seconds=seconds)
        with pytest.raises(Unavailable) as failed:
            await held.source.token(SCOPE)
        waits.append(failed.value.retry_after)
    assert waits == [timedelta(seconds=span) for span in (5, 30, 150, 150)]


ATTEMPT = timedelta(seconds=5)
"""How long azure-identity tries a door that is shut, about."""


@pytest.mark.parametrize("began", [0, 30, 120, 240], ids=lambda began: f"{began} s after it went away")
async def test_who_tries_as_often_as_a_message_is_tried_outlasts_five_minutes(held: Held, began: int) -> None:
    held.credential.fails = True
    with pytest.raises(Unavailable):
        await held.source.token(SCOPE)
    held.clock.time = START + timedelta(seconds=began)
    assert await tried(held, back=START + timedelta(minutes=5)) is not None


async def tried(held: Held, back: datetime) -> str | None:
    """What comes of the tries of one message, when the endpoint answers again from `back` on."""
    for tries in range(1, ATTEMPTS + 1):
        held.credential.fails = held.clock.time < back
        try:
            return await held.source.token(SCOPE)
        except Unavailable as error:
            held.clock.time = retry_at(error, tries, held.clock.time + ATTEMPT) or held.clock.time
    return None


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


async def nowhere(scope: str) -> str:
    """No machine is asked."""
    raise Unavailable


async def issued(login: LoginDouble, credential: Credential, scope: str) -> tuple[str, str, str]:
    """Who the last token is for, its audience, and how it was earned."""
    try:
        token = (await credential.get_token_info(scope)).token
    finally:
        await credential.close()
    last = login.issued[-1]
    assert token == last.token
    return last.client, last.audience, last.how


async def test_a_federated_bot_proves_itself_by_the_token_of_its_identity(login: LoginDouble) -> None:
    app = App(login.url, managed_identity_client_id=IDENTITY)
    bot, machine = sources(app, Clock.real)
    token = await bot.token(BOT_SCOPE)
    for source in (bot, machine):
        await source.close()
    first, last = login.issued
    assert (first.client, first.how, last.token) == (IDENTITY, "identity", token)
    assert (last.client, last.audience, last.how) == (APP, "https://api.botframework.com", "assertion")


async def test_a_federated_bot_reaches_the_model_as_the_identity_itself(login: LoginDouble) -> None:
    app = App(login.url, managed_identity_client_id=IDENTITY)
    found = await issued(login, resource_credential(app), SCOPE)
    assert found == (IDENTITY, "https://cognitiveservices.azure.com", "identity")


async def test_a_bot_may_be_the_identity(login: LoginDouble) -> None:
    app = App(login.url, "managed-identity")
    assert await issued(login, bot_credential(app, nowhere), BOT_SCOPE) == (
        APP,
        "https://api.botframework.com",
        "identity",
    )


async def test_a_bot_may_have_a_secret_in_development(login: LoginDouble) -> None:
    app = App(login.url, "secret", microsoft_app_password=SECRET)
    assert await issued(login, bot_credential(app, nowhere), BOT_SCOPE) == (
        APP,
        "https://api.botframework.com",
        "secret",
    )


async def test_a_wrong_secret_is_unavailable_without_a_word_of_entra(login: LoginDouble) -> None:
    source = sources(App(login.url, "secret", microsoft_app_password="wrong"), lambda: START)[0]
    with pytest.raises(Unavailable) as failed:
        await source.token(BOT_SCOPE)
    await source.close()
    assert "AADSTS" not in failed.value.words


WAYS: dict[str, Callable[[LoginDouble], App]] = {
    "federated": lambda login: App(login.url, managed_identity_client_id=IDENTITY),
    "managed-identity": lambda login: App(login.url, "managed-identity"),
    "secret": lambda login: App(login.url, "secret", microsoft_app_password=SECRET),
}
ENDPOINTS = [("federated", "identity"), ("federated", "token"), ("managed-identity", "identity"), ("secret", "token")]
"""Who needs which endpoint."""


@pytest.fixture
async def opened(login: LoginDouble) -> AsyncIterator[Callable[..., TokenSource]]:
    """Makes the token source of a way, and closes it."""
    async with AsyncExitStack() as stack:

        def make(way: str, clock: Callable[[], datetime] = Clock.real, patience: float = 5) -> TokenSource:
            bot, machine = sources(WAYS[way](login), clock, patience)
            for source in (machine, bot):
                stack.push_async_callback(source.close)
            return bot

        yield make


@pytest.mark.parametrize("way", WAYS)
async def test_fifty_who_ask_at_once_cause_one_request(
    login: LoginDouble, opened: Callable[..., TokenSource], way: str
) -> None:
    source = opened(way)
    found = await asyncio.gather(*(source.token(BOT_SCOPE) for _ in range(50)))
    assert set(found) == {login.issued[-1].token}
    assert len(login.issued) == (2 if way == "federated" else 1)


NOT_AN_OBJECT = garbage(text="[1]", content_type="application/json")
NOT_ENOUGH = status(200, {"access_token": "a", "token_type": "Bearer"})
FOR_NOTHING = status(200, {"access_token": "", "expires_in": "3600", "resource": "x", "scope": "x"})
EVILS = {
    "a bad request": status(400),
    "gone": status(410),
    "a page": garbage(),
    "a list": NOT_AN_OBJECT,
    "half a token": NOT_ENOUGH,
    "an empty token": FOR_NOTHING,
    "a date instead of seconds": status(200, {"access_token": "a", "expires_on": "tomorrow", "resource": "x"}),
    "nothing": status(200),
    "elsewhere": moved("http://127.0.0.1:1/"),
}


@pytest.mark.parametrize("evil", EVILS)
@pytest.mark.parametrize(("way", "endpoint"), ENDPOINTS)
async def test_whatever_an_endpoint_answers_the_bot_waits_and_then_goes_on(
    login: LoginDouble, opened: Callable[..., TokenSource], way: str, endpoint: str, evil: str
) -> None:
    clock = Clock.later()
    source = opened(way, clock, 0.5)
    login.faults.add(EVILS[evil], of=endpoint, times=None)
    await refused(source)
    login.faults.clear()
    clock.time += REST
    assert await source.token(BOT_SCOPE) == login.issued[-1].token


async def refused(source: TokenSource) -> Unavailable:
    """The error of a source that has no token."""
    with pytest.raises(Unavailable) as failed:
        await source.token(BOT_SCOPE)
    return failed.value


@pytest.mark.parametrize("fault", [status(503), throttled(0), drop], ids=["503", "429", "a broken connection"])
@pytest.mark.parametrize(("way", "endpoint"), ENDPOINTS)
async def test_a_fault_that_passes_is_not_even_noticed(
    login: LoginDouble, opened: Callable[..., TokenSource], way: str, endpoint: str, fault: Any
) -> None:
    login.faults.add(fault, of=endpoint)
    assert await opened(way).token(BOT_SCOPE) == login.issued[-1].token


@pytest.mark.parametrize(("way", "endpoint"), ENDPOINTS)
async def test_an_endpoint_that_hangs_holds_up_nobody_else(
    login: LoginDouble, opened: Callable[..., TokenSource], way: str, endpoint: str
) -> None:
    clock = Clock.later()
    source = opened(way, clock, 0.3)
    hang = login.faults.add(Hang(), of=endpoint, times=None)
    waiting = asyncio.create_task(source.token(BOT_SCOPE))
    await asyncio.wait_for(hang.reached.wait(), 5)
    assert not waiting.done()
    with pytest.raises(Unavailable):
        await waiting
    login.faults.clear()
    hang.release()
    clock.time += REST
    assert await source.token(BOT_SCOPE)


async def test_an_identity_token_that_does_not_say_what_it_is_for_is_none(
    login: LoginDouble, opened: Callable[..., TokenSource]
) -> None:
    later = {"access_token": "a", "expires_on": "4102444800", "token_type": "Bearer"}
    login.faults.add(status(200, later), of="identity")
    assert str((await refused(opened("managed-identity"))).__cause__) == "KeyError"


@pytest.mark.parametrize("code", ["AADSTS7000222", "AADSTS700213", "AADSTS90002"])
async def test_of_what_entra_says_only_its_code_goes_further(
    login: LoginDouble, opened: Callable[..., TokenSource], code: str
) -> None:
    said = {"error": "invalid_client", "error_description": f"{code}: The keys of canary@contoso.example"}
    login.faults.add(status(401, said), of="token")
    failed = await refused(opened("secret"))
    assert str(failed.__cause__) == code


def test_what_is_no_token_says_nothing_of_itself(login: LoginDouble) -> None:
    assert claims("canary") == {}
    assert claims(login.token("https://graph.microsoft.com"))["tid"] == TENANT


SEALED = """
import asyncio, sys
from tests.bot.test_tokens import App, Clock
from bot.tokens import BOT_SCOPE, sources

async def main():
    bot, _ = sources(App(sys.argv[1], "secret", microsoft_app_password=sys.argv[2]), Clock.real)
    print(await bot.token(BOT_SCOPE))
    await bot.close()

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


WATCHED = """
import asyncio, os, socket, sys, threading
from tests.bot.test_tokens import App, Clock
from tests.world.login import IDENTITY, SECRET
from bot.tokens import BOT_SCOPE, sources

seen = []

def watch(event, arguments):
    here = threading.current_thread() is threading.main_thread()
    if event == "socket.connect":
        seen.append("connect" if not here or arguments[0].gettimeout() == 0 else "BLOCKING connect")
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "time.sleep") and here:
        seen.append(f"BLOCKING {event}")

async def main():
    ways = ("federated", IDENTITY, ""), ("managed-identity", "", ""), ("secret", "", SECRET)
    for way, identity, password in ways:
        app = App(sys.argv[1], way, identity, microsoft_app_password=password)
        bot, machine = sources(app, Clock.real)
        await bot.token(BOT_SCOPE)
        await bot.close()
        await machine.close()

sys.addaudithook(watch)
asyncio.run(main())
print(*seen, sep=",")
"""


async def test_no_way_to_a_token_ever_blocks_the_loop(login: LoginDouble) -> None:
    environ = {"IDENTITY_ENDPOINT": login.identity, "IDENTITY_HEADER": login.header}
    arguments = [sys.executable, "-c", WATCHED, login.url]
    root = Path(__file__).parents[2]
    ran = await asyncio.to_thread(
        subprocess.run, arguments, env=environ, cwd=root, capture_output=True, text=True, timeout=30
    )
    assert set(ran.stdout.strip().split(",")) == {"connect"}, ran.stderr
