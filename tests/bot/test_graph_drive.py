"""The files of people's own messages in channels and group chats, found with their own rights."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
import pytest

from bot.graph.drive import MOST, GraphDrive, share
from bot.graph.threads import GraphThreads
from dialogs.attachments import Attachment, Sent
from dialogs.errors import AssistantError, Missing, NeedsSignIn, NoFilesHere, Unavailable, Unreadable
from dialogs.talk import Person, Place, PlaceKind
from tests.world.door import Fault
from tests.world.drive import Drive
from tests.world.faults import drop, garbage, moved, refused, status, throttled
from tests.world.graph import GraphDouble
from tests.world.people import ADA, APP, BRUNO, CHANNEL, CHIDI, GROUP, TEAM, TENANT, Someone

CHAT = Place(PlaceKind.GROUP, GROUP.conversation)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ALL = "ChannelMessage.Read.All Chat.Read Files.Read.All"


@dataclass
class Shelf:
    """A tenant's files, the messages they hang on, and the bot that looks for them."""

    graph: GraphDouble
    drive: Drive
    session: aiohttp.ClientSession
    scopes: str = ALL
    missing: type[AssistantError] | None = None
    waits: list[float] = field(default_factory=list)

    def post(self, *shown: str, who: Someone = ADA, to: str = GROUP.conversation, **fields: Any) -> str:
        """Somebody posts these files; the message's id."""
        entries = [dict(self.drive.reference(one)) for one in shown]
        tags = "".join(f'<attachment id="{one["id"]}"></attachment>' for one in entries)
        return self.graph.post(to, who, html=f"<p>Look</p>{tags}", **{"attachments": entries, **fields})

    async def found(self, message: str, place: Place = CHAT, who: Someone = ADA) -> tuple[Attachment, ...]:
        threads = GraphThreads(self.session, self.graph.url, self._app, APP, pause=self._pause)
        drive = GraphDrive(threads.line, self._own, frozenset({self.drive.host}))
        return await drive.posted(Person(who.id, TENANT), place, message)

    async def _app(self, person: Person) -> tuple[str, ...]:
        raise AssertionError("the app's own rights are not asked for")

    async def _own(self, person: Person) -> str:
        if self.missing is not None:
            raise self.missing
        claims = {"oid": person.id, "scp": self.scopes}
        return jwt.encode(claims, "a secret that is long enough for HS256", algorithm="HS256")

    async def _pause(self, seconds: float) -> None:
        self.waits.append(seconds)


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    async with Drive() as drive, GraphDouble(drive=drive) as graph, aiohttp.ClientSession() as session:
        yield Shelf(graph, drive, session)


def thread(root: str) -> Place:
    return Place(PlaceKind.CHANNEL, CHANNEL.at(root).conversation, TEAM, CHANNEL.channel, root)


async def test_a_file_in_a_group_chat_is_found_where_it_can_be_downloaded(shelf: Shelf) -> None:
    message = shelf.post(shelf.drive.put("plan for 2027.docx", b"PK", WORD))
    (file,) = await shelf.found(message)
    assert (file.name, file.media_type, file.sent) == ("plan for 2027.docx", WORD, Sent.FILE)
    async with shelf.session.get(file.address) as response:
        assert await response.read() == b"PK"


async def test_a_file_of_a_root_post_is_found(shelf: Shelf) -> None:
    root = shelf.post(shelf.drive.put("plan.docx", b"PK"), to=CHANNEL.conversation)
    assert [file.name for file in await shelf.found(root, thread(root))] == ["plan.docx"]


async def test_a_file_of_a_reply_is_found(shelf: Shelf) -> None:
    root = shelf.graph.post(CHANNEL.conversation, BRUNO, "Shall we?")
    message = shelf.post(shelf.drive.put("plan.docx", b"PK"), to=CHANNEL.at(root).conversation)
    assert [file.name for file in await shelf.found(message, thread(root))] == ["plan.docx"]


async def test_files_stand_in_the_order_of_the_message_and_so_many_of_them(shelf: Shelf) -> None:
    names = [f"{number}.docx" for number in range(MOST + 2)]
    message = shelf.post(*(shelf.drive.put(name, b"PK") for name in names))
    assert [file.name for file in await shelf.found(message)] == names[:MOST]


async def test_a_message_without_files_has_none(shelf: Shelf) -> None:
    assert await shelf.found(shelf.graph.post(GROUP.conversation, ADA, "hello")) == ()


@pytest.mark.parametrize("kind", ["messageReference", "application/vnd.microsoft.card.adaptive", None])
async def test_what_is_no_file_is_left_alone(shelf: Shelf, kind: str | None) -> None:
    entry = {**shelf.drive.reference(shelf.drive.put("plan.docx", b"PK")), "contentType": kind}
    assert await shelf.found(shelf.post(attachments=[entry])) == ()


async def test_another_persons_files_are_not_the_askers(shelf: Shelf) -> None:
    message = shelf.post(shelf.drive.put("plan.docx", b"PK"), who=BRUNO)
    assert await shelf.found(message) == ()


async def test_a_bots_files_are_nobodys(shelf: Shelf) -> None:
    bot = {"application": {"id": ADA.id, "displayName": ADA.name}, "user": None}
    shown = shelf.drive.put("plan.docx", b"PK")
    message = shelf.graph.post(
        GROUP.conversation, bot, html="<p>x</p>", attachments=[dict(shelf.drive.reference(shown))]
    )
    assert await shelf.found(message) == ()


async def test_a_file_the_asker_may_not_read_is_left_out(shelf: Shelf) -> None:
    closed, free = shelf.drive.put("salaries.xlsx", b"PK"), shelf.drive.put("plan.docx", b"PK")
    shelf.drive.readers[closed] = {BRUNO.id}
    assert [file.name for file in await shelf.found(shelf.post(closed, free))] == ["plan.docx"]


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410])
async def test_a_file_that_is_refused_or_gone_is_left_out(shelf: Shelf, code: int) -> None:
    message = shelf.post(shelf.drive.put("a.docx", b"PK"), shelf.drive.put("b.docx", b"PK"))
    shelf.graph.faults.add(refused(code, "accessDenied"), of="item")
    assert [file.name for file in await shelf.found(message)] == ["b.docx"]


async def test_where_no_file_may_be_read_that_is_said(shelf: Shelf) -> None:
    message = shelf.post(shelf.drive.put("a.docx", b"PK"))
    shelf.scopes = "Chat.Read"
    with pytest.raises(NoFilesHere):
        await shelf.found(message)


@pytest.mark.parametrize("missing", [NeedsSignIn, Unreadable])
async def test_without_the_persons_rights_there_are_no_files(shelf: Shelf, missing: type[AssistantError]) -> None:
    message = shelf.post(shelf.drive.put("a.docx", b"PK"))
    shelf.missing = missing
    with pytest.raises(NoFilesHere):
        await shelf.found(message)


async def test_a_token_that_cannot_be_had_now_may_come_later(shelf: Shelf) -> None:
    shelf.missing = Unavailable
    with pytest.raises(Unavailable):
        await shelf.found("1")


@pytest.mark.parametrize("who", [CHIDI, BRUNO])
async def test_who_may_not_read_the_message_gets_no_files(shelf: Shelf, who: Someone) -> None:
    message = shelf.post(shelf.drive.put("a.docx", b"PK"))
    shelf.graph.readers[GROUP.conversation] = {ADA.id}
    with pytest.raises(NoFilesHere):
        await shelf.found(message, who=who)


async def test_a_message_that_graph_does_not_show_is_missing(shelf: Shelf) -> None:
    with pytest.raises(Missing):
        await shelf.found("1795248999000")


@pytest.mark.parametrize("of", ["line", "item"])
@pytest.mark.parametrize("fault", [status(500), drop, garbage(), throttled()])
async def test_what_passes_is_worth_another_try(shelf: Shelf, of: str, fault: Fault) -> None:
    message = shelf.post(shelf.drive.put("a.docx", b"PK"))
    shelf.graph.faults.add(fault, of=of, times=None)
    with pytest.raises(Unavailable) as failed:
        await shelf.found(message)
    assert failed.value.detail == ""  # Graph's own words there are about messages that were not read


@pytest.mark.parametrize("of", ["line", "item"])
async def test_the_token_follows_no_redirect(shelf: Shelf, of: str) -> None:
    message = shelf.post(shelf.drive.put("a.docx", b"PK"))
    async with GraphDouble() as elsewhere:
        elsewhere.faults.add(status(200))
        shelf.graph.faults.add(moved(f"{elsewhere.url}/v1.0/me"), of=of, times=None)
        with pytest.raises(Unavailable):
            await shelf.found(message)
        assert elsewhere.faults.left == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a.docx",
        "https://contoso.sharepoint.com@evil.example/a.docx",
        "//127.0.0.1/a.docx",
        "a.docx",
        "",
        None,
        "http://127.0.0.1:1/a.docx",
    ],
)
async def test_a_file_that_lies_elsewhere_is_not_asked_about(shelf: Shelf, address: str | None) -> None:
    entry = {**shelf.drive.reference(shelf.drive.put("a.docx", b"PK")), "contentUrl": address}
    message = shelf.post(attachments=[entry])
    shelf.graph.faults.add(status(500), of="item", times=None)
    assert await shelf.found(message) == ()


@pytest.mark.parametrize(
    "change",
    [
        {"file": None},
        {"file": None, "folder": {"childCount": 3}},
        {"@microsoft.graph.downloadUrl": None},
        {"@microsoft.graph.downloadUrl": "https://evil.example/x"},
        {"@microsoft.graph.downloadUrl": 5},
    ],
)
async def test_an_item_that_brings_no_file_from_a_listed_host_is_left_out(shelf: Shelf, change: dict[str, Any]) -> None:
    shown = shelf.drive.put("a.docx", b"PK")
    message = shelf.post(shown, shelf.drive.put("b.docx", b"PK"))
    shelf.graph.faults.add(status(200, {**shelf.drive.item(shown, ADA.id), **change}), of="item")
    assert [file.name for file in await shelf.found(message)] == ["b.docx"]


@pytest.mark.parametrize(
    "place",
    [
        Place(PlaceKind.PERSONAL, "a:1"),
        Place(PlaceKind.CHANNEL, "19:x@thread.tacv2", None, "19:x@thread.tacv2", "1"),
        Place(PlaceKind.GROUP, ".."),
    ],
)
async def test_where_graph_knows_no_messages_there_are_no_files(shelf: Shelf, place: Place) -> None:
    with pytest.raises(NoFilesHere):
        await shelf.found("1", place)


@pytest.mark.parametrize(
    ("address", "token"),
    [
        ("https://a.example/?r=1!2&k=3", "u!aHR0cHM6Ly9hLmV4YW1wbGUvP3I9MSEyJms9Mw"),
        ("https://a.example/b c", "u!aHR0cHM6Ly9hLmV4YW1wbGUvYiUyMGM"),
        ("https://a.example/b%20c", "u!aHR0cHM6Ly9hLmV4YW1wbGUvYiUyMGM"),
    ],
)
def test_a_files_address_becomes_a_sharing_token(address: str, token: str) -> None:
    assert share(address) == token
