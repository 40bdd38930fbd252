"""The files of one ask: fetched, read and kept, or made of an answer and put where they wait to be handed over.

Floor 7. Joins the rooms that fetch, read, keep and print for one ask of one person; none of them knows another.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.fetching import Fetcher
from bot.graph.drive import GraphDrive
from bot.papers.reader import Reader
from bot.printing import name_of, printed
from bot.rings import Rings
from bot.store.filed import Filed
from bot.store.pool import Pool
from bot.store.rows import Claim
from bot.store.spool import PIECE, Spool
from bot.store.writedown import document_key
from dialogs.attachments import Attachment, Handover, Sent
from dialogs.documents import Document, Picture
from dialogs.errors import Missing, NoFilesHere, NotFetched, Unavailable
from dialogs.ports import Form, Words
from dialogs.talk import Ask, Cite, PlaceKind


@dataclass(frozen=True, slots=True)
class Rooms:
    """What all asks share. Without Microsoft Graph there is no `drive`."""

    fetcher: Fetcher
    reader: Reader
    pool: Pool
    rings: Rings
    spool: Spool
    drive: GraphDrive | None
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Files:
    """The `Files` of one claim and ask. `service_url` is where the bot answers it; what is kept lasts as long as history."""

    rooms: Rooms
    claim: Claim
    ask: Ask
    words: Words
    service_url: str
    lasts: timedelta
    some: bool = True
    """Whether the chat may hold any by now."""
    known: list[Attachment] = field(default_factory=list)
    """Those of a message in a channel, once they were looked up."""
    times: list[datetime] = field(default_factory=list)
    """When its files were read: one time for all of them, also where an earlier life of the ask has read the first."""

    async def read(self, attachment: Attachment) -> Document:
        """A file as text, of an earlier life of the ask where that has read it."""
        if attachment.sent is not Sent.FILE:
            raise NotFetched
        number, filed, now = self._number(attachment), self._filed, self.rooms.now()
        document = await filed.found(number, now) or await self._read(attachment, number)
        self.times.append(document.at)
        if self.ask.place.kind is PlaceKind.PERSONAL:  # elsewhere it was read with rights that may end tomorrow
            # What was found as well: another chat may be open than when it was read, before its person signed in.
            await filed.keep(number, document, now + self.lasts)
        return document

    async def _read(self, attachment: Attachment, number: int) -> Document:
        at = self.times[0] if self.times else self.rooms.now()
        pieces = self.rooms.fetcher.download(attachment.address)
        return await self.rooms.reader.document(pieces, attachment.name, self._key(number), at)

    async def look(self, attachment: Attachment) -> Picture:
        """A picture, pasted into the message or sent along as a file."""
        match attachment.sent:
            case Sent.FILE:
                pieces = self.rooms.fetcher.download(attachment.address)
            case Sent.PICTURE:
                pieces = self.rooms.fetcher.picture(attachment.address, self.service_url)
            case _:
                raise NotFetched
        return await self.rooms.reader.picture(pieces, attachment.name)

    async def kept(self) -> tuple[Document, ...]:
        """The documents that this chat knows. What is being read just now is not among them."""
        return () if not self.some else await self._filed.all(self.rooms.now())

    async def posted(self) -> tuple[Attachment, ...]:
        """The files on the asker's own message. Raises `NoFilesHere` and `Unavailable`."""
        if self.rooms.drive is None:
            raise NoFilesHere
        try:
            found = await self.rooms.drive.posted(self.ask.person, self.ask.place, self.ask.id)
        except Missing:
            # Graph shows a message some seconds late, and some never: waited for once, and no answer is kept back for it.
            raise (NoFilesHere if self.claim.attempts else Unavailable) from None
        self.known.extend(found)
        return found

    async def write(self, text: str, cites: Sequence[Cite], form: Form) -> Handover:
        """An answer as a document. An ask that is tried again writes the same document anew."""
        now, person, tenant = self.rooms.now(), self.ask.person.id, self.claim.tenant
        made = await asyncio.to_thread(printed, text, cites, form, self.words, now)
        name = name_of(form, self.words, now)
        key = document_key(self.claim, f"answer.{form}")  # its name holds the date, and a retry may be tomorrow's
        await self.rooms.spool.drop(tenant, person, key)
        for number, start in enumerate(range(0, len(made), PIECE)):
            piece = made[start : start + PIECE]
            await self.rooms.spool.keep(tenant, person, key, number, piece, about=person, now=now)
        return Handover(key, name, len(made))

    @property
    def _filed(self) -> Filed:
        return Filed(self.rooms.pool, self.rooms.rings, self.claim, self.ask.person.id)

    def _number(self, attachment: Attachment) -> int:
        return (*self.ask.attachments, *self.known).index(attachment)

    def _key(self, number: int) -> str:
        """A name for the document that a model can copy; that two of a chat's twenty have the same: one in 20 million."""
        return f"f{document_key(self.claim, str(number))[:8]}"
