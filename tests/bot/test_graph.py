import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.graph import GraphThreads
from bot.markup import card_text, text_of
from dialogs.errors import AssistantError, Unavailable, Unreadable
from dialogs.talk import Omitted, Person, Place, PlaceKind, Post, Window
from tests.world.archive import BLOCKED, SYSTEM, application, card, mention
from tests.world.faults import drop, garbage, moved, refused, status, throttled
from tests.world.graph import GraphDouble, page
from tests.world.people import ADA, APP, BRUNO, CHANNEL, GROUP, TEAM, TENANT

PERSON = Person(ADA.id, TENANT)
EVERYTHING = Window()
CHAT = Place(PlaceKind.GROUP, GROUP.conversation)
ORIGIN = "https://teams.microsoft.com/l/message"


@dataclass
class Reader:
    """Reads from a double and keeps how long it was made to wait."""

    graph: GraphDouble
    session: aiohttp.ClientSession
    waits: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.threads = GraphThreads(self.session, self.graph.url, self.token, APP, self.pause)

    async def token(self, person: Person) -> str:
        return f"token for {person.id}"

    async def pause(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def read(self, place: Place, window: Window = EVERYTHING) -> list[Post | Omitted]:
        return [item async for item in self.threads.read(PERSON, place, window)]

    async def partly(self, place: Place, window: Window = EVERYTHING) -> tuple[list[str], AssistantError]:
        """The texts that came before the failure."""
        items: list[Post | Omitted] = []
        with pytest.raises(AssistantError) as failed:
            async for item in self.threads.read(PERSON, place, window):
                items += [item]
        return texts(items), failed.value


@pytest.fixture
async def reader() -> AsyncIterator[Reader]:
    async with GraphDouble() as graph, aiohttp.ClientSession() as session:
        yield Reader(graph, session)


def texts(items: Iterable[Post | Omitted]) -> list[str]:
    return [item.text if isinstance(item, Post) else item.reason for item in items]


def thread(root: str) -> Place:
    return Place(PlaceKind.CHANNEL, CHANNEL.at(root).conversation, TEAM, CHANNEL.channel, root)


def talk(graph: GraphDouble, replies: int) -> Place:
    """A thread of a root and so many numbered replies."""
    root = graph.post(CHANNEL.conversation, ADA, "0")
    for number in range(1, replies + 1):
        graph.post(CHANNEL.at(root).conversation, BRUNO, str(number))
    return thread(root)


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


async def test_a_throttled_page_is_asked_for_again_when_graph_says(reader: Reader) -> None:
    place = talk(reader.graph, 60)
    reader.graph.faults.add(throttled(7), of="replies", when=lambda call: page(call) == 2)
    assert len(await reader.read(place)) == 61
    assert reader.waits == [7.0]


async def test_a_long_wish_of_graph_is_cut(reader: Reader) -> None:
    place = talk(reader.graph, 1)
    reader.graph.faults.add(throttled(3600), of="root")
    await reader.read(place)
    assert reader.waits == [20.0]


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


async def test_a_thread_that_is_gone_is_unreadable(reader: Reader) -> None:
    _, failure = await reader.partly(thread("1"))
    assert isinstance(failure, Unreadable)
    assert "gone" in failure.words


@pytest.mark.parametrize(
    "place",
    [
        Place(PlaceKind.PERSONAL, "a:1"),
        Place(PlaceKind.CHANNEL, "19:x", None, "19:x", "1"),
        Place(PlaceKind.CHANNEL, "19:x", "team", "19:x", None),
        Place(PlaceKind.CHANNEL, "19:x", "..", "19:x", "1"),
    ],
)
async def test_a_place_without_its_ids_is_unreadable(reader: Reader, place: Place) -> None:
    _, failure = await reader.partly(place)
    assert isinstance(failure, Unreadable)


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


async def test_two_thousand_messages_are_read_and_more_are_admitted(reader: Reader) -> None:
    for number in range(2_049):
        reader.graph.post(GROUP.conversation, ADA, str(number))
    read, failure = await reader.partly(CHAT)
    assert (len(read), read[-1]) == (2_000, "2048")
    assert "2,000" in failure.words


async def test_somebody_who_stops_reading_leaves_no_request_behind(reader: Reader) -> None:
    place = talk(reader.graph, 3)
    async with asyncio.timeout(5):
        async for _ in reader.threads.read(PERSON, place, EVERYTHING):
            break
    assert reader.waits == []


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"),
        ("<div>a  b\n c&nbsp;d</div>", "a b c d"),
        ("<ul><li>milk</li><li>eggs <b>fresh</b></li></ul>", "- milk\n- eggs fresh"),
        ("<ol><li><p>first</p></li></ol>", "- first"),
        ("<blockquote><p>old</p>words</blockquote><p>new</p>", "> old\n> words\nnew"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"),
        ("<pre>if x:\n  y</pre>", "if x:\n  y"),
        ('<emoji alt="😀"></emoji> <img itemtype="http://x/Emoji" alt="🎉"><img alt="ignore this">', "😀 🎉"),
        ("2 &lt; 3 &amp;&amp; 4", "2 < 3 && 4"),
        ('<attachment id="1"></attachment>after', "after"),
        ("shown<span hidden>hid</span><p hidden=''>hid</p>", "shown"),
        ("shown<span style='Display : None !important'>hid</span>", "shown"),
        ("shown<span style='disp/**/lay:none'>hid</span>", "shown"),
        ("shown<span style='d\\69splay:none'>hid</span>", "shown"),
        ("shown<span style='visibility:hidden'>hid</span>", "shown"),
        ("shown<span style='font-size:0'>hid</span><i style='font-size: 0.0px'>hid</i>", "shown"),
        ("shown<span style='opacity:0;x:y'>hid</span><i style='max-height:0px'>hid</i>", "shown"),
        ("shown<span style='position:absolute;left:-9999px'>hid</span>", "shown"),
        ("shown<script>hid</script><style>hid</style><!-- hid --><template>hid</template>", "shown"),
        ("<b style='opacity:0.5;line-height:0;font-size:10px;border-width:0'>shown</b>", "shown"),
        ("a&#8203;b\u202ec\U000e0041d\ufe0fe\u00adf&#xfeff;g\u200dh", "abcdefgh"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("a\u200c\u200d\u200cb", "ab"),
        ("&#2;quoted?&#3;", "quoted?"),
        ("", ""),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == text


def test_nesting_without_end_does_no_harm() -> None:
    assert text_of("<b>" * 9_000 + "deep") == "deep"


def test_a_card_is_read_as_far_as_it_is_shown() -> None:
    body = [
        {"type": "TextBlock", "text": "Deploy"},
        {"type": "TextBlock", "text": "hid", "isVisible": False},
        {
            "type": "Container",
            "items": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "run"}, "raw"]}],
        },
        {"type": "FactSet", "facts": [{"title": "Owner", "value": "Ada"}]},
        {"type": "Input.Text", "id": "x", "placeholder": "type"},
    ]
    assert card_text(json.dumps({"body": body})) == "Deploy\nrun\nOwner\nAda"


@pytest.mark.parametrize("content", [None, "", "{", "[" * 100_000, 7, {"body": 3}])
def test_a_card_that_is_none_has_no_text(content: object) -> None:
    assert card_text(content) == ""


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
