"""Where scenarios play: people write, the bot answers, and one looks at what stands in the chat."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from tests.world.activities import Activity, added, message
from tests.world.bots import BotProcess
from tests.world.chat import Shown
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
        room = replace(GROUP, conversation=f"19:scenario{next(_numbers)}@thread.v2", members=PEOPLE)
        self.world.graph.post(room.conversation, BRUNO, "Good morning.")
        return room

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something to be seen."""
        await self.world.teams.until(holds, 15)

    def answers(self, room: Room) -> list[Shown]:
        """What the bot has finished saying there; notes of work under way are not answers."""
        notes = ("Thinking…", "Reading…", "Summarising")
        found = self.world.teams.chat(room.conversation).finals
        return [one for one in found if not one.text.startswith(notes)]


def alone(person: Someone = ADA) -> Room:
    """A personal chat that no other scenario uses."""
    room = personal(person)
    return replace(room, conversation=f"{room.conversation}-{next(_numbers)}")


def thread(root: str) -> Room:
    """A thread of the channel."""
    return CHANNEL.at(root)
