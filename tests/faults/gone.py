"""Refusals for good: the bot was removed, blocked, the conversation is gone, the answer is too large, or not allowed.

Nothing more is said where nobody is; elsewhere the person is told. Either way the conversation goes on: what is asked
after it is answered.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp.web import StreamResponse

from tests.faults.asks import Bot, answered, ask, delivered
from tests.faults.moments import Moment, at, final, opening, step
from tests.faults.report import Report
from tests.world.door import Answer, Call
from tests.world.faults import refused
from tests.world.world import World

PATIENCE = 60.0
LATER = 1.0
"""Seconds until it is open again: a step of a stream is taken in the meantime, and refused."""
KINDS = (
    (403, "BotNotInConversationRoster"),
    (403, "ConversationBlockedByUser"),
    (403, "BotDisabledByAdmin"),
    (404, "ConversationNotFound"),
)
LASTING = (
    (403, "ForbiddenOperationException"),
    (403, "NotEnoughPermissions"),
    (400, "BadArgument"),
    (413, "MessageSizeTooBig"),
)
PLACES = ("personal", "group", "channel")


@dataclass(frozen=True, slots=True)
class Closing:
    """A conversation was closed within an answer: whether it was said all the same, and whether what came after was."""

    said: bool
    after: bool


async def closed(world: World, bot: Bot, moment: Moment, code: tuple[int, str], numbers: Iterator[int]) -> Closing:
    """Closed just before a call, opened again, and asked once more."""
    number = next(numbers)
    question = moment.asked(world, number)
    room, shut = question.room, asyncio.Event()

    async def close(call: Call, answer: Answer) -> StreamResponse:
        world.teams.close(room.conversation, *code)
        shut.set()
        return await answer(call)

    world.teams.faults.add(close, when=at(question, moment.match))
    await delivered(world, question, (bot,))
    await asyncio.wait_for(shut.wait(), PATIENCE)
    await asyncio.sleep(LATER)
    world.teams.reopen(room.conversation)
    again = ask(world, number + 20_000, room)
    await delivered(world, again, (bot,))
    after = await answered(world, [again], PATIENCE)
    texts = world.teams.chat(room.conversation).texts
    return Closing(any(f"Answer to {question.name}" in text for text in texts), not after.lost + after.twice)


async def told(world: World, bot: Bot, moment: Moment, code: tuple[int, str], numbers: Iterator[int]) -> bool:
    """Whether whoever asked is left with one message that is no note: the answer, or why there is none."""
    question = moment.asked(world, next(numbers))
    world.teams.faults.add(refused(*code), when=at(question, moment.match), times=1)
    await delivered(world, question, (bot,))
    seen = world.teams.chat(question.room.conversation)

    def over() -> bool:
        return len(seen.finals) == 1 == len(seen) and not seen.last.text.startswith("Thinking")

    try:
        await world.teams.until(over, PATIENCE)
    except AssertionError:
        return False
    await asyncio.sleep(LATER)
    return over()


async def play(world: World, bot: Bot, report: Report, numbers: Iterator[int]) -> None:
    """One line for each refusal."""
    for code in KINDS:
        moments = [Moment(place, match, slow=True) for place in PLACES for match in (opening, final)]
        moments.append(Moment("personal", step, slow=True))
        found = await asyncio.gather(*(closed(world, bot, moment, code, numbers) for moment in moments))
        stuck = sum(not one.after for one in found)
        seen = (
            f"{len(found)} chats closed within an answer, {sum(one.said for one in found)} said, {stuck} stuck after it"
        )
        bar = "bar: nothing is said there, and what is asked later is answered"
        report.line(f"teams: {code[0]} {code[1]}", seen, bar, held=not stuck)
    for code in LASTING:
        moments = [Moment(place, match) for place in PLACES for match in (opening, final)]
        outcomes = await asyncio.gather(*(told(world, bot, moment, code, numbers) for moment in moments))
        left = [
            f"{moment.kind} {moment.match.__name__}" for moment, good in zip(moments, outcomes, strict=True) if not good
        ]
        seen = f"{len(outcomes)} asked, {len(left)} left without one clear word{': ' if left else ''}{', '.join(left)}"
        report.line(
            f"teams: {code[0]} {code[1]}", seen, "bar: one message, the answer or why there is none", held=not left
        )
