"""A person's shelf on the real database: their chats, what was said in them, their prompts, and nobody else's."""

import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from bot.rings import Ring
from bot.store import shelving
from bot.store.changes import Frame, Written
from bot.store.pool import Pool
from bot.store.rows import Claim, Phase
from bot.store.sessions import SESSION
from bot.store.shelf import MOST, Shelf
from bot.store.store import Store
from dialogs.changes import Dropped, Prompted, Titled, Unprompted
from dialogs.shelves import COUNTED, PROMPTS_MOST
from tests.bot.store.stores import SEALED, ask, done, record

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
RING = Ring({1: bytes(range(32))})
SAID = "INSERT INTO history (tenant, conversation, person, chat, role, at, expires, text) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
Said = Sequence[tuple[str, str]]
ONE: Said = (("user", "When does Falcon ship?"), ("assistant", "On Monday."))


class OneRing:
    """The same keys for every tenant."""

    async def ring(self, tenant: str, *sealed: bytes | None) -> Ring:
        return RING


@dataclass(frozen=True)
class Room:
    """The database, and a way to put things into it past the store."""

    pool: Pool
    database: str

    def shelf(self, person: str = "anna", conversation: str = "chat", tenant: str = "tenant", chat: int = 1) -> Shelf:
        return Shelf(self.pool, OneRing(), a_claim(conversation, tenant, chat), person, NOW)

    async def say(
        self,
        chat: int,
        *lines: tuple[str, str],
        person: str = "anna",
        conversation: str = "chat",
        tenant: str = "tenant",
        at: datetime = NOW,
        expires: datetime | None = None,
    ) -> None:
        place = ("history", "text", tenant, conversation, person)
        rows = [
            (tenant, conversation, person, chat, role, at, expires, RING.seal(text.encode(), *place))
            for role, text in lines
        ]
        async with await psycopg.AsyncConnection.connect(self.database, autocommit=True) as connection:
            await connection.cursor().executemany(SAID, rows)

    async def change(self, written: Written) -> None:
        for statement, values in written:
            await self.pool.run(statement, **values)

    async def lane(self, chat: int = 1, fence: int = 7) -> None:
        await ask(
            self.database,
            "INSERT INTO lanes (tenant, conversation, pending, fence, chat, at) VALUES ('tenant', 'chat', 1, %s, %s, now())",
            fence,
            chat,
        )

    async def open(self) -> int:
        ((chat,),) = await ask(self.database, "SELECT chat FROM lanes")
        return int(chat)


def a_claim(conversation: str = "chat", tenant: str = "tenant", chat: int = 1) -> Claim:
    return Claim(tenant, conversation, "ask", 7, chat, b"", Phase.ACCEPTED, 0)


def a_frame(person: str = "anna", conversation: str = "chat", fence: int = 7) -> Frame:
    claim = Claim("tenant", conversation, "ask", fence, 1, b"", Phase.ACCEPTED, 0)
    return Frame(claim, person, NOW, RING)


@pytest.fixture
async def room(pool: Pool, database: str) -> AsyncIterator[Room]:
    await ask(database, "DELETE FROM titles")
    await ask(database, "DELETE FROM prompts")
    yield Room(pool, database)


def minutes(number: int) -> datetime:
    return NOW - timedelta(hours=5) + timedelta(minutes=number)


# chats


async def test_who_has_said_nothing_has_no_chats(room: Room) -> None:
    assert await room.shelf().chats(10) == ()


async def test_a_chat_is_known_by_how_the_person_began_it(room: Room) -> None:
    await room.say(3, ("assistant", "Here is your digest."), *ONE, at=minutes(1))
    (chat,) = await room.shelf().chats(10)
    assert (chat.number, chat.title, chat.at, chat.lines, chat.open) == (
        3,
        "When does Falcon ship?",
        minutes(1),
        3,
        False,
    )


async def test_what_it_begins_with_is_cut_to_one_short_line(room: Room) -> None:
    await room.say(1, ("user", "One\ntwo\u202e three " + "words " * 500))
    (chat,) = await room.shelf().chats(10)
    assert chat.title.startswith("One two three words") and chat.title.endswith("…")
    assert len(chat.title) <= 60


async def test_the_chat_in_which_something_was_said_last_comes_first(room: Room) -> None:
    for number, at in ((1, 30), (2, 10), (3, 20)):
        await room.say(number, *ONE, at=minutes(at))
    assert [chat.number for chat in await room.shelf().chats(10)] == [1, 3, 2]


async def test_the_open_chat_is_marked(room: Room) -> None:
    await room.say(1, *ONE)
    await room.say(2, *ONE)
    assert {chat.number: chat.open for chat in await room.shelf(chat=2).chats(10)} == {1: False, 2: True}


async def test_chats_come_page_by_page(room: Room) -> None:
    for number in range(5):
        await room.say(number, *ONE, at=minutes(number))
    pages = [[chat.number for chat in await room.shelf().chats(2, skip)] for skip in (0, 2, 4, 6)]
    assert pages == [[4, 3], [2, 1], [0], []]


@pytest.mark.parametrize(
    "elsewhere",
    [{"person": "bert"}, {"conversation": "thread"}, {"tenant": "other"}],
    ids=lambda each: next(iter(each)),
)
async def test_nobody_elses_and_no_other_conversations_chats_are_there(room: Room, elsewhere: dict[str, str]) -> None:
    await room.say(1, *ONE, **elsewhere)  # type: ignore[arg-type]
    await room.change(shelving.titled(Titled(1, "Falcon"), a_frame()))
    assert await room.shelf().chats(10) == ()
    assert (await room.shelf().search("falcon", 10)).chats == ()
    assert len(await room.shelf(**elsewhere).chats(10)) == 1  # type: ignore[arg-type]


async def test_what_has_expired_is_not_told(room: Room) -> None:
    await room.say(1, *ONE, expires=NOW)
    await room.say(2, ("user", "Old"), expires=NOW)
    await room.say(2, ("user", "New"), expires=NOW + timedelta(days=1))
    assert [chat.title for chat in await room.shelf().chats(10)] == ["New"]
    assert (await room.shelf().search("old", 10)).chats == ()


async def test_what_cannot_be_opened_hides_no_other_chat(room: Room) -> None:
    await room.say(1, *ONE, at=minutes(1))
    await room.say(2, *ONE, at=minutes(2))
    await ask(room.database, "UPDATE history SET text = '\\x0100000009' WHERE chat = 2")
    assert [chat.title for chat in await room.shelf().chats(10)] == ["", "When does Falcon ship?"]


async def test_what_an_older_program_kept_in_the_plain_is_read(room: Room) -> None:
    await room.say(1, *ONE)
    await ask(room.database, "UPDATE history SET text = 'Plain words'")
    assert [chat.title for chat in await room.shelf().chats(10)] == ["Plain words"]


# titles


async def test_a_title_stands_for_the_beginning(room: Room) -> None:
    await room.say(1, *ONE)
    await room.change(shelving.titled(Titled(1, "Falcon"), a_frame()))
    await room.change(shelving.titled(Titled(1, "Project Falcon"), a_frame()))
    assert [chat.title for chat in await room.shelf().chats(10)] == ["Project Falcon"]


async def test_a_title_is_sealed(room: Room) -> None:
    await room.say(1, *ONE)
    await room.change(shelving.titled(Titled(1, "Falcon"), a_frame()))
    ((title,),) = await ask(room.database, "SELECT title FROM titles")
    assert b"Falcon" not in title


async def test_a_title_that_is_taken_away_gives_the_beginning_back(room: Room) -> None:
    await room.say(1, *ONE)
    await room.change(shelving.titled(Titled(1, "Falcon"), a_frame()))
    await room.change(shelving.titled(Titled(1, ""), a_frame()))
    assert [chat.title for chat in await room.shelf().chats(10)] == ["When does Falcon ship?"]


async def test_nobody_gives_a_title_to_another_persons_chat(room: Room) -> None:
    await room.say(1, *ONE)
    await room.change(shelving.titled(Titled(1, "Mine"), a_frame("bert")))
    assert await ask(room.database, "SELECT 1 FROM titles") == []


# search


async def test_words_are_found_wherever_they_stand_in_a_chat(room: Room) -> None:
    await room.say(1, ("user", "The HALL costs 900 euros."), ("assistant", "Straße gesperrt."))
    await room.say(2, ("user", "The hall is free."))
    hits = await room.shelf().search("hall STRASSE", 10)
    assert ([chat.number for chat in hits.chats], hits.whole) == ([1], True)


async def test_titles_are_searched_too(room: Room) -> None:
    await room.say(1, *ONE)
    await room.change(shelving.titled(Titled(1, "Launch party"), a_frame()))
    assert [chat.title for chat in (await room.shelf().search("party monday", 10)).chats] == ["Launch party"]


async def test_what_is_found_is_told_newest_first_and_no_more_than_asked_for(room: Room) -> None:
    for number in range(4):
        await room.say(number, *ONE, at=minutes(-number))
    assert [chat.number for chat in (await room.shelf().search("falcon", 3)).chats] == [0, 1, 2]


@pytest.mark.parametrize("words", ["", " ", "nowhere"])
async def test_nothing_is_found_by_nothing(room: Room, words: str) -> None:
    await room.say(1, *ONE)
    assert (await room.shelf().search(words, 10)).chats == ()


async def test_a_search_goes_past_the_first_lines(room: Room) -> None:
    await room.say(1, ("user", "Needle"), *([("assistant", "Hay.")] * 450))
    await room.say(2, *([("assistant", "Hay.")] * 450))
    assert [chat.number for chat in (await room.shelf().search("needle", 10)).chats] == [1]


# what is deleted


async def test_a_deleted_chat_is_gone_and_the_others_stay(room: Room) -> None:
    await room.lane(chat=2)
    for number in (1, 2):
        await room.say(number, *ONE)
        await room.change(shelving.titled(Titled(number, "Falcon"), a_frame()))
    await room.change(shelving.dropped(Dropped((1,)), a_frame()))
    assert await ask(room.database, "SELECT DISTINCT chat FROM history") == [(2,)]
    assert await ask(room.database, "SELECT chat FROM titles") == [(2,)]
    assert await room.open() == 2


async def test_when_the_open_chat_is_deleted_a_new_one_begins(room: Room) -> None:
    await room.lane(chat=0)
    await room.say(0, *ONE)
    await room.change(shelving.dropped(Dropped((0,)), a_frame()))
    assert await room.open() > 0
    assert await ask(room.database, "SELECT 1 FROM history") == []


async def test_a_deletion_touches_nobody_elses_lines(room: Room) -> None:
    await room.lane(chat=5)
    for elsewhere in ({"person": "bert"}, {"conversation": "thread"}, {"tenant": "other"}):
        await room.say(1, *ONE, **elsewhere)  # type: ignore[arg-type]
    await room.change(shelving.dropped(Dropped((1,)), a_frame()))
    assert await ask(room.database, "SELECT count(*) FROM history") == [(6,)]


async def test_who_has_lost_the_lane_deletes_nothing(room: Room) -> None:
    await room.lane(chat=1, fence=8)
    await room.say(1, *ONE)
    await room.change(shelving.dropped(Dropped((1,)), a_frame()))
    assert (await room.open(), len(await room.shelf().chats(10))) == (1, 1)


# with the closing of an ask


async def test_a_chat_is_named_and_deleted_with_the_closing_of_an_ask(store: Store, pool: Pool) -> None:
    await done(store, record("Falcon?", "Monday.", expires=NOW + timedelta(days=1)))
    shelf = Shelf(pool, SEALED, a_claim(), "anna", NOW)
    (chat,) = await shelf.chats(10)
    await done(store, replace(record(), changes=(Titled(chat.number, "Launch"),)), "2")
    assert [(each.title, each.lines) for each in await shelf.chats(10)] == [("Launch", 2)]
    await done(store, replace(record(), changes=(Dropped((chat.number,)),)), "3")
    await done(store, record("And now?", "Afresh.", expires=NOW + timedelta(days=1)), "4")
    (afresh,) = await shelf.chats(10)
    assert (afresh.title, afresh.number != chat.number) == ("And now?", True)


# prompts


async def test_a_prompt_is_kept_sealed_for_its_person(room: Room) -> None:
    await room.change(shelving.prompted(Prompted("p", "Minutes", "Write minutes of {text}"), a_frame()))
    (saved,) = await room.shelf().prompts()
    assert (saved.id, saved.name, saved.text, saved.mine, saved.team) == (
        "p",
        "Minutes",
        "Write minutes of {text}",
        True,
        "",
    )
    ((name, text),) = await ask(room.database, "SELECT name, text FROM prompts")
    assert b"inutes" not in name + text
    assert await room.shelf("bert").prompts() == ()


async def test_a_shared_prompt_is_the_teams(room: Room) -> None:
    await room.change(shelving.prompted(Prompted("p", "Minutes", "Write", "team"), a_frame()))
    bert = room.shelf("bert")
    assert [(saved.name, saved.mine, saved.team) for saved in await bert.prompts("team")] == [
        ("Minutes", False, "team")
    ]
    assert await bert.prompts("another") == await bert.prompts() == await bert.prompts("") == ()
    assert await room.shelf("bert", tenant="other").prompts("team") == ()


async def test_ones_own_shared_prompt_stands_there_once(room: Room) -> None:
    await room.change(shelving.prompted(Prompted("p", "Minutes", "Write", "team"), a_frame()))
    assert [saved.mine for saved in await room.shelf().prompts("team")] == [True]


async def test_prompts_are_told_by_name(room: Room) -> None:
    for name in ("beta", "Alpha", "gamma"):
        await room.change(shelving.prompted(Prompted(name, name, "x"), a_frame()))
    assert [saved.name for saved in await room.shelf().prompts()] == ["Alpha", "beta", "gamma"]


async def test_a_prompt_is_changed_under_its_id_by_its_person_alone(room: Room) -> None:
    await room.change(shelving.prompted(Prompted("p", "Minutes", "Write", "team"), a_frame()))
    await room.change(shelving.prompted(Prompted("p", "Mine", "Bert's"), a_frame("bert")))
    await room.change(shelving.prompted(Prompted("p", "Minutes", "Write"), a_frame()))
    assert [(saved.name, saved.team) for saved in await room.shelf().prompts()] == [("Minutes", "")]


async def test_a_prompt_is_deleted_by_its_person_alone(room: Room) -> None:
    await room.change(shelving.prompted(Prompted("p", "Minutes", "Write", "team"), a_frame()))
    await room.change(shelving.unprompted(Unprompted("p"), a_frame("bert")))
    assert len(await room.shelf().prompts()) == 1
    await room.change(shelving.unprompted(Unprompted("p"), a_frame()))
    assert await room.shelf().prompts() == ()


async def test_there_is_a_limit_to_prompts(room: Room) -> None:
    for number in range(PROMPTS_MOST + 1):
        await room.change(shelving.prompted(Prompted(str(number), "x", "y"), a_frame()))
    assert len(await room.shelf().prompts()) == PROMPTS_MOST
    await room.change(shelving.prompted(Prompted("0", "changed", "y"), a_frame()))
    assert "changed" in [saved.name for saved in await room.shelf().prompts()]


# many lines


async def many(room: Room, chats: int, lines: int) -> None:
    """So many chats with so many plain lines in all."""
    await ask(
        room.database,
        "INSERT INTO history (tenant, conversation, person, chat, role, at, text)"
        " SELECT 'tenant', 'chat', 'anna', n %% %s, 'user', now(), convert_to('Hay ' || n, 'UTF8')"
        " FROM generate_series(1, %s) AS n",
        chats,
        lines,
    )
    # As the server does by itself before long: what it does not know of it takes for a handful of rows.
    await ask(room.database, "ANALYZE history")


async def read(database: str) -> int:
    """How many rows of the history a list of ten chats reads."""
    values: dict[str, Any] = {"tenant": "tenant", "conversation": "chat", "person": "anna", "now": NOW}
    values |= {"limit": 10, "skip": 0}
    text = shelving.CHATS.text.decode()
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        await connection.execute(SESSION)
        await connection.execute("SET parley.tenant = '*'")
        await connection.execute(f"PREPARE chats AS {text}")
        given = psycopg.sql.SQL(", ").join(values[name] for name in shelving.CHATS.names)
        plan = psycopg.sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE chats ({})").format(given)
        rows = await (await connection.execute(plan)).fetchall()
    found = rows[0][0] if not isinstance(rows[0][0], str) else json.loads(rows[0][0])
    return sum(scanned(found[0]["Plan"]))


def scanned(plan: dict[str, Any]) -> list[int]:
    own = plan["Actual Rows"] * plan["Actual Loops"] if plan.get("Relation Name") == "history" else 0
    return [own, *(rows for inner in plan.get("Plans", ()) for rows in scanned(inner))]


async def test_a_list_of_chats_reads_no_more_of_many_lines_than_of_some(room: Room) -> None:
    await many(room, 10, COUNTED * 10)
    some = await read(room.database)
    await many(room, 10, 30_000)
    assert await read(room.database) == some <= 10 * (COUNTED + 20)


async def test_ten_thousand_lines_are_listed_and_searched_quickly(room: Room) -> None:
    await many(room, 10, 10_000)
    began = time.monotonic()
    assert len(await room.shelf().chats(10)) == 10
    listed = time.monotonic()
    hits = await room.shelf().search("nowhere", 10)
    searched = time.monotonic()
    assert (hits.chats, hits.whole) == ((), True)
    assert (listed - began < 0.5, searched - listed < 3) == (True, True)


async def test_a_search_has_an_end_and_says_so(room: Room) -> None:
    await many(room, 3, MOST + 1)
    assert not (await room.shelf().search("nowhere", 10)).whole
