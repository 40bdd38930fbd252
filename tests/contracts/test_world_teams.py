"""The connector double: what stands in a conversation, what is refused, and what can go wrong (facts S2, S3, S7)."""

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.contracts.wire import Wire, error
from tests.world.faults import Hang, accepted, drop, garbage, moved, refused, status, throttled
from tests.world.pace import Pace
from tests.world.people import ADA, BRUNO, CHANNEL, EMRE, GROUP, ROOT, TEAM, TEAM_THREAD, THREAD, personal
from tests.world.teams import TeamsDouble

CHAT = personal(ADA).conversation
LABEL = {"type": "https://schema.org/Message", "@type": "Message", "@context": "https://schema.org", "@id": ""}


@pytest.fixture
async def teams() -> AsyncIterator[TeamsDouble]:
    async with TeamsDouble() as double:
        yield double


@pytest.fixture
async def bot(teams: TeamsDouble) -> AsyncIterator[Wire]:
    async with Wire(teams.url) as wire:
        yield wire


def cited(count: int = 1, body: str = "", **look: Any) -> dict[str, Any]:
    """A message with that many citations, each of which stands in its text."""
    about = {"@type": "DigitalDocument", "name": "A message", "abstract": "…", **look}
    claims = [{"@type": "Claim", "position": n, "appearance": about} for n in range(1, count + 1)]
    marks = body or "".join(f"[{n}]" for n in range(1, count + 1))
    label = {**LABEL, "additionalType": ["AIGeneratedContent"], "citation": claims}
    return {"type": "message", "text": marks, "entities": [label]}


async def test_a_message_stands_in_its_chat(teams: TeamsDouble, bot: Wire) -> None:
    code, body = await bot.say(CHAT, "Hello")
    assert code == 201
    assert [(one.id, one.text) for one in await teams.settled(CHAT)] == [(body["id"], "Hello")]


async def test_chats_are_kept_apart(teams: TeamsDouble, bot: Wire) -> None:
    await bot.say(CHAT, "for Ada")
    await bot.say(personal(BRUNO).conversation, "for Bruno")
    assert teams.chat(CHAT).texts == ["for Ada"]


async def test_a_reply_lands_in_the_conversation(teams: TeamsDouble, bot: Wire) -> None:
    path = f"/v3/conversations/{CHAT}/activities/1700000000000"
    assert (await bot.call("POST", path, {"type": "message", "text": "Hello"}))[0] == 201
    assert teams.chat(CHAT).texts == ["Hello"]


async def test_a_message_to_a_thread_stands_in_that_thread(teams: TeamsDouble, bot: Wire) -> None:
    await bot.say(THREAD.conversation, "in the thread")
    await bot.say(CHANNEL.at("5").conversation, "elsewhere")
    assert [(one.thread, one.text) for one in teams.chat(THREAD.conversation)] == [(ROOT, "in the thread")]
    assert teams.chat(CHANNEL.conversation).texts == ["in the thread", "elsewhere"]


async def test_a_message_to_the_channel_itself_begins_a_thread(teams: TeamsDouble, bot: Wire) -> None:
    _, body = await bot.say(CHANNEL.conversation, "a new post")
    assert teams.chat(CHANNEL.at(body["id"]).conversation).texts == ["a new post"]


async def test_an_update_replaces_the_message_and_remembers_what_it_was(teams: TeamsDouble, bot: Wire) -> None:
    _, body = await bot.say(CHAT, "Working on it…")
    assert await bot.update(CHAT, body["id"], "Done") == (200, {"id": body["id"]})
    assert [(one.text, one.edits) for one in teams.chat(CHAT)] == [("Done", ("Working on it…",))]


async def test_an_update_of_something_unknown_is_not_found(bot: Wire) -> None:
    code, body = await bot.update(CHAT, "77", "Done")
    assert (code, error(body)) == (404, "ActivityNotFoundInConversation")


async def test_a_deleted_message_is_gone_for_good(teams: TeamsDouble, bot: Wire) -> None:
    _, body = await bot.say(CHAT, "Oops")
    assert (await bot.delete(CHAT, body["id"]))[0] == 200
    assert teams.chat(CHAT).messages == []
    assert (await bot.update(CHAT, body["id"], "back"))[0] == 404


async def test_typing_is_seen_and_leaves_no_message(teams: TeamsDouble, bot: Wire) -> None:
    await bot.say(CHAT, {"type": "typing"})
    assert teams.typing == {CHAT: 1}
    assert teams.chat(CHAT).messages == []


async def test_text_with_an_attachment_becomes_two_messages_without_an_id(teams: TeamsDouble, bot: Wire) -> None:
    card = {"contentType": "application/vnd.microsoft.card.adaptive", "content": {"type": "AdaptiveCard"}}
    assert await bot.say(CHAT, {"type": "message", "text": "Look", "attachments": [card]}) == (201, {})
    assert [(one.text, len(one.cards)) for one in teams.chat(CHAT)] == [("Look", 0), ("", 1)]


async def test_nobody_speaks_without_a_token(teams: TeamsDouble) -> None:
    async with Wire(teams.url, token="") as stranger:
        assert (await stranger.say(CHAT, "Hello"))[0] == 401


async def test_a_token_that_is_not_good_is_refused() -> None:
    async with TeamsDouble(token="good".__eq__) as teams, Wire(teams.url, token="bad") as stranger:
        assert (await stranger.say(CHAT, "Hello"))[0] == 401


async def test_what_is_not_json_is_refused(bot: Wire) -> None:
    assert (await bot.call("POST", f"/v3/conversations/{CHAT}/activities", b"{"))[0] == 400


async def test_size_is_counted_in_utf16(bot: Wire) -> None:
    assert (await bot.say(CHAT, "x" * 51_000))[0] == 201
    code, body = await bot.say(CHAT, "x" * 52_000)
    assert (code, error(body)) == (413, "MessageSizeTooBig")


async def test_twenty_citations_are_taken(teams: TeamsDouble, bot: Wire) -> None:
    assert (await bot.say(CHAT, cited(20)))[0] == 201
    assert (teams.chat(CHAT).last.ai, len(teams.chat(CHAT).last.citations)) == (True, 20)


@pytest.mark.parametrize(
    "activity",
    [
        cited(21),
        cited(1, body="no mark"),
        cited(1, name=""),
        cited(1, name="x" * 81),
        cited(1, abstract="x" * 161),
        cited(1, keywords=["a", "b", "c", "d"]),
        cited(1, image={"name": "Paint"}),
        cited(1, encodingFormat="application/vnd.microsoft.card.adaptive"),
        cited(1, text="{}"),
        cited(1, text="no card", encodingFormat="application/vnd.microsoft.card.adaptive"),
        {
            **cited(1, usageInfo={"@id": "one"}),
            "entities": [{**cited(1, usageInfo={"@id": "one"})["entities"][0], "usageInfo": {"@id": "other"}}],
        },
        {"type": "message", "text": "two roots", "entities": [LABEL, LABEL]},
        {"type": "message", "text": "no type", "entities": [{"type": LABEL["type"]}]},
        {"type": "message", "text": "x", "channelData": {"feedbackLoop": {"type": "other"}}},
        {
            "type": "message",
            "text": "x",
            "channelData": {"feedbackLoop": {"type": "default"}, "feedbackLoopEnabled": True},
        },
    ],
)
async def test_labels_that_teams_refuses_are_refused(bot: Wire, activity: dict[str, Any]) -> None:
    code, body = await bot.say(CHAT, activity)
    assert (code, error(body)) == (400, "BadArgument")


async def test_feedback_is_seen(teams: TeamsDouble, bot: Wire) -> None:
    await bot.say(CHAT, {"type": "message", "text": "x", "channelData": {"feedbackLoop": {"type": "default"}}})
    assert teams.chat(CHAT).last.feedback


async def test_a_conversation_can_be_closed_to_the_bot(teams: TeamsDouble, bot: Wire) -> None:
    teams.close(THREAD.conversation)
    code, body = await bot.say(THREAD.conversation, "Hello")
    assert (code, error(body)) == (403, "BotNotInConversationRoster")
    assert (await bot.say(CHAT, "Hello"))[0] == 201


async def test_members_are_listed(bot: Wire) -> None:
    _, members = await bot.get(f"/v3/conversations/{GROUP.conversation}/members")
    assert [one["objectId"] for one in members] == [one.id for one in GROUP.members]


async def test_members_come_in_pages(bot: Wire) -> None:
    path = f"/v3/conversations/{THREAD.conversation}/pagedmembers?pageSize=4"
    _, first = await bot.get(path)
    _, second = await bot.get(f"{path}&continuationToken={first['continuationToken']}")
    assert (len(first["members"]), len(second["members"]), "continuationToken" in second) == (4, 2, False)


async def test_a_member_is_found_by_either_id(bot: Wire) -> None:
    path = f"/v3/conversations/{GROUP.conversation}/members"
    assert await bot.get(f"{path}/{ADA.teams}") == await bot.get(f"{path}/{ADA.id}")


async def test_somebody_who_is_not_a_member_is_not_found(teams: TeamsDouble, bot: Wire) -> None:
    path = f"/v3/conversations/{GROUP.conversation}/members"
    assert (await bot.get(f"{path}/{EMRE.id}"))[0] == 404
    teams.roster.leave(GROUP.conversation, ADA)
    assert (await bot.get(f"{path}/{ADA.id}"))[0] == 404


async def test_the_team_and_its_channels_are_known(bot: Wire) -> None:
    _, team = await bot.get(f"/v3/teams/{TEAM_THREAD}")
    _, channels = await bot.get(f"/v3/teams/{TEAM_THREAD}/conversations")
    assert team["aadGroupId"] == TEAM
    assert [one["id"] for one in channels["conversations"]] == [TEAM_THREAD, CHANNEL.conversation]


async def test_a_personal_chat_is_created_once(teams: TeamsDouble, bot: Wire) -> None:
    wish = {"members": [{"id": ADA.teams}], "isGroup": False, "activity": {"type": "message", "text": "Good morning"}}
    _, body = await bot.call("POST", "/v3/conversations", wish)
    assert body["id"] == CHAT
    assert teams.chat(CHAT).texts == ["Good morning"]


async def test_a_thread_is_created_in_a_channel(teams: TeamsDouble, bot: Wire) -> None:
    data = {"channel": {"id": CHANNEL.conversation}}
    _, body = await bot.call(
        "POST",
        "/v3/conversations",
        {"isGroup": True, "channelData": data, "activity": {"type": "message", "text": "News"}},
    )
    assert body["id"] == f"{CHANNEL.conversation};messageid={body['activityId']}"
    assert teams.chat(body["id"]).texts == ["News"]


@pytest.mark.parametrize("retry", [None, 2])
async def test_throttling_ends_by_itself(teams: TeamsDouble, bot: Wire, retry: int | None) -> None:
    teams.faults.add(throttled(retry), of="send", times=2)
    codes = [(await bot.say(CHAT, "Hello"))[0] for _ in range(3)]
    assert codes == [429, 429, 201]
    assert teams.chat(CHAT).texts == ["Hello"]


async def test_a_message_may_be_accepted_and_reported_lost(teams: TeamsDouble, bot: Wire) -> None:
    teams.faults.add(accepted(status(502)), of="send")
    assert (await bot.say(CHAT, "Hello"))[0] == 502
    assert teams.chat(CHAT).texts == ["Hello"]


async def test_a_connection_may_break(teams: TeamsDouble, bot: Wire) -> None:
    teams.faults.add(drop)
    with pytest.raises(aiohttp.ClientError):
        await bot.say(CHAT, "Hello")
    assert teams.chat(CHAT).messages == []


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (status(412), 412),
        (status(503), 503),
        (moved("http://elsewhere.invalid/"), 302),
        (garbage(), 200),
        (refused(403, "BotDisabledByAdmin"), 403),
    ],
)
async def test_a_fault_has_no_effect(teams: TeamsDouble, bot: Wire, fault: Any, code: int) -> None:
    teams.faults.add(fault)
    assert (await bot.say(CHAT, "Hello"))[0] == code
    assert teams.chat(CHAT).messages == []


async def test_a_hanging_request_goes_on_when_released(teams: TeamsDouble, bot: Wire) -> None:
    hang = teams.faults.add(Hang(), of="send")
    waiting = asyncio.create_task(bot.say(CHAT, "Hello"))
    await asyncio.wait_for(hang.reached.wait(), 5)
    assert teams.chat(CHAT).messages == []
    hang.release()
    assert (await waiting)[0] == 201


async def test_the_limits_of_teams_are_kept_on_demand() -> None:
    async with TeamsDouble(pace=Pace(), clock=lambda: 0.0) as teams, Wire(teams.url) as bot:
        codes = [(await bot.say(CHAT, "quick"))[0] for _ in range(8)]
    assert codes == [201] * 7 + [429]


async def test_waiting_in_vain_tells_what_stands_there(teams: TeamsDouble, bot: Wire) -> None:
    await bot.say(CHAT, "Only this")
    with pytest.raises(AssertionError, match="Only this"):
        await teams.settled(CHAT, count=2, timeout=0.05)


async def test_the_double_runs_as_a_process_of_its_own() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.world.teams", "--keep", "1", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        url = (await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip()
        async with Wire(url) as bot:
            for text in ("one", "two"):
                await bot.say(CHAT, text)
            assert (await bot.get("/seen"))[1] == {"messages": 2}
            assert [one["text"] for one in (await bot.get(f"/seen/{CHAT}?count=1"))[1]] == ["two"]
    finally:
        process.terminate()
        await process.wait()
