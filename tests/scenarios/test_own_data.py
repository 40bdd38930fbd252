"""A person's power over what is kept of them: told, handed over, changed, deleted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import psycopg
import pytest

from tests.scenarios.staff import Employee, busy, connected, counted, newcomer, rows, run, signs, told, traces
from tests.scenarios.stage import Stage
from tests.world.bots import BotProcess
from tests.world.completion import Reply
from tests.world.openai import Hold
from tests.world.people import TENANT

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.usefixtures("whole")]
FILES = ("parley-export.html", "parley-export.json")


@pytest.fixture
def ada(stage: Stage) -> Employee:
    return newcomer(stage)


# told and handed over


async def test_what_is_kept_is_told_by_kind_with_since_when_and_until_when(ada: Employee) -> None:
    await busy(ada)
    shown = await ada.say("what do you know about me")
    for line in (
        "What you wrote to me and what I answered\nHow much: 2 entries",
        "Prompts you saved\nHow much: 1 entry",
        "Titles you gave",
    ):
        assert line in shown
    assert "within 30 days" in shown and "when you delete it" in shown


async def test_an_export_arrives_whole_with_the_persons_words_and_nobody_elses(stage: Stage, ada: Employee) -> None:
    room = stage.group()
    ben = newcomer(stage).at(room)
    await ben.say("The marker is OSPREY.")
    await busy(ada)
    await ada.at(room).say("The marker is KESTREL.")
    await ada.say("export my data")
    offers = {offer["name"]: (one, offer["content"]["sizeInBytes"]) for one in ada.shown for offer in one.offers}
    statuses = [await ada.hand.accept(one) for one, _ in offers.values()]
    await ada.done()
    files = {name: ada.hand.document(name) or b"" for name in FILES}
    assert statuses == [200, 200] and {name: len(file) for name, file in files.items()} == {
        name: size for name, (_, size) in offers.items()
    }
    for file in files.values():
        assert b"Our mascot is a heron." in file and b"KESTREL" in file and b"Haiku" in file and b"Lovely" in file
        assert b"OSPREY" not in file and ben.person.id.encode() not in file
    assert sum(map(len, orjson.loads(files[FILES[1]])["records"].values())) == orjson.loads(files[FILES[1]])["rows"]
    assert files[FILES[0]].endswith(b"</body></html>\n")


async def test_a_document_that_was_handed_over_is_shown_as_a_file(ada: Employee) -> None:
    await ada.say("export my data")
    await ada.hand.accept()
    await ada.done()
    assert [file["name"] for one in ada.shown for file in one.files] == [FILES[1]]


async def test_an_export_is_handed_over_by_another_process(ada: Employee, other: BotProcess) -> None:
    await ada.say("Our mascot is a heron.")
    await ada.say("export my data")
    there = ada.by(other)
    await there.hand.accept()
    await ada.done()
    assert b"heron" in (there.hand.document(FILES[1]) or b"")


async def test_a_document_that_was_declined_is_gone(ada: Employee) -> None:
    await ada.say("export my data")
    offers = [one for one in ada.shown if one.offers]
    assert [await ada.hand.decline(one) for one in offers] == [200, 200]
    left = (await counted(ada))["exports"]
    await ada.hand.accept(offers[0])
    await ada.done()
    assert left == 0 and "I no longer have that" in ada.last.text and ada.hand.document(FILES[0]) is None


async def test_a_document_is_not_handed_over_after_its_hour(ada: Employee) -> None:
    await ada.say("export my data")
    await run(ada.stage, "UPDATE exports SET expires = now() - interval '1 second' WHERE person = %s", ada.person.id)
    await ada.hand.accept()
    await ada.done()
    assert "I no longer have that" in ada.last.text and ada.hand.document(FILES[1]) is None


async def test_a_document_is_not_handed_over_once_its_person_is_forgotten(ada: Employee) -> None:
    await ada.say("export my data")
    offer = next(one for one in reversed(ada.shown) if one.offers)
    await ada.say("forget me yes")
    await ada.hand.accept(offer)
    await ada.done()
    assert "I no longer have that" in ada.last.text and ada.hand.document(FILES[1]) is None


async def test_anothers_document_is_not_handed_over(stage: Stage, ada: Employee) -> None:
    await ada.say("Our mascot is a heron.")
    await ada.say("export my data")
    offer = next(one for one in reversed(ada.shown) if one.offers)
    thief = newcomer(stage)
    await thief.hand.accept(offer)
    await thief.done()
    assert "I no longer have that" in thief.last.text and thief.hand.document(FILES[1]) is None


@pytest.mark.parametrize("words", ["what do you know about me", "export my data", "forget me", "forget me yes"])
async def test_nothing_of_the_kind_is_said_or_done_where_others_read_along(
    stage: Stage, ada: Employee, words: str
) -> None:
    here = ada.at(stage.group())
    assert "one to one" in await here.say(words)
    assert (await counted(ada))["people"] == 1


# forgotten


async def test_who_is_forgotten_stands_in_no_table_and_the_others_stay(stage: Stage, ada: Employee) -> None:
    room = stage.group()
    here, ben = ada.at(room), newcomer(stage)
    await asyncio.gather(busy(ben), busy(ada))
    await ben.at(room).say("And here?")
    await here.say("And here?")
    await here.say("digest daily")
    await ada.say("export my data")
    others = await counted(ben)
    question = await ada.say("forget me")
    before = await counted(ada)
    receipt = await ada.press("Forget me", on=ada.card)
    assert "Shall I forget you?" in question and before["history"] == 4 and "I have forgotten you" in receipt
    assert "What you wrote to me and what I answered | 4 entries" in receipt and "we start afresh" in receipt
    assert ada.last.cards and ada.last.reading in receipt  # it stands there although nobody is known any more
    assert await traces(stage, *signs(ada)) == []
    assert await counted(ben) == others and await traces(stage, ben.person.id)


async def test_a_forgotten_person_is_in_the_audit_by_an_alias_that_is_nobodys(ada: Employee) -> None:
    await ada.say("Our mascot is a heron.")
    ((alias,),) = await rows(ada.stage, "SELECT alias FROM people WHERE person = %s", ada.person.id)
    await ada.say("forget me yes")
    noted = await rows(ada.stage, "SELECT action FROM audit WHERE person = %s ORDER BY id", alias)
    assert [action for (action,) in noted] == ["answer", "forget"]
    assert await rows(ada.stage, "SELECT 1 FROM people WHERE alias = %s", alias) == []


async def test_what_was_used_is_still_counted_for_the_company(ada: Employee) -> None:
    whole = "SELECT sum(calls), sum(input), sum(output) FROM usage"
    await ada.say("Our mascot is a heron.")
    before = await rows(ada.stage, whole)
    await ada.say("forget me yes")
    assert await rows(ada.stage, whole) == before


async def test_who_was_forgotten_starts_afresh(ada: Employee) -> None:
    await busy(ada)
    await ada.say("forget me yes")
    await ada.say("What is our mascot?")
    assert "heron" not in told(ada).text and "formal" not in told(ada).text


async def test_a_question_that_waits_behind_anothers_is_gone_with_its_person(stage: Stage, ada: Employee) -> None:
    room = stage.group()
    here, ben, hold = ada.at(room), newcomer(stage).at(room), Hold(0)
    stage.world.model.next(Reply("Late, but here.", pause=hold))
    await ben.hand.say("Take your time.")
    await asyncio.wait_for(hold.reached.wait(), 10)
    await here.hand.say("And what of the heron?")
    receipt = await ada.say("forget me yes")
    nothing = await traces(stage, *signs(ada))
    hold.release()
    await ben.done()
    assert "I have forgotten you" in receipt and nothing == []
    # Who was being answered in that lane is answered all the same, if need be from the beginning.
    assert ben.shown and "heron" not in told(ada).text


async def test_an_answer_that_is_being_written_elsewhere_is_stopped_before_its_person_is_forgotten(
    stage: Stage, ada: Employee, other: BotProcess
) -> None:
    here, hold = ada.at(stage.group()), Hold(1)
    stage.world.model.next(Reply("Never to be read.", pause=hold))
    await here.hand.say("Take your time.")
    await asyncio.wait_for(hold.reached.wait(), 10)
    receipt = await ada.by(other).say("forget me yes")
    assert "I have forgotten you" in receipt and "Never to be read." not in str(here.shown)
    assert await traces(stage, *signs(ada)) == []


async def test_a_legal_hold_keeps_everything(ada: Employee) -> None:
    await busy(ada)
    before = await counted(ada)
    await run(ada.stage, "INSERT INTO legal_holds VALUES (%s, %s, now(), 'court')", TENANT, ada.person.id)
    answers = [await ada.say("forget me"), await ada.say("forget me yes")]
    after = await counted(ada)
    assert all("legal matter" in answer for answer in answers)
    assert {**after, "inbox": 0} == {**before, "inbox": 0}


# no half state


async def test_settings_that_could_not_be_written_are_saved_once_they_can(ada: Employee) -> None:
    await ada.say("settings")
    async with stuck(ada) as at_the_end:
        await ada.hand.press("Save", tone="formal")
        await at_the_end()
        between = await rows(ada.stage, "SELECT settings FROM people WHERE person = %s", ada.person.id)
    await ada.done()
    await ada.say("Why is the sky blue?")
    assert between == [("",)] and "Be formal" in told(ada).text
    assert sum("Saved." in one.text for one in ada.shown) == 1


async def test_who_could_not_be_forgotten_is_whole_until_they_can(ada: Employee) -> None:
    await busy(ada)
    before = await counted(ada)
    async with stuck(ada) as at_the_end:
        await ada.hand.say("forget me yes")
        await at_the_end()
        between = await counted(ada)
    await ada.done()
    assert {**between, "inbox": 0} == {**before, "inbox": 0} and between["inbox"] == before["inbox"] + 1
    assert await traces(ada.stage, *signs(ada)) == []
    assert sum("I have forgotten you" in one.text for one in ada.shown) == 1


@asynccontextmanager
async def stuck(employee: Employee) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Nobody can write of the person; when it is awaited, the connection of who tries breaks. Then their lease runs out."""
    async with await connected(employee.stage) as connection:
        async with connection.transaction():
            await connection.execute("SELECT 1 FROM people WHERE person = %s FOR UPDATE", (employee.person.id,))
            yield lambda: broken(connection)
        over = "UPDATE lanes SET until = now() WHERE conversation = %s"
        await connection.execute(over, (employee.room.conversation,))
        await connection.execute("SELECT pg_notify('parley', '')")


async def broken(connection: psycopg.AsyncConnection[Any]) -> None:
    """Wait until somebody waits for what is held here, and end their connection."""
    waiting = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
    )
    async with asyncio.timeout(15):
        while not (await (await connection.execute(waiting)).fetchall()):
            await asyncio.sleep(0.01)
