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
from dialogs.errors import NoFilesHere, NotFetched
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
    known: list[Attachment] = field(default_factory=list)
    """Those of a message in a channel, once they were looked up."""

    async def read(self, attachment: Attachment) -> Document:
        """A file as text, of an earlier life of the ask where that has read it."""
        if attachment.sent is not Sent.FILE:
            raise NotFetched
        number, filed = self._number(attachment), self._filed
        found = await filed.found(number)
        if found is not None:
            return found
        document = await self.rooms.reader.document(
            self.rooms.fetcher.download(attachment.address), attachment.name, self._key(number), self.rooms.now()
        )
        if self.ask.place.kind is PlaceKind.PERSONAL:  # elsewhere it was read with rights that may end tomorrow
            await filed.keep(number, document, self.rooms.now() + self.lasts)
        return document

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
        """The documents that this chat knows."""
        return await self._filed.all(self.rooms.now())

    async def posted(self) -> tuple[Attachment, ...]:
        """The files on the asker's own message. Raises `NoFilesHere` and `Unavailable`."""
        if self.rooms.drive is None:
            raise NoFilesHere
        found = await self.rooms.drive.posted(self.ask.person, self.ask.place, self.ask.id)
        self.known.extend(found)
        return found

    async def write(self, text: str, cites: Sequence[Cite], form: Form) -> Handover:
        """An answer as a document. An ask that is tried again writes the same document anew."""
        now, person, tenant = self.rooms.now(), self.ask.person.id, self.claim.tenant
        made = await asyncio.to_thread(printed, text, cites, form, self.words, now)
        name = name_of(form, self.words, now)
        key = document_key(self.claim, name)
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
        """A name for the document that no other of its chat has, and that a model can copy."""
        return f"f{document_key(self.claim, str(number))[:6]}"
