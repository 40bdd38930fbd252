"""A name is resolved once, every answer is looked at, and the connection goes to what was looked at."""

import gzip
import socket

import aiohttp
import pytest
from aiohttp import web

from bot.pinning import Checked, Forbidden, is_forbidden, is_here, is_outside, open_pinned
from tests.bot.resolving import PUBLIC, Names, Sockets
from tests.world.door import Call, Door, Route


async def connecting(names: Names, url: str = "https://contoso.sharepoint.com/x") -> tuple[Sockets, Exception]:
    """Where a request would have gone, and why it did not."""
    sockets = Sockets()
    async with open_pinned(names, sockets) as session:
        with pytest.raises(aiohttp.ClientError) as failed:
            await session.get(url, allow_redirects=False)
    return sockets, failed.value


@pytest.mark.parametrize("address", [PUBLIC, "52.96.0.1", "2620:1ec:8fa::10", "2a01:111:f400::1"])
def test_a_plain_address_of_the_internet_is_outside(address: str) -> None:
    assert is_outside(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1",
        "169.254.169.254", "169.254.0.1", "168.63.129.16", "192.0.0.9", "192.0.2.1", "192.88.99.1", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:13.107.136.10",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a9fe:a9fe::1",
        "2001:0:a9fe:a9fe::1", "2001:db8::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
        "2620:1ec:8fa::10%1", "fec0::1", "ff02::1", "ff0e::1", "100::1", "5f00::1", "4000::1",
        "", "localhost", "2130706433", "0x7f000001", "127.1", "0177.0.0.1", "013.107.136.10", " 13.107.136.10",
    ],
)  # fmt: skip
def test_every_other_address_is_not(address: str) -> None:
    assert not is_outside(address)


@pytest.mark.parametrize(("address", "here"), [("127.0.0.1", True), ("::1", True), (PUBLIC, False), ("x", False)])
def test_this_machine_is_known(address: str, here: bool) -> None:
    assert is_here(address) is here


async def test_the_connection_goes_to_what_was_looked_at() -> None:
    sockets, failure = await connecting(Names({PUBLIC}))
    assert sockets.wanted == [PUBLIC] and not is_forbidden(failure)


async def test_a_name_is_asked_for_once_so_that_a_second_answer_never_counts() -> None:
    names = Names({PUBLIC}, {"169.254.169.254"})
    sockets, _ = await connecting(names)
    assert (names.asked, sockets.wanted) == (["contoso.sharepoint.com"], [PUBLIC])


async def test_a_second_connection_is_looked_at_anew() -> None:
    names, sockets = Names({PUBLIC}, {"127.0.0.1"}), Sockets()
    async with open_pinned(names, sockets) as session:
        for _ in range(2):
            with pytest.raises(aiohttp.ClientError) as failed:
                await session.get("https://contoso.sharepoint.com/x")
    assert sockets.wanted == [PUBLIC] and is_forbidden(failed.value)


@pytest.mark.parametrize("bad", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "fd00::1"])
async def test_one_bad_answer_spoils_all(bad: str) -> None:
    sockets, failure = await connecting(Names({PUBLIC, bad}))
    assert sockets.wanted == [] and is_forbidden(failure)


async def test_a_name_of_this_machine_must_not_lead_away() -> None:
    sockets, failure = await connecting(Names({PUBLIC}), "http://localhost:8080/x")
    assert sockets.wanted == [] and is_forbidden(failure)


async def test_a_name_without_an_address_is_no_refusal() -> None:
    _, failure = await connecting(Names(set()))
    assert not is_forbidden(failure)


async def test_nothing_that_comes_packed_is_unpacked() -> None:
    packed = gzip.compress(b"x" * 1_000_000)

    async def bomb(call: Call) -> web.Response:
        return web.Response(body=packed, headers={"Content-Encoding": "gzip"})

    async with Door([Route("bomb", "GET", "/bomb", bomb)]) as door, open_pinned() as session:
        response = await session.get(f"{door.url}/bomb")
        assert await response.read() == packed


async def test_answers_are_tried_with_the_old_addresses_first() -> None:
    found = await Checked(Names({"2620:1ec:8fa::10", PUBLIC})).resolve("contoso.sharepoint.com", 443)
    assert [(one["host"], one["family"], one["port"]) for one in found] == [
        (PUBLIC, socket.AF_INET, 443),
        ("2620:1ec:8fa::10", socket.AF_INET6, 443),
    ]


async def test_a_refusal_does_not_quote_the_name() -> None:
    with pytest.raises(Forbidden) as refused:
        await Checked(Names({"10.0.0.1"})).resolve("secret.sharepoint.com")
    assert not str(refused.value) and not refused.value.args
