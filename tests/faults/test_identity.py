"""What becomes of messages when it cannot be told who sent them, or what time it is: no real one is refused."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from bot.limits import CLOCK_LEEWAY, KEY_REFRESH
from bot.store.rows import Arrival
from bot.teams import bodies
from bot.teams.activity import Incoming
from bot.teams.doors import ChannelDoor
from bot.teams.endpoint import Endpoint, Inside
from bot.teams.keys import MOST_DRIFT, Keys
from bot.teams.line import open_session
from bot.teams.origins import origins
from bot.teams.verify import Allowed, Verifier
from tests.attacks.connection import Server
from tests.bot.teams.clock import Clock
from tests.world.activities import message
from tests.world.door import Answer, Call, Fault
from tests.world.faults import Hang, status
from tests.world.login import ISSUER, LoginDouble
from tests.world.people import ADA, APP, TENANT, personal
from tests.world.signing import key

SERVICE = "https://smba.trafficmanager.net/emea/"


@dataclass
class Gate:
    """The front door with keys that come from a key server, and what came in by it. `clock` is this machine's."""

    login: LoginDouble
    keys: Keys
    clock: Clock
    server: Server
    came: list[Arrival] = field(default_factory=list)

    async def post(self, token: str) -> tuple[int, bytes]:
        """The status of a message with this token, and the whole answer."""
        body = json.dumps({**message(personal(ADA), ADA, "hello"), "serviceUrl": SERVICE}).encode()
        head = f"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        connection = self.server.connect()
        heard = await connection.send(head.encode() + body)
        await connection.end()
        return int(heard[9:12] or 0), heard

    def token(self, **claims: Any) -> str:
        """A token as Teams makes it now."""
        return self.login.sign(serviceurl=SERVICE, **claims)


@pytest.fixture
def true() -> Clock:
    """The clock of everybody else."""
    return Clock()


@pytest.fixture
async def gate(true: Clock) -> AsyncIterator[Gate]:
    clock, came = Clock(true.time), list[Arrival]()

    async def accept(arrival: Arrival) -> None:
        came.append(arrival)

    async with LoginDouble(clock=true.seconds) as login, open_session() as session:
        keys = Keys(session, login.metadata, clock.now, pause=clock.pause)
        verifier = Verifier(keys, ISSUER, APP, clock.now, keys.drift)
        door = ChannelDoor(verifier, Allowed(origins((SERVICE,)), frozenset({TENANT})))
        async with Server(Endpoint(door, indoors(accept, keys.unready, clock)).application()) as server:
            yield Gate(login, keys, clock, server, came)
        await keys.close()


def indoors(
    accept: Callable[[Arrival], Awaitable[None]], unready: Callable[[], Awaitable[Mapping[str, str]]], clock: Clock
) -> Inside:
    return Inside(
        accept=accept,
        stop=accept,
        stops=lambda incoming: False,
        invoke=nothing,
        unready=unready,
        now=clock.now,
        report=lambda fault: None,
    )


async def nothing(incoming: Incoming) -> bodies.Answer:
    raise NotImplementedError


def dated(clock: Clock) -> Fault:
    """The true answer, by the true clock."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        response = await answer(call)
        response.headers["Date"] = format_datetime(clock.now(), usegmt=True)
        return response

    return play


async def test_a_message_by_a_key_that_nobody_can_look_up_is_sent_again_and_not_lost(gate: Gate) -> None:
    gate.login.faults.add(status(503), of="metadata")
    code, answer = await gate.post(gate.token())
    assert (code, b"Retry-After: 5" in answer, gate.came) == (503, True, [])


async def test_a_message_by_a_key_made_just_after_a_look_is_taken(gate: Gate) -> None:
    await gate.post(gate.login.sign(by=key(99), serviceurl=SERVICE))
    gate.login.rotate()
    assert (await gate.post(gate.token()))[0] == 202
    assert 0 < sum(gate.clock.pauses) <= KEY_REFRESH.total_seconds()


async def test_a_message_by_a_key_that_the_channel_does_not_publish_is_refused(gate: Gate) -> None:
    assert (await gate.post(gate.login.sign(by=key(99), serviceurl=SERVICE)))[0] == 401


async def test_while_the_key_server_hangs_messages_by_known_keys_are_taken(gate: Gate) -> None:
    known = gate.login.signer
    await gate.post(gate.token())
    gate.clock.turn(hours=25)
    hang = gate.login.faults.add(Hang(), times=None)
    token = gate.login.sign(by=known, serviceurl=SERVICE, exp=int(gate.clock.seconds()) + 3600)
    assert (await gate.post(token))[0] == 202
    hang.release()


@pytest.mark.parametrize("off", [timedelta(minutes=10), timedelta(minutes=-10)])
@pytest.mark.parametrize("age", [timedelta(0), timedelta(minutes=59, seconds=30)])
async def test_a_clock_ten_minutes_off_refuses_no_message(
    gate: Gate, true: Clock, off: timedelta, age: timedelta
) -> None:
    gate.login.faults.add(dated(true), times=None)
    gate.clock.time += off
    made = int((true.now() - age).timestamp())
    assert (await gate.post(gate.token(iat=made, nbf=made, exp=made + 3600)))[0] == 202


async def test_a_token_that_has_ended_is_refused_by_a_wrong_clock_too(gate: Gate, true: Clock) -> None:
    gate.login.faults.add(dated(true), times=None)
    gate.clock.time += timedelta(minutes=10)
    ended = int((true.now() - CLOCK_LEEWAY - timedelta(minutes=10)).timestamp())
    assert (await gate.post(gate.token(exp=ended)))[0] == 401


async def test_with_a_clock_that_is_right_the_leeway_stays_as_it_is(gate: Gate, true: Clock) -> None:
    gate.login.faults.add(dated(true), times=None)
    ended = int((true.now() - CLOCK_LEEWAY - timedelta(seconds=1)).timestamp())
    assert (await gate.post(gate.token(exp=ended)))[0] == 401


async def test_where_no_time_can_be_judged_a_message_is_sent_again_and_the_process_not_ready(
    gate: Gate, true: Clock
) -> None:
    gate.login.faults.add(dated(true), times=None)
    gate.clock.time += MOST_DRIFT + timedelta(hours=2)
    code, _ = await gate.post(gate.token())
    assert (code, list(await gate.keys.unready())) == (503, ["clock"])
