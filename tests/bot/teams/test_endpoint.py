import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.limits import BODY_BYTES, BODY_TIME, IDLE
from bot.store.rows import Arrival, StoreAway
from bot.teams.activity import Incoming
from bot.teams.bodies import Answer
from bot.teams.doors import ChannelDoor, LocalDoor
from bot.teams.endpoint import Door, Endpoint, Inside
from bot.teams.keys import Keys
from bot.teams.listener import Listener
from bot.teams.origins import Origins, origins
from bot.teams.verify import Allowed, Verifier
from tests.bot.teams.clock import Clock
from tests.bot.teams.test_activity import BAD_BODIES, BAD_FIELDS
from tests.world import activities
from tests.world.activities import SERVICE, message
from tests.world.login import ISSUER, LoginDouble
from tests.world.people import ADA, APP, GROUP, OTHER_TENANT, TENANT, THREAD, personal

HOME = personal(ADA)
Reply = tuple[int, bytes]


class Indoors:
    """What lies behind the door: everything that came through, and what may go wrong there."""

    def __init__(self) -> None:
        self.arrivals: list[Arrival] = []
        self.stops: list[Arrival] = []
        self.invokes: list[str] = []
        self.answer = Answer(200)
        self.fault: Exception | None = None
        self.reasons: dict[str, str] = {}
        self.reports: list[BaseException] = []

    async def accept(self, arrival: Arrival) -> None:
        if self.fault:
            raise self.fault
        self.arrivals.append(arrival)

    async def stop(self, arrival: Arrival) -> None:
        if self.fault:
            raise self.fault
        self.stops.append(arrival)

    async def invoke(self, incoming: Incoming) -> Answer:
        if self.fault:
            raise self.fault
        self.invokes.append(incoming.name)
        return self.answer

    async def unready(self) -> Mapping[str, str]:
        if self.fault:
            raise self.fault
        return self.reasons


class House:
    """A served endpoint, and a client in front of it."""

    def __init__(self, url: str, session: aiohttp.ClientSession, login: LoginDouble, indoors: Indoors) -> None:
        self.url = url
        self._session = session
        self._login = login
        self.indoors = indoors

    async def knock(
        self, data: Any, token: str | None = None, headers: Mapping[str, str] | None = None
    ) -> aiohttp.ClientResponse:
        """Post bytes with a good token, unless another (or "" for none) is given; the whole answer."""
        signed = self._login.sign(serviceurl=SERVICE) if token is None else token
        sent = {"Content-Type": "application/json", **({"Authorization": f"Bearer {signed}"} if signed else {})}
        response = await self._session.post(f"{self.url}/api/messages", data=data, headers={**sent, **(headers or {})})
        await response.read()
        return response

    async def post(self, activity: Any, token: str | None = None) -> Reply:
        data = activity if isinstance(activity, bytes) else json.dumps(activity).encode()
        response = await self.knock(data, token)
        return response.status, await response.read()

    async def ask(self, method: str, path: str) -> tuple[aiohttp.ClientResponse, bytes]:
        async with self._session.request(method, self.url + path) as response:
            return response, await response.read()


async def served(
    stack: AsyncExitStack, door: Door, indoors: Indoors, clock: Clock, patience: timedelta = BODY_TIME
) -> str:
    inside = Inside(
        accept=indoors.accept,
        stop=indoors.stop,
        stops=lambda incoming: incoming.text == "stop",
        invoke=indoors.invoke,
        unready=indoors.unready,
        now=clock.now,
        report=indoors.reports.append,
    )
    runner = Listener(Endpoint(door, inside, patience).application())
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"


@pytest.fixture
def indoors() -> Indoors:
    return Indoors()


@pytest.fixture
async def house(
    session: aiohttp.ClientSession, login: LoginDouble, clock: Clock, indoors: Indoors
) -> AsyncIterator[House]:
    keys = Keys(session, login.metadata, clock.now)
    allowed = Allowed(origins(("https://smba.trafficmanager.net",)), frozenset({TENANT}))
    door = ChannelDoor(Verifier(keys, ISSUER, APP, clock.now), allowed)
    async with AsyncExitStack() as stack:
        yield House(await served(stack, door, indoors, clock), session, login, indoors)
    await keys.close()


@pytest.fixture
async def local(
    session: aiohttp.ClientSession, login: LoginDouble, clock: Clock, indoors: Indoors
) -> AsyncIterator[House]:
    door = LocalDoor(Allowed(Origins(frozenset(), loopback=True), frozenset()))
    async with AsyncExitStack() as stack:
        yield House(await served(stack, door, indoors, clock), session, login, indoors)


def hello(**changes: Any) -> dict[str, Any]:
    return {**message(HOME, ADA, "hello"), **changes}


def refusal(code: str) -> bytes:
    return json.dumps({"error": {"code": code}}, separators=(",", ":")).encode()


# accepted


async def test_a_message_is_accepted_with_an_empty_202(house: House) -> None:
    assert await house.post(hello()) == (202, b"")


async def test_what_is_accepted_is_kept_as_it_came(house: House, clock: Clock) -> None:
    sent = hello()
    body = json.dumps(sent, indent=3).encode()
    await house.post(body)
    assert house.indoors.arrivals == [Arrival(TENANT, HOME.conversation, sent["id"], body, clock.now(), person=ADA.id)]


async def test_a_message_in_a_thread_belongs_to_the_thread(house: House) -> None:
    await house.post(message(THREAD, ADA, "summarise"))
    assert [one.conversation for one in house.indoors.arrivals] == [THREAD.conversation]


async def test_both_events_of_an_installation_are_one_activity(house: House) -> None:
    first = activities.added(HOME, ADA)
    await house.post(first)
    await house.post(activities.installed(HOME, ADA))
    assert [one.activity for one in house.indoors.arrivals] == [first["id"]]


async def test_a_word_that_stops_is_no_ask(house: House) -> None:
    assert await house.post(hello(text="stop")) == (202, b"")
    assert [one.person for one in house.indoors.stops] == [ADA.id] and house.indoors.arrivals == []


async def test_a_word_that_stops_but_is_not_meant_for_us_stops_nothing(house: House) -> None:
    assert await house.post(message(GROUP, ADA, "stop", mentioned=False)) == (202, b"")
    assert house.indoors.stops == []


async def test_a_stop_that_cannot_be_committed_is_503(house: House) -> None:
    house.indoors.fault = StoreAway()
    assert (await house.post(hello(text="stop")))[0] == 503


@pytest.mark.parametrize(
    "activity",
    [
        message(GROUP, ADA, "hello all", mentioned=False),
        hello(type="typing"),
        activities.reaction(HOME, ADA, "1"),
        activities.removed(GROUP, ADA),
    ],
)
async def test_what_is_not_meant_for_us_is_accepted_and_forgotten(house: House, activity: dict[str, Any]) -> None:
    assert await house.post(activity) == (202, b"")
    assert house.indoors.arrivals == []


async def test_a_content_type_is_not_insisted_on(house: House) -> None:
    response = await house.knock(json.dumps(hello()).encode(), headers={"Content-Type": "text/plain"})
    assert response.status == 202


async def test_202_is_said_after_the_commit(
    session: aiohttp.ClientSession, login: LoginDouble, clock: Clock, house: House, indoors: Indoors
) -> None:
    committing, committed = asyncio.Event(), asyncio.Event()

    async def accept(arrival: Arrival) -> None:
        committing.set()
        await committed.wait()

    indoors.accept = accept  # type: ignore[method-assign]
    async with AsyncExitStack() as stack:
        door = LocalDoor(Allowed(origins(("https://smba.trafficmanager.net",)), frozenset()))
        slow = House(await served(stack, door, indoors, clock), session, login, indoors)
        posting = asyncio.create_task(slow.post(hello()))
        await committing.wait()
        await house.ask("GET", "/healthz")
        assert not posting.done()
        committed.set()
        assert await posting == (202, b"")


# invokes


async def test_an_invoke_is_answered_with_the_body_it_needs(house: House) -> None:
    house.indoors.answer = Answer(412, {"id": "X", "connectionName": "sso"})
    sent = activities.token_exchange(HOME, ADA, "t", "X")
    assert await house.post(sent) == (412, b'{"id":"X","connectionName":"sso"}')


async def test_an_invoke_without_a_body_is_answered_with_nothing_at_all(house: House) -> None:
    response = await house.knock(json.dumps(activities.feedback(HOME, ADA, "1")).encode())
    assert (response.status, await response.read(), response.headers["Content-Length"]) == (200, b"", "0")


async def test_an_invoke_is_not_kept_as_an_activity(house: House) -> None:
    await house.post(activities.feedback(HOME, ADA, "1"))
    assert (house.indoors.arrivals, house.indoors.invokes) == ([], ["message/submitAction"])


async def test_an_invoke_that_breaks_is_no_5xx(house: House) -> None:
    house.indoors.fault = RuntimeError("SECRET")
    assert await house.post(activities.feedback(HOME, ADA, "1")) == (400, refusal("Failed"))
    assert [type(one) for one in house.indoors.reports] == [RuntimeError]


async def test_an_invoke_that_cannot_be_answered_yet_says_when_to_come_back(house: House) -> None:
    house.indoors.answer = Answer(503, {"error": {"code": "Unavailable"}})
    response = await house.knock(json.dumps(activities.feedback(HOME, ADA, "1")).encode())
    assert (response.status, response.headers["Retry-After"]) == (503, "5")


async def test_an_invoke_whose_effect_cannot_be_committed_is_put_off(house: House) -> None:
    house.indoors.fault = StoreAway()
    assert (await house.post(activities.feedback(HOME, ADA, "1")))[0] == 503


# refused


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Bearer a.b.c", "Basic eDp5", "token"])
async def test_without_a_good_token_it_is_401(house: House, header: str | None) -> None:
    response = await house.knock(b"{}", "", {} if header is None else {"Authorization": header})
    assert (response.status, await response.read()) == (401, refusal("Unauthorized"))


@pytest.mark.parametrize(
    "claims", [{"aud": "other"}, {"iss": "https://evil.example"}, {"exp": 1}, {"exp": None}, {"nbf": 2**33}]
)
async def test_a_token_of_others_or_of_other_times_is_401(
    house: House, login: LoginDouble, claims: dict[str, Any]
) -> None:
    token = login.sign(serviceurl=SERVICE, **claims)
    assert (await house.post(hello(), token))[0] == 401


async def test_a_forged_token_is_401(house: House, login: LoginDouble) -> None:
    assert (await house.post(hello(), login.forged(serviceurl=SERVICE)))[0] == 401


async def test_two_tokens_are_401(house: House, login: LoginDouble, session: aiohttp.ClientSession) -> None:
    good = ("Authorization", f"Bearer {login.sign(serviceurl=SERVICE)}")
    async with session.post(f"{house.url}/api/messages", data=b"{}", headers=[good, good]) as response:
        assert response.status == 401


async def test_a_token_signed_after_a_rotation_is_good(house: House, login: LoginDouble, clock: Clock) -> None:
    await house.post(hello())
    login.rotate()
    clock.turn(seconds=10)
    assert (await house.post(hello()))[0] == 202


async def test_the_token_is_looked_at_before_the_body(house: House) -> None:
    """A body of which only a part ever comes does not keep the refusal waiting."""
    head = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
    assert (await raw(house, head)).startswith(b"HTTP/1.1 401 ")


async def raw(house: House, sent: bytes, *, to_the_end: bool = False) -> bytes:
    """Send bytes over a connection of one's own; the head of what comes back, or all until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.url.rpartition(":")[2]))
    try:
        writer.write(sent)
        await writer.drain()
        async with asyncio.timeout(5):
            return await (reader.read() if to_the_end else reader.readuntil(b"\r\n\r\n"))
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    "changes",
    [
        {"serviceUrl": "https://evil.example/"},
        {"serviceUrl": "https://smba.trafficmanager.net/amer/"},
        {"serviceUrl": "http://smba.trafficmanager.net/emea/"},
        {"channelId": "emulator"},
        {"channelId": None},
        {"conversation": {"id": "a:1", "tenantId": OTHER_TENANT}},
        {"channelData": {"tenant": {"id": OTHER_TENANT}}},
        {"conversation": {"id": "a:1"}, "channelData": {}},
    ],
)
async def test_what_is_not_allowed_is_403(house: House, changes: dict[str, Any]) -> None:
    assert await house.post(hello(**changes)) == (403, refusal("Forbidden"))
    assert house.indoors.arrivals == []


async def test_an_invoke_of_a_foreign_tenant_is_403(house: House) -> None:
    foreign = {**activities.feedback(HOME, ADA, "1"), "channelData": {"tenant": {"id": OTHER_TENANT}}}
    assert (await house.post(foreign))[0] == 403
    assert house.indoors.invokes == []


async def test_a_token_for_another_service_address_is_403(house: House, login: LoginDouble) -> None:
    assert (await house.post(hello(), login.sign(serviceurl="https://smba.trafficmanager.net/amer/")))[0] == 403


async def test_a_token_without_a_service_address_is_403(house: House, login: LoginDouble) -> None:
    assert (await house.post(hello(), login.sign()))[0] == 403


async def test_a_key_that_does_not_endorse_teams_is_403(house: House, login: LoginDouble) -> None:
    bare = login.rotate()
    login.publish(type(bare)(bare.kid, bare.private, ()))
    assert (await house.post(hello()))[0] == 403


@pytest.mark.parametrize("name", BAD_BODIES)
async def test_a_body_that_is_no_json_object_is_400(house: House, name: str) -> None:
    assert await house.post(BAD_BODIES[name]) == (400, refusal("BadRequest"))


@pytest.mark.parametrize("name", BAD_FIELDS)
async def test_a_field_of_a_wrong_type_is_400(house: House, name: str) -> None:
    assert await house.post(BAD_FIELDS[name]) == (400, refusal("BadRequest"))


async def test_nothing_is_kept_or_reported_of_a_bad_request(house: House) -> None:
    await house.post(b"nonsense")
    assert (house.indoors.arrivals, house.indoors.reports) == ([], [])


async def test_a_packed_body_is_400(house: House) -> None:
    packed = gzip.compress(json.dumps(hello()).encode())
    response = await house.knock(packed, headers={"Content-Encoding": "gzip"})
    assert response.status == 400


def padded(size: int) -> bytes:
    frame = json.dumps(hello(text="")).encode()
    return frame.replace(b'"text": ""', b'"text": "' + b"x" * (size - len(frame)) + b'"')


async def test_a_body_at_the_limit_is_taken(house: House) -> None:
    assert (await house.post(padded(BODY_BYTES)))[0] == 202


async def test_a_body_over_the_limit_is_413(house: House) -> None:
    assert await house.post(padded(BODY_BYTES + 1)) == (413, refusal("RequestEntityTooLarge"))


async def test_a_body_over_the_limit_that_hides_its_length_is_413(house: House) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(BODY_BYTES // 8192 + 1):
            yield b" " * 8192

    assert (await house.knock(pieces())).status == 413


async def test_a_body_in_pieces_is_taken(house: House) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for byte in json.dumps(hello()).encode():
            yield bytes([byte])

    assert (await house.knock(pieces())).status == 202


# when things break


async def test_a_database_that_is_away_is_503_and_says_when_to_come_back(house: House) -> None:
    house.indoors.fault = StoreAway()
    response = await house.knock(json.dumps(hello()).encode())
    assert (response.status, response.headers["Retry-After"]) == (503, "5")
    assert await response.read() == refusal("Unavailable")


async def test_a_fault_of_ours_is_503_without_a_word_of_it(house: House) -> None:
    house.indoors.fault = RuntimeError("SECRET")
    response = await house.knock(json.dumps(hello()).encode())
    assert (response.status, await response.read()) == (503, refusal("Unavailable"))
    assert len(house.indoors.reports) == 1


# the other paths


async def test_it_says_that_it_lives(house: House) -> None:
    response, _ = await house.ask("GET", "/healthz")
    assert response.status == 200


async def test_it_says_that_it_is_ready(house: House) -> None:
    response, body = await house.ask("GET", "/readyz")
    assert (response.status, json.loads(body)) == (200, {})


async def test_it_says_why_it_is_not_ready(house: House) -> None:
    house.indoors.reasons = {"database": "away"}
    response, body = await house.ask("GET", "/readyz")
    assert (response.status, json.loads(body)) == (503, {"database": "away"})


async def test_a_readiness_check_that_breaks_is_503_too(house: House) -> None:
    house.indoors.fault = RuntimeError("SECRET")
    response, body = await house.ask("GET", "/readyz")
    assert (response.status, json.loads(body)) == (503, {"readiness": "unknown"})


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/messages", 405, "MethodNotAllowed"),
        ("PUT", "/api/messages", 405, "MethodNotAllowed"),
        ("DELETE", "/api/messages", 405, "MethodNotAllowed"),
        ("POST", "/healthz", 405, "MethodNotAllowed"),
        ("GET", "/", 404, "NotFound"),
        ("POST", "/api/messages/", 404, "NotFound"),
        ("POST", "/API/MESSAGES", 404, "NotFound"),
        ("GET", "/.env", 404, "NotFound"),
        ("GET", "/api/../etc/passwd", 404, "NotFound"),
    ],
)
async def test_other_paths_and_methods_are_refused_in_few_words(
    house: House, method: str, path: str, status: int, code: str
) -> None:
    response, body = await house.ask(method, path)
    assert (response.status, body) == (status, refusal(code))


@pytest.mark.parametrize(("method", "path"), [("GET", "/healthz"), ("GET", "/nothing"), ("GET", "/api/messages")])
async def test_no_answer_says_what_it_was_made_with(house: House, method: str, path: str) -> None:
    response, body = await house.ask(method, path)
    assert "Server" not in response.headers
    assert b"aiohttp" not in body


# local mode


def near(**changes: Any) -> dict[str, Any]:
    return hello(serviceUrl="http://localhost:26150/_connector", **changes)


async def test_local_mode_needs_no_token(local: House) -> None:
    assert await local.post(near(), "") == (202, b"")


async def test_local_mode_answers_to_nothing_off_this_machine(local: House) -> None:
    assert (await local.post(hello(), ""))[0] == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "rebound.example:3978"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_local_mode_is_closed_to_web_pages(local: House, headers: dict[str, str]) -> None:
    assert (await local.knock(json.dumps(near()).encode(), "", headers)).status == 401


async def test_every_change_of_a_message_is_kept_beside_it(house: House) -> None:
    sent = hello()
    for activity in (sent, activities.edited(sent, "one"), activities.edited(sent, "two"), activities.deleted(sent)):
        assert await house.post(activity) == (202, b"")
    ids = [arrival.activity for arrival in house.indoors.arrivals]
    assert len(set(ids)) == 4 and {arrival.person for arrival in house.indoors.arrivals} == {ADA.id}


async def test_a_message_that_is_changed_to_a_word_that_stops_does_not_stop(house: House) -> None:
    await house.post(activities.edited(hello(), "stop"))
    assert (len(house.indoors.arrivals), house.indoors.stops) == (1, [])


# what a connection may do


@pytest.mark.parametrize(
    "head",
    [
        b"POST /api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer CANARY\x01\r\n\r\n",
        b"POST /api/messages HTTP/1.1\r\nHost: x\r\nCANARY CANARY: x\r\n\r\n",
        b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: CANARY\r\n\r\n",
        b"POST /api/messages HTTP/1.1\r\nHost: x\r\nX: " + b"CANARY" * 2_000 + b"\r\n\r\n",
        b"POST /api/messages HTTP/1.1\r\nHost: x\r\n" + b"X-CANARY: x\r\n" * 100 + b"\r\n",
        b"CANARY\r\n\r\n",
    ],
)
async def test_a_head_that_is_no_http_is_400_and_not_quoted(house: House, head: bytes) -> None:
    reply = await raw(house, head, to_the_end=True)
    assert reply.startswith(b"HTTP/1.0 400 ") and reply.endswith(refusal("BadRequest"))
    assert b"CANARY" not in reply and b"aiohttp" not in reply


async def test_a_body_that_does_not_come_is_given_up(
    session: aiohttp.ClientSession, login: LoginDouble, clock: Clock, indoors: Indoors
) -> None:
    door = LocalDoor(Allowed(origins(("https://smba.trafficmanager.net",)), frozenset()))
    async with AsyncExitStack() as stack:
        url = await served(stack, door, indoors, clock, timedelta(milliseconds=50))
        slow = House(url, session, login, indoors)
        head = b"POST /api/messages HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
        assert (await raw(slow, head)).startswith(b"HTTP/1.1 400 ")


async def test_a_connection_that_never_says_a_whole_head_is_ended() -> None:
    listener = Listener(web.Application())
    await listener.setup()
    assert listener.server is not None
    assert listener.server().keepalive_timeout == IDLE.total_seconds()
    await listener.cleanup()
