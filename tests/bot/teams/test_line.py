import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.teams.errors import Ambiguous, Rejected
from bot.teams.line import Line, Ways
from bot.teams.origins import Origins, origins
from dialogs.errors import AssistantError, Busy, Unavailable
from tests.bot.teams.clock import Clock
from tests.world.door import Call, Door, Route, reply
from tests.world.faults import Hang, accepted, drop, garbage, moved, refused, status, throttled


class Echo:
    """A service that remembers what it was asked and with which token."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, bytes, str | None]] = []
        self._door = Door(
            [Route("call", method, "/{rest}", self._answer) for method in ("POST", "PUT", "DELETE", "GET")]
        )
        self.faults = self._door.faults

    async def _answer(self, call: Call) -> web.Response:
        token = call.request.headers.get("Authorization")
        self.calls.append((call.request.method, call.request.path, call.body, token))
        return reply({"ok": True})

    @property
    def url(self) -> str:
        return self._door.url

    async def __aenter__(self) -> "Echo":
        await self._door.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._door.__aexit__()


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    async with Echo() as echo:
        yield echo


def ways(clock: Clock, token: str | None = "bot-token") -> Ways:
    async def give() -> str | None:
        return token

    return Ways(give, clock.pause, lambda: 0.5, clock.now)


@pytest.fixture
def line(session: aiohttp.ClientSession, echo: Echo, clock: Clock) -> Line:
    return Line(session, origins((echo.url,)), ways(clock))


async def test_a_call_carries_the_bots_token(line: Line, echo: Echo) -> None:
    await line.call("POST", f"{echo.url}/x", b"{}")
    assert echo.calls == [("POST", "/x", b"{}", "Bearer bot-token")]


async def test_in_local_mode_there_is_no_token(session: aiohttp.ClientSession, echo: Echo, clock: Clock) -> None:
    await Line(session, Origins(frozenset(), loopback=True), ways(clock, None)).call("GET", f"{echo.url}/x")
    assert echo.calls == [("GET", "/x", b"", None)]


async def test_an_answer_is_handed_back(line: Line, echo: Echo) -> None:
    assert (await line.call("GET", f"{echo.url}/x")).json == {"ok": True}


@pytest.mark.parametrize("fault", [garbage(), status(200), status(204)])
async def test_an_answer_that_is_no_json_has_none(line: Line, echo: Echo, fault: Any) -> None:
    echo.faults.add(fault)
    assert (await line.call("GET", f"{echo.url}/x")).json is None


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/x", "https://evil.example/x", "/x", "", "http://bot@127.0.0.1/x", "https://[::1"]
)
async def test_the_token_goes_to_trusted_origins_only(
    session: aiohttp.ClientSession, echo: Echo, clock: Clock, url: str
) -> None:
    asked: list[str] = []

    async def give() -> str | None:
        asked.append("token")
        return "bot-token"

    line = Line(session, origins((echo.url,)), Ways(give, clock.pause, lambda: 0.5, clock.now))
    with pytest.raises(Rejected):
        await line.call("GET", url)
    assert asked == []


async def test_an_address_with_a_user_is_not_trusted(line: Line, echo: Echo) -> None:
    with pytest.raises(Rejected):
        await line.call("GET", echo.url.replace("http://", "http://user:pass@") + "/x")  # pragma: allowlist secret


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(line: Line, echo: Echo, code: int) -> None:
    async with Echo() as elsewhere:
        echo.faults.add(moved(f"{elsewhere.url}/x", code))
        with pytest.raises(Unavailable):
            await line.call("POST", f"{echo.url}/x", b"{}")
        assert elsewhere.calls == []


@pytest.mark.parametrize("fault", [throttled(), status(503), status(412)])
async def test_a_call_that_was_put_off_is_made_again(line: Line, echo: Echo, fault: Any) -> None:
    echo.faults.add(fault, times=2)
    await line.call("POST", f"{echo.url}/x", b"{}")
    assert len(echo.calls) == 1


async def test_the_wait_grows(line: Line, echo: Echo, clock: Clock) -> None:
    echo.faults.add(status(503), times=2)
    await line.call("POST", f"{echo.url}/x", b"{}")
    assert clock.pauses == [0.5, 1.0]


async def test_the_other_sides_wish_is_obeyed(line: Line, echo: Echo, clock: Clock) -> None:
    echo.faults.add(throttled(7))
    await line.call("POST", f"{echo.url}/x", b"{}")
    assert clock.pauses == [7.25]


async def test_a_long_wish_is_left_to_the_schedule(line: Line, echo: Echo, clock: Clock) -> None:
    echo.faults.add(throttled(60))
    with pytest.raises(Busy) as busy:
        await line.call("POST", f"{echo.url}/x", b"{}")
    assert (busy.value.retry_after, clock.pauses) == (timedelta(seconds=60), [])


@pytest.mark.parametrize(("fault", "kind"), [(throttled(1), Busy), (status(503), Unavailable)])
async def test_after_three_tries_it_is_over(line: Line, echo: Echo, fault: Any, kind: type[AssistantError]) -> None:
    echo.faults.add(fault, times=4)
    with pytest.raises(kind):
        await line.call("POST", f"{echo.url}/x", b"{}")
    assert echo.faults.left == 1


@pytest.mark.parametrize("fault", [status(408), status(500), status(502), status(504), drop])
async def test_a_post_that_may_have_arrived_is_never_sent_again(line: Line, echo: Echo, fault: Any) -> None:
    echo.faults.add(accepted(fault))
    with pytest.raises(Ambiguous):
        await line.call("POST", f"{echo.url}/x", b"{}")
    assert len(echo.calls) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("fault", [status(502), status(504), drop])
async def test_what_has_the_same_effect_twice_is_sent_again(line: Line, echo: Echo, method: str, fault: Any) -> None:
    echo.faults.add(accepted(fault))
    await line.call(method, f"{echo.url}/x")
    assert len(echo.calls) == 2


async def test_a_connection_that_never_stood_is_tried_again(
    session: aiohttp.ClientSession, clock: Clock, free_port: int
) -> None:
    url = f"http://127.0.0.1:{free_port}"
    with pytest.raises(Unavailable):
        await Line(session, origins((url,)), ways(clock)).call("POST", f"{url}/x", b"{}")
    assert len(clock.pauses) == 2


@pytest.fixture
async def free_port() -> int:
    async with Echo() as echo:
        return int(echo.url.rpartition(":")[2])


async def test_a_call_can_be_given_up(line: Line, echo: Echo) -> None:
    hang = echo.faults.add(Hang())
    calling = asyncio.create_task(line.call("POST", f"{echo.url}/x", b"{}"))
    await hang.reached.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    hang.release()


async def test_a_known_status_is_an_answer(line: Line, echo: Echo) -> None:
    echo.faults.add(refused(404, "NotFound"))
    assert (await line.call("GET", f"{echo.url}/x", known=frozenset({404}))).status == 404


async def test_an_error_holds_nothing_of_what_was_sent(line: Line, echo: Echo) -> None:
    echo.faults.add(refused(400, "BadArgument", "SECRET text"))
    with pytest.raises(Rejected) as rejected:
        await line.call("POST", f"{echo.url}/x", b'"SECRET text"')
    assert "SECRET" not in repr(rejected.value) + str(rejected.value) + rejected.value.words


async def test_an_answer_without_an_end_is_cut_off(line: Line, echo: Echo) -> None:
    echo.faults.add(flood(5 * 1024 * 1024))
    with pytest.raises(Unavailable):
        await line.call("GET", f"{echo.url}/x")


def flood(size: int) -> Callable[[Call, Any], Any]:
    async def play(call: Call, answer: Any) -> web.StreamResponse:
        response = web.StreamResponse()
        response.enable_chunked_encoding()
        await response.prepare(call.request)
        for _ in range(size // 65536):
            await response.write(b"x" * 65536)
        return response

    return play
