"""The front door of a real process: what comes in, what is refused, and what happens when the database is away."""

import json
import re
import tempfile
from pathlib import Path

import pytest

from bot.store.embedded import Cluster, start, stop
from tests.scenarios.stage import Stage, alone
from tests.world.activities import Activity, message
from tests.world.bots import BotProcess, url
from tests.world.people import ADA, OTHER_TENANT
from tests.world.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

CANARY = "CANARY-7f3a"


def foreign() -> Activity:
    """A message from another tenant."""
    found = message(alone(), ADA, "let me in")
    elsewhere = {"tenant": {"id": OTHER_TENANT}}
    return {**found, "conversation": {**found["conversation"], "tenantId": OTHER_TENANT}, "channelData": elsewhere}


async def test_a_forged_token_is_refused(stage: Stage) -> None:
    forged = stage.world.login.forged(serviceurl=stage.world.service)
    assert (await stage.world.post(message(alone(), ADA, "hello"), token=forged))[0] == 401


async def test_another_tenant_is_refused(stage: Stage) -> None:
    assert (await stage.world.post(foreign()))[0] == 403


async def test_what_is_no_json_is_refused(stage: Stage) -> None:
    assert (await stage.world.post_raw(b"hello"))[0] == 400


async def test_what_is_too_large_is_refused(stage: Stage) -> None:
    assert (await stage.world.post_raw(b" " * 300_000))[0] == 413


async def test_nothing_of_a_refused_or_answered_message_is_logged(stage: Stage) -> None:
    await stage.world.post_raw(json.dumps({"text": CANARY}).encode())
    await stage.world.post({**foreign(), "text": CANARY})
    await stage.say(alone(), f"What is {CANARY}?")
    assert not any(CANARY in line for line in stage.bot.lines)


async def test_a_database_that_is_away_refuses_and_comes_back_by_itself(world: World) -> None:
    room, usual = alone(), world.bot
    with tempfile.TemporaryDirectory(prefix="parley-away-", ignore_cleanup_errors=True) as home:
        cluster = Cluster(Path(home))
        users = start(cluster)
        address = url(cluster.conninfo)
        async with BotProcess(world.environ(DATABASE_URL=address, REQUIRE_SIGN_IN="false")) as bot:
            world.bot = bot.url
            try:
                stop(cluster, users)
                away, _ = await world.post(message(room, ADA, "are you there?"))
                users = start(cluster)
                await bot.ready()
                back, _ = await world.post(message(room, ADA, "and now?"))
                await world.teams.settled(room.conversation, timeout=15)
            finally:
                world.bot = usual
        stop(cluster, users)
    assert (away, back) == (503, 202)


async def test_an_incomplete_configuration_ends_the_start_with_the_names_of_its_faults(world: World) -> None:
    bot = BotProcess(world.environ(MICROSOFT_APP_ID=None))
    await bot.start()
    code = await bot.over()
    assert code == 2 and re.search(r"^DATABASE_URL .*\nMICROSOFT_APP_ID ", "\n".join(bot.lines), re.MULTILINE)
