"""Finds the files that hang on a message in a channel or group chat, with the rights of who wrote it and no others.

Floor 6, of the family of `bot.graph`. Nothing is fetched here but where each file may be downloaded, and nothing is kept.
Sources: `attachments` of a chatMessage (`reference`), and Graph's `/shares/{sharing URL, base64url}/driveItem`, whose
`@microsoft.graph.downloadUrl` is short-lived and needs no token. Permissions on behalf of a person: Files.Read.All, and for
the message ChannelMessage.Read.All or Chat.Read.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import quote

from bot.graph.pace import HOME, TEAM, TENANT, Road
from bot.graph.pages import Budget, Line, Pages
from bot.graph.source import Source, escaped
from bot.hosts import allowed
from bot.posts import Record, Spot, attachments, writer
from dialogs.attachments import Attachment, Sent
from dialogs.errors import Missing, NeedsSignIn, NoFilesHere, Unavailable, Unreadable
from dialogs.talk import Person, Place, PlaceKind

MOST = 10
"""Files of one message; Teams itself takes ten."""
LONGEST = 2_000
"""Characters of a file's address."""
BUDGET = Budget(messages=0, pages=3 * (MOST + 1), seconds=30.0)
"""What one message may take."""
ITEM = "/shares/{share}/driveItem?$select=id,name,size,file,@microsoft.graph.downloadUrl"
LINK = "@microsoft.graph.downloadUrl"

Own = Callable[[Person], Awaitable[str]]
"""A person's own token."""


class GraphDrive:
    """The files of people's own messages, where these were posted."""

    def __init__(self, way: Line, own: Own, hosts: frozenset[str]) -> None:
        """`way` is that of `GraphThreads`, so that both keep to the same rates; `hosts` are those of `FILE_HOSTS`."""
        self._line = way
        self._own = own
        self._hosts = hosts

    async def posted(self, person: Person, place: Place, message: str) -> tuple[Attachment, ...]:
        """The files on a message of the person's own, in the order of the message; those they may not read are left out.

        Raises `NoFilesHere` where the person has lent no rights, or none that reaches any of them, `Unavailable`, and
        `Missing` for a message that Graph does not show: it may not have arrived there yet.
        """
        try:
            async with asyncio.timeout(BUDGET.seconds):
                return await self._posted(person, place, message)
        except (Unavailable, TimeoutError) as failed:
            # Graph's own words are about messages that were not read.
            raise Unavailable(retry_after=getattr(failed, "retry_after", None)) from None
        except Missing:
            raise
        except (NeedsSignIn, Unreadable):
            raise NoFilesHere from None

    async def _posted(self, person: Person, place: Place, message: str) -> tuple[Attachment, ...]:
        token, tenant = await self._own(person), (TENANT, person.tenant)
        address, road = where(place, message)
        record = await self._pages(token, person, (tenant, *road)).page(self._line.root + address)
        wanted = self._wanted(record, person)
        files = self._pages(token, person, (tenant,))
        found = [await self._file(files, one) for one in wanted[:MOST]]
        if wanted and not any(found):
            raise Unreadable
        return tuple(file for file in found if file)

    def _pages(self, token: str, person: Person, road: Road) -> Pages:
        return Pages(self._line, Source((), "", "", Spot("", person.tenant), road, own=True), (token,), BUDGET)

    def _wanted(self, record: Record, person: Person) -> Sequence[Record]:
        """The files of a message, if it is the person's own, that lie where files are fetched from."""
        author, bot = writer(record)
        if bot or not person.id or str(author.get("id") or "").casefold() != person.id.casefold():
            return ()
        return [one for one in attachments(record) if one.get("contentType") == "reference" and self._lies_here(one)]

    def _lies_here(self, entry: Record) -> bool:
        """Whether a file's address is of a host that is listed. Behind the host, Graph writes spaces as they are."""
        address = str(entry.get("contentUrl") or "")
        return len(address) <= LONGEST and allowed("/".join(address.split("/", 3)[:3]), self._hosts)

    async def _file(self, pages: Pages, entry: Record) -> Attachment | None:
        """A file with its download address; None for what the person may not read, what is gone, and folders."""
        try:
            item = await pages.page(self._line.root + ITEM.format(share=share(str(entry["contentUrl"]))))
        except (NeedsSignIn, Unreadable):
            return None
        file, link = item.get("file"), item.get(LINK)
        if not isinstance(file, dict) or not isinstance(link, str) or not allowed(link, self._hosts):
            return None
        name = str(item.get("name") or entry.get("name") or "")
        return Attachment(name, str(file.get("mimeType") or ""), link, Sent.FILE)


def where(place: Place, message: str) -> tuple[str, Road]:
    """The address of one message, below Graph's root, and the rates it counts for. Raises `Unreadable`."""
    if place.kind is PlaceKind.GROUP:
        return f"/chats/{escaped(place.conversation)}/messages/{escaped(message)}", ((HOME, place.conversation),)
    if place.kind is not PlaceKind.CHANNEL or not (place.team and place.channel and place.thread):
        raise Unreadable
    root = f"/teams/{escaped(place.team)}/channels/{escaped(place.channel)}/messages/{escaped(place.thread)}"
    address = root if message == place.thread else f"{root}/replies/{escaped(message)}"
    return address, ((TEAM, place.team), (HOME, place.channel))


def share(address: str) -> str:
    """A file's address as Graph wants it in a path: `u!` and unpadded base64url. What Teams left bare is escaped first."""
    plain = quote(address, safe="%/:?[]@!$&'()*+,;=~")
    return f"u!{base64.urlsafe_b64encode(plain.encode()).decode().rstrip('=')}"
