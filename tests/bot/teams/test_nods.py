import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson
import pytest
from aiohttp import web

from bot.store.rows import Arrival
from bot.teams.errands import body
from bot.teams.nods import BEHIND, TRIES, Nods
from bot.teams.pacing import Limits, Pacing
from dialogs.talk import Errand, Event, Place, PlaceKind
from tests.bot.teams.clock import Clock
from tests.bot.teams.speech import speech
from tests.bot.turns import NOW
from tests.world.activities import Activity, added, message
from tests.world.door import Answer, Call, Fault
from tests.world.faults import Hang, drop, garbage, refused, status, throttled
from tests.world.people import ADA, BRUNO, CHANNEL, GROUP, TENANT, Room, personal
from tests.world.teams import TeamsDouble

THREAD = CHANNEL.at("1795000000001")
WHERE = Place(PlaceKind.GROUP, GROUP.conversation)
SOON = timedelta(seconds=0.05)
PATIENT = timedelta(minutes=1)


@pytest.fixture
def reports() -> list[BaseException]:
    return []


@pytest.fixture
async def nods(
    session: aiohttp.ClientSession, clock: Clock, teams: TeamsDouble, reports: list[BaseException]
) -> AsyncIterator[Nods]:
    nods = Nods(speech(session, clock, teams.url).adapter, clock.pause, reports.append, PATIENT)
    yield nods
    await nods.close()


def kept(teams: TeamsDouble, activity: Activity) -> Arrival:
    """An activity in the inbox."""
    frame: dict[str, Any] = {**activity, "serviceUrl": f"{teams.url}/"}
    return Arrival(TENANT, frame["conversation"]["id"], frame["id"], orjson.dumps(frame), NOW)


def asked(room: Room = GROUP, **fields: Any) -> Activity:
    return message(room, ADA, "summarise", **fields)


async def over(nods: Nods) -> None:
    """All that were begun are at their end."""
    while nods.under_way:
        await asyncio.sleep(0)


@pytest.mark.parametrize("room", [GROUP, THREAD], ids=["group", "thread"])
async def test_who_asks_before_others_sees_the_bot_typing_there(room: Room, nods: Nods, teams: TeamsDouble) -> None:
    nods.give(kept(teams, asked(room)))
    await over(nods)
    assert teams.typing == {room.conversation: 1}


async def test_a_nod_leaves_no_message(nods: Nods, teams: TeamsDouble) -> None:
    nods.give(kept(teams, asked()))
    await over(nods)
    assert (teams.drawn, teams.typing) == (0, {GROUP.conversation: 1})


async def test_in_a_personal_chat_an_open_stream_is_left_alone(nods: Nods, teams: TeamsDouble) -> None:
    nods.give(kept(teams, asked(personal(ADA))))
    await over(nods)
    assert teams.typing == {}


async def test_nobody_else_sees_that_something_was_said_to_the_bot_alone(nods: Nods, teams: TeamsDouble) -> None:
    activity = asked()
    activity["recipient"] = {**activity["recipient"], "isTargeted": True}
    nods.give(kept(teams, activity))
    await over(nods)
    assert teams.typing == {}


def edited() -> Activity:
    found = asked()
    return {**found, "type": "messageUpdate", "channelData": {**found["channelData"], "eventType": "editMessage"}}


def told() -> Activity:
    """A digest, an errand of our own."""
    own: Activity = orjson.loads(body(asked(), Errand(Event.DIGEST, WHERE, "digest", about=WHERE)))
    return own


@pytest.mark.parametrize(
    "unasked",
    [asked(mentioned=False), asked(type="typing"), asked(type="invoke"), edited(), told(), added(GROUP, ADA)],
    ids=["said among others", "typing", "invoke", "edit", "errand", "welcome"],
)
async def test_what_asks_for_nothing_is_not_nodded_at(unasked: Activity, nods: Nods, teams: TeamsDouble) -> None:
    nods.give(kept(teams, unasked))
    await over(nods)
    assert teams.typing == {}


async def test_while_a_nod_is_under_way_it_is_everybodys(nods: Nods, teams: TeamsDouble) -> None:
    nods.give(kept(teams, asked()))
    nods.give(kept(teams, message(GROUP, BRUNO, "decisions")))
    await over(nods)
    assert teams.typing == {GROUP.conversation: 1}


async def test_another_chat_has_its_own(nods: Nods, teams: TeamsDouble) -> None:
    nods.give(kept(teams, asked()))
    nods.give(kept(teams, asked(THREAD)))
    await over(nods)
    assert teams.typing == {GROUP.conversation: 1, THREAD.conversation: 1}


@pytest.mark.parametrize(
    "fault",
    [status(500), status(503), throttled(), refused(403, "BotNotInConversationRoster"), drop, garbage(400)],
    ids=["500", "503", "429", "403", "broken", "garbage"],
)
async def test_a_nod_that_fails_is_not_tried_again_and_nobody_hears_of_it(
    fault: Fault, nods: Nods, teams: TeamsDouble, clock: Clock, reports: list[BaseException]
) -> None:
    teams.faults.add(fault)
    nods.give(kept(teams, asked()))
    await over(nods)
    assert (teams.typing, clock.pauses, reports) == ({}, [], [])


async def test_what_is_no_activity_is_reported_and_harms_nobody(nods: Nods, reports: list[BaseException]) -> None:
    nods.give(Arrival(TENANT, GROUP.conversation, "1", b"{", NOW))
    await over(nods)
    assert [type(fault).__name__ for fault in reports] == ["Malformed"]


async def test_a_nod_that_hangs_is_given_up(
    session: aiohttp.ClientSession, clock: Clock, teams: TeamsDouble, reports: list[BaseException]
) -> None:
    hang = teams.faults.add(Hang())
    nods = Nods(speech(session, clock, teams.url).adapter, clock.pause, reports.append, patience=SOON)
    nods.give(kept(teams, asked()))
    await asyncio.wait_for(over(nods), 5)
    assert (teams.typing, reports) == ({}, [])
    hang.release()


async def test_where_teams_hangs_no_more_than_so_many_are_under_way(
    session: aiohttp.ClientSession, clock: Clock, teams: TeamsDouble, reports: list[BaseException]
) -> None:
    hang = teams.faults.add(Hang(), times=None)
    nods = Nods(speech(session, clock, teams.url).adapter, clock.pause, reports.append, PATIENT, most=1)
    nods.give(kept(teams, asked()))
    nods.give(kept(teams, asked(THREAD)))
    assert nods.under_way == 1
    hang.release()
    await nods.close()


async def test_closing_ends_what_hangs(nods: Nods, teams: TeamsDouble, reports: list[BaseException]) -> None:
    hang = teams.faults.add(Hang())
    nods.give(kept(teams, asked()))
    await hang.reached.wait()
    await asyncio.wait_for(nods.close(), 5)
    assert (nods.under_way, reports) == (0, [])
    hang.release()


class Counted:
    """A fault that knows how often it struck."""

    def __init__(self, fault: Fault) -> None:
        self.count = 0
        self._fault = fault

    async def __call__(self, call: Call, answer: Answer) -> web.StreamResponse:
        self.count += 1
        return await self._fault(call, answer)


def crowded(teams: TeamsDouble, clock: Clock, count: int) -> Pacing:
    """Of four calls in a minute one is the answers' own. So many were made before."""
    pacing = Pacing(clock.seconds, Limits(sends=((4, 60.0),), reads=((4, 60.0),), all=((50, 1.0),)))
    say(pacing, teams, count)
    return pacing


def say(pacing: Pacing, teams: TeamsDouble, count: int) -> None:
    """So many messages in the group."""
    for _ in range(count):
        pacing.book("POST", f"{teams.url}/v3/conversations/{quote(GROUP.conversation, safe='')}/activities")


async def test_a_nod_takes_its_turn_when_answers_leave_room(
    session: aiohttp.ClientSession, clock: Clock, teams: TeamsDouble, reports: list[BaseException]
) -> None:
    spoken = speech(session, clock, teams.url, pacing=crowded(teams, clock, 3))
    nods = Nods(spoken.adapter, clock.pause, reports.append, PATIENT)
    nods.give(kept(teams, asked()))
    await over(nods)
    assert (teams.typing, [round(span) for span in clock.pauses]) == ({GROUP.conversation: 1}, [60])


async def test_answers_go_first(
    session: aiohttp.ClientSession, clock: Clock, teams: TeamsDouble, reports: list[BaseException]
) -> None:
    pacing = crowded(teams, clock, 3)

    async def spoken_over(seconds: float) -> None:
        """Meanwhile others have said as much again."""
        clock.turn(seconds=seconds)
        say(pacing, teams, 3)

    nods = Nods(speech(session, clock, teams.url, pacing=pacing).adapter, spoken_over, reports.append, PATIENT)
    nods.give(kept(teams, asked()))
    await over(nods)
    assert teams.typing == {}


async def test_a_wish_of_teams_is_heeded(nods: Nods, teams: TeamsDouble, clock: Clock) -> None:
    tries = teams.faults.add(Counted(throttled(1)), times=None)
    nods.give(kept(teams, asked()))
    await over(nods)
    assert (tries.count, teams.typing, clock.pauses) == (TRIES, {}, [1 + BEHIND] * (TRIES - 1))
