"""What the files of one ask owe to each other: one time, one key, and the chat that is open."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

import pytest

from bot.fetching import Fetcher
from bot.filing import Files, Rooms
from bot.papers.reader import Reader
from bot.store.filed import Filed
from bot.store.people import People
from bot.store.pool import Pool
from bot.store.rows import Claim
from bot.store.spool import Spool
from bot.store.store import Store
from dialogs.documents import Document, Kind, Passage
from dialogs.talk import Locator, PlaceKind
from tests.bot.store.stores import SEALED, TENANT
from tests.contracts.estates import ADA, HOME, NOW, began, kept
from tests.dialogs.desk import English, a_file, an_ask

SENT = (a_file("a.pdf"), a_file("b.pdf"))
ASK = replace(an_ask("?", PlaceKind.PERSONAL, attachments=SENT), person=replace(an_ask().person, id=ADA))


@dataclass
class Outside:
    """Everything is there, reads as one page, and takes a day."""

    now: datetime = NOW
    read: list[str] = field(default_factory=list)

    async def download(self, address: str) -> AsyncIterator[bytes]:
        yield b"x"

    async def document(self, pieces: AsyncIterator[bytes], name: str, key: str, at: datetime) -> Document:
        self.read.append(name)
        self.now += timedelta(days=1)
        return Document(key, name, Kind.PDF, at, (Passage(Locator("page", "1"), "x"),), 1)

    def files(self, pool: Pool, spool: Spool, claim: Claim) -> Files:
        rooms = Rooms(cast(Fetcher, self), cast(Reader, self), pool, SEALED, spool, None, lambda: self.now)
        return Files(rooms, claim, ASK, English(), "https://example", timedelta(days=9))


@pytest.fixture
async def claim(store: Store, pool: Pool) -> Claim:
    await People(pool).known(TENANT, ADA, HOME)
    return await began(store, ASK.id, HOME, ADA)


async def test_the_files_of_one_ask_were_sent_at_one_time(pool: Pool, spool: Spool, claim: Claim) -> None:
    files = Outside().files(pool, spool, claim)
    assert {(await files.read(each)).at for each in SENT} == {NOW}


async def test_so_they_were_where_an_earlier_life_has_read_the_first(pool: Pool, spool: Spool, claim: Claim) -> None:
    outside = Outside()
    await outside.files(pool, spool, claim).read(SENT[0])
    tried = outside.files(pool, spool, claim)
    assert {(await tried.read(each)).at for each in SENT} == {NOW} and outside.read == ["a.pdf", "b.pdf"]


async def test_the_documents_of_one_ask_have_keys_of_their_own(pool: Pool, spool: Spool, claim: Claim) -> None:
    files = Outside().files(pool, spool, claim)
    keys = [(await files.read(each)).key for each in SENT]
    assert len(set(keys)) == 2 and all(len(key) == 9 for key in keys)


async def test_what_was_read_in_another_chat_is_known_in_the_one_that_is_open(
    store: Store, pool: Pool, spool: Spool, claim: Claim
) -> None:
    outside = Outside()
    await outside.files(pool, spool, claim).read(SENT[0])
    await store.finish(claim, replace(kept(ADA, "Q", "A"), new_chat=True, audit=None, usage=()))
    later = replace(await began(store, "later", HOME, ADA), activity=claim.activity)
    assert later.chat != claim.chat and await outside.files(pool, spool, later).kept() == ()
    found = await outside.files(pool, spool, later).read(SENT[0])
    assert await Filed(pool, SEALED, later, ADA).all(NOW) == (found,) and outside.read == ["a.pdf"]


async def test_an_answer_that_is_written_again_on_another_day_is_the_same_document(
    pool: Pool, spool: Spool, claim: Claim
) -> None:
    outside = Outside()
    first = await outside.files(pool, spool, claim).write("So.", (), "md")
    outside.now += timedelta(days=1)
    second = await outside.files(pool, spool, claim).write("So.", (), "md")
    other = await outside.files(pool, spool, claim).write("So.", (), "docx")
    assert first.key == second.key != other.key and first.name != second.name
