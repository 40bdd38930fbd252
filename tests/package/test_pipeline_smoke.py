"""The smoke test: what it lets pass, what not, and that a real front door passes it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from bot.teams.doors import ChannelDoor
from bot.teams.endpoint import Endpoint, Inside
from bot.teams.keys import Keys
from bot.teams.line import open_session
from bot.teams.listener import Listener
from bot.teams.origins import origins
from bot.teams.verify import Allowed, Verifier
from bot.version import VERSION
from infra.pipelines import smoke
from infra.pipelines.smoke import Clock, Site
from tests.bot.teams.clock import Clock as Wall
from tests.package.slots import OLD, Program, Slots, stand
from tests.world.login import ISSUER, LoginDouble
from tests.world.people import APP, TENANT


def failed(program: Program, wanted: str = OLD) -> list[str]:
    """The checks that a program does not pass, in words."""
    slots = Slots(app=program)
    with stand(slots) as here:
        return [each.says for each in smoke.look(Site(here.app), wanted) if not each.well]


def test_a_parley_that_is_well_passes() -> None:
    assert failed(Program()) == []


@pytest.mark.parametrize(
    ("fault", "missed"),
    [
        ("unready", ["/readyz has no reason against it"]),
        ("open", ["a message without a token is refused", "junk with a forged token is refused"]),
    ],
)
def test_each_fault_is_named(fault: str, missed: list[str]) -> None:
    assert failed(Program(fault=fault)) == missed


def test_nothing_passes_where_nobody_answers() -> None:
    with stand(Slots(app=Program(fault="silent"))) as here:
        assert not any(each.well for each in smoke.look(Site(here.app), OLD))


def test_another_version_than_the_wanted_does_not_pass() -> None:
    assert failed(Program("0.0.9")) == [f"the release is {OLD}"]


def test_any_version_passes_where_none_is_wanted() -> None:
    assert failed(Program("0.0.9"), "") == []


def test_a_reason_against_readiness_is_shown_by_its_name_alone() -> None:
    with stand(Slots(app=Program(fault="unready"))) as here:
        seen = {each.says: each.seen for each in smoke.look(Site(here.app), "")}
    assert seen["/readyz has no reason against it"] == "database"


@pytest.mark.parametrize("text", ["::error::x", "a\nb", "<b>", "\u202e", "x" * 100])
def test_what_the_other_side_says_is_shown_without_what_a_log_obeys(text: str) -> None:
    assert smoke.plain(text).isascii() and not set(smoke.plain(text)) & set(":\n<>") and len(smoke.plain(text)) <= 80


def test_it_asks_again_until_all_is_well() -> None:
    class Warming(Slots):
        def pause(self, seconds: float) -> None:
            super().pause(seconds)
            self.app.fault = "" if self.time >= 60 else "silent"

    slots = Warming(app=Program(fault="silent"))
    with stand(slots) as here:
        findings = smoke.examine(Site(here.app), OLD, 300, Clock(slots.now, slots.pause))
    assert all(each.well for each in findings) and slots.time == 60


def test_it_ends_with_its_time() -> None:
    slots = Slots(app=Program(fault="unready"))
    with stand(slots) as here:
        smoke.examine(Site(here.app), OLD, 300, Clock(slots.now, slots.pause))
    assert slots.time == 300


@pytest.mark.parametrize(("program", "code"), [(Program(), 0), (Program(fault="unready"), 1)])
def test_the_exit_code_and_a_line_for_each_check(
    program: Program, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    slots = Slots(app=program)
    with stand(slots) as here:
        assert smoke.main([here.app, "--release", OLD, "--within", "0"], Clock(slots.now, slots.pause)) == code
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6 and all(line.startswith(("ok  ", "FAIL")) for line in lines)


@pytest.mark.parametrize(
    "origin", ["http://app.azurewebsites.net", "https://", "ftp://x", "https://x/api", "https://a:b@x", "x"]
)
def test_an_address_that_is_no_origin_is_refused(origin: str) -> None:
    assert smoke.main([origin]) == 2


# the real front door


@pytest.fixture
async def door() -> AsyncIterator[str]:
    clock = Wall()
    allowed = Allowed(origins(("https://smba.trafficmanager.net",)), frozenset({TENANT}))

    async def nothing(_: object) -> None:
        raise AssertionError("nothing comes in")

    async def ready() -> dict[str, str]:
        return {}

    inside = Inside(
        accept=nothing,
        stop=nothing,
        stops=lambda incoming: False,
        invoke=nothing,  # type: ignore[arg-type]
        unready=ready,
        now=clock.now,
        report=lambda fault: None,
    )
    async with AsyncExitStack() as stack:
        login = await stack.enter_async_context(LoginDouble(clock=clock.seconds))
        keys = Keys(await stack.enter_async_context(open_session()), login.metadata, clock.now)
        stack.push_async_callback(keys.close)
        endpoint = Endpoint(ChannelDoor(Verifier(keys, ISSUER, APP, clock.now), allowed), inside)
        runner = Listener(endpoint.application())
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"


async def test_our_own_front_door_passes_with_its_version(door: str) -> None:
    findings = await asyncio.to_thread(lambda: list(smoke.look(Site(door), VERSION)))
    assert [str(each) for each in findings if not each.well] == []
