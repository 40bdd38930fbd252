"""Somebody of the company at work with the bot: what they say and press, and what they then read."""

import asyncio
from dataclasses import dataclass
from itertools import count
from typing import Any

import psycopg

from tests.scenarios.stage import Stage
from tests.world import faces
from tests.world.activities import Activity
from tests.world.bots import BotProcess
from tests.world.chat import Shown
from tests.world.completion import Asked
from tests.world.hand import Hand
from tests.world.people import Room, Someone, personal

WAITING = "SELECT count(*) FROM inbox WHERE conversation = %s AND open AND (due IS NULL OR due <= now())"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Employee:
    """A person in one room, with their hand at the client. Every verb waits until the bot has done all that follows."""

    stage: Stage
    person: Someone
    room: Room
    hand: Hand

    async def say(self, text: str) -> str:
        """Write something; what is to be read of the answer."""
        before = self._known()
        await self.hand.say(text)
        return await self._read(before)

    async def press(self, title: str, /, nth: int = 0, on: Shown | None = None, **given: str) -> str:
        """Press a button; what is to be read of the answer."""
        before = self._known()
        await self.hand.press(title, on, nth, **given)
        return await self._read(before)

    async def give(self, activity: Activity) -> str:
        """Something else arrives from the client; what is to be read of the answer, "" where there is none."""
        before = self._known()
        status, _ = await self.stage.world.post(activity)
        assert status == 202
        return await self._read(before)

    async def done(self) -> None:
        """All that was begun in the room is at its end."""
        async with asyncio.timeout(20), await connected(self.stage) as connection:
            while (await (await connection.execute(WAITING, (self.room.conversation,))).fetchall())[0][0]:
                await asyncio.sleep(0.01)  # it is done in another process

    def at(self, room: Room) -> "Employee":
        """The same person elsewhere."""
        self.stage.world.teams.roster.admit(room.conversation, self.person)
        return Employee(self.stage, self.person, room, self.stage.world.hand(self.person, room))

    def by(self, bot: BotProcess) -> "Employee":
        """The same person, whose requests reach another process."""
        return Employee(self.stage, self.person, self.room, self.stage.world.hand(self.person, self.room, bot.url))

    @property
    def last(self) -> Shown:
        """The newest message."""
        return self.shown[-1]

    @property
    def shown(self) -> list[Shown]:
        """What the person sees there of the bot."""
        return self.stage.world.teams.chat(self.room.conversation).seen_by(self.person)

    @property
    def card(self) -> Shown:
        """The newest message with a card."""
        return next(one for one in reversed(self.shown) if one.cards)

    @property
    def buttons(self) -> list[faces.Element]:
        """Everything to press on the newest card."""
        return [button for card in self.card.cards for button in faces.buttons(card)]

    def _known(self) -> dict[str, str]:
        return {one.id: one.reading for one in self.shown}

    async def _read(self, before: dict[str, str]) -> str:
        await self.done()
        return "\n".join(one.reading for one in self.shown if before.get(one.id) != one.reading)


def newcomer(stage: Stage) -> Employee:
    """Somebody whom no other scenario knows, in their own chat with the bot."""
    number = 900_000 + next(_numbers)
    id = f"a0000000-0000-4000-8000-{number:012d}"
    person = Someone(id, f"29:{id.replace('-', '')}", f"Newcomer {number}", f"n{number}@contoso.example")
    room = personal(person)
    stage.world.teams.roster.admit(room.conversation, person)
    return Employee(stage, person, room, stage.world.hand(person))


async def connected(stage: Stage) -> psycopg.AsyncConnection[Any]:
    """A connection to the bot's database."""
    return await psycopg.AsyncConnection.connect(stage.database_url, autocommit=True)


async def rows(stage: Stage, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database says."""
    async with await connected(stage) as connection:
        return await (await connection.execute(query.encode(), values)).fetchall()


async def run(stage: Stage, query: str, *values: Any) -> None:
    """Change something in the database, as its administrator might."""
    async with await connected(stage) as connection:
        await connection.execute(query.encode(), values)


TABLES = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1
"""


async def traces(stage: Stage, *needles: str) -> list[str]:
    """In which tables any of these stands, in whatever column, as text or as bytes."""
    marks = [mark.lower() for needle in needles for mark in (needle, needle.encode().hex())]
    found = []
    for (table,) in await rows(stage, TABLES):
        lines = await rows(stage, f'SELECT lower(t::text) FROM "{table}" t')
        found += [table for (line,) in lines if any(mark in line for mark in marks)]
    return found


def signs(employee: Employee) -> tuple[str, ...]:
    """What nobody else is known by: the Entra id, Teams' id, the personal conversation's, the name."""
    person = employee.person
    return person.id, person.teams, personal(person).conversation, person.name


def told(employee: Employee) -> Asked:
    """What the model was asked last."""
    return employee.stage.world.model.prompts[-1]


async def busy(employee: Employee) -> None:
    """Leave something behind in many places."""
    await employee.say("Our mascot is a heron.")
    await employee.hand.rate(employee.last, "like", "Lovely", nested=True)
    await employee.say("settings")
    await employee.press("Save", tone="formal")
    await employee.say("prompts")
    await employee.press("Save", name="Haiku", prompt="Write a haiku.")
    await employee.say("chats")
    await employee.press("Rename")
    await employee.press("Save", title="Birds")


async def counted(employee: Employee) -> dict[str, int]:
    """How much is kept of a person, by table."""
    tables = ("people", "history", "titles", "prompts", "feedback", "inbox", "usage", "purses", "exports")
    found = [
        await rows(employee.stage, f"SELECT count(*) FROM {table} WHERE person = %s", employee.person.id)
        for table in tables
    ]
    return {table: found[0][0] for table, found in zip(tables, found, strict=True)}
