"""When Graph refuses, dawdles or breaks: what was read is given, and the rest has words."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.graph.pages import ANSWER_BYTES, Budget
from dialogs.errors import Missing, Unavailable, Unreadable
from dialogs.talk import Place, PlaceKind
from tests.bot.reader import CHAT, EVERYTHING, PERSON, Reader, reading, talk, texts, thread
from tests.world.door import Answer, Call
from tests.world.faults import Hang, drop, garbage, moved, refused, status, throttled
from tests.world.graph import GraphDouble, page
from tests.world.people import ADA, CHANNEL, GROUP

PIECE = 256 * 1024


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with reading() as reader:
        yield reader


async def test_a_throttled_page_is_asked_for_again_when_graph_says(reader: Reader) -> None:
    place = talk(reader.graph, 60)
    reader.graph.faults.add(throttled(7), of="replies", when=lambda call: page(call) == 2)
    assert len(await reader.read(place)) == 61
    assert reader.waits == [7.0]


@pytest.mark.parametrize("fault", [status(500), status(503), drop, garbage()])
async def test_a_passing_failure_is_passed_over(reader: Reader, fault: Any) -> None:
    place = talk(reader.graph, 1)
    reader.graph.faults.add(fault, of="replies", times=2)
    assert texts(await reader.read(place)) == ["0", "1"]


async def test_a_lasting_failure_half_way_comes_after_what_was_read(reader: Reader) -> None:
    place = talk(reader.graph, 60)
    reader.graph.faults.add(status(502), of="replies", when=lambda call: page(call) == 2, times=None)
    read, failure = await reader.partly(place)
    assert (len(read), read[0], read[-1], type(failure)) == (51, "0", "60", Unavailable)


async def test_a_missing_permission_is_named_with_who_can_grant_it(reader: Reader) -> None:
    reader.graph.readers = {str(CHANNEL.channel): set(), GROUP.conversation: set()}
    reader.graph.faults.add(refused(403, "Forbidden"), times=None)
    _, in_channel = await reader.partly(talk(reader.graph, 1))
    _, in_chat = await reader.partly(CHAT)
    assert "ChannelMessage.Read.Group" in in_channel.words and "owner of this team" in in_channel.words
    assert "ChatMessage.Read.Chat" in in_chat.words
    assert isinstance(in_chat, Unreadable)


async def test_the_token_follows_no_redirect(reader: Reader) -> None:
    seen: list[str] = []

    def remember(token: str) -> bool:
        seen.append(token)
        return True

    async with GraphDouble(token=remember) as elsewhere:
        reader.graph.faults.add(moved(elsewhere.url), times=None)
        _, failure = await reader.partly(talk(reader.graph, 1))
    assert isinstance(failure, Unavailable)
    assert seen == []


async def test_the_token_follows_no_next_page_to_another_host(reader: Reader) -> None:
    seen: list[str] = []

    def remember(token: str) -> bool:
        seen.append(token)
        return True

    async with GraphDouble(token=remember) as elsewhere:
        body = json.dumps({"value": [], "@odata.nextLink": f"{elsewhere.url}/v1.0/chats/x/messages"})
        reader.graph.faults.add(garbage(text=body, content_type="application/json"), of="chat")
        _, failure = await reader.partly(CHAT)
    assert isinstance(failure, Unavailable)
    assert seen == []


async def test_pages_without_end_come_to_an_end(reader: Reader) -> None:
    body = json.dumps({"value": [], "@odata.nextLink": f"{reader.graph.url}/v1.0/chats/x/messages"})
    reader.graph.faults.add(garbage(text=body, content_type="application/json"), of="chat", times=None)
    _, failure = await reader.partly(CHAT)
    assert isinstance(failure, Unreadable)


@pytest.mark.parametrize(
    "place",
    [
        Place(PlaceKind.PERSONAL, "a:1"),
        Place(PlaceKind.CHANNEL, "19:x", None, "19:x", "1"),
        Place(PlaceKind.CHANNEL, "19:x", "team", None, None),
        Place(PlaceKind.CHANNEL, "19:x", "..", "19:x", "1"),
    ],
)
async def test_a_place_without_its_ids_is_unreadable(reader: Reader, place: Place) -> None:
    _, failure = await reader.partly(place)
    assert isinstance(failure, Unreadable)


async def test_a_thread_that_is_gone_is_told_from_a_team_that_is(reader: Reader) -> None:
    _, gone = await reader.partly(thread("1"))
    _, apart = await reader.partly(Place(PlaceKind.CHANNEL, "19:x", "another", "19:x", "1"))
    _, chat = await reader.partly(Place(PlaceKind.GROUP, "19:unknown@thread.v2"))
    assert "thread is gone" in gone.words and not isinstance(gone, Missing)
    assert "not in this team" in apart.words and isinstance(apart, Missing)
    assert "not in this chat" in chat.words and isinstance(chat, Missing)


async def test_graph_is_waited_for_as_often_as_it_asks_while_there_is_time(reader: Reader) -> None:
    place = talk(reader.graph, 1)
    reader.graph.faults.add(throttled(6), of="replies", times=8)
    assert texts(await reader.read(place)) == ["0", "1"]
    assert reader.waits == [6.0] * 8


async def test_a_wait_longer_than_the_budget_is_a_failure_that_says_so(reader: Reader) -> None:
    place = talk(reader.graph, 1)
    reader.graph.faults.add(throttled(3600), of="replies")
    read, failure = await reader.partly(place)
    assert (read, reader.waits, failure.retry_after) == (["0"], [], timedelta(hours=1))
    assert "older was not read" in failure.words


async def test_the_first_token_that_is_let_in_is_used_for_the_rest(reader: Reader) -> None:
    place, seen = talk(reader.graph, 120), []
    reader.tokens = ("refused", "unknown", "good", "never")

    def wrong(call: Any) -> bool:
        seen.append(call.request.headers["Authorization"].removeprefix("Bearer "))
        return seen[-1] in ("refused", "unknown")

    reader.graph.faults.add(refused(403, "Forbidden"), when=wrong, times=None)
    assert len(await reader.read(place)) == 121
    assert set(seen[:6]) == {"refused", "unknown", "good"}
    assert seen[6:] == ["good", "good"]


@pytest.mark.parametrize("tokens", [(), ("one", "two")])
async def test_where_no_token_is_let_in_the_last_refusal_is_told(reader: Reader, tokens: tuple[str, ...]) -> None:
    reader.tokens = tokens
    reader.graph.faults.add(refused(401, "InvalidAuthenticationToken"))
    reader.graph.faults.add(refused(403, "Forbidden"), times=None)
    _, failure = await reader.partly(CHAT)
    assert "ChatMessage.Read.Chat" in failure.words
    assert reader.waits == []


async def test_more_messages_than_the_budget_are_admitted(reader: Reader) -> None:
    for number in range(130):
        reader.graph.post(GROUP.conversation, ADA, str(number))
    reader.budget = Budget(messages=120)
    read, failure = await reader.partly(CHAT)
    assert (len(read), read[0], read[-1], type(failure)) == (120, "10", "129", Unreadable)
    assert "oldest were not read" in failure.words and "**the last 500 messages**" in failure.words


async def test_when_time_is_up_what_was_read_is_given_with_what_to_ask_instead(reader: Reader) -> None:
    place = talk(reader.graph, 60)
    hang = reader.graph.faults.add(Hang(), of="replies", when=lambda call: page(call) == 2)
    reader.budget = Budget(seconds=0.3)
    read, failure = await reader.partly(place)
    hang.release()
    assert (len(read), type(failure)) == (51, Unavailable)
    assert "oldest messages were not read" in failure.words and "**since Monday**" in failure.words


async def test_one_channel_is_asked_no_more_than_once_a_second_after_a_minutes_worth(reader: Reader) -> None:
    place, threads = talk(reader.graph, 0), reader.threads()
    for _ in range(50):
        _ = [batch async for batch in threads.read(PERSON, place, EVERYTHING)]
    assert reader.now == pytest.approx(40)


async def test_an_answer_that_does_not_end_is_given_up_and_not_asked_for_again(reader: Reader) -> None:
    place = talk(reader.graph, 1)
    sent: list[int] = []

    async def endless(call: Call, answer: Answer) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(call.request)
        while len(sent) < 2 * ANSWER_BYTES // PIECE:
            await response.write(b" " * PIECE)
            sent.append(PIECE)
        return response

    reader.graph.faults.add(endless, of="replies", times=None)
    _, failure = await reader.partly(place)
    assert isinstance(failure, Unavailable)
    assert sum(sent) < 1.5 * ANSWER_BYTES
