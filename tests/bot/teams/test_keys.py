import asyncio
import base64
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.teams.keys import DOCUMENT_BYTES, Keys, parse
from tests.bot.teams.clock import Clock
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
    keys = Keys(session, login.metadata, clock.now, failures.append)
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


async def test_a_key_that_is_no_longer_published_is_forgotten(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    await keys.find("key-0")
    fresh = login.rotate()
    clock.turn(seconds=10)
    await keys.find(fresh.kid)
    assert await keys.find("key-0") is None


async def test_unknown_keys_cause_one_fetch_in_ten_seconds(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    await keys.find("nobody")
    login.faults.add(status(500), of="metadata", times=2)
    clock.turn(seconds=9.9)
    await asyncio.gather(*(keys.find(f"nobody-{number}") for number in range(20)))
    assert login.faults.left == 2


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
    await keys.find("unknown")
    assert await keys.find("key-0") is not None
    assert len(failures) == 1


async def test_keys_that_could_not_be_fetched_are_fetched_later(keys: Keys, login: LoginDouble, clock: Clock) -> None:
    login.faults.add(status(500), of="metadata")
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
