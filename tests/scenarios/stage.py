"""Where scenarios play: people write, the bot answers, and one looks at what stands in the chat."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import psycopg

from tests.world.activities import Activity, added, message
from tests.world.archive import stamp
from tests.world.bots import BotProcess
from tests.world.chat import Shown
from tests.world.completion import Asked
from tests.world.people import ADA, BRUNO, CHANNEL, GROUP, PEOPLE, Room, Someone, personal
from tests.world.world import World

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Stage:
    """A bot in its world."""

    world: World
    bot: BotProcess
    database_url: str

    async def say(self, room: Room, text: str, person: Someone = ADA) -> Shown:
        """Somebody writes; the bot's next finished answer in that conversation."""
        return await self.give(room, message(room, person, text))

    async def give(self, room: Room, activity: Activity) -> Shown:
        """An activity arrives; the bot's next finished answer in that conversation."""
        before = len(self.answers(room))
        status, _ = await self.world.post(activity)
        assert status == 202
        await self.until(lambda: len(self.answers(room)) > before)
        return self.answers(room)[-1]

    async def welcome(self, room: Room, person: Someone = ADA) -> Shown:
        """The bot is added."""
        return await self.give(room, added(room, person))

    def group(self) -> Room:
        """A group chat that no other scenario uses, in which somebody has said good morning."""
        room = self._opened(replace(GROUP, conversation=f"19:scenario{next(_numbers)}@thread.v2", members=PEOPLE))
        self.world.graph.post(room.conversation, BRUNO, "Good morning.")
        return room

    def channel(self) -> Room:
        """A channel of the team that no other scenario uses."""
        id = f"19:scenario{next(_numbers)}@thread.tacv2"
        return self._opened(replace(CHANNEL, conversation=id, channel=id))

    def _opened(self, room: Room) -> Room:
        for person in PEOPLE:
            self.world.teams.roster.admit(room.conversation, person)
        return room

    def write(self, room: Room, person: Someone, text: str, ago: timedelta = timedelta(hours=1), **fields: Any) -> str:
        """Somebody wrote this a while ago; the message's id."""
        times = dict.fromkeys(("createdDateTime", "lastModifiedDateTime"), stamp(self._moment(ago)))
        return self.world.graph.post(room.conversation, person, text, **times, **fields)

    def _moment(self, ago: timedelta) -> int:
        """Milliseconds since 1970, never twice the same for what was written long ago."""
        return int((datetime.now(UTC) - ago).timestamp() * 1000) + (next(_numbers) if ago else 0)

    async def post(self, room: Room, text: str, person: Someone = ADA) -> Shown:
        """Somebody mentions the bot in a new post of the channel; the bot's answer under it."""
        activity = message(room, person, text)
        thread = room.at(activity["id"])
        activity["conversation"]["id"] = thread.conversation
        return await self.give(thread, activity)

    async def fall_due(self, person: Someone) -> None:
        """The time of everything that this person wants to be told later has come."""
        wanted = "UPDATE inbox SET due = now() WHERE person = %s AND open AND due > now()"
        async with asyncio.timeout(15), await self._connected() as connection:
            while not (await connection.execute(wanted, (person.id,))).rowcount:
                await asyncio.sleep(0.02)  # what plans it may still be under way
            await connection.execute("SELECT pg_notify('parley', '')")

    async def plans(self, person: Someone, count: int) -> None:
        """Wait until this person is to be told so many things later: an answer stands there before it is written down."""
        asked = "SELECT count(*) = %s FROM inbox WHERE person = %s AND open AND due > now()"
        async with asyncio.timeout(15), await self._connected() as connection:
            while await (await connection.execute(asked, (count, person.id))).fetchone() != (True,):
                await asyncio.sleep(0.02)

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        return await psycopg.AsyncConnection.connect(self.database_url, autocommit=True)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something to be seen."""
        await self.world.teams.until(holds, 15)

    def answers(self, room: Room) -> list[Shown]:
        """What the bot has finished saying there; notes of work under way are not answers."""
        notes = ("Thinking…", "Reading", "Summarising")
        found = self.world.teams.chat(room.conversation).finals
        return [one for one in found if not one.text.startswith(notes)]


def alone(person: Someone = ADA) -> Room:
    """A personal chat that no other scenario uses."""
    room = personal(person)
    return replace(room, conversation=f"{room.conversation}-{next(_numbers)}")


def thread(root: str) -> Room:
    """A thread of the channel."""
    return CHANNEL.at(root)


ID = re.compile(r'"id": "(\d+)"')


def summary(**sections: Sequence[Mapping[str, object]]) -> str:
    """A summary as the schema wants it."""
    names = ("key_points", "decisions", "actions", "questions")
    return json.dumps({name: sections.get(name, []) for name in names})


def honest(asked: Asked) -> str:
    """A model that does as it was told: a point for the first of the documents."""
    ids = ID.findall(asked.text)
    return summary(key_points=[{"text": "They spoke of the launch.", "ids": ids[:1]}])
