"""A person's token for the bot, exchanged for one for Graph."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from bot.obo import BARRED, UNGRANTED, UNSUITED, Behalf
from bot.tokens import TokenSource, resource_credential
from dialogs.errors import AssistantError, NeedsSignIn, Unavailable, Unreadable
from tests.world.faults import Hang, garbage, status
from tests.world.login import IDENTITY, SECRET, LoginDouble
from tests.world.people import ADA, APP, BRUNO, PEOPLE, TENANT

GRAPH = "https://graph.microsoft.com"
SCOPE = f"{GRAPH}/.default"


@dataclass(frozen=True)
class App:
    """A registration at a login double."""

    login_url: str
    bot_credential: str = "secret"
    microsoft_app_password: str = SECRET
    managed_identity_client_id: str = IDENTITY
    microsoft_app_id: str = APP
    microsoft_app_tenant_id: str = TENANT


async def nowhere(scope: str) -> str:
    """No machine is asked."""
    raise Unavailable


class Clock:
    def __init__(self) -> None:
        self.late = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.late


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def login(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LoginDouble]:
    async with LoginDouble() as double:
        monkeypatch.setenv("IDENTITY_ENDPOINT", double.identity)
        monkeypatch.setenv("IDENTITY_HEADER", double.header)
        yield double


@pytest.fixture
async def behalf(login: LoginDouble, clock: Clock) -> AsyncIterator[Behalf]:
    found = Behalf(App(login.url), SCOPE, clock, nowhere, most=3)
    yield found
    await found.close()


async def refusal(behalf: Behalf, assertion: str) -> AssistantError:
    with pytest.raises(AssistantError) as failed:
        await behalf.token(ADA.id, assertion)
    return failed.value


def exchanges(login: LoginDouble) -> int:
    return sum(issued.how == "behalf" for issued in login.issued)


async def test_the_token_is_the_persons_own_and_for_graph(login: LoginDouble, behalf: Behalf) -> None:
    claims = jwt.decode(await behalf.token(ADA.id, login.person_token(ADA)), options={"verify_signature": False})
    assert (claims["oid"], claims["aud"]) == (ADA.id, GRAPH)


@pytest.mark.parametrize("audience", [APP, f"api://{APP}", f"api://botid-{APP}"])
async def test_a_token_for_the_bot_is_taken_under_each_of_its_names(
    login: LoginDouble, behalf: Behalf, audience: str
) -> None:
    assert behalf.takes(audience)
    assert await behalf.token(ADA.id, login.person_token(ADA, audience=audience))


@pytest.mark.parametrize("audience", [None, GRAPH, "", ["api://botid-1"], f"api://botid-{TENANT}"])
def test_a_token_for_somebody_else_is_not(audience: object) -> None:
    assert not Behalf(App("http://127.0.0.1:1"), SCOPE, datetime.now, nowhere).takes(audience)


async def test_a_token_is_fetched_once_and_kept(login: LoginDouble, behalf: Behalf) -> None:
    assertion = login.person_token(ADA)
    first = await behalf.token(ADA.id, assertion)
    assert await behalf.token(ADA.id, assertion) == first
    assert exchanges(login) == 1


async def test_many_asks_of_one_person_cause_one_exchange(login: LoginDouble, behalf: Behalf) -> None:
    assertion = login.person_token(ADA)
    assert len(set(await asyncio.gather(*(behalf.token(ADA.id, assertion) for _ in range(20))))) == 1
    assert exchanges(login) == 1


async def test_each_person_has_their_own(login: LoginDouble, behalf: Behalf) -> None:
    tokens = {await behalf.token(person.id, login.person_token(person)) for person in (ADA, BRUNO)}
    assert len(tokens) == 2


async def test_shortly_before_its_end_a_token_is_fetched_anew(login: LoginDouble, behalf: Behalf, clock: Clock) -> None:
    assertion = login.person_token(ADA)
    first = await behalf.token(ADA.id, assertion)
    clock.late = timedelta(hours=1)
    assert await behalf.token(ADA.id, assertion) != first


async def test_after_a_new_sign_in_the_token_is_a_new_one(login: LoginDouble, behalf: Behalf) -> None:
    first = await behalf.token(ADA.id, login.person_token(ADA))
    assert await behalf.token(ADA.id, login.person_token(ADA)) != first


async def test_only_so_many_people_are_remembered(login: LoginDouble, behalf: Behalf) -> None:
    assertions = {person.id: login.person_token(person) for person in PEOPLE[:4]}
    for person, assertion in assertions.items():
        await behalf.token(person, assertion)
    await behalf.token(PEOPLE[3].id, assertions[PEOPLE[3].id])
    assert exchanges(login) == 4
    await behalf.token(ADA.id, assertions[ADA.id])
    assert exchanges(login) == 5


async def test_a_token_whose_time_is_up_is_forgotten_whoever_asks_next(
    login: LoginDouble, behalf: Behalf, clock: Clock
) -> None:
    await behalf.token(ADA.id, login.person_token(ADA))
    clock.late = timedelta(hours=1)
    await behalf.token(BRUNO.id, login.person_token(BRUNO))
    assert behalf.people == {BRUNO.id}


async def test_a_failure_is_not_kept_in_the_place_of_a_token(login: LoginDouble, behalf: Behalf) -> None:
    login.demands[ADA.id] = 65001
    await refusal(behalf, login.person_token(ADA))
    await behalf.token(BRUNO.id, login.person_token(BRUNO))
    assert behalf.people == {BRUNO.id}


async def test_one_who_gives_up_does_not_take_the_token_from_the_others(login: LoginDouble, behalf: Behalf) -> None:
    hang, assertion = login.faults.add(Hang(), of="token"), login.person_token(ADA)
    first, second = (asyncio.create_task(behalf.token(ADA.id, assertion)) for _ in range(2))
    await asyncio.wait_for(hang.reached.wait(), 5)
    first.cancel()
    hang.release()
    assert await second


@pytest.mark.parametrize("code", [50076, 50079, 50158, 500133, 700082])
async def test_what_a_new_sign_in_can_mend_asks_for_one(login: LoginDouble, behalf: Behalf, code: int) -> None:
    login.demands[ADA.id] = code
    assert isinstance(await refusal(behalf, login.person_token(ADA)), NeedsSignIn)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (65001, UNGRANTED),
        (65004, UNGRANTED),
        (650057, UNGRANTED),
        (53003, BARRED),
        (53000, BARRED),
        (50105, BARRED),
        (500011, UNSUITED),
        (70011, UNSUITED),
        (7000215, UNSUITED),
        (50013, UNSUITED),
    ],
)
async def test_what_neither_a_sign_in_nor_time_can_mend_is_said_at_once(
    login: LoginDouble, behalf: Behalf, code: int, words: str
) -> None:
    login.demands[ADA.id] = code
    error = await refusal(behalf, login.person_token(ADA))
    assert (type(error), error.detail, error.lasting) == (Unreadable, words, True)


def test_who_lacks_consent_reads_which_permissions_it_takes() -> None:
    permissions = ("Team.ReadBasic.All", "Channel.ReadBasic.All", "ChannelMessage.Read.All", "Chat.Read")
    assert all(name in UNGRANTED for name in permissions)


@pytest.mark.parametrize(
    ("kind", "error"),
    [("consent_required", Unreadable), ("interaction_required", NeedsSignIn), ("login_required", NeedsSignIn)],
)
async def test_a_refusal_without_a_code_is_told_by_its_kind(
    login: LoginDouble, behalf: Behalf, kind: str, error: type[AssistantError]
) -> None:
    login.faults.add(status(400, {"error": kind, "error_description": "Something."}), of="token", times=9)
    assert type(await refusal(behalf, login.person_token(ADA))) is error


@pytest.mark.parametrize(("reply", "code"), [(400, 90033), (429, 90099), (503, 90099)])
async def test_an_entra_that_has_too_much_to_do_is_unavailable(
    login: LoginDouble, behalf: Behalf, reply: int, code: int
) -> None:
    said = {"error": "temporarily_unavailable", "error_description": f"AADSTS{code}: Please retry."}
    login.faults.add(status(reply, said), of="token", times=None)
    assert isinstance(await refusal(behalf, login.person_token(ADA)), Unavailable)


async def test_when_consent_is_there_it_goes_on(login: LoginDouble, behalf: Behalf) -> None:
    assertion = login.person_token(ADA)
    login.demands[ADA.id] = 65001
    await refusal(behalf, assertion)
    login.demands.clear()
    assert await behalf.token(ADA.id, assertion)


@pytest.mark.parametrize("fault", [status(400, {"error": "invalid_scope"}), garbage()])
async def test_what_nobody_foresaw_is_unavailable(login: LoginDouble, behalf: Behalf, fault: object) -> None:
    login.faults.add(fault, of="token", times=9)  # type: ignore[type-var]
    assert isinstance(await refusal(behalf, login.person_token(ADA)), Unavailable)


async def test_a_token_that_was_not_given_to_the_bot_is_refused(login: LoginDouble, behalf: Behalf) -> None:
    assert isinstance(await refusal(behalf, login.person_token(ADA, audience="api://another")), Unreadable)


async def test_nothing_of_a_refusal_or_a_token_is_in_the_error_or_our_log(
    login: LoginDouble, behalf: Behalf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    login.demands[ADA.id] = 50076
    assertion = login.person_token(ADA)
    error = await refusal(behalf, assertion)
    ours = "".join(str(vars(record)) for record in caplog.records if record.name.startswith("bot."))
    assert ours
    for secret in (assertion, "A demand", ADA.name, SECRET):
        assert secret not in ours + str(error) + error.words
    assert "AADSTS" not in str(error) + error.words


@pytest.mark.parametrize("code", [65001, 53003, 50076, 500011, 7000215])
async def test_the_log_says_with_which_code_an_exchange_was_refused(
    login: LoginDouble, behalf: Behalf, caplog: pytest.LogCaptureFixture, code: int
) -> None:
    login.demands[ADA.id] = code
    await refusal(behalf, login.person_token(ADA))
    (line,) = (vars(record)["line"] for record in caplog.records if record.name == "bot.obo")
    assert (line["event"], line["cause"]) == ("token not exchanged", f"AADSTS{code}")


async def test_the_log_says_of_another_failure_what_kind_it_was(
    login: LoginDouble, behalf: Behalf, caplog: pytest.LogCaptureFixture
) -> None:
    login.faults.add(garbage(), of="token", times=9)
    await refusal(behalf, login.person_token(ADA))
    (line,) = (vars(record)["line"] for record in caplog.records if record.name == "bot.obo")
    assert line["event"] == "token not exchanged" and line["error"] and "cause" not in line


async def test_a_federated_bot_proves_itself_by_the_token_of_its_identity(login: LoginDouble, clock: Clock) -> None:
    machine = TokenSource(resource_credential(App(login.url, "federated", "")), clock)
    behalf = Behalf(App(login.url, "federated", ""), SCOPE, clock, machine.token)
    assert await behalf.token(ADA.id, login.person_token(ADA))
    await behalf.close()
    await machine.close()
    assert [issued.how for issued in login.issued] == ["person", "identity", "behalf"]


async def test_where_the_identity_endpoint_is_down_it_is_unavailable(login: LoginDouble, clock: Clock) -> None:
    login.faults.add(status(400), of="identity", times=9)
    machine = TokenSource(resource_credential(App(login.url, "federated", "")), clock)
    behalf = Behalf(App(login.url, "federated", ""), SCOPE, clock, machine.token)
    assert isinstance(await refusal(behalf, login.person_token(ADA)), Unavailable)
    await behalf.close()
    await machine.close()


async def test_a_bot_that_is_its_identity_says_that_it_cannot(login: LoginDouble, clock: Clock) -> None:
    behalf = Behalf(App(login.url, "managed-identity", ""), SCOPE, clock, nowhere)
    error = await refusal(behalf, login.person_token(ADA))
    await behalf.close()
    assert isinstance(error, Unreadable)
    assert "on your behalf" in error.detail


async def test_closing_ends_what_is_under_way(login: LoginDouble, behalf: Behalf) -> None:
    hang = login.faults.add(Hang(), of="token")
    waiting = asyncio.create_task(behalf.token(ADA.id, login.person_token(ADA)))
    await asyncio.wait_for(hang.reached.wait(), 5)
    await behalf.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


SEALED = """
import asyncio, sys
from datetime import UTC, datetime
from bot.obo import Behalf
from tests.bot.test_obo import SCOPE, App, nowhere
from tests.world.people import ADA

async def main():
    behalf = Behalf(App(sys.argv[1]), SCOPE, lambda: datetime.now(UTC), nowhere)
    print(await behalf.token(ADA.id, sys.argv[2]))
    await behalf.close()

asyncio.run(main())
"""


async def test_entra_is_asked_over_https_with_the_certificate_authority_of_the_machine(login: LoginDouble) -> None:
    arguments = [sys.executable, "-c", SEALED, login.authority, login.person_token(ADA)]
    environ = {"SSL_CERT_FILE": str(login.ca)}
    done = await asyncio.to_thread(
        subprocess.run, arguments, env=environ, cwd=Path(__file__).parents[2], capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout.decode().strip()) == (0, login.issued[-1].token), done.stderr.decode()
