"""What people ask in the faults, what the model says to it, and how one sees in the chats what became of it."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import aiohttp

from tests.world.activities import Activity, message
from tests.world.completion import Asked, Reply
from tests.world.people import GROUP, PEOPLE, Room, personal
from tests.world.world import World

NAME = re.compile(r"(?:long |slow )?message \d{5}")
MARK = re.compile(r"(Answer to|End of) ((?:long |slow )?message \d{5})\.")
THOUGHT = 0.15
"""Seconds the model takes to begin: long enough that the placeholder stands, and is known, before the answer does."""
SLOW = 3.0
"""The same where it must be so, however busy the machine is."""
LONG = " ".join(["and-so-on-" * 20] * 230)
"""More than Teams takes in one message."""
AGAIN = 0.05
"""Seconds between two deliveries."""
LOOK = 0.25
"""Seconds between two looks at all chats."""


class Bot(Protocol):
    """What a message can be delivered to."""

    @property
    def url(self) -> str:
        """Where it listens, without /api/messages."""


@dataclass(frozen=True, slots=True)
class Question:
    """One message of somebody. `name` is its text, and stands in its answer."""

    name: str
    room: Room
    activity: Activity = field(repr=False)

    @property
    def marks(self) -> tuple[str, ...]:
        """What must stand in the chat once."""
        return (f"Answer to {self.name}", *((f"End of {self.name}",) if self.name.startswith("long") else ()))


@dataclass(frozen=True, slots=True)
class Tally:
    """What a person sees. `standing`: messages that were left without an answer in them."""

    asked: int
    lost: tuple[str, ...]
    twice: tuple[str, ...]
    standing: int

    def __str__(self) -> str:
        return f"{self.asked} accepted, {len(self.lost)} lost, {len(self.twice)} answered twice, {self.standing} placeholders left"


def echo(asked: Asked) -> Reply:
    """The model's answer names the message it answers."""
    name = NAME.findall(asked.question)[-1]

    async def pause(number: int) -> None:
        if number == 0:
            await asyncio.sleep(SLOW if name.startswith("slow") else THOUGHT)

    text = f"Answer to {name}."
    return Reply(f"{text} {LONG} End of {name}." if name.startswith("long") else text, pause=pause)


def place(kind: str, number: int) -> Room:
    """A personal or group chat of its own."""
    if kind == "personal":
        own = personal(PEOPLE[number % len(PEOPLE)])
        return replace(own, conversation=f"{own.conversation}-{number:05d}")
    return replace(GROUP, conversation=f"19:fault{number:05d}@thread.v2", members=PEOPLE)


def ask(world: World, number: int, room: Room, kind: str = "") -> Question:
    """The message of that number, by somebody who belongs to the room; it may be of the kind `long` or `slow`."""
    if room.kind != "personal":
        world.teams.roster.admit(room.conversation, room.members[0])
    name = f"{kind} message {number:05d}".strip()
    return Question(name, room, message(room, room.members[0], name))


async def delivered(world: World, question: Question, bots: Sequence[Bot]) -> None:
    """As Teams does: to one after the other until it is accepted."""
    turn = 0
    while await _status(world, question, bots[turn % len(bots)]) != 202:
        turn += 1
        await asyncio.sleep(AGAIN)


async def _status(world: World, question: Question, bot: Bot) -> int:
    """Signed anew, because keys are rotated meanwhile; 0 where nobody answers."""
    try:
        return (await world.post(question.activity, world.login.sign(serviceurl=world.service), bot.url))[0]
    except aiohttp.ClientError:
        return 0


def tally(world: World, questions: Iterable[Question]) -> Tally:
    """What stands in the chats of these questions."""
    asked = tuple(questions)
    texts = [text for room in {each.room.conversation for each in asked} for text in world.teams.chat(room).texts]
    found = Counter(f"{what} {name}" for text in texts for what, name in MARK.findall(text))
    return Tally(
        asked=len(asked),
        lost=tuple(each.name for each in asked if any(found[mark] == 0 for mark in each.marks)),
        twice=tuple(each.name for each in asked if any(found[mark] > 1 for mark in each.marks)),
        standing=sum(not MARK.search(text) for text in texts),
    )


async def answered(world: World, questions: Sequence[Question], within: float) -> Tally:
    """What people see once nothing is lost, or after so many seconds."""
    ends = time.monotonic() + within
    while (found := tally(world, questions)).lost and time.monotonic() < ends:
        await asyncio.sleep(LOOK)
    return found
