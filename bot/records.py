"""What is kept of the person who asks, as their dialogs may look at it.

Floor 7. Joins the tables, the documents on their way and Teams' upload address for one ask of one person.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.exporting import Json, Page
from bot.files import Uploader
from bot.store.estate import Estate
from bot.store.rows import Claim
from bot.store.spool import Spool
from bot.store.writedown import Order, write_down
from dialogs.attachments import Handed, Handover
from dialogs.ports import Words
from dialogs.shelves import Holding, Spending, Upload
from dialogs.streams import closing
from dialogs.talk import Person


@dataclass(frozen=True, slots=True)
class Rooms:
    """What all asks share."""

    estate: Estate
    spool: Spool
    uploader: Uploader
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long figures are kept, and everything after the person removed the assistant, as the company's rules say."""

    usage: timedelta
    gone: timedelta


@dataclass(frozen=True, slots=True)
class Records:
    """The `Records` of one claim and person; `spent` tells what they have used on each of so many days."""

    rooms: Rooms
    claim: Claim
    person: Person
    words: Words
    lasting: Lasting
    spent: Callable[[int], Awaitable[Spending]]

    async def holdings(self) -> tuple[Holding, ...]:
        """What is kept, by kind."""
        return await self.rooms.estate.holdings(self.claim.tenant, self.person.id, self.lasting.usage)

    async def export(self) -> AsyncGenerator[int | Handover, None]:
        """Writes everything down. Raises `Vanished`."""
        now = self.rooms.now()
        documents = (Page(self.person.id, now, self.words), Json(self.person.id, now))
        order = Order(self.claim, self.person.id, self.person.id, now)
        async with closing(write_down(self.rooms.estate, self.rooms.spool, order, documents)) as steps:
            async for step in steps:
                yield step

    async def hand_over(self, upload: Upload) -> Handed:
        """Sends a document. Raises `Vanished`, `NotAllowed` or `Unavailable`."""
        where = (self.claim.tenant, self.person.id, upload.key)
        now, spool = self.rooms.now(), self.rooms.spool
        size = await spool.size(*where, now)
        async with closing(spool.pieces(*where, size, now)) as pieces:
            await self.rooms.uploader.upload(upload.address, size, pieces)
        return Handed(upload.name, upload.link, upload.id, upload.type)

    async def spending(self, days: int) -> Spending:
        """What the person has used."""
        return await self.spent(days)

    async def held(self) -> bool:
        """Whether there is a legal hold."""
        return await self.rooms.estate.held(self.claim.tenant, self.person.id)

    async def halt(self) -> int:
        """Stops what is under way in other conversations; how much of it somebody is still at work on."""
        return await self.rooms.estate.halt(self.claim.tenant, self.person.id, self.claim.conversation)

    async def left(self) -> bool:
        """Whether they removed the assistant so long ago, and have not asked anything since."""
        since = self.rooms.now() - self.lasting.gone
        return await self.rooms.estate.left(self.claim.tenant, self.person.id, since)
