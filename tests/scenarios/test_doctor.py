"""The doctor as a process of its own beside a bot that serves, and where one thing after the other is away."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.doctor import PATIENCE as LONGEST
from tests.scenarios.firm import Firm, Printed, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")
CANARY = "CANARY-77c2"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str) -> AsyncIterator[Firm]:
    async with opened(postgres, answer=CANARY) as firm:
        yield firm


async def doctor(firm: Firm, *given: str, **changes: str) -> Printed:
    """`python app.py check …` in the environment of the bots."""
    return await firm.command("check", *given, **changes)


def failed(printed: Printed) -> set[str]:
    return {row["name"] for row in printed.rows if row["state"] == "FAIL"}


async def test_a_bot_that_is_well_is_found_well_and_its_door_shut(firm: Firm) -> None:
    printed = await doctor(firm, "--json", "--public", firm.bot.url)
    found = {row["name"]: row for row in printed.rows}
    assert (printed.code, failed(printed), printed.err) == (0, set(), "")
    assert found["door"]["seen"].startswith("refuses who brings no token") and found["door"]["millis"] > 0
    assert found["database"]["seen"] == "reached, up to date" and found["database role"]["state"] == "warn"


async def test_nothing_that_a_model_says_nor_any_secret_stands_in_a_line(firm: Firm) -> None:
    printed = await doctor(firm)
    said = printed.out + printed.err
    secrets = {each.token for each in firm.world.login.issued} | {firm.environ["IDENTITY_HEADER"], CANARY}
    assert "ok   deployment" in said and not [secret for secret in secrets if secret in said]


async def test_a_database_that_is_down_fails_alone(firm: Firm) -> None:
    down = "postgresql://parley:canary@127.0.0.1:1/parley"  # pragma: allowlist secret
    printed = await doctor(firm, "--json", DATABASE_URL=down)
    assert (printed.code, failed(printed)) == (1, {"database"}) and "canary" not in printed.out


@pytest.mark.slow
async def test_where_everything_hangs_the_doctor_comes_to_an_end(firm: Firm) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        names = "GRAPH_URL USER_TOKEN_URL SERVICE_ORIGINS OPENID_METADATA_URL"
        hanging = dict.fromkeys((*names.split(), "AZURE_OPENAI_ENDPOINTS"), url)
        database = f"postgresql://parley:x@{url.removeprefix('http://')}/parley"
        printed = await doctor(firm, "--json", "--public", url, **hanging, DATABASE_URL=database)
    assert printed.code == 1 and {"database", "channel keys", "sign-in connection", "graph", "door"} <= failed(printed)
    assert {row["state"] for row in printed.rows if row["name"].startswith(("model 127", "deployment"))} == {"FAIL"}
    assert max(row["millis"] for row in printed.rows) < 1.2 * LONGEST * 1000


async def test_an_unfit_environment_is_told_as_checks_too(firm: Firm) -> None:
    printed = await doctor(firm, "--json", MICROSOFT_APP_ID="canary")
    assert printed.code == 2 and [row["name"] for row in printed.rows] == ["setting MICROSOFT_APP_ID"]
    assert json.loads(printed.out)["state"] == "FAIL" and "canary" not in printed.out


async def test_help_says_what_there_is_to_say(firm: Firm) -> None:
    printed = await doctor(firm, "--help")
    assert printed.code == 0 and "--no-model-calls" in printed.out
