"""Everything that is kept of a person, written into documents that wait for them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from bot.exporting import Json, Page
from bot.store.estate import Estate
from bot.store.owned import OWNED
from bot.store.rows import Claim
from bot.store.spool import Spool
from bot.store.store import Store
from bot.store.writedown import Order, write_down
from dialogs.attachments import Handover
from dialogs.errors import Vanished
from tests.bot.store.stores import TENANT, ask
from tests.contracts.estates import ADA, BOB, ERASED, HOME, NOW, SECRET, began
from tests.dialogs.desk import English


@pytest.mark.usefixtures("both")
async def test_everything_is_written_down_and_nothing_of_others(store: Store, estate: Estate, spool: Spool) -> None:
    claim = await began(store, "export my data", HOME, ADA)
    page, document = await exported(estate, spool, claim)
    kinds = {owned.name for owned in OWNED if owned.name != "legal_holds"}
    assert document["version"] == 1 and set(document["records"]) == kinds
    assert [row["text"] for row in document["records"]["history"]] == [f"{SECRET}?", "Yes.", "And here?", "No."]
    assert document["records"]["people"][0]["settings"]["preferences"]["language"] == "de"
    assert document["records"]["shares"][0]["answer"] == "Shared."
    assert [(row["name"], row["text"]) for row in document["records"]["files"]] == [
        (f"{SECRET}.pdf", f"[page 3]\nAbout {SECRET}.")
    ]
    assert SECRET in page and BOB not in page and BOB not in str(document)


@pytest.mark.usefixtures("both")
async def test_what_waits_in_an_export_cannot_be_read_in_the_database(
    store: Store, estate: Estate, spool: Spool, database: str
) -> None:
    claim = await began(store, "export my data", HOME, ADA)
    await exported(estate, spool, claim)
    assert await estate.find(TENANT, SECRET) == {}
    assert await estate.find(TENANT, "parley-export") == {}


async def exported(estate: Estate, spool: Spool, claim: Claim) -> tuple[str, Any]:
    documents = (Page(ADA, NOW, English()), Json(ADA, NOW))
    found = [step async for step in write_down(estate, spool, Order(claim, ADA, ADA, NOW), documents)]
    files = [step for step in found if isinstance(step, Handover)]
    page, text = [await read(spool, file) for file in files]
    return page.decode(), orjson.loads(text)


async def read(spool: Spool, file: Handover) -> bytes:
    assert await spool.size(TENANT, ADA, file.key, NOW) == file.size
    return b"".join([piece async for piece in spool.pieces(TENANT, ADA, file.key, file.size, NOW)])


@pytest.mark.usefixtures("both")
async def test_who_is_forgotten_while_it_is_written_down_leaves_no_piece(
    store: Store, estate: Estate, spool: Spool, database: str
) -> None:
    claim = await began(store, "export", "a:bob", BOB)
    steps = write_down(estate, spool, Order(claim, BOB, ADA, NOW), (Json(ADA, NOW),))
    await anext(steps)
    await estate.erase(TENANT, ADA, ERASED)
    with pytest.raises(Vanished):
        await drained(steps)
    assert await ask(database, "SELECT 1 FROM exports WHERE about = %s", ADA) == []


async def drained(steps: AsyncIterator[object]) -> None:
    async for _ in steps:
        pass


@pytest.mark.usefixtures("both")
async def test_a_document_is_handed_out_for_an_hour(spool: Spool) -> None:
    with pytest.raises(Vanished):
        await spool.size(TENANT, ADA, "e1", NOW + timedelta(hours=1))


@pytest.mark.usefixtures("both")
async def test_a_document_is_only_for_whom_it_was_made(spool: Spool) -> None:
    await spool.keep(TENANT, ADA, "mine", 0, b"piece", about=ADA, now=NOW)
    with pytest.raises(Vanished):
        await spool.size(TENANT, BOB, "mine", NOW)


async def test_of_a_stranger_nothing_is_written_down(spool: Spool) -> None:
    with pytest.raises(Vanished):
        await spool.keep(TENANT, ADA, "e", 0, b"piece", about="stranger", now=NOW)
