"""The Stop button at any moment: what was said stays, nothing more is said, and the next message is answered.

A bot learns of it with its next step alone, which Teams refuses.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from tests.faults.asks import NAME, THOUGHT, Bot, Question, ask, delivered
from tests.faults.moments import Match, at, opening, step
from tests.faults.report import Report
from tests.world.completion import Asked, Reply
from tests.world.door import Call
from tests.world.faults import Hang
from tests.world.people import PEOPLE, Room, personal
from tests.world.world import World

WORDS = "one two three four five six seven eight nine ten eleven twelve"
PATIENCE = 60.0
BREAKS = 65_000
"""In the answers to questions from this number on the model breaks off."""
STEPS = range(5)
"""After so many steps that show some of the answer Stop is pressed."""


def counting(asked: Asked) -> Reply:
    """A model that takes its time over every word, and for some questions breaks off."""

    async def pause(number: int) -> None:
        await asyncio.sleep(THOUGHT if number == 0 else 0.6)

    breaks = int(NAME.findall(asked.question)[-1][-5:]) >= BREAKS
    return Reply(WORDS, end="cut", pieces=7, pause=pause) if breaks else Reply(WORDS, pause=pause)


def chat(number: int) -> Room:
    """A chat of its own."""
    own = personal(PEOPLE[0])
    return replace(own, conversation=f"{own.conversation}-stop{number:05d}")


async def begun(world: World, bot: Bot, room: Room, number: int) -> None:
    """Somebody has asked."""
    await delivered(world, Question("", room, ask(world, number, room).activity), (bot,))


async def after(world: World, bot: Bot, room: Room, number: int, steps: int) -> str:
    """Stop is pressed once so many steps stand there; what stands there then."""
    await begun(world, bot, room, number)
    seen = world.teams.chat(room.conversation)
    await world.teams.until(lambda: len(seen) > 0 and len(seen.last.steps) > steps, PATIENCE)
    world.teams.stop(room.conversation)
    return seen.last.text


async def within(world: World, bot: Bot, room: Room, number: int, match: Match, *, taken: bool) -> str:
    """Stop is pressed while a call is under way; `taken`: it is in the chat already."""
    hang = Hang(after=taken)
    world.teams.faults.add(hang, when=at(Question("", room, {}), match))
    await begun(world, bot, room, number)
    await asyncio.wait_for(hang.reached.wait(), PATIENCE)
    if taken or match is not opening:
        world.teams.stop(room.conversation)
    hang.release()
    return world.teams.chat(room.conversation).last.text


async def quiet(world: World, bot: Bot, room: Room, number: int, stopped: str) -> bool:
    """Whether the next message is answered, and nothing else was said; what was stopped stands as it stood."""
    seen = world.teams.chat(room.conversation)
    await delivered(world, Question("", room, ask(world, number, room).activity | {"text": "commands"}), (bot,))
    await world.teams.until(lambda: any("new chat" in text for text in seen.texts), PATIENCE)
    return seen.messages[0].text == stopped and not any(WORDS in text for text in seen.texts)


Press = Callable[[World, Bot, Room, int], Awaitable[str]]


def presses() -> dict[str, Press]:
    """The moments at which it is pressed."""

    def at_step(steps: int) -> Press:
        return lambda world, bot, room, number: after(world, bot, room, number, steps)

    def under_way(match: Match, taken: bool) -> Press:
        return lambda world, bot, room, number: within(world, bot, room, number, match, taken=taken)

    return {
        **{f"after {steps} steps": at_step(steps) for steps in STEPS},
        "after a step, and then the model breaks off": at_step(1),
        "while the first message is acknowledged": under_way(opening, True),
        "while a step is on its way": under_way(step, False),
        "while a step is acknowledged": under_way(step, True),
        "while the answer is on its way": under_way(complete, False),
    }


def complete(call: Call) -> bool:
    """The whole answer."""
    return WORDS.encode() in call.body and b'"final"' in call.body


async def play(world: World, bot: Bot, report: Report, numbers: Iterator[int]) -> None:
    """One line."""
    usual, world.model.answer = world.model.answer, counting
    pressed = presses()
    turns = (pressed_at(world, bot, next(numbers), name, press) for name, press in pressed.items())
    held = await asyncio.gather(*turns)
    world.model.answer = usual
    wrong = [name for name, good in zip(pressed, held, strict=True) if not good]
    seen = f"{len(held)} moments, {len(wrong)} with more said than was there{': ' if wrong else ''}{', '.join(wrong)}"
    report.line("teams: Stop at any moment", seen, "bar: what was said stays, nothing more is said", held=not wrong)


async def pressed_at(world: World, bot: Bot, number: int, name: str, press: Press) -> bool:
    """One moment, in a chat of its own."""
    room = chat(number)
    stopped = await press(world, bot, room, number + (BREAKS if "breaks" in name else 60_000))
    return await quiet(world, bot, room, number + 70_000, stopped)
