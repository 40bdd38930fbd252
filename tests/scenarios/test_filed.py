"""What is kept of the files that people drop into their own chat, for whom, and until when."""

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.bot.papers.papers import leftovers, sample
from tests.scenarios import parcels
from tests.scenarios.firm import Firm
from tests.scenarios.parcels import CANARY, address, drop, dropped, file, given, lying_in, sources
from tests.scenarios.staff import Employee, newcomer, signs, told, traces
from tests.world.completion import Reply
from tests.world.faults import Hang
from tests.world.openai import Hold
from tests.world.people import TENANT

pytestmark = pytest.mark.asyncio(loop_scope="session")
KEPT = "SELECT count(*) FROM files WHERE person = %s"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Where the process keeps what it keeps, and what it forgets to clear away."""
    return tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("tmp")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firm(postgres: str, folders: tuple[Path, Path]) -> AsyncIterator[Firm]:
    data, temporary = map(str, folders)
    async with parcels.office(postgres, DATA_DIR=data, TMPDIR=temporary) as firm:
        yield firm


@pytest.fixture
def ada(firm: Firm) -> Employee:
    return newcomer(firm)


@dataclass(frozen=True, slots=True)
class Killed:
    """Two whose files were being worked on in a process that was killed: read and kept, and not yet read."""

    kept: Employee
    fetched: Employee


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def killed(firm: Firm) -> Killed:
    """Both are over: another process has taken them on."""
    world, people = firm.world, Killed(newcomer(firm), newcomer(firm))
    read, unread = (file(firm, name, sample("report.docx")) for name in ("read.docx", "unread.docx"))
    async with firm.later() as doomed:
        hold, hang = Hold(0), world.drive.faults.add(Hang(), of="download")
        await world.post(dropped(people.fetched, "When?", unread), bot=doomed.url)
        await asyncio.wait_for(hang.reached.wait(), 10)
        world.model.next(Reply("never finished", pause=hold))
        await world.post(dropped(people.kept, "When?", read), bot=doomed.url)
        await asyncio.wait_for(hold.reached.wait(), 10)
        await doomed.kill()
    world.drive.expire(address(read))
    hang.release()
    for person in (people.kept, people.fetched):
        room = person.room
        await world.teams.until(lambda room=room: bool(firm.answers(room)), 40)  # type: ignore[misc]
        await person.done()
    return people


async def test_what_a_killed_process_had_read_is_answered_once_without_its_address(killed: Killed, firm: Firm) -> None:
    (answer,) = firm.answers(killed.kept.room)
    assert sources(answer) == ["read.docx, “Risks”"]


async def test_what_a_killed_process_had_not_read_is_fetched_again_and_answered_once(
    killed: Killed, firm: Firm
) -> None:
    (answer,) = firm.answers(killed.fetched.room)
    assert sources(answer) == ["unread.docx, “Risks”"]


async def test_neither_text_nor_name_of_a_file_stands_in_a_column_or_log_line(firm: Firm) -> None:
    person = await parcels.settled(firm)
    written = await firm.written()
    marks = {CANARY, CANARY.encode().hex(), base64.b64encode(CANARY.encode()).decode().rstrip("=")}
    assert (await firm.rows(KEPT, person.person.id)) == [(1,)]
    assert not [text for text in written if any(mark.lower() in text.lower() for mark in marks)]


async def test_no_file_is_left_on_the_disk(firm: Firm, folders: tuple[Path, Path]) -> None:
    hold = Hold(0)
    firm.world.model.next(Reply("It comes.", pause=hold))
    person = newcomer(firm)
    await firm.world.post(dropped(person, "When?", file(firm, f"{CANARY}.txt", CANARY.encode() * 100)))
    await asyncio.wait_for(hold.reached.wait(), 10)
    meanwhile = lying_in(folders) + leftovers(CANARY.encode(), 0)
    hold.release()
    await person.done()
    assert meanwhile == [] == lying_in(folders) + leftovers(CANARY.encode(), 0)


async def test_a_person_is_told_that_files_are_kept_and_until_when(firm: Firm) -> None:
    person = await parcels.settled(firm)
    assert "Text of files you sent me\nHow much: 1 entry" in await person.say("what do you know about me")


async def test_an_export_holds_the_text_of_files(firm: Firm) -> None:
    person = await parcels.settled(firm)
    await person.say("export my data")
    for one in [one for one in person.shown if one.offers]:
        await person.hand.accept(one)
    await person.done()
    files = [person.hand.document(f"parley-export.{ending}") or b"" for ending in ("html", "json")]
    assert all(f"It is called {CANARY}.".encode() in made and f"{CANARY}.docx".encode() in made for made in files)


async def test_with_its_person_a_file_is_forgotten(firm: Firm) -> None:
    person = await parcels.settled(firm)
    receipt = await person.say("forget me yes")
    assert "Text of files you sent me | 1 entry" in receipt
    assert await firm.rows(KEPT, person.person.id) == [(0,)] and await traces(firm, *signs(person)) == []


async def test_with_its_message_a_file_is_deleted(firm: Firm, ada: Employee) -> None:
    sent = dropped(ada, "When does the crane come?", file(firm, "report.docx"))
    await ada.give(sent)
    before = await firm.rows(KEPT, ada.person.id)
    await ada.hand.delete(sent)
    await ada.done()
    await ada.say("What does this document say of the crane?")
    assert before == [(1,)] and await firm.rows(KEPT, ada.person.id) == [(0,)] and given(told(ada)) == set()


async def test_a_file_is_deleted_with_its_chat(firm: Firm, ada: Employee) -> None:
    await drop(ada, "When does the crane come?", file(firm, "report.docx"))
    await ada.say("chats")
    await ada.press("Delete")
    await ada.press("Delete")
    assert await firm.rows(KEPT, ada.person.id) == [(0,)]


async def test_a_file_is_not_known_after_its_time_and_swept_but_for_a_legal_hold(firm: Firm) -> None:
    swept, held = await parcels.settled(firm), await parcels.settled(firm)
    for person in (swept, held):
        await firm.change("UPDATE files SET expires = now() - interval '1 minute' WHERE person = %s", person.person.id)
    await firm.change("INSERT INTO legal_holds VALUES (%s, %s, now(), 'court')", TENANT, held.person.id)
    await swept.say("What does this document say of the crane?")
    known = given(told(swept))
    assert (await firm.operator("sweep")).code == 0
    kept = [(await firm.rows(KEPT, person.person.id))[0][0] for person in (swept, held)]
    assert known == set() and kept == [0, 1]
    assert "legal matter" in await held.say("forget me yes") and await firm.rows(KEPT, held.person.id) == [(1,)]
