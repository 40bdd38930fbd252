"""People who write all the time, and Teams, which delivers again what was not accepted; and what became of it all.

What was lost or said twice is told by what stands in the chats.
"""

import asyncio
import re
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count

import aiohttp

from tests.world.activities import message
from tests.world.completion import Asked, Reply
from tests.world.people import GROUP, PEOPLE, Room, personal
from tests.world.world import World

ROOMS = 40
APART = 0.1
"""Seconds between two messages."""
AGAIN = 0.25
"""Seconds until what was not accepted is delivered again."""
PATIENCE = 60.0
"""Seconds until everything must be answered: leases run out after 10, and some outlive more than one of them."""
ANSWER = re.compile(r"Answer to (message \d+)\.")

_numbers = count(1)


def echo(asked: Asked) -> Reply:
    """The model's answer names the message it answers, and takes a moment, so that faults meet turns under way."""

    async def pause(number: int) -> None:
        await asyncio.sleep(0.05)

    return Reply(f"Answer to {asked.question}.", pause=pause)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt: when, what the door said (0: nothing), after how many seconds."""

    at: float
    status: int
    took: float


@dataclass(slots=True)
class Letters:
    """Messages to one bot. Every one of a run is another; each room has its own."""

    world: World
    name: str
    deliveries: list[Delivery] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    _sending: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def rooms(self) -> list[Room]:
        """Where is written: in chats of one, and in groups."""
        chat = personal(PEOPLE[0])
        chats = [replace(chat, conversation=f"a:{self.name}{number}") for number in range(ROOMS // 2)]
        groups = [Room("groupChat", f"19:{self.name}{number}@thread.v2", GROUP.members) for number in range(ROOMS // 2)]
        return chats + groups

    async def write(self) -> None:
        """A message every moment, until cancelled; none waits for another."""
        rooms = self.rooms
        for room in rooms:
            self.world.teams.roster.admit(room.conversation, PEOPLE[0])
        while True:
            number = next(_numbers)
            sending = asyncio.create_task(self._deliver(rooms[number % ROOMS], f"message {number:05d}"))
            self._sending.add(sending)
            await asyncio.sleep(APART)

    async def settle(self) -> None:
        """Wait until everything was accepted, and answered."""
        await asyncio.wait_for(asyncio.gather(*self._sending), PATIENCE)
        with suppress(AssertionError):  # what is lost is counted
            await self.world.teams.until(lambda: not self.lost, PATIENCE)

    @property
    def answers(self) -> Counter[str]:
        """How often each message stands answered in a chat."""
        return Counter(name for text in self._texts for name in ANSWER.findall(text))

    @property
    def lost(self) -> list[str]:
        """What was accepted and not answered."""
        found = self.answers
        return [name for name in self.accepted if not found[name]]

    @property
    def doubled(self) -> list[str]:
        """What was answered more than once."""
        return [name for name, times in self.answers.items() if times > 1]

    @property
    def orphans(self) -> list[str]:
        """What stands in a chat and is no answer."""
        return [text for text in self._texts if not ANSWER.search(text)]

    @property
    def _texts(self) -> list[str]:
        return [text for room in self.rooms for text in self.world.teams.chat(room.conversation).texts]

    async def _deliver(self, room: Room, text: str) -> None:
        activity = message(room, PEOPLE[0], text)
        while True:
            began = time.monotonic()
            try:
                status, _ = await self.world.post(activity)
            except aiohttp.ClientError:
                status = 0
            self.deliveries.append(Delivery(began, status, time.monotonic() - began))
            if status == 202:
                self.accepted.append(text)
                return
            await asyncio.sleep(AGAIN)
