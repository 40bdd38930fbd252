"""The Graph double: which messages it gives, in which order and pages, and to whom (facts S4)."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.contracts.wire import Wire
from tests.world.archive import BLOCKED, SYSTEM, application, card, mention
from tests.world.faults import throttled
from tests.world.generator import generate
from tests.world.graph import GraphDouble, page
from tests.world.people import ADA, BRUNO, CHANNEL, GROUP, TEAM
from tests.world.userlogin import plain_token

CHANNEL_PATH = f"/v1.0/teams/{TEAM}/channels/{CHANNEL.conversation}/messages"
CHAT_PATH = f"/v1.0/chats/{GROUP.conversation}/messages"


@pytest.fixture
async def graph() -> AsyncIterator[GraphDouble]:
    async with GraphDouble() as double:
        yield double


@pytest.fixture
async def wire(graph: GraphDouble) -> AsyncIterator[Wire]:
    async with Wire(graph.url) as client:
        yield client


async def everything(wire: Wire, path: str) -> list[dict[str, Any]]:
    """All pages, one after another."""
    found: list[dict[str, Any]] = []
    link: str | None = path
    while link:
        _, body = await wire.get(link)
        found += body["value"]
        link = body.get("@odata.nextLink")
    return found


def ids(records: list[dict[str, Any]]) -> list[str]:
    return [record["id"] for record in records]


async def test_replies_come_newest_first_and_without_the_root(graph: GraphDouble, wire: Wire) -> None:
    root = graph.post(CHANNEL.conversation, ADA, "root")
    first, second = (graph.post(CHANNEL.at(root).conversation, BRUNO, text) for text in ("one", "two"))
    assert ids(await everything(wire, f"{CHANNEL_PATH}/{root}/replies")) == [second, first]
    assert (await wire.get(f"{CHANNEL_PATH}/{root}"))[1]["body"]["content"] == "root"


async def test_a_long_thread_comes_whole_in_pages(graph: GraphDouble, wire: Wire) -> None:
    posts = graph.load(generate(1, posts=131).record)
    replies = await everything(wire, f"{CHANNEL_PATH}/{posts[0]['id']}/replies?$top=50")
    assert ids(replies) == [post["id"] for post in reversed(posts[1:])]


async def test_the_way_to_the_next_page_stays_on_this_host(graph: GraphDouble, wire: Wire) -> None:
    posts = graph.load(generate(1, posts=60).record)
    _, body = await wire.get(f"{CHANNEL_PATH}/{posts[0]['id']}/replies")
    assert len(body["value"]) == 20
    assert body["@odata.nextLink"].startswith(graph.url)


async def test_a_message_that_arrives_meanwhile_shifts_no_page(graph: GraphDouble, wire: Wire) -> None:
    posts = graph.load(generate(1, posts=41).record)
    root = posts[0]["id"]
    _, first = await wire.get(f"{CHANNEL_PATH}/{root}/replies")
    graph.post(CHANNEL.at(root).conversation, ADA, "just now")
    _, second = await wire.get(first["@odata.nextLink"])
    assert ids(first["value"] + second["value"]) == [post["id"] for post in reversed(posts[1:])]


@pytest.mark.parametrize(
    "query", ["$top=51", "$top=0", "$filter=id eq 'x'", "$orderby=createdDateTime desc", "$expand=x"]
)
async def test_replies_take_no_odata_but_top(graph: GraphDouble, wire: Wire, query: str) -> None:
    root = graph.post(CHANNEL.conversation, ADA, "root")
    assert (await wire.get(f"{CHANNEL_PATH}/{root}/replies?{query}"))[0] == 400


async def test_a_channels_roots_come_by_their_latest_change(graph: GraphDouble, wire: Wire) -> None:
    old, new = (graph.post(CHANNEL.conversation, ADA, text) for text in ("old", "new"))
    reply = graph.post(CHANNEL.at(old).conversation, BRUNO, "revived")
    roots = await everything(wire, f"{CHANNEL_PATH}?$expand=replies")
    assert ids(roots) == [old, new]
    assert ids(roots[0]["replies"]) == [reply]


async def test_a_chat_comes_by_its_latest_change_unless_asked(graph: GraphDouble, wire: Wire) -> None:
    first, second = (graph.post(GROUP.conversation, ADA, text) for text in ("first", "second"))
    graph.react(first, BRUNO)
    assert ids(await everything(wire, CHAT_PATH)) == [first, second]
    assert ids(await everything(wire, f"{CHAT_PATH}?$orderby=createdDateTime desc")) == [second, first]


async def test_a_chats_filter_counts_only_on_the_property_it_is_ordered_by(graph: GraphDouble, wire: Wire) -> None:
    posts = graph.load(generate(2, posts=30, conversation=GROUP.conversation, edits=0, deletes=0).record)
    since = quote(f"createdDateTime gt {posts[19]['createdDateTime']}")
    assert len(await everything(wire, f"{CHAT_PATH}?$orderby=createdDateTime desc&$filter={since}")) == 10
    assert len(await everything(wire, f"{CHAT_PATH}?$filter={since}")) == 30


async def test_an_empty_group_chat_is_empty_and_an_unknown_one_not_found(wire: Wire) -> None:
    assert await everything(wire, CHAT_PATH) == []
    assert (await wire.get("/v1.0/chats/19:unknown@thread.v2/messages"))[0] == 404


async def test_an_edited_message_says_when(graph: GraphDouble, wire: Wire) -> None:
    id = graph.post(GROUP.conversation, ADA, "Tuesday")
    graph.edit(id, "<p>Wednesday</p>")
    [found] = await everything(wire, CHAT_PATH)
    assert found["body"]["content"] == "<p>Wednesday</p>"
    assert found["lastEditedDateTime"] > found["createdDateTime"]


async def test_of_a_deleted_message_the_shell_remains(graph: GraphDouble, wire: Wire) -> None:
    graph.delete(graph.post(GROUP.conversation, ADA, "secret"))
    [found] = await everything(wire, CHAT_PATH)
    assert (found["deletedDateTime"] is None, found["body"]["content"]) == (False, "")


async def test_system_messages_go_by_a_newer_name_only_where_it_is_known(graph: GraphDouble, wire: Wire) -> None:
    graph.post(GROUP.conversation, None, **SYSTEM)
    _, plain = await wire.get(CHAT_PATH)
    _, knowing = await wire.get(CHAT_PATH, headers={"Prefer": "include-unknown-enum-members"})
    kinds = [body["value"][0]["messageType"] for body in (plain, knowing)]
    assert kinds == ["unknownFutureValue", "systemEventMessage"]


async def test_messages_of_bots_of_policy_and_with_cards_look_like_graphs(graph: GraphDouble, wire: Wire) -> None:
    tag, attachment = card('{"type":"AdaptiveCard"}')
    name, entry = mention(0, BRUNO)
    graph.post(GROUP.conversation, application("Other bot", "app-1"), html=tag, attachments=[attachment])
    graph.post(GROUP.conversation, ADA, html=f"<p>{name} look</p>", mentions=[entry], **BLOCKED)
    blocked, bot = await everything(wire, CHAT_PATH)
    assert bot["from"]["application"]["displayName"] == "Other bot"
    assert blocked["policyViolation"]["dlpAction"] == "blockAccess"
    assert blocked["mentions"][0]["mentioned"]["user"]["id"] == BRUNO.id


async def test_nobody_reads_without_a_token(graph: GraphDouble) -> None:
    async with Wire(graph.url, token="") as stranger:
        assert (await stranger.get(CHAT_PATH))[0] == 401


async def test_a_person_reads_only_where_they_may(graph: GraphDouble) -> None:
    graph.post(GROUP.conversation, ADA, "among us")
    graph.readers[GROUP.conversation] = {ADA.id}
    tokens = [plain_token(person) for person in (ADA, BRUNO)]
    async with Wire(graph.url, tokens[0]) as ada, Wire(graph.url, tokens[1]) as bruno:
        assert (await ada.get(CHAT_PATH))[0] == 200
        assert (await bruno.get(CHAT_PATH))[0] == 403


async def test_a_wrong_team_is_not_found(graph: GraphDouble, wire: Wire) -> None:
    assert (await wire.get(CHANNEL_PATH.replace(TEAM, ADA.id)))[0] == 404


async def test_a_fault_can_meet_one_page(graph: GraphDouble, wire: Wire) -> None:
    posts = graph.load(generate(1, posts=60).record)
    graph.faults.add(throttled(1), of="replies", when=lambda call: page(call) == 2)
    _, first = await wire.get(f"{CHANNEL_PATH}/{posts[0]['id']}/replies")
    assert (await wire.get(first["@odata.nextLink"]))[0] == 429
    assert (await wire.get(first["@odata.nextLink"]))[0] == 200


async def test_a_generated_thread_is_the_same_for_the_same_seed() -> None:
    assert generate(3, posts=80) == generate(3, posts=80)
    assert generate(3, posts=80) != generate(4, posts=80)


async def test_a_generated_thread_knows_what_is_true_of_it() -> None:
    thread = generate(3, posts=200, people=9)
    gone = {post["id"] for post in thread.posts if post["deletedDateTime"]}
    assert gone == set(thread.deleted)
    assert thread.decisions
    assert not gone & {*thread.decisions, *thread.actions, *thread.questions}
    assert len({post["from"]["user"]["id"] for post in thread.posts}) == 9
