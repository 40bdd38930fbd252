"""Whoever writes or presses something sees that they were heard, before anything is done that may take long.

Nobody who would keep it waiting answers here until the sign stands: no model, no Graph, no file, and in the second company
not even the service that knows who has signed in. So what is seen by then was said before any of them was waited for.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio

from tests.scenarios.firm import Firm, opened
from tests.scenarios.parcels import dropped, file
from tests.scenarios.staff import Employee, newcomer
from tests.world.activities import Activity, message, on_message, pressed
from tests.world.faults import Hang
from tests.world.people import BRUNO, base

pytestmark = pytest.mark.asyncio(loop_scope="session")
SIGN = "Thinking…"
Way = Callable[[Employee], tuple[Employee, Activity]]
"""What somebody does, and where they then look."""


@pytest_asyncio.fixture(scope="module", loop_scope="session", params=["false", "true"], ids=["open", "signed in"])
async def firm(request: pytest.FixtureRequest, postgres: str) -> AsyncIterator[Firm]:
    """Two companies of two processes each: in the second who asks must have signed in."""
    async with opened(postgres, bots=2, REQUIRE_SIGN_IN=request.param) as firm:
        yield firm


@pytest.fixture
def ada(firm: Firm) -> Employee:
    return newcomer(firm)


@pytest.fixture
def stuck(firm: Firm) -> Iterator[Hang]:
    """Nobody answers who would be waited for, until the test is over."""
    hang, world = Hang(), firm.world
    doubles = (world.model, world.graph, world.drive, world.users)
    for double in doubles:
        double.faults.add(hang, times=None)
    world.teams.faults.add(hang, of="team", times=None)
    yield hang
    for faults in (*(double.faults for double in doubles), world.teams.faults):
        faults.clear()
    hang.release()


def asked(ada: Employee) -> tuple[Employee, Activity]:
    return ada, message(ada.room, ada.person, "Why is the sky blue?")


def brought(ada: Employee) -> tuple[Employee, Activity]:
    return ada, dropped(ada, "When does the crane come?", file(ada.stage, "report.docx"))


def filled(ada: Employee) -> tuple[Employee, Activity]:
    return ada, pressed(ada.room, ada.person, {"say": "tasks run rewrite"}, text="hello world")


def mentioned(ada: Employee) -> tuple[Employee, Activity]:
    there = ada.at(ada.stage.group())
    return there, message(there.room, ada.person, "summarise")


def threaded(ada: Employee) -> tuple[Employee, Activity]:
    channel = ada.stage.channel()
    there = ada.at(channel.at(ada.stage.write(channel, BRUNO, "The launch is on Friday.")))
    ada.stage.world.teams.roster.admit(base(there.room.conversation), ada.person)
    return there, message(there.room, ada.person, "summarise")


def nameless(ada: Employee) -> tuple[Employee, Activity]:
    """In a team of which Teams tells no more than where it is."""
    there, activity = threaded(ada)
    del activity["channelData"]["team"]["aadGroupId"]
    return there, activity


def whispered(ada: Employee) -> tuple[Employee, Activity]:
    there, _ = threaded(ada)
    return there, message(there.room, ada.person, "privately summarise")


@pytest.mark.parametrize("way", [asked, brought, filled, mentioned, threaded, nameless, whispered])
async def test_the_first_sign_waits_for_nobody(way: Way, ada: Employee, firm: Firm, stuck: Hang) -> None:
    there, activity = way(ada)
    status, _ = await firm.world.post(activity)
    await firm.until(lambda: [one.text for one in there.shown] == [SIGN])
    await asyncio.wait_for(stuck.reached.wait(), 10)
    assert (status, [one.text for one in there.shown]) == (202, [SIGN])


async def test_the_menus_window_waits_for_nobody(ada: Employee, firm: Firm, stuck: Hang) -> None:
    there, _ = threaded(ada)
    root = there.room.conversation.partition("=")[2]
    status, body = await firm.world.post(on_message(there.room, ada.person, root, "<p>x</p>", "summariseThread"))
    await asyncio.wait_for(stuck.reached.wait(), 10)
    assert (status, b"reading these messages" in body) == (200, True)


async def held(there: Employee, firm: Firm, stuck: Hang) -> None:
    """Somebody asks, and hears nothing but the first sign from then on."""
    await firm.world.post(message(there.room, there.person, "summarise"))
    await firm.until(lambda: [one.text for one in there.shown] == [SIGN])
    await asyncio.wait_for(stuck.reached.wait(), 10)


@pytest.mark.parametrize("process", [0, 1], ids=["the same process", "another process"])
@pytest.mark.parametrize("where", [mentioned, threaded])
async def test_who_asks_behind_another_sees_at_once_that_they_were_heard(
    where: Way, process: int, ada: Employee, firm: Firm, stuck: Hang
) -> None:
    there, _ = where(ada)
    await held(there, firm, stuck)
    seen = firm.world.teams.typing
    await firm.world.post(message(there.room, BRUNO, "decisions"), bot=firm.bots[process].url)
    await firm.until(lambda: seen.get(there.room.conversation) == 1)
    assert [one.text for one in there.shown] == [SIGN]


async def test_what_is_said_among_others_shows_nothing_of_the_bot(ada: Employee, firm: Firm, stuck: Hang) -> None:
    there, _ = threaded(ada)
    await held(there, firm, stuck)
    await firm.world.post(message(there.room, BRUNO, "lunch?", mentioned=False))
    await behind(ada, firm, stuck)
    assert there.room.conversation not in firm.world.teams.typing


async def test_one_to_one_the_stream_that_stands_is_the_sign(ada: Employee, firm: Firm, stuck: Hang) -> None:
    await held(ada, firm, stuck)
    await firm.world.post(message(ada.room, ada.person, "And the sea?"))
    await behind(ada, firm, stuck)
    assert ada.room.conversation not in firm.world.teams.typing
    assert [one.streaming for one in ada.shown] == [True]


async def test_an_ask_that_is_delivered_again_is_not_shown_to_be_heard_again(
    ada: Employee, firm: Firm, stuck: Hang
) -> None:
    there, _ = threaded(ada)
    await held(there, firm, stuck)
    seen, second = firm.world.teams.typing, message(there.room, BRUNO, "decisions")
    await firm.world.post(second)
    await firm.until(lambda: seen.get(there.room.conversation) == 1)
    await firm.world.post(second)
    await behind(ada, firm, stuck)
    assert seen[there.room.conversation] == 1


async def behind(ada: Employee, firm: Firm, stuck: Hang) -> None:
    """Somebody elsewhere is seen to have been heard: by then everybody before them is who was to be."""
    there, _ = mentioned(ada)
    await held(there, firm, stuck)
    await firm.world.post(message(there.room, BRUNO, "decisions"))
    await firm.until(lambda: firm.world.teams.typing.get(there.room.conversation) == 1)
