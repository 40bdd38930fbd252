"""Everything that is kept of a person, written into documents that wait for whoever gets them.

Floor 6. Nothing is held but a piece of each document.
"""

import hashlib
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.exporting import Document
from bot.store.estate import Estate
from bot.store.rows import Claim
from bot.store.spool import PIECE, Spool
from dialogs.attachments import Handover
from dialogs.errors import Vanished
from dialogs.streams import closing

STEP = 500
"""Rows between two reports of how far it has come."""


@dataclass(frozen=True, slots=True)
class Order:
    """Whose data (`about`) is written down for whom (`person`), in which ask. Entra ids."""

    claim: Claim
    person: str
    about: str
    now: datetime


class Sheet:
    """One document while it is written: what is held of it, and how many pieces and bytes of it are put away."""

    def __init__(self, document: Document, key: str) -> None:
        self.document = document
        self.key = key
        self.held = bytearray()
        self.number = 0
        self.size = 0


async def write_down(
    estate: Estate, spool: Spool, order: Order, documents: Sequence[Document]
) -> AsyncGenerator[int | Handover, None]:
    """How many rows by now, and at the end the documents. Raises `Vanished` where the person is forgotten meanwhile.

    An ask that is tried again writes the same documents anew.
    """
    tenant = order.claim.tenant
    sheets = [Sheet(document, document_key(order.claim, document.name)) for document in documents]
    for sheet in sheets:
        await spool.drop(tenant, order.person, sheet.key)
        await _add(spool, order, sheet, sheet.document.opening())
    rows = 0
    async with closing(estate.rows(tenant, order.about)) as found:
        async for kept in found:
            for sheet in sheets:
                await _add(spool, order, sheet, sheet.document.row(kept))
            rows += 1
            if rows % STEP == 0:
                yield rows
    yield rows
    for sheet in sheets:
        await _add(spool, order, sheet, sheet.document.closing())
        await _keep(spool, order, sheet, len(sheet.held))
    # Somebody forgotten while this was read has no pieces left, though the last of them might have been kept.
    if not await estate.known(tenant, order.about):
        raise Vanished
    for sheet in sheets:
        yield Handover(sheet.key, sheet.document.name, sheet.size)


def document_key(claim: Claim, name: str) -> str:
    """Under which key a document that an ask writes is kept: 32 hexadecimal digits."""
    once = "\n".join((claim.tenant, claim.conversation, claim.activity, name))
    return hashlib.sha256(once.encode(errors="surrogatepass")).hexdigest()[:32]


async def _add(spool: Spool, order: Order, sheet: Sheet, text: bytes) -> None:
    sheet.held += text
    while len(sheet.held) > PIECE:
        await _keep(spool, order, sheet, PIECE)


async def _keep(spool: Spool, order: Order, sheet: Sheet, size: int) -> None:
    """Puts the first bytes that are held away."""
    piece = bytes(sheet.held[:size])
    del sheet.held[:size]
    where = (order.claim.tenant, order.person, sheet.key, sheet.number)
    await spool.keep(*where, piece, about=order.about, now=order.now)
    sheet.number += 1
    sheet.size += size
