"""A whole channel: its roots by the latest change of their chains, each with its replies."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from dialogs.errors import Unavailable
from dialogs.talk import Omitted, Place, PlaceKind, Post, Window
from tests.bot.reader import EVERYTHING, PERSON, WHOLE, Reader, posts, reading, talk, texts
from tests.world.faults import Hang, garbage, refused, status, throttled
from tests.world.generator import generate_channel
from tests.world.graph import page
from tests.world.people import ADA, BRUNO, CHANNEL, TEAM


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with reading() as reader:
        yield reader


def when(id: str) -> datetime:
    return datetime.fromtimestamp(int(id) / 1000, UTC)


def written(batches: Sequence[Sequence[Post | Omitted]]) -> list[Post]:
    """All posts, oldest first."""
    return sorted((item for batch in batches for item in posts(batch)), key=lambda post: post.time)


async def test_a_channel_is_read_thread_by_thread(reader: Reader) -> None:
    first = talk(reader.graph, 2, "first").thread
    second = talk(reader.graph, 1, "second").thread
    batches = await reader.batches(WHOLE)
    assert [texts(batch) for batch in batches] == [["second", "1"], ["first", "1", "2"]]
    assert [{post.thread for post in posts(batch)} for batch in batches] == [{second}, {first}]


async def test_every_message_of_every_thread_is_met_once(reader: Reader) -> None:
    threads = generate_channel(5, threads=130, posts=900)
    for thread in threads:
        reader.graph.load(thread.record)
    batches = await reader.batches(WHOLE)
    expected = {record["id"]: thread.posts[0]["id"] for thread in threads for record in thread.posts}
    gone = sum(len(thread.deleted) for thread in threads)
    assert sum(map(len, batches)) == len(expected) == 900
    assert {post.id: post.thread for post in written(batches)} == {
        id: root for id, root in expected.items() if not any(id in thread.deleted for thread in threads)
    }
    assert len(written(batches)) == 900 - gone


async def test_a_window_keeps_the_replies_in_it_whose_root_is_older(reader: Reader) -> None:
    place = talk(reader.graph, 4)
    since = when(str(place.thread)) + timedelta(seconds=3)
    assert [texts(batch) for batch in await reader.batches(WHOLE, Window(since=since))] == [["3", "4"]]


async def test_pages_after_one_without_a_change_in_the_window_are_not_asked_for(reader: Reader) -> None:
    ids = [reader.graph.post(CHANNEL.conversation, ADA, str(number)) for number in range(220)]
    reader.graph.faults.add(status(500), of="roots", when=lambda call: page(call) > 3, times=None)
    found = written(await reader.batches(WHOLE, Window(since=when(ids[-60]))))
    assert [post.text for post in found] == [str(number) for number in range(160, 220)]


async def test_an_old_thread_that_was_answered_lately_is_found(reader: Reader) -> None:
    old = talk(reader.graph, 0, "old").thread
    for number in range(120):
        reader.graph.post(CHANNEL.conversation, ADA, str(number))
    new = reader.graph.post(CHANNEL.at(str(old)).conversation, BRUNO, "revived")
    assert [post.text for post in written(await reader.batches(WHOLE, Window(since=when(new))))] == ["revived"]


async def test_the_newest_messages_of_a_channel_are_gathered_over_its_threads(reader: Reader) -> None:
    roots = [reader.graph.post(CHANNEL.conversation, ADA, f"root {number}") for number in range(120)]
    for number in range(30):
        reader.graph.post(CHANNEL.at(roots[number % 7]).conversation, BRUNO, f"late {number}")
    reader.graph.faults.add(status(500), of="roots", when=lambda call: page(call) > 2, times=None)
    batches = await reader.batches(WHOLE, Window(last=40))
    expected = [f"root {number}" for number in range(110, 120)] + [f"late {number}" for number in range(30)]
    assert [texts(batch) for batch in batches] == [expected]


async def test_more_replies_than_come_along_are_followed(reader: Reader) -> None:
    talk(reader.graph, 1_104)
    (batch,) = await reader.batches(WHOLE)
    assert texts(batch) == [str(number) for number in range(1_105)]
    assert {post.thread for post in posts(batch)} == {posts(batch)[0].id}


async def test_other_threads_do_not_wait_for_a_long_one(reader: Reader) -> None:
    long, short = talk(reader.graph, 1_001, "long"), talk(reader.graph, 0, "short")
    hang = reader.graph.faults.add(Hang(), of="replies")
    reads = reader.threads().read(PERSON, WHOLE, EVERYTHING)
    assert posts(await anext(reads))[0].id == short.thread
    hang.release()
    assert posts(await anext(reads))[0].id == long.thread


async def test_a_long_thread_is_followed_only_into_the_window(reader: Reader) -> None:
    place = talk(reader.graph, 1_101)
    reader.graph.faults.add(status(500), of="replies", when=lambda call: page(call) > 2, times=None)
    since = when(str(place.thread)) + timedelta(seconds=95)
    (batch,) = await reader.batches(WHOLE, Window(since=since))
    assert (texts(batch)[0], len(batch)) == ("95", 1_007)


async def test_where_a_long_thread_fails_the_rest_and_what_was_read_of_it_is_given(reader: Reader) -> None:
    talk(reader.graph, 1_050, "long")
    for number in range(60):
        reader.graph.post(CHANNEL.conversation, ADA, str(number))
    reader.graph.faults.add(status(502), of="replies", times=None)
    read, failure = await reader.partly(WHOLE)
    assert (len(read), type(failure)) == (1_001 + 60, Unavailable)


async def test_a_failure_half_way_comes_after_what_was_read(reader: Reader) -> None:
    for number in range(70):
        reader.graph.post(CHANNEL.conversation, ADA, str(number))
    reader.graph.faults.add(status(502), of="roots", when=lambda call: page(call) == 2, times=None)
    read, failure = await reader.partly(WHOLE)
    assert (len(read), type(failure)) == (50, Unavailable)


async def test_a_throttled_channel_is_waited_for(reader: Reader) -> None:
    for number in range(70):
        reader.graph.post(CHANNEL.conversation, ADA, str(number))
    reader.graph.faults.add(throttled(5), of="roots", when=lambda call: page(call) == 2, times=5)
    assert len(await reader.batches(WHOLE)) == 70
    assert reader.waits == [5.0] * 5


async def test_replies_that_do_not_come_along_are_asked_for(reader: Reader) -> None:
    root = reader.graph.record(str(talk(reader.graph, 2).thread))
    body = orjson.dumps({"value": [root]}).decode()
    reader.graph.faults.add(garbage(text=body, content_type="application/json"), of="roots")
    assert [texts(batch) for batch in await reader.batches(WHOLE)] == [["0", "1", "2"]]


async def test_a_reply_without_replyToId_belongs_to_the_root_it_came_under(reader: Reader) -> None:
    root = reader.graph.post(CHANNEL.conversation, ADA, "root")
    reader.graph.post(CHANNEL.at(root).conversation, BRUNO, "reply", replyToId=None, webUrl=None)
    (batch,) = await reader.batches(WHOLE)
    assert [(post.text, post.thread) for post in posts(batch)] == [("root", root), ("reply", root)]
    assert posts(batch)[1].link.endswith(f"&parentMessageId={root}")


async def test_a_deleted_root_hides_none_of_its_replies(reader: Reader) -> None:
    reader.graph.delete(str(talk(reader.graph, 2).thread))
    (batch,) = await reader.batches(WHOLE)
    assert texts(batch) == ["deleted", "1", "2"]


async def test_an_empty_channel_is_no_failure(reader: Reader) -> None:
    assert await reader.batches(WHOLE) == []


async def test_a_channel_that_is_denied_or_absent_says_who_can_change_that(reader: Reader) -> None:
    _, absent = await reader.partly(Place(PlaceKind.CHANNEL, "19:x", TEAM, "19:x"))
    reader.graph.faults.add(refused(403, "Forbidden"), times=None)
    _, denied = await reader.partly(WHOLE)
    assert "not in this team" in absent.words
    assert "ChannelMessage.Read.Group" in denied.words
