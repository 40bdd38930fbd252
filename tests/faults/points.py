"""Where on the path of a message a process may die: at a statement of the store, or at a call to Teams, just before or just after."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from aiohttp import web

from tests.faults.asks import Question
from tests.faults.lives import Life
from tests.faults.wire import Trap
from tests.world.door import Answer, Call
from tests.world.faults import drop
from tests.world.world import World

Fits = Callable[[Call], bool]


SAYING = ("send", "reply", "update")


def first(call: Call) -> bool:
    """The first that is heard of an answer: a stream begins, or a placeholder is said."""
    return call.kind in SAYING and not answering(call)


def answering(call: Call) -> bool:
    """The answer itself, and no step of a stream on the way to it."""
    return call.kind in SAYING and call.json.get("type") == "message" and "Answer to" in call.json.get("text", "")


def further(call: Call) -> bool:
    """The last message of an answer in several, where the answer stands."""
    text = call.json.get("text", "") if call.kind in SAYING else ""
    return "End of" in text and "Answer to" not in text


Pieces = tuple[bytes, ...]
"""What stands in the text of one statement of the store and of no other."""
ACCEPT: Pieces = (b"INSERT INTO inbox", b"INSERT INTO lanes")
PLACED: Pieces = (b"'placed' END, placeholder = ",)
ANSWERED: Pieces = (b"phase = 'answered', answer = ",)
SHOWN: Pieces = (b"SET shown = ",)
FINISH: Pieces = (b"phase = 'finished', outcome = ",)


@dataclass(frozen=True, slots=True)
class Point:
    """A moment. `at` is a statement of the store or what a call to Teams is like.

    `window`: a message stands there whose id nobody has saved, so one may be left behind. `kind`: of an answer that is
    `long`, in several messages, or `slow` to come, after its placeholder is known.
    """

    name: str
    at: Pieces | Fits
    before: bool
    window: bool = False
    kind: str = ""


def both(what: str, at: Pieces | Fits, before: bool = False, after: bool = False, kind: str = "") -> Iterator[Point]:
    """The moments before and after something; whether each of them lies in the window."""
    yield Point(f"before {what}", at, before=True, window=before, kind=kind)
    yield Point(f"after {what}", at, before=False, window=after, kind=kind)


POINTS: tuple[Point, ...] = (
    *both("the accept commits", ACCEPT),
    *both("the first message is shown", first, after=True),
    *both("its id is saved", PLACED, before=True, kind="slow"),
    *both("the answer is saved", ANSWERED),
    *both("the answer is shown", answering),
    *both("a further message is shown", further, kind="long", after=True),
    *both("what was shown is saved", SHOWN, kind="long"),
    *both("the ask is closed", FINISH),
)


def set_trap(world: World, life: Life, question: Question, point: Point) -> None:
    """Kill that life when the question comes to that point."""
    conversation = question.room.conversation
    if isinstance(point.at, tuple):
        life.wire.trap = Trap(point.at, conversation.encode(), point.before, life.kill)
        return
    fits = point.at

    async def die(call: Call, answer: Answer) -> web.StreamResponse:
        if not point.before:
            await answer(call)
        life.kill()
        await asyncio.sleep(0)
        return await drop(call, answer)

    def meant(call: Call) -> bool:
        return call.args.get("conversation") == conversation and not life.dead.is_set() and fits(call)

    world.teams.faults.add(die, when=meant)
