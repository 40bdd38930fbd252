"""The doctor: what it looks at all told, and of the identity from the machine to a person's sign-in."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot import tokens
from bot.doctor import PATIENCE, bounded, examine, plain, unfit, written
from bot.findings import Check, State, Topic
from bot.settings import Unfit, read
from bot.store.rows import Locked, VaultAway
from bot.telemetry import Event
from bot.tokens import BOT_SCOPE, EXCHANGE_SCOPE, NoToken, sources
from dialogs.errors import Unavailable
from tests.bot.doctoring import Ward, clock, no_token, token, ward
from tests.world.door import Call, Door, Route, reply
from tests.world.faults import drop, garbage, moved, status
from tests.world.graph import GraphDouble
from tests.world.login import IDENTITY
from tests.world.people import APP

__all__ = ["ward"]

UNTOLD = ["package", "sign-in tokens", "resource grants", "public address"]
"""What is worth a word even where all is well: nobody said where to look."""


async def test_everything_well_is_said_of_everything(ward: Ward) -> None:
    found = await ward.seen()
    assert [name for name, line in found.items() if not line.startswith("ok ")] == UNTOLD
    assert set(found) == {
        "settings",
        "package",
        "address 127.0.0.1",
        "address localhost",
        "database",
        "database server",
        "database role",
        "database clock",
        "files",
        "channel keys",
        "clock",
        "channel issuer",
        "tenant",
        "identity endpoint",
        "bot token",
        "sign-in connection",
        "silent sign-in",
        "sign-in tokens",
        "connector 127.0.0.1",
        "model token",
        "model 127.0.0.1",
        "deployment gpt-5.4-mini at 127.0.0.1",
        "graph token",
        "graph",
        "graph grants",
        "resource grants",
        "public address",
    }


VAULT = "https://contoso.vault.azure.net/keys/content"


def opens(error: Exception | None = None) -> Callable[[], Awaitable[None]]:
    async def probe() -> None:
        if error is not None:
            raise error

    return probe


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (None, "ok   wraps and unwraps"),
        (Locked("the key vault refuses CONTENT_KEY: status 403"), "FAIL the key vault refuses CONTENT_KEY: status 403"),
        (VaultAway("the key vault answered 503"), "FAIL the key vault answered 503. Cure: allow this machine the way"),
        (TimeoutError(), "FAIL nothing was seen (TimeoutError)"),
    ],
)
async def test_the_key_in_the_vault_is_tried_out(ward: Ward, error: Exception | None, line: str) -> None:
    ward.environ["CONTENT_KEY"] = VAULT
    ward.probes["content_key"] = opens(error)
    assert (await ward.seen())["content key"].startswith(line)


async def test_a_refusal_of_the_vault_is_cured_by_its_role(ward: Ward) -> None:
    ward.environ["CONTENT_KEY"] = VAULT
    ward.probes["content_key"] = opens(Locked("the key vault refuses CONTENT_KEY: status 403"))
    assert "Key Vault Crypto User" in (await ward.seen())["content key"]


async def test_local_mode_is_looked_at_as_far_as_there_is_something(ward: Ward) -> None:
    found = await ward.seen(read({}, local=True))
    assert found == {
        "settings": "ok   local mode",
        "database": "ok   reached, up to date",
        "database server": "ok   PostgreSQL 17, TLSv1.3, 88 of 100 connections free",
        "database role": "ok   parley_app can change nothing of the audit, and sees one tenant's rows at a time",
        "database clock": "ok   0 seconds apart from this machine's",
        "files": "ok   are read in a process of their own, without network or disk",
        "model": "ok   the offline engine",
    }


@pytest.mark.parametrize("fault", [drop, status(500), garbage(), moved("http://127.0.0.1:1")])
async def test_keys_that_cannot_be_fetched_fail(ward: Ward, fault: Any) -> None:
    ward.login.faults.add(fault, of="metadata", times=None)
    assert (await ward.seen())["channel keys"].startswith("FAIL nothing was seen")


async def test_a_channel_without_keys_fails(ward: Ward) -> None:
    ward.login.publish()
    assert (await ward.seen())["channel keys"].startswith("FAIL 0 keys")


@pytest.mark.parametrize(("drift", "state"), [(60, "warn"), (600, "FAIL"), (-600, "FAIL"), (5, "ok")])
async def test_a_clock_that_is_off_is_found(ward: Ward, drift: int, state: str) -> None:
    ward.probes["now"] = lambda: clock() + timedelta(seconds=drift)
    assert (await ward.seen())["clock"].startswith(state)


@pytest.mark.parametrize("name", ["bot_token", "graph_token", "model_token"])
async def test_a_token_that_does_not_come_fails_with_a_cure(ward: Ward, name: str) -> None:
    ward.probes[name] = no_token
    line = (await ward.seen())[name.replace("_", " ")]
    assert line.startswith("FAIL none (Unavailable). Cure: ")


async def test_what_is_allowed_and_still_unwise_is_a_warning(ward: Ward) -> None:
    ward.environ |= {"BOT_CREDENTIAL": "secret", "MICROSOFT_APP_PASSWORD": "x", "REQUIRE_SIGN_IN": "false"}
    found = await ward.seen()
    assert found["setting BOT_CREDENTIAL"].startswith("warn") and found["setting REQUIRE_SIGN_IN"].startswith("warn")


async def test_a_connector_that_cannot_be_reached_fails(ward: Ward) -> None:
    settings = replace(ward.settings(), service_origins=frozenset({"http://localhost:1"}))
    assert (await ward.seen(settings))["connector localhost"].startswith("FAIL")


@pytest.mark.parametrize(("code", "state"), [(404, "ok"), (502, "warn")])
async def test_a_connector_that_a_proxy_answers_for_is_worth_a_word(ward: Ward, code: int, state: str) -> None:
    async def answer(call: Call) -> Any:
        return reply({}, code)

    async with Door([Route("root", "GET", "/", answer)]) as door:
        settings = replace(ward.settings(), service_origins=frozenset({door.url.replace("127.0.0.1", "localhost")}))
        found = await ward.seen(settings)
    assert found["connector localhost"].startswith(f"{state:<4} reached (status {code})")


async def test_a_graph_that_is_down_fails(ward: Ward) -> None:
    settings = ward.settings()
    async with GraphDouble() as down:
        gone = down.url
    assert (await ward.seen(replace(settings, graph_url=gone)))["graph"].startswith("FAIL nothing was seen")


def test_faults_of_an_environment_are_checks_too() -> None:
    with pytest.raises(Unfit) as refused:
        read({}, local=False)
    lines = [str(check) for check in unfit(refused.value.faults)]
    assert lines[0].startswith("FAIL setting DATABASE_URL: is missing. Cure: set it to postgresql://")


@pytest.mark.parametrize(("probe", "code"), [(token, 0), (no_token, 1)])
async def test_the_exit_code_tells_whether_something_failed(ward: Ward, probe: Any, code: int) -> None:
    said: list[Check] = []
    ward.probes["bot_token"] = probe
    assert await examine(ward.settings(), ward.looks(), said.append) == code
    assert plain(said[0]).startswith("ok   settings: complete")


async def test_each_check_is_an_object_that_always_has_the_same_five_keys(ward: Ward) -> None:
    rows = [json.loads(written(check)) for check in await ward.found()]
    assert {tuple(row) for row in rows} == {("name", "state", "seen", "cure", "millis")}
    assert {row["state"] for row in rows} == {"ok", "warn"} and all(type(row["millis"]) is int for row in rows)


async def test_checks_are_told_in_the_order_of_the_page(ward: Ward) -> None:
    told = [check.topic for check in await ward.found() if check.topic is not Topic.SETTING]
    assert told == sorted(told, key=list(Topic).index)


async def test_all_look_at_once_and_are_told_in_their_order(ward: Ward) -> None:
    """What stands first waits for what stands later: one after the other they would never end."""
    order = [check.name for check in await ward.found()]
    last = asyncio.Event()

    async def slow() -> tuple[str, ...]:
        await last.wait()
        return ()

    async def quick() -> bool:
        last.set()
        return True

    ward.probes |= {"missing": slow, "fenced": quick}
    assert [check.name for check in await ward.found()] == order


async def test_a_look_that_hangs_is_given_up_and_keeps_what_it_saw_before() -> None:
    async def hanging() -> AsyncIterator[Check]:
        yield Check(Topic.KEYS, State.OK, "2 keys")
        await asyncio.Event().wait()

    first, second = await bounded(Topic.KEYS, hanging(), 0.01)
    assert first.seen == "2 keys" and (second.state, second.seen) == (State.FAIL, "nothing was seen (TimeoutError)")


def test_a_look_lasts_longer_than_a_token_may_take_and_shorter_than_somebody_waits() -> None:
    assert tokens.PATIENCE < PATIENCE < 25


async def test_how_long_a_look_took_stands_at_the_end_of_its_line(ward: Ward) -> None:
    (line,) = [str(check) for check in await ward.found() if check.name == "channel keys"]
    assert re.fullmatch(r"ok   channel keys: 1 keys \[\d+ ms\]", line)


def fails(code: str) -> Callable[[], Awaitable[str]]:
    async def probe() -> str:
        raise Unavailable from NoToken(code)

    return probe


@pytest.mark.parametrize(
    ("code", "cure"),
    [
        ("AADSTS700213", "principal id, not its client id"),
        ("AADSTS700016", "MICROSOFT_APP_ID and MICROSOFT_APP_TENANT_ID"),
        ("AADSTS7000222", "has expired"),
        ("AADSTS90009", "MICROSOFT_APP_ID/access_as_user, without api://"),
        ("AADSTS999999", "add a federated credential"),
        ("status 503", "add a federated credential"),
    ],
)
async def test_entras_code_says_which_link_is_broken(ward: Ward, code: str, cure: str) -> None:
    ward.probes["bot_token"] = fails(code)
    line = (await ward.seen())["bot token"]
    assert line.startswith(f"FAIL none ({code}). Cure: ") and cure in line


async def test_without_the_bots_token_the_connection_is_not_seen(ward: Ward) -> None:
    ward.probes["bot_token"] = no_token
    line = (await ward.seen())["sign-in connection"]
    assert line == "FAIL nothing was seen (Unavailable). Cure: first cure the token"


async def test_a_machine_without_an_identity_is_found_before_the_exchange(ward: Ward) -> None:
    ward.probes["identity_token"] = no_token
    assert "assign the managed identity" in (await ward.seen())["identity endpoint"]


@pytest.mark.parametrize("way", ["managed-identity", "secret"])
async def test_where_no_assertion_is_needed_none_is_asked_for(ward: Ward, way: str) -> None:
    ward.environ["BOT_CREDENTIAL"] = way
    ward.environ |= {"MICROSOFT_APP_PASSWORD": "x"} if way == "secret" else {}
    assert "identity endpoint" not in await ward.seen()


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"azp": "another"}, "another app's"),
        ({"azp": None, "appid": "another"}, "another app's"),
        ({"tid": "x"}, "tenant"),
    ],
)
async def test_a_token_of_somebody_else_fails(ward: Ward, claims: dict[str, Any], words: str) -> None:
    ward.probes["bot_token"] = ward.app_token(**claims)
    line = (await ward.seen())["bot token"]
    assert line.startswith("FAIL") and words in line


@pytest.mark.parametrize("fault", [status(400), garbage(), status(200, {"issuer": "https://login.example/other/v2.0"})])
async def test_a_tenant_that_entra_does_not_know_fails(ward: Ward, fault: Any) -> None:
    ward.login.faults.add(fault, of="discovery")
    line = (await ward.seen())["tenant"]
    assert line.startswith("FAIL") and "MICROSOFT_APP_TENANT_ID" in line


async def test_a_channel_of_another_cloud_fails(ward: Ward) -> None:
    ward.environ["TOKEN_ISSUER"] = "https://api.botframework.us"
    assert (await ward.seen())["channel issuer"].startswith("FAIL the channel's metadata names another")


async def test_a_connection_of_another_name_fails_with_the_cure(ward: Ward) -> None:
    ward.environ["OAUTH_CONNECTION_NAME"] = "ssso"
    found = await ward.seen()
    assert found["sign-in connection"].startswith(
        "FAIL 1 connections, none of them OAUTH_CONNECTION_NAME. Cure: make it"
    )
    assert "silent sign-in" not in found


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (status(200, []), "0 connections"),
        (status(404), "0 connections"),
        (status(403), "does not know this bot"),
        (status(500), "status 500"),
        (garbage(), "status 200"),
        (drop, "nothing was seen"),
    ],
)
async def test_a_token_service_that_knows_no_connection_fails(ward: Ward, fault: Any, words: str) -> None:
    ward.users.faults.add(fault, of="status", times=None)
    line = (await ward.seen())["sign-in connection"]
    assert line.startswith("FAIL") and words in line


def exchanges(uri: str | None) -> Any:
    return status(200, {"signInLink": "https://x", "tokenExchangeResource": {"id": "1", "uri": uri}})


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (status(400), "FAIL no sign-in link (status 400)"),
        (garbage(), "warn not possible"),
        (exchanges(None), "warn not possible"),
        (exchanges("api://botid-another"), "FAIL its Token Exchange URL is another app's"),
    ],
)
async def test_a_connection_that_cannot_sign_in_silently_is_found(ward: Ward, fault: Any, words: str) -> None:
    ward.users.faults.add(fault, of="resource")
    assert (await ward.seen())["silent sign-in"].startswith(words)


async def test_a_role_that_only_a_persons_token_can_show_is_a_warning(ward: Ward) -> None:
    ward.environ["USER_ROLE"] = "user"
    line = (await ward.seen())["setting USER_ROLE"]
    assert line.startswith("warn") and f"must be {APP}/access_as_user" in line and "api://" not in line


@pytest.mark.parametrize(
    ("way", "proof"),
    [
        ("federated", "at the identity endpoint"),
        ("secret", "at the bot token"),
        ("managed-identity", "cannot exchange"),
    ],
)
async def test_of_acting_as_a_person_it_is_said_what_was_not_looked_at(ward: Ward, way: str, proof: str) -> None:
    ward.environ |= {"BOT_CREDENTIAL": way} | ({"MICROSOFT_APP_PASSWORD": "x"} if way == "secret" else {})
    line = (await ward.seen())["sign-in tokens"]
    assert line.startswith("warn no person's was looked at") and "exchange for Graph's" in line and proof in line


async def test_what_shows_a_persons_token_is_a_question_about_a_place_by_name(ward: Ward) -> None:
    line = (await ward.seen())["sign-in tokens"]
    assert "`summarise #" in line and "`about`" not in line and Event.EXCHANGE_FAILED in line


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"roles": ["ChannelMessage.Read.All"]}, "warn 1 permissions for the whole tenant (ChannelMessage.Read.All)"),
        ({"roles": ["a b"]}, "warn 1 permissions for the whole tenant ()"),
        ({"wids": ["62e90394-69f5-4237-9190-012177145e10"]}, "warn the app holds a directory role"),
        ({"wids": ["0997a1d0-0d1d-4acb-b408-d5ca73121e90"]}, "ok   none for the whole tenant"),
        ({"roles": "ChannelMessage.Read.All"}, "ok   none"),
    ],
)
async def test_what_the_app_may_do_in_the_whole_tenant_is_said(ward: Ward, claims: dict[str, Any], words: str) -> None:
    ward.probes["graph_token"] = ward.app_token(**claims)
    assert (await ward.seen())["graph grants"].startswith(words)


async def test_a_graph_token_that_cannot_be_read_is_a_warning(ward: Ward) -> None:
    ward.probes["graph_token"] = token
    assert (await ward.seen())["graph grants"].startswith("warn the token cannot be read")


@pytest.fixture
async def federated(ward: Ward, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ward]:
    """A ward whose tokens really come from the identity endpoint and from Entra, as app.py puts them together."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", ward.login.identity)
    monkeypatch.setenv("IDENTITY_HEADER", ward.login.header)
    ward.environ["MANAGED_IDENTITY_CLIENT_ID"] = IDENTITY
    async with AsyncExitStack() as stack:
        bot, machine = sources(ward.settings(), clock, 2)
        for source in (bot, machine):
            stack.push_async_callback(source.close)
        ward.probes |= {
            "bot_token": partial(bot.token, BOT_SCOPE),
            "graph_token": partial(bot.token, "https://graph.microsoft.com/.default"),
            "model_token": partial(machine.token, "https://cognitiveservices.azure.com/.default"),
            "identity_token": partial(machine.token, EXCHANGE_SCOPE),
        }
        yield ward


async def test_the_whole_chain_of_a_federated_bot_is_gone_along(federated: Ward) -> None:
    found = await federated.seen()
    assert [name for name, line in found.items() if not line.startswith("ok ")] == UNTOLD


async def test_an_identity_endpoint_that_is_down_is_told_apart_from_the_exchange(federated: Ward) -> None:
    federated.login.faults.add(status(400), of="identity", times=None)
    found = await federated.seen()
    assert found["identity endpoint"].startswith("FAIL none (")
    assert found["bot token"].startswith("FAIL none (")


async def test_file_hosts_of_every_company_are_worth_a_word(ward: Ward) -> None:
    ward.environ["FILE_HOSTS"] = ""
    assert (await ward.seen())["file hosts"].startswith(
        "warn *.sharepoint.com is every company's. Cure: set FILE_HOSTS"
    )


async def test_files_that_cannot_be_read_safely_are_no_fault_but_a_word(ward: Ward) -> None:
    async def unfenced() -> bool:
        return False

    ward.probes["fenced"] = unfenced
    assert (await ward.seen())["files"].startswith("warn are not read")


async def test_an_exchange_that_entra_refuses_is_told_by_its_code(federated: Ward) -> None:
    said = {
        "error": "invalid_client",
        "error_description": "AADSTS700213: No matching federated identity record found.",
    }
    federated.login.faults.add(status(401, said), of="token", times=None)
    found = await federated.seen()
    assert found["identity endpoint"].startswith("ok ")
    assert found["bot token"].startswith("FAIL none (AADSTS700213). Cure: the federated credential's subject")


async def test_no_line_shows_anything_of_a_token(ward: Ward) -> None:
    canary = await ward.app_token(name="canary", roles=["canary canary"])()

    async def probe() -> str:
        return canary

    ward.probes |= dict.fromkeys(("bot_token", "graph_token", "model_token", "identity_token"), probe)
    said = " ".join((await ward.seen()).values())
    assert "canary" not in said and canary not in said
