"""What the text of somebody's files owes to whoever sent them: kept once, found again, and gone with what it belongs to."""

import asyncio
import secrets
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import psycopg
import pytest

from bot.rings import Ring
from bot.store.estate import Estate
from bot.store.filed import ALL, FOUND, MOST, READ, Filed
from bot.store.people import People
from bot.store.pool import Pool
from bot.store.rows import Claim, LeaseLost
from bot.store.sessions import SESSION
from bot.store.store import Store
from dialogs.changes import Amended, Change, Dropped, Opened
from dialogs.documents import MOST_CHARACTERS, Document, Gap, Kind, Passage
from dialogs.errors import Vanished
from dialogs.talk import Cite, Locator, Message, Place, PlaceKind, Scope, Window
from tests.bot.store.stores import SEALED, TENANT, ask, expire
from tests.contracts.estates import ADA, BOB, DOCUMENT, ERASED, GROUP, HOME, NOW, SOON, began, kept
from tests.contracts.test_vault import CANARY, found
from tests.contracts.vaults import Process, one, two

__all__ = ["one", "two"]
CITES = (
    Cite(1, "report.pdf, page 3", "A “quote” \ud800.", ""),
    Cite(4, "Ada", "Ship.", "https://teams.microsoft.com/l/message/1"),
)


def document(name: str = "report.pdf", text: str = "Revenue rose.", minutes: int = 0) -> Document:
    at = NOW + timedelta(minutes=minutes)
    return Document(name, name, Kind.PDF, at, (Passage(Locator("page", "1"), text),), 1)


@pytest.fixture
async def claim(store: Store, pool: Pool) -> Claim:
    """Ada asks something in her own chat."""
    await People(pool).known(TENANT, ADA, HOME)
    return await began(store, "ask", HOME, ADA)


def filed(pool: Pool, claim: Claim, person: str = ADA) -> Filed:
    return Filed(pool, SEALED, claim, person)


async def names(files: Filed) -> list[str]:
    return [each.name for each in await files.all(NOW)]


async def again(store: Store, claim: Claim, *changes: Change, new_chat: bool = False) -> Claim:
    """The claim of another ask in the same conversation, after this one is answered."""
    left = replace(kept(ADA, "Q", "A"), changes=changes, new_chat=new_chat, audit=None, usage=())
    await store.finish(claim, left)
    return await began(store, f"after {claim.activity}", claim.conversation, ADA)


# kept and found


async def test_a_document_is_found_again_as_it_was(pool: Pool, claim: Claim) -> None:
    whole = replace(
        DOCUMENT,
        name="naïve 📄.pdf",
        passages=(Passage(Locator("sheet", "Q3"), 'a | "b"\nc'), Passage(Locator("heading", ""), "")),
        gaps={Gap.MACROS: 1, Gap.BEYOND: 20},
    )
    await filed(pool, claim).keep(2, whole, SOON)
    assert await filed(pool, claim).found(2, NOW) == whole
    assert await filed(pool, claim).all(NOW) == (whole,)


async def test_keeping_it_once_more_is_the_same(pool: Pool, claim: Claim, database: str) -> None:
    for _ in range(2):
        await filed(pool, claim).keep(0, document(), SOON)
    assert await names(filed(pool, claim)) == ["report.pdf"]
    assert await ask(database, "SELECT count(*) FROM files") == [(1,)]


async def test_an_ask_that_is_tried_again_finds_what_it_has_read_and_no_other_ask_does(
    store: Store, other: Store, pool: Pool, claim: Claim, database: str
) -> None:
    await filed(pool, claim).keep(1, document(), SOON)
    await expire(database)
    (tried,) = await other.claim(1)
    assert await filed(pool, tried).found(1, NOW) == document() and await filed(pool, tried).found(0, NOW) is None
    later = await again(other, tried)
    assert await filed(pool, later).found(1, NOW) is None
    assert await names(filed(pool, later)) == ["report.pdf"]


async def test_the_newest_file_comes_first(pool: Pool, claim: Claim) -> None:
    for number, name in enumerate(("first", "second", "third")):
        await filed(pool, claim).keep(number, document(name, minutes=number), SOON)
    assert await names(filed(pool, claim)) == ["third", "second", "first"]


async def test_a_question_knows_no_more_files_than_it_can_go_through(pool: Pool, claim: Claim) -> None:
    for number in range(MOST + 2):
        await filed(pool, claim).keep(number, document(str(number), minutes=number), SOON)
    assert await names(filed(pool, claim)) == [str(number) for number in range(MOST + 1, 1, -1)]


async def test_a_question_knows_no_more_text_than_it_can_go_through(pool: Pool, claim: Claim) -> None:
    for number in range(4):
        await filed(pool, claim).keep(number, document(str(number), "x" * MOST_CHARACTERS, number), SOON)
    assert len(await names(filed(pool, claim))) == READ // MOST_CHARACTERS


async def test_the_largest_document_fits_whatever_its_letters(pool: Pool, claim: Claim) -> None:
    text = "".join(chr(0x20000 + number % 40_000) for number in range(MOST_CHARACTERS))
    await filed(pool, claim).keep(0, document(text=text), SOON)
    assert await filed(pool, claim).found(0, NOW) == document(text=text)


async def test_half_a_letter_does_not_keep_a_document_from_being_kept(pool: Pool, claim: Claim) -> None:
    await filed(pool, claim).keep(0, document("\ud800.pdf", "\udfff"), SOON)
    assert await filed(pool, claim).all(NOW) == (replace(document("?.pdf", "?")),)


# whose it is


async def test_nobody_else_finds_it_nor_the_same_person_elsewhere(store: Store, pool: Pool, claim: Claim) -> None:
    await People(pool).known(TENANT, BOB, "a:bob")
    await filed(pool, claim).keep(0, document(), SOON)
    elsewhere = await began(store, "ask", GROUP, ADA)
    assert await names(filed(pool, claim, BOB)) == [] and await filed(pool, claim, BOB).found(0, NOW) is None
    assert await names(filed(pool, elsewhere)) == []


async def test_a_row_that_was_moved_to_somebody_else_opens_nowhere(pool: Pool, claim: Claim, database: str) -> None:
    await People(pool).known(TENANT, BOB, "a:bob")
    await filed(pool, claim).keep(0, document(), SOON)
    await ask(database, "UPDATE files SET person = %s", BOB)
    assert await names(filed(pool, claim, BOB)) == []


async def test_of_somebody_forgotten_meanwhile_nothing_is_kept(
    pool: Pool, claim: Claim, estate: Estate, database: str
) -> None:
    await estate.erase(TENANT, ADA, ERASED)
    with pytest.raises(Vanished):
        await filed(pool, claim).keep(0, document(), SOON)
    assert await ask(database, "SELECT 1 FROM files") == []


async def test_whoever_waits_for_an_erasure_keeps_nothing(
    pool: Pool, claim: Claim, estate: Estate, database: str
) -> None:
    async with await psycopg.AsyncConnection.connect(database) as forgetting:
        await forgetting.execute("SELECT 1 FROM people WHERE person = %s FOR UPDATE", (ADA,))
        keeping = asyncio.create_task(filed(pool, claim).keep(0, document(), SOON))
        await waiting(database)
        await forgetting.execute("DELETE FROM people WHERE person = %s", (ADA,))
        await forgetting.commit()
    with pytest.raises(Vanished):
        await keeping


async def waiting(database: str) -> None:
    """Returns when somebody waits for a lock in this database."""
    async with asyncio.timeout(5):
        while not await ask(database, "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            await asyncio.sleep(0.01)


async def test_who_has_lost_the_lane_puts_nothing_back(other: Store, pool: Pool, claim: Claim, database: str) -> None:
    await expire(database)
    await other.claim(1)
    with pytest.raises(LeaseLost):
        await filed(pool, claim).keep(0, document(), SOON)
    assert await ask(database, "SELECT 1 FROM files") == []


# how long


async def test_a_new_chat_does_not_know_it_and_the_old_one_does_when_it_is_open_again(
    store: Store, pool: Pool, claim: Claim
) -> None:
    await filed(pool, claim).keep(0, document(), SOON)
    fresh = await again(store, claim, new_chat=True)
    assert await names(filed(pool, fresh)) == []
    back = await again(store, fresh, Opened(claim.chat))
    assert back.chat == claim.chat and await names(filed(pool, back)) == ["report.pdf"]


async def test_with_its_chat_it_goes_and_that_of_another_chat_stays(store: Store, pool: Pool, claim: Claim) -> None:
    await filed(pool, claim).keep(0, document("old"), SOON)
    fresh = await again(store, claim, new_chat=True)
    await filed(pool, fresh).keep(0, document("new"), SOON)
    last = await again(store, fresh, Dropped((claim.chat,)))
    assert await names(filed(pool, replace(last, chat=claim.chat))) == []
    assert await names(filed(pool, last)) == ["new"]


async def test_with_its_message_it_goes_and_with_a_changed_one_it_stays(store: Store, pool: Pool, claim: Claim) -> None:
    await filed(pool, claim).keep(0, document(), SOON)
    second = await again(store, claim)
    await filed(pool, second).keep(0, document("second", minutes=1), SOON)
    third = await again(store, second, Amended(claim.activity, "Said otherwise."))
    assert await names(filed(pool, third)) == ["second", "report.pdf"]
    fourth = await again(store, third, Amended(claim.activity))
    assert await names(filed(pool, fourth)) == ["second"]


async def test_what_has_expired_is_not_read_any_more(pool: Pool, claim: Claim) -> None:
    await filed(pool, claim).keep(0, document(), NOW - timedelta(seconds=1))
    assert await names(filed(pool, claim)) == [] and await filed(pool, claim).found(0, NOW) is None


# what nobody can read


def of_another_program(change: dict[str, Any]) -> bytes:
    fields = {"v": 1, "key": "k", "name": "n", "kind": "pdf", "at": NOW.isoformat(), "whole": 1, "gaps": {}}
    return zlib.compress(orjson.dumps({**fields, "passages": [["page", "1", "x"]], **change}))


POISON = {
    "a later version": of_another_program({"v": 2}),
    "no kind": of_another_program({"kind": "film"}),
    "no gap": of_another_program({"gaps": {"holes": 1}}),
    "no place": of_another_program({"passages": [["verse", "1", "x"]]}),
    "half a passage": of_another_program({"passages": [["page", "1"]]}),
    "no time": of_another_program({"at": "yesterday"}),
    "a time without a zone": of_another_program({"at": "2026-11-21T09:00:00"}),
    "not JSON": zlib.compress(b"{"),
    "a list": zlib.compress(b"[]"),
    "not compressed": b'{"v":1}',
    "cut short": of_another_program({})[:-6],
    "a bomb": zlib.compress(zlib.decompress(of_another_program({})) + b" " * 40_000_000),
    "nothing": b"",
}


@pytest.mark.parametrize("body", POISON.values(), ids=list(POISON))
async def test_what_another_program_wrote_is_absent_and_the_others_are_there(
    body: bytes, pool: Pool, claim: Claim, database: str
) -> None:
    await filed(pool, claim).keep(0, document("bad", minutes=1), SOON)
    await filed(pool, claim).keep(1, document("good"), SOON)
    ring = await SEALED.ring(TENANT)
    place = ("files", "body", TENANT, HOME, ADA, str(claim.chat), claim.activity, "0")
    await ask(database, "UPDATE files SET body = %s WHERE number = 0", ring.seal(body, *place))
    assert await names(filed(pool, claim)) == ["good"] and await filed(pool, claim).found(0, NOW) is None


async def test_one_whose_key_was_destroyed_is_absent(pool: Pool, claim: Claim, database: str) -> None:
    await filed(pool, claim).keep(0, document(), SOON)
    sealed = Ring({9: secrets.token_bytes(32)}).seal(b"{}", "files")
    await ask(database, "UPDATE files SET body = %s", sealed)
    assert await names(filed(pool, claim)) == []


async def test_nothing_of_a_file_stands_in_the_plain_and_a_new_key_opens_it(one: Process, database: str) -> None:
    await People(one.pool).known(TENANT, "anna", "chat")
    claim = await began(one.store, CANARY[:3], "chat", "anna")
    files = Filed(one.pool, one.vault, claim, "anna")
    await files.keep(0, document(CANARY, CANARY), SOON)
    plain = await found(database)
    await one.vault.rotate(TENANT)
    while await one.vault.reseal(TENANT, 10):
        pass
    await ask(database, "UPDATE data_keys SET wrapped = '', kid = '' WHERE tenant = %s AND number = 1", TENANT)
    assert plain == [] and await files.found(0, NOW) == document(CANARY, CANARY)


# how it is found


@pytest.mark.parametrize("one", [ALL, FOUND])
async def test_it_is_looked_for_through_its_key_though_the_table_was_empty_when_that_was_planned(
    one: Any, database: str
) -> None:
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(SESSION)
        await connection.execute("SET parley.tenant = '*'")
        await connection.execute(b"PREPARE looked AS " + one.text)
        values = dict.fromkeys(one.names, "'1'") | {"now": "now()"}
        given = ", ".join(values[name] for name in one.names)
        plan = await (await connection.execute(f"EXPLAIN EXECUTE looked({given})".encode())).fetchall()
    assert "files_pkey" in str(plan)


# the sources of an answer


async def test_an_answers_sources_are_known_with_it(store: Store, claim: Claim) -> None:
    left = kept(ADA, "Q", "A [1]")
    lines = (left.history[0], replace(left.history[1], cites=CITES))
    await store.finish(claim, replace(left, history=lines))
    told = await store.history(TENANT, HOME, ADA, claim.chat, 10)
    assert told == (
        Message("user", "Q"),
        Message("assistant", "A [1]", cites=(replace(CITES[0], quote="A “quote” ?."), CITES[1])),
    )


async def test_an_answer_may_have_both_a_scope_and_sources(store: Store, claim: Claim) -> None:
    left = kept(ADA, "Q", "A")
    place = Scope(Place(PlaceKind.CHANNEL, "19:c;messageid=1", "team", "19:c", "1"), Window(last=5))
    lines = (left.history[0], replace(left.history[1], scope=place, cites=CITES[1:]))
    await store.finish(claim, replace(left, history=lines))
    (_, told) = await store.history(TENANT, HOME, ADA, claim.chat, 10)
    assert (told.scope, told.cites) == (place, CITES[1:])


@pytest.mark.parametrize("body", [b"{}", b"[1]", b"{", b'{"v":2,"cites":[]}', b'{"v":1,"cites":[[1]]}'])
async def test_sources_that_another_program_wrote_are_none(
    body: bytes, store: Store, claim: Claim, database: str
) -> None:
    await store.finish(claim, kept(ADA, "Q", "A"))
    ring = await SEALED.ring(TENANT)
    sealed = ring.seal(body, "history", "cites", TENANT, HOME, ADA)
    await ask(database, "UPDATE history SET cites = %s", sealed)
    assert [line.cites for line in await store.history(TENANT, HOME, ADA, claim.chat, 10)] == [(), ()]
