"""The whole world: its doubles trust each other's tokens, and its settings point at them."""

from collections.abc import AsyncIterator

import jwt
import orjson
import pytest
from aiohttp import web

from bot.settings import read
from tests.contracts.wire import Wire
from tests.world import activities
from tests.world.door import Call, Door, Route, bearer, reply
from tests.world.people import ADA, APP, BOT, CHANNEL, GROUP, THREAD, personal
from tests.world.world import CONNECTOR, MODELS, World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with World() as found:
        yield found


async def test_its_environment_is_fit_to_start_with(world: World) -> None:
    settings = read(world.environ(DATABASE_URL="postgresql://bot:pw@127.0.0.1/parley"), local=False)
    assert (settings.microsoft_app_id, settings.graph_url) == (APP, world.graph.url)
    assert settings.service_origins == {world.teams.url}


async def test_a_setting_can_be_changed_or_taken_out(world: World) -> None:
    found = world.environ(PORT="4000", ALLOWED_TENANTS=None)
    assert (found["PORT"], "ALLOWED_TENANTS" in found) == ("4000", False)


async def test_teams_trusts_only_tokens_for_the_connector(world: World) -> None:
    chat = personal(ADA).conversation
    async with (
        Wire(world.teams.url, world.login.token(CONNECTOR)) as bot,
        Wire(world.teams.url, world.login.token(MODELS)) as other,
    ):
        assert (await bot.say(chat, "Hello"))[0] == 201
        assert (await other.say(chat, "Hello"))[0] == 401


async def test_a_signed_in_persons_token_reads_graph(world: World) -> None:
    token = world.sign_in(ADA)
    world.graph.post(GROUP.conversation, ADA, "Hello")
    async with Wire(world.graph.url, token) as bot:
        assert (await bot.get(f"/v1.0/chats/{GROUP.conversation}/messages"))[0] == 200


async def test_roles_stand_in_the_tokens_for_the_bot_itself(world: World) -> None:
    claims = jwt.decode(world.sso_token(ADA), options={"verify_signature": False})
    assert (claims["aud"], claims["roles"]) == (APP, ["admin"])


async def test_what_is_posted_reaches_the_bot_signed_and_from_this_world(world: World) -> None:
    seen: list[Call] = []

    async def listen(call: Call) -> web.StreamResponse:
        seen.append(call)
        return reply(status=202)

    async with Door([Route("in", "POST", "/api/messages", listen)]) as bot:
        world.bot = bot.url
        assert await world.post(activities.message(personal(ADA), ADA, "Hello")) == (202, b"")
    claims = jwt.decode(bearer(seen[0].request), options={"verify_signature": False})
    assert claims["serviceurl"] == seen[0].json["serviceUrl"] == world.service


async def test_a_message_in_a_channel_mentions_the_bot_as_teams_does() -> None:
    found = activities.message(THREAD, ADA, "summarise")
    assert found["text"] == "<at>Parley</at> summarise"
    assert found["entities"][0]["mentioned"]["id"] == BOT
    assert found["channelData"]["team"]["aadGroupId"] == CHANNEL.team
    assert found["conversation"]["id"] == THREAD.conversation


async def test_every_activity_has_an_id_of_its_own() -> None:
    first, second = (activities.message(personal(ADA), ADA, "Hello") for _ in range(2))
    assert first["id"] != second["id"]


async def test_a_new_post_in_a_channel_carries_its_own_thread() -> None:
    found = activities.root(CHANNEL, ADA, "Hello")
    assert found["conversation"]["id"].endswith(f";messageid={found['id']}")


async def test_an_edit_keeps_the_id_of_the_message() -> None:
    original = activities.message(personal(ADA), ADA, "Hello")
    found = activities.edited(original, "Good morning")
    assert (found["id"], found["type"], found["channelData"]["eventType"]) == (
        original["id"],
        "messageUpdate",
        "editMessage",
    )


async def test_feedback_is_json_in_a_string() -> None:
    found = activities.feedback(personal(ADA), ADA, "5", "dislike", 'not "right"')
    assert orjson.loads(found["value"]["actionValue"]["feedback"]) == {"feedbackText": 'not "right"'}


async def test_joining_names_the_bot() -> None:
    assert activities.added(personal(ADA), ADA)["membersAdded"] == [{"id": BOT}]
