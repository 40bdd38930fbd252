from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.doctor import Check, Probes, checks, examine, unfit
from bot.settings import Settings, Unfit, read
from dialogs.errors import Unavailable
from tests.world.faults import drop, garbage, moved, status
from tests.world.graph import GraphDouble
from tests.world.login import LoginDouble
from tests.world.openai import ModelDouble
from tests.world.people import APP, TENANT


async def nothing_missing() -> tuple[str, ...]:
    return ()


async def token() -> str:
    return "a-token"


async def no_token() -> str:
    raise Unavailable


async def here(host: str) -> frozenset[str]:
    return frozenset({"127.0.0.1"})


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Ward:
    """Settings that lead to doubles, and probes that can be swapped for failing ones."""

    login: LoginDouble
    model: ModelDouble
    graph: GraphDouble
    session: aiohttp.ClientSession
    probes: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)

    def settings(self) -> Settings:
        addresses = {
            "DATABASE_URL": "postgresql://parley@localhost/parley",
            "MICROSOFT_APP_ID": APP,
            "MICROSOFT_APP_TENANT_ID": TENANT,
            "AZURE_OPENAI_ENDPOINTS": self.model.url,
            "AZURE_OPENAI_DEPLOYMENTS": "gpt-5.4-mini",
            "SERVICE_ORIGINS": self.login.url,
            "OPENID_METADATA_URL": self.login.metadata,
            "USER_TOKEN_URL": self.login.url,
            "LOGIN_URL": self.login.url,
            "GRAPH_URL": self.graph.url,
        }
        return read({**addresses, **self.environ}, local=False)

    async def seen(self, settings: Settings | None = None) -> dict[str, str]:
        """The last line about each thing, without its name."""
        found = {"now": clock, "resolve": here, "missing": nothing_missing} | self.probes
        tokens = {"bot_token": token, "graph_token": token, "model_token": token}
        probes = Probes(session=self.session, **{**tokens, **found})
        lines = [check async for check in checks(settings or self.settings(), probes)]
        return {check.name: str(check).replace(f" {check.name}:", "") for check in lines}


@pytest.fixture
async def ward() -> AsyncIterator[Ward]:
    async with (
        LoginDouble() as login,
        ModelDouble() as model,
        GraphDouble() as graph,
        aiohttp.ClientSession() as session,
    ):
        yield Ward(login, model, graph, session)


async def test_everything_well_is_said_of_everything(ward: Ward) -> None:
    found = await ward.seen()
    assert [name for name, line in found.items() if not line.startswith("ok ")] == []
    assert set(found) == {
        "settings",
        "database",
        "channel keys",
        "clock",
        "bot token",
        "connector 127.0.0.1",
        "model token",
        "model 127.0.0.1",
        "graph token",
        "graph",
    }


async def test_local_mode_is_looked_at_as_far_as_there_is_something(ward: Ward) -> None:
    found = await ward.seen(read({}, local=True))
    assert found == {
        "settings": "ok   local mode",
        "database": "ok   reached, up to date",
        "model": "ok   the offline engine",
    }


async def test_a_database_that_is_away_fails_by_the_kind_of_its_error(ward: Ward) -> None:
    async def away() -> tuple[str, ...]:
        raise ConnectionError("password=canary")

    ward.probes["missing"] = away
    line = (await ward.seen())["database"]
    assert line == "FAIL nothing was seen (ConnectionError). Cure: look at DATABASE_URL and the server"


async def test_missing_migrations_are_a_warning(ward: Ward) -> None:
    async def two() -> tuple[str, ...]:
        return ("0001", "0002")

    ward.probes["missing"] = two
    assert (await ward.seen())["database"].startswith("warn reached, 2 of its migrations are missing")


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


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (
            status(401),
            "FAIL lets nobody in (status 401). Cure: give the identity the role Cognitive Services OpenAI User",
        ),
        (status(404), "FAIL status 404"),
        (drop, "FAIL does not answer"),
    ],
)
async def test_a_model_that_does_not_let_us_in_fails(ward: Ward, fault: Any, words: str) -> None:
    ward.model.faults.add(fault, of="models", times=None)
    assert (await ward.seen())["model 127.0.0.1"].startswith(words)


def leads_to(*addresses: str) -> Callable[[str], Awaitable[frozenset[str]]]:
    async def resolve(host: str) -> frozenset[str]:
        return frozenset(addresses)

    return resolve


@pytest.mark.parametrize(("allowed", "state"), [("false", "FAIL"), ("true", "warn")])
async def test_a_model_at_a_public_address_is_found(ward: Ward, allowed: str, state: str) -> None:
    ward.environ["ALLOW_PUBLIC_MODEL_ENDPOINT"] = allowed
    ward.probes["resolve"] = leads_to("10.0.0.4", "20.1.2.3")
    ward.model.faults.add(drop, of="models")
    lines = [line async for line in all_lines(ward) if line.name == "model 127.0.0.1"]
    assert (lines[0].state, lines[0].seen) == (state, "a public address")


async def all_lines(ward: Ward) -> AsyncIterator[Check]:
    probes = Probes(ward.session, clock, ward.probes["resolve"], nothing_missing, token, token, token)
    async for check in checks(ward.settings(), probes):
        yield check


async def test_what_is_allowed_and_still_unwise_is_a_warning(ward: Ward) -> None:
    ward.environ |= {"BOT_CREDENTIAL": "secret", "MICROSOFT_APP_PASSWORD": "x", "REQUIRE_SIGN_IN": "false"}
    found = await ward.seen()
    assert found["BOT_CREDENTIAL"].startswith("warn") and found["REQUIRE_SIGN_IN"].startswith("warn")


async def test_a_connector_that_cannot_be_reached_fails(ward: Ward) -> None:
    settings = replace(ward.settings(), service_origins=frozenset({"http://localhost:1"}))
    assert (await ward.seen(settings))["connector localhost"].startswith("FAIL")


async def test_a_graph_that_is_down_fails(ward: Ward) -> None:
    settings = ward.settings()
    async with GraphDouble() as down:
        gone = down.url
    assert (await ward.seen(replace(settings, graph_url=gone)))["graph"].startswith("FAIL nothing was seen")


def test_faults_of_an_environment_are_checks_too() -> None:
    with pytest.raises(Unfit) as refused:
        read({}, local=False)
    lines = [str(check) for check in unfit(refused.value.faults)]
    assert lines[0].startswith("FAIL DATABASE_URL: is missing. Cure: set it to postgresql://")


@pytest.mark.parametrize(("probe", "code"), [(token, 0), (no_token, 1)])
async def test_the_exit_code_tells_whether_something_failed(ward: Ward, probe: Any, code: int) -> None:
    said: list[str] = []
    probes = Probes(ward.session, clock, here, nothing_missing, probe, token, token)
    assert await examine(ward.settings(), probes, said.append) == code
    assert said[0] == "ok   settings: complete"
