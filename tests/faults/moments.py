"""Where in the chats, and at which of a bot's calls, something goes wrong."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.faults.asks import NAME, THOUGHT, Question, ask, echo
from tests.world.completion import Asked, Reply
from tests.world.door import Call
from tests.world.people import CHANNEL, GROUP, PEOPLE, Room, personal
from tests.world.world import World

Match = Callable[[Call], bool]
SLOW = 50_000
"""Questions from this number on are answered slowly."""
WHILE = 2.5
"""Seconds the model takes in the middle then: longer than from one step to the next."""


def script(asked: Asked) -> Reply:
    """The model's answer names the message it answers."""
    reply = echo(asked)
    slow = int(NAME.findall(asked.question)[-1][-5:]) >= SLOW

    async def pause(number: int) -> None:
        await asyncio.sleep(THOUGHT if number == 0 else WHILE if slow and number == 3 else 0)

    return replace(reply, pause=pause)


def opening(call: Call) -> bool:
    """The first message, which says that the bot is at work."""
    return call.kind in ("send", "reply") and b"Thinking" in call.body


def step(call: Call) -> bool:
    """A step of a stream that shows some of the answer."""
    return b'"streaming"' in call.body


def final(call: Call) -> bool:
    """The answer, or the first message of it."""
    return b"Answer to" in call.body and not step(call)


def beginning(call: Call) -> bool:
    """A further message is begun, which says nothing yet."""
    return call.kind in ("send", "reply") and call.json.get("text") == "…"


def further(call: Call) -> bool:
    """The rest of an answer in two messages."""
    return b"End of" in call.body and b"Answer to" not in call.body


@dataclass(frozen=True, slots=True)
class Moment:
    """A kind of place, and a call there. `aside`: for the eyes of one person of a group. `long`: an answer in two messages.

    `slow`: the model takes its time in the middle, so that there are steps.
    """

    kind: str
    match: Match
    aside: bool = False
    long: bool = False
    slow: bool = False

    def asked(self, world: World, number: int) -> Question:
        """A question in a place of its own."""
        question = ask(world, number + SLOW * self.slow, self._room(number), "long" if self.long else "")
        if self.aside:
            question.activity["recipient"]["isTargeted"] = True
        return question

    def _room(self, number: int) -> Room:
        if self.kind == "personal":
            own = personal(PEOPLE[number % len(PEOPLE)])
            return replace(own, conversation=f"{own.conversation}-t{number:05d}")
        if self.kind == "group":
            return replace(GROUP, conversation=f"19:teams{number:05d}@thread.v2", members=PEOPLE)
        channel = f"19:teams{number:05d}@thread.tacv2"
        return replace(
            CHANNEL, conversation=f"{channel};messageid=17936101{number:05d}", channel=channel, members=PEOPLE
        )


MOMENTS = (
    Moment("personal", opening),
    Moment("personal", step, slow=True),
    Moment("personal", final),
    Moment("personal", further, long=True),
    Moment("personal", beginning, long=True),
    Moment("group", opening),
    Moment("group", final),
    Moment("group", further, long=True),
    Moment("channel", opening),
    Moment("channel", final),
    Moment("group", opening, aside=True),
    Moment("group", final, aside=True),
)


def at(question: Question, match: Match) -> Match:
    """That call in the question's own place."""
    return lambda call: call.args.get("conversation") == question.room.conversation and match(call)


def asked(world: World, numbers: Iterator[int]) -> list[tuple[Moment, Question]]:
    """A question for every moment."""
    return [(moment, moment.asked(world, next(numbers))) for moment in MOMENTS]
