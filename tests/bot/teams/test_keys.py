import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.limits import KEY_REFRESH
from bot.teams.keys import DOCUMENT_BYTES, GRACE, MOST_DRIFT, WAITING, Keys, KeysAway, parse
from tests.bot.teams.clock import Clock
from tests.world.door import Answer, Call, Fault
from tests.world.faults import Hang, drop, garbage, moved, status
from tests.world.login import LoginDouble
from tests.world.signing import key


class Failures(list[BaseException]):
    """What was reported."""


@pytest.fixture
def failures() -> Failures:
    return Failures()


@pytest.fixture
async def keys(
    session: aiohttp.ClientSession, login: LoginDouble, clock: Clock, failures: Failures
) -> AsyncIterator[Keys]:
    keys = Keys(session, login.metadata, clock.now, failures.append, clock.pause)
    yield keys
    await keys.close()


def refuse_further_fetches(login: LoginDouble) -> None:
    login.faults.add(status(500), of="metadata", times=None)


async def test_a_key_is_fetched_when_it_is_first_needed(keys: Keys) -> None:
    assert await keys.find("key-0") is not None


async def test_a_key_comes_with_the_channels_it_may_sign_for(keys: Keys) -> None:
    found = await keys.find("key-0")
    assert found is not None
    assert "msteams" in found.endorsements


async def test_a_known_key_needs_no_second_fetch(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    await keys.find("key-0")
    login.faults.add(status(500), of="metadata")
    clock.turn(hours=1)
    await keys.find("key-0")
    assert login.faults.left == 1


async def test_a_new_key_is_found_after_a_rotation(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    await keys.find("key-0")
    fresh = login.rotate()
    clock.turn(seconds=10)
    assert await keys.find(fresh.kid) is not None


async def test_what_a_withdrawn_key_has_signed_is_taken_while_it_is_on_its_way(
    keys: Keys, login: LoginDouble, clock: Clock
) -> None:
    await keys.find("key-0")
    fresh = login.rotate()
    clock.turn(seconds=10)
    await keys.find(fresh.kid)
    clock.turn(seconds=GRACE.total_seconds() - 1)
    assert await keys.find("key-0") is not None


async def test_a_key_that_is_no_longer_published_is_forgotten(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    await keys.find("key-0")
    fresh = login.rotate()
    clock.turn(seconds=10)
    await keys.find(fresh.kid)
    clock.turn(seconds=GRACE.total_seconds())
    assert await keys.find("key-0") is None


async def test_a_key_that_comes_back_is_one_of_the_published_again(
    keys: Keys, login: LoginDouble, clock: Clock
) -> None:
    await keys.find("key-0")
    fresh = login.rotate()
    clock.turn(seconds=10)
    await keys.find(fresh.kid)
    login.publish(key(0))
    clock.turn(seconds=10)
    await keys.refresh()
    clock.turn(seconds=GRACE.total_seconds())
    assert await keys.find("key-0") is not None


async def fetches(login: LoginDouble) -> Callable[[], int]:
    """How many fetches there were from now on."""
    visits: list[Call] = []

    async def visited(call: Call, answer: Answer) -> web.StreamResponse:
        visits.append(call)
        return await answer(call)

    login.faults.add(visited, of="metadata", times=None)
    return lambda: len(visits)


async def test_unknown_keys_cause_one_fetch_in_ten_seconds(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    await keys.find("nobody")
    count, began = await fetches(login), clock.time
    for number in range(3):
        await asyncio.gather(*(keys.find(f"nobody-{number}-{each}") for each in range(20)))
    assert count() <= 1 + (clock.time - began) / KEY_REFRESH


async def test_a_key_made_just_after_a_look_is_found_by_the_next_one(
    keys: Keys, login: LoginDouble, clock: Clock
) -> None:
    await keys.find("nobody")
    fresh = login.rotate()
    assert await keys.find(fresh.kid) is not None
    assert 0 < sum(clock.pauses) <= KEY_REFRESH.total_seconds()


async def test_a_key_made_during_a_look_is_found_by_the_next_one(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    hang = login.faults.add(Hang(after=True), of="keys")
    looking = asyncio.create_task(keys.refresh())
    await hang.reached.wait()
    finding = asyncio.create_task(keys.find(login.rotate().kid))
    await asyncio.sleep(0)
    hang.release()
    await looking
    assert await finding is not None


@pytest.mark.parametrize("place", ["metadata", "keys"])
async def test_while_the_key_server_fails_nobody_can_tell_of_an_unknown_key(
    keys: Keys, login: LoginDouble, clock: Clock, place: str
) -> None:
    await keys.find("key-0")
    login.faults.add(status(500), of=place, times=None)
    with pytest.raises(KeysAway):
        await keys.find("key-9")


async def test_a_crowd_with_unknown_keys_is_told_at_once_to_come_again(keys: Keys, login: LoginDouble) -> None:
    hang = login.faults.add(Hang(), of="metadata")
    crowd = [asyncio.create_task(keys.find("nobody")) for _ in range(WAITING)]
    await hang.reached.wait()
    with pytest.raises(KeysAway):
        await keys.find("somebody")
    hang.release()
    assert not any(await asyncio.gather(*crowd))


async def test_a_clock_that_was_set_back_does_not_end_the_looking(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    await keys.find("key-0")
    clock.turn(minutes=-30)
    assert await keys.find(login.rotate().kid) is not None and clock.pauses == []


def by(off: timedelta, clock: Clock) -> Fault:
    """The true key server, to which this machine's clock is so far ahead."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        response = await answer(call)
        response.headers["Date"] = format_datetime(clock.now() - off, usegmt=True)
        return response

    return play


@pytest.mark.parametrize(("off", "known"), [(10, 10), (-10, 10), (0.2, 0)])
async def test_how_far_the_clock_is_off_is_known_from_the_key_server(
    keys: Keys, login: LoginDouble, clock: Clock, off: float, known: float
) -> None:
    login.faults.add(by(timedelta(minutes=off), clock), times=None)
    assert abs(await keys.drift() - timedelta(minutes=known)) <= timedelta(seconds=1)
    assert await keys.unready() == {}


async def test_what_lay_in_a_cache_does_not_make_the_clock_wrong(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    async def old(call: Call, answer: Answer) -> web.StreamResponse:
        response = await by(timedelta(minutes=10), clock)(call, answer)
        response.headers["Age"] = "600"
        return response

    login.faults.add(old, times=None)
    assert await keys.drift() == timedelta()


async def test_with_a_clock_that_is_far_off_nothing_is_judged_until_it_is_set(
    keys: Keys, login: LoginDouble, clock: Clock
) -> None:
    login.faults.add(by(MOST_DRIFT + timedelta(minutes=1), clock), times=2)
    with pytest.raises(KeysAway):
        await keys.drift()
    said = await keys.unready()
    clock.turn(minutes=-16)
    login.faults.add(by(timedelta(), clock), times=2)
    assert (list(said), await keys.unready()) == (["clock"], {})


async def test_many_that_wait_share_one_fetch(keys: Keys, login: LoginDouble) -> None:
    hang = login.faults.add(Hang(), of="metadata")
    waiting = [asyncio.create_task(keys.find("key-0")) for _ in range(20)]
    await hang.reached.wait()
    refuse_further_fetches(login)
    hang.release()
    assert all(await asyncio.gather(*waiting))


async def test_one_that_gives_up_waiting_takes_nothing_from_the_others(keys: Keys, login: LoginDouble) -> None:
    hang = login.faults.add(Hang(), of="metadata")
    first, second = asyncio.create_task(keys.find("key-0")), asyncio.create_task(keys.find("key-0"))
    await hang.reached.wait()
    first.cancel()
    hang.release()
    assert await second is not None


async def test_an_old_key_serves_at_once_while_the_key_server_hangs(
    keys: Keys, login: LoginDouble, clock: Clock
) -> None:
    await keys.find("key-0")
    clock.turn(hours=24)
    hang = login.faults.add(Hang(), of="metadata")
    assert await keys.find("key-0") is not None
    await hang.reached.wait()
    assert await keys.find("key-0") is not None


async def test_the_loop_goes_on_while_the_key_server_hangs(keys: Keys, login: LoginDouble) -> None:
    hang = login.faults.add(Hang(), of="keys")
    waiting = asyncio.create_task(keys.find("key-0"))
    await hang.reached.wait()
    turns = 0
    for _ in range(1000):
        turns += 1
        await asyncio.sleep(0)
    assert (turns, waiting.done()) == (1000, False)


async def test_keys_of_a_day_ago_are_fetched_again_in_the_background(
    keys: Keys, login: LoginDouble, clock: Clock
) -> None:
    await keys.find("key-0")
    fresh = login.rotate(keep=True)
    clock.turn(hours=24)
    await keys.find("key-0")
    await keys.refresh()
    refuse_further_fetches(login)
    assert await keys.find(fresh.kid) is not None


@pytest.mark.parametrize(
    "fault",
    [
        status(500),
        status(404),
        drop,
        garbage(),
        moved("http://127.0.0.1:1/"),
        status(200, {"keys": []}),
        status(200, {"keys": "none"}),
        status(200, []),
        status(200, {"jwks_uri": 5}),
        status(200, {"keys": [{"kty": "RSA", "n": "x" * DOCUMENT_BYTES, "e": "AQAB", "kid": "big"}]}),
    ],
)
@pytest.mark.parametrize("place", ["metadata", "keys"])
async def test_old_keys_are_kept_when_the_key_server_fails(
    keys: Keys, login: LoginDouble, clock: Clock, place: str, fault: Any, failures: Failures
) -> None:
    await keys.find("key-0")
    clock.turn(seconds=10)
    login.faults.add(fault, of=place, times=None)
    with pytest.raises(KeysAway):
        await keys.find("unknown")
    assert await keys.find("key-0") is not None
    assert len(failures) == 1


async def test_keys_that_could_not_be_fetched_are_fetched_later(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    login.faults.add(status(500), of="metadata")
    with pytest.raises(KeysAway):
        await keys.find("key-0")
    clock.turn(seconds=10)
    assert await keys.find("key-0") is not None


async def test_keys_are_not_loaded_before_they_came(keys: Keys, login: LoginDouble) -> None:
    login.faults.add(status(500), of="metadata")
    await keys.refresh()
    assert not keys.loaded


def entry(**fields: Any) -> dict[str, Any]:
    return key(0).public(**fields)


def short() -> str:
    number = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key().public_numbers().n
    return base64.urlsafe_b64encode(number.to_bytes(128, "big")).decode().rstrip("=")


@pytest.mark.parametrize(
    "bad",
    [
        entry(kty="EC"),
        entry(kty="oct", k="c2VjcmV0"),
        entry(use="enc"),
        entry(alg="HS256"),
        entry(alg="none"),
        entry(kid=None),
        entry(kid=7),
        entry(n="!!"),
        entry(n=None),
        entry(e=5),
        entry(n=short()),
        entry(d="AQAB"),
        {},
        "text",
        None,
    ],
)
def test_an_entry_that_is_no_rsa_signing_key_is_left_out(bad: Any) -> None:
    assert list(parse([bad, entry(kid="good")])) == ["good"]


@pytest.mark.parametrize("named", [None, [], "msteams", {"msteams": True}, [1, None]])
def test_a_key_without_endorsements_may_sign_for_no_channel(named: Any) -> None:
    assert parse([entry(kid="one", endorsements=named)])["one"].endorsements == frozenset()


@pytest.mark.parametrize("entries", [None, {}, "keys", 5])
def test_a_key_set_that_is_no_list_holds_no_keys(entries: Any) -> None:
    assert parse(entries) == {}
