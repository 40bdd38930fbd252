"""What the Teams double knows of messages for one person, of one-to-one chats, and of guests."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.contracts.wire import Wire, error
from tests.world.people import ADA, BRUNO, CHANNEL, EMRE, GROUP, GUEST, OTHER_TENANT, TENANT, THREAD, personal
from tests.world.teams import TeamsDouble

HERE = THREAD.conversation
FOR_ADA = {"id": ADA.teams}


@pytest.fixture
async def teams() -> AsyncIterator[TeamsDouble]:
    async with TeamsDouble() as teams:
        yield teams


@pytest.fixture
async def bot(teams: TeamsDouble) -> AsyncIterator[Wire]:
    async with Wire(teams.url) as bot:
        yield bot


async def targeted(bot: Wire, method: str, conversation: str, text: str, id: str = "", **more: Any) -> tuple[int, Any]:
    path = f"/v3/conversations/{conversation}/activities{'/' if id else ''}{id}?isTargetedActivity=true"
    return await bot.call(method, path, {"type": "message", "text": text, **more})


async def whispered(bot: Wire) -> str:
    """The id of a message that Ada alone sees."""
    _, body = await targeted(bot, "POST", HERE, "for you", recipient=FOR_ADA)
    return str(body["id"])


@pytest.mark.parametrize("id", ["", "1700000000000"])
async def test_a_targeted_message_is_seen_by_one_member(teams: TeamsDouble, bot: Wire, id: str) -> None:
    assert (await targeted(bot, "POST", HERE, "for you", id, recipient=FOR_ADA))[0] == 201
    await teams.settled(HERE)
    assert teams.seen_by(ADA, HERE) == ["for you"]
    assert teams.seen_by(BRUNO, HERE) == []
    assert teams.chat(HERE).public == []


async def test_everybody_sees_what_is_not_targeted(teams: TeamsDouble, bot: Wire) -> None:
    await bot.say(GROUP.conversation, {"type": "message", "text": "for all", "recipient": FOR_ADA})
    assert teams.seen_by(ADA, GROUP.conversation) == teams.seen_by(BRUNO, GROUP.conversation) == ["for all"]


async def test_who_does_not_belong_there_sees_nothing(teams: TeamsDouble, bot: Wire) -> None:
    await bot.say(GROUP.conversation, "for all")
    assert teams.seen_by(EMRE, GROUP.conversation) == []


async def test_a_targeted_message_needs_a_member_to_see_it(teams: TeamsDouble, bot: Wire) -> None:
    for whom in (None, {"id": GUEST.teams}):
        code, body = await targeted(bot, "POST", HERE, "for whom", recipient=whom)
        assert (code, error(body)) == (400, "BadArgument")


async def test_one_to_one_there_are_no_targeted_messages(bot: Wire) -> None:
    assert (await targeted(bot, "POST", personal(ADA).conversation, "for you", recipient=FOR_ADA))[0] == 400


async def test_a_tenant_may_forbid_them(teams: TeamsDouble, bot: Wire) -> None:
    teams.allow_targeted = False
    code, body = await targeted(bot, "POST", HERE, "for you", recipient=FOR_ADA)
    assert (code, error(body)) == (400, "BadArgument")
    assert teams.chat(HERE).messages == []


async def test_a_targeted_message_is_written_over_without_a_recipient(teams: TeamsDouble, bot: Wire) -> None:
    id = await whispered(bot)
    assert (await targeted(bot, "PUT", HERE, "changed", id, recipient=FOR_ADA))[0] == 400
    assert (await targeted(bot, "PUT", HERE, "changed", id))[0] == 200
    assert (teams.seen_by(ADA, HERE), teams.seen_by(BRUNO, HERE)) == (["changed"], [])


async def test_it_is_not_found_by_a_call_that_is_for_everybody(bot: Wire) -> None:
    id = await whispered(bot)
    assert error((await bot.update(HERE, id, "changed"))[1]) == "ActivityNotFoundInConversation"
    assert (await bot.delete(HERE, id))[0] == 404


async def test_what_everybody_sees_is_no_targeted_message(bot: Wire) -> None:
    _, body = await bot.say(HERE, "for all")
    code, found = await targeted(bot, "PUT", HERE, "changed", body["id"])
    assert (code, error(found)) == (400, "INVALID_TARGETED_MESSAGE_ID")


async def test_after_a_day_it_is_gone(teams: TeamsDouble, bot: Wire) -> None:
    id = await whispered(bot)
    await bot.say(HERE, "for all")
    teams.expire(HERE)
    code, body = await targeted(bot, "PUT", HERE, "changed", id)
    assert (code, error(body)) == (404, "TARGETED_MESSAGE_EXPIRED_OR_DELETED")
    assert teams.seen_by(ADA, HERE) == ["for all"]


async def test_one_that_never_was_is_not_found(bot: Wire) -> None:
    code, body = await targeted(bot, "PUT", HERE, "changed", "17")
    assert (code, error(body)) == (404, "ActivityNotFoundInConversation")


async def test_a_deleted_one_is_gone_too(teams: TeamsDouble, bot: Wire) -> None:
    id = await whispered(bot)
    assert (await targeted(bot, "DELETE", HERE, "", id))[0] == 200
    assert teams.seen_by(ADA, HERE) == []
    assert (await targeted(bot, "PUT", HERE, "changed", id))[0] == 404


async def test_who_has_not_added_the_bot_has_no_chat_with_it(teams: TeamsDouble, bot: Wire) -> None:
    teams.uninstall(ADA)
    codes = [(await bot.call("POST", "/v3/conversations", {"members": [{"id": one.teams}]}))[0] for one in (ADA, BRUNO)]
    assert codes == [403, 201]
    assert (await bot.say(personal(ADA).conversation, "Good morning"))[0] == 403


@pytest.mark.parametrize(("role", "known"), [("user", True), ("guest", True), ("anonymous", False)])
async def test_a_roster_tells_roles_and_tenants(teams: TeamsDouble, bot: Wire, role: str, known: bool) -> None:
    teams.roster.admit(CHANNEL.conversation, GUEST, role)
    _, page = await bot.get(f"/v3/conversations/{CHANNEL.conversation}/pagedmembers")
    found = page["members"][-1]
    assert (found["id"], found["userRole"], found["tenantId"]) == (GUEST.teams, role, OTHER_TENANT)
    assert ("aadObjectId" in found) == known
    assert {one["tenantId"] for one in page["members"][:-1]} == {TENANT}


async def test_a_bot_that_is_no_member_learns_of_nobody(teams: TeamsDouble, bot: Wire) -> None:
    teams.close(GROUP.conversation)
    for path in ("members", f"members/{ADA.teams}", "pagedmembers"):
        code, body = await bot.get(f"/v3/conversations/{GROUP.conversation}/{path}")
        assert (code, error(body)) == (403, "BotNotInConversationRoster")
