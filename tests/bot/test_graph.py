"""Threads and group chats as Graph gives them, as posts."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dialogs.streams import closing
from dialogs.talk import Post, Window
from tests.bot.reader import CHAT, EVERYTHING, PERSON, Reader, posts, reading, talk, texts, thread
from tests.world.archive import BLOCKED, SYSTEM, application, card, mention
from tests.world.faults import Hang, garbage, status
from tests.world.graph import page
from tests.world.people import ADA, APP, BRUNO, CHANNEL, CHIDI, GROUP, TEAM, TENANT

ORIGIN = "https://teams.microsoft.com/l/message"


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with reading() as reader:
        yield reader


async def test_a_thread_is_read_from_its_root_to_its_newest_reply(reader: Reader) -> None:
    place = talk(reader.graph, 120)
    assert texts(await reader.read(place)) == [str(number) for number in range(121)]


async def test_a_chat_is_read_oldest_first(reader: Reader) -> None:
    for number in range(120):
        reader.graph.post(GROUP.conversation, ADA, str(number))
    assert texts(await reader.read(CHAT)) == [str(number) for number in range(120)]


async def test_a_post_says_who_wrote_it_and_when_and_where_it_stands(reader: Reader) -> None:
    root = reader.graph.post(CHANNEL.conversation, ADA, "Shall we?")
    (found,) = await reader.read(thread(root))
    assert isinstance(found, Post)
    assert (found.id, found.author, found.author_id, found.bot, found.edited) == (root, ADA.name, ADA.id, False, False)
    assert found.time == datetime.fromtimestamp(int(root) / 1000, UTC)
    assert found.link == reader.graph.record(root)["webUrl"]


async def test_an_edited_message_says_so_and_a_reaction_is_no_edit(reader: Reader) -> None:
    first, second = (reader.graph.post(GROUP.conversation, ADA, text) for text in ("one", "two"))
    reader.graph.edit(first, "one and a half")
    reader.graph.react(second, BRUNO)
    found = [(item.text, item.edited) for item in await reader.read(CHAT) if isinstance(item, Post)]
    assert found == [("one and a half", True), ("two", False)]


async def test_a_message_of_a_chat_gets_the_documented_link(reader: Reader) -> None:
    id = reader.graph.post(GROUP.conversation, ADA, "hello")
    (found,) = await reader.read(CHAT)
    assert isinstance(found, Post)
    assert found.link == f"{ORIGIN}/{GROUP.conversation}/{id}?context=%7B%22contextType%22%3A%22chat%22%7D"


@pytest.mark.parametrize(
    "url", ["https://evil.example/l", "http://teams.microsoft.com/l", "https://teams.microsoft.com@e/"]
)
async def test_a_link_that_does_not_lead_to_teams_is_made_anew(reader: Reader, url: str) -> None:
    root = reader.graph.post(CHANNEL.conversation, ADA, "hello", webUrl=url)
    (found,) = await reader.read(thread(root))
    assert isinstance(found, Post)
    assert found.link == (
        f"{ORIGIN}/{CHANNEL.channel}/{root}?groupId={TEAM}&tenantId={TENANT}&createdTime={root}&parentMessageId={root}"
    )


async def test_what_is_left_out_is_met_with_its_reason(reader: Reader) -> None:
    chat, post = GROUP.conversation, reader.graph.post
    post(chat, None, **SYSTEM)
    post(chat, ADA, "secret", **BLOCKED)
    post(chat, application("Parley", APP), "Here is a summary")
    post(chat, ADA, html="<p>&nbsp;</p><img src='https://x/hostedContents/1'>")
    reader.graph.delete(post(chat, ADA, "oh"))
    assert texts(await reader.read(CHAT)) == ["system", "blocked", "own", "empty", "deleted"]


async def test_another_bot_is_a_bot(reader: Reader) -> None:
    reader.graph.post(GROUP.conversation, application("Jira", "another"), "PARLEY-1 was closed")
    (found,) = await reader.read(CHAT)
    assert isinstance(found, Post)
    assert (found.author, found.bot) == ("Jira", True)


async def test_the_text_has_mentions_cards_subject_and_the_names_of_files(reader: Reader) -> None:
    tag, named = mention(0, BRUNO)
    mark, sheet = card(json.dumps({"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "Build 7 failed"}]}))
    file = {"id": "f", "contentType": "reference", "contentUrl": "https://x", "name": "plan.docx", "content": None}
    reader.graph.post(
        GROUP.conversation,
        ADA,
        html=f"<p>{tag}, look</p>{mark}",
        mentions=[named],
        attachments=[sheet, file],
        subject="CI",
    )
    assert texts(await reader.read(CHAT)) == [f"CI\n{BRUNO.name}, look\nBuild 7 failed\nplan.docx"]


async def test_a_window_keeps_what_was_written_in_its_time(reader: Reader) -> None:
    ids = [reader.graph.post(GROUP.conversation, ADA, str(number)) for number in range(10)]
    times = [datetime.fromtimestamp(int(id) / 1000, UTC) for id in ids]
    assert texts(await reader.read(CHAT, Window(since=times[3], until=times[6]))) == ["3", "4", "5"]


@pytest.mark.parametrize("place", ["chat", "thread"])
async def test_a_window_keeps_the_newest_of_its_messages(reader: Reader, place: str) -> None:
    where = talk(reader.graph, 60)
    for number in range(61):
        reader.graph.post(GROUP.conversation, ADA, str(number))
    found = await reader.read(where if place == "thread" else CHAT, Window(last=3))
    assert texts(found) == ["58", "59", "60"]


async def test_pages_older_than_the_window_are_not_asked_for(reader: Reader) -> None:
    ids = [reader.graph.post(GROUP.conversation, ADA, str(number)) for number in range(120)]
    since = datetime.fromtimestamp(int(ids[-60]) / 1000, UTC)
    reader.graph.faults.add(status(500), of="chat", when=lambda call: page(call) > 2, times=None)
    assert len(await reader.read(CHAT, Window(since=since))) == 60


async def test_a_message_that_comes_twice_is_met_once(reader: Reader) -> None:
    place = talk(reader.graph, 2)
    root = reader.graph.record(str(place.thread))
    again = json.dumps({"value": [root, root, 7, None]})
    reader.graph.faults.add(garbage(text=again, content_type="application/json"), of="replies")
    assert texts(await reader.read(place)) == ["0"]


@pytest.mark.parametrize(
    "record",
    [
        {"messageType": "message", "from": {"user": {"id": 7}}, "body": {"contentType": "html", "content": 3}},
        {"messageType": "message", "from": [], "body": None, "createdDateTime": "yesterday"},
        {"id": None, "messageType": None, "createdDateTime": 5},
        {
            "id": "1",
            "messageType": "message",
            "from": {"user": {"id": "u"}},
            "attachments": [1],
            "policyViolation": "x",
        },
    ],
)
async def test_a_record_of_the_wrong_form_is_no_failure(reader: Reader, record: dict[str, Any]) -> None:
    reader.graph.faults.add(garbage(text=json.dumps({"value": [record]}), content_type="application/json"), of="chat")
    assert len(await reader.read(CHAT)) == 1


async def test_a_time_without_a_zone_is_utc(reader: Reader) -> None:
    reader.graph.post(GROUP.conversation, ADA, "x", createdDateTime="2026-11-21T08:00:00")
    (found,) = await reader.read(CHAT)
    assert isinstance(found, Post)
    assert found.time.utcoffset() == timedelta()


async def test_what_was_asked_of_the_bot_is_left_out_and_counted(reader: Reader) -> None:
    named = {"id": 0, "mentionText": "Parley", "mentioned": application("Parley", APP)}
    reader.graph.post(GROUP.conversation, ADA, "We ship on Friday.")
    reader.graph.post(GROUP.conversation, ADA, html='<p><at id="0">Parley</at> summarise</p>', mentions=[named])
    assert texts(await reader.read(CHAT)) == ["We ship on Friday.", "request"]


async def test_batches_come_as_they_arrive_each_oldest_first(reader: Reader) -> None:
    for number in range(120):
        reader.graph.post(GROUP.conversation, ADA, str(number))
    hang = reader.graph.faults.add(Hang(), of="chat", when=lambda call: page(call) == 2)
    reads = reader.threads().read(PERSON, CHAT, EVERYTHING)
    first = await anext(reads)
    hang.release()
    assert texts(first) == [str(number) for number in range(70, 120)]
    assert [texts(batch)[0] async for batch in reads] == ["20", "0"]


async def test_the_root_and_the_newest_replies_are_fetched_at_the_same_time(reader: Reader) -> None:
    place = talk(reader.graph, 3)
    hang = reader.graph.faults.add(Hang(), of="root")
    reads = reader.threads().read(PERSON, place, EVERYTHING)
    assert texts(await anext(reads)) == ["1", "2", "3"]
    hang.release()
    assert texts(await anext(reads)) == ["0"]


async def test_replies_older_than_the_window_are_not_asked_for(reader: Reader) -> None:
    place = talk(reader.graph, 120)
    found = posts(await reader.read(place))
    reader.graph.faults.add(status(500), of="replies", when=lambda call: page(call) > 2, times=None)
    assert len(await reader.read(place, Window(since=found[-60].time))) == 60


async def test_a_window_that_ended_long_ago_is_asked_for_as_such(reader: Reader) -> None:
    ids = [reader.graph.post(GROUP.conversation, ADA, str(number)) for number in range(120)]
    until = datetime.fromtimestamp(int(ids[10]) / 1000, UTC)
    reader.graph.faults.add(status(500), of="chat", when=lambda call: page(call) > 1, times=None)
    assert len(await reader.read(CHAT, Window(until=until))) == 10


async def test_a_post_names_its_thread_and_the_people_it_mentions(reader: Reader) -> None:
    tags = [mention(number, who) for number, who in enumerate((BRUNO, CHIDI, BRUNO))]
    named = [entry for _, entry in tags] + [{"id": 9, "mentioned": {"tag": {"id": "t"}}}, {"id": 10, "mentioned": None}]
    root = reader.graph.post(CHANNEL.conversation, ADA, html="".join(tag for tag, _ in tags), mentions=named)
    (found,) = posts(await reader.read(thread(root)))
    assert (found.thread, found.mentions) == (root, (BRUNO.id, CHIDI.id))


async def test_a_reply_without_replyToId_stands_in_the_thread_it_came_with(reader: Reader) -> None:
    root = reader.graph.post(CHANNEL.conversation, ADA, "root")
    reader.graph.post(CHANNEL.at(root).conversation, BRUNO, "reply", replyToId=None, webUrl=None)
    reply = posts(await reader.read(thread(root)))[1]
    assert reply.thread == root
    assert reply.link.endswith(f"&parentMessageId={root}")


async def test_cards_without_a_text_are_told_from_empty_messages(reader: Reader) -> None:
    mark, sheet = card(json.dumps({"type": "AdaptiveCard", "body": [{"type": "Image", "url": "https://x"}]}))
    reader.graph.post(GROUP.conversation, ADA, html=mark, attachments=[sheet])
    reader.graph.post(GROUP.conversation, ADA, html="<p></p>")
    assert texts(await reader.read(CHAT)) == ["card", "empty"]


@pytest.mark.parametrize("html", [True, False])
async def test_a_message_of_100_KB_is_taken_and_cut(reader: Reader, html: bool) -> None:
    long = "word " * 20_000
    reader.graph.post(GROUP.conversation, ADA, long, html=f"<p>{long}</p>" if html else None)
    (found,) = posts(await reader.read(CHAT))
    assert 19_990 < len(found.text) <= 20_000
    assert found.text.endswith("word…")


async def test_a_deleted_root_counts_as_deleted_and_its_replies_are_read(reader: Reader) -> None:
    place = talk(reader.graph, 2)
    reader.graph.delete(str(place.thread))
    assert sorted(texts(await reader.read(place))) == ["1", "2", "deleted"]


async def test_somebody_who_stops_reading_leaves_nothing_behind(reader: Reader) -> None:
    place, before = talk(reader.graph, 3), asyncio.all_tasks()
    hang = reader.graph.faults.add(Hang(), of="root")
    async with closing(reader.threads().read(PERSON, place, EVERYTHING)) as reads:
        await anext(reads)
    hang.release()
    assert not [task for task in asyncio.all_tasks() - before if "bot/graph" in repr(task.get_coro())]


async def test_a_message_whose_time_cannot_be_read_ends_no_reading(reader: Reader) -> None:
    ids = [reader.graph.post(GROUP.conversation, ADA, str(number)) for number in range(70)]
    reader.graph.post(GROUP.conversation, ADA, "when?", createdDateTime="yesterday")
    found = posts(await reader.read(CHAT, Window(since=datetime.fromtimestamp(int(ids[0]) / 1000, UTC))))
    assert texts(found) == [str(number) for number in range(70)]
