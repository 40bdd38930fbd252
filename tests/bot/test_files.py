"""Documents go where Teams wants them, and nowhere else."""

import logging
from collections.abc import AsyncIterator

import pytest

from bot.files import TRIES, UNIT, Uploader
from bot.hosts import allowed
from bot.pinning import Pinned, open_pinned
from dialogs.errors import NotAllowed, Unavailable, Vanished
from tests.bot.resolving import Names
from tests.world.door import Fault
from tests.world.drive import Drive
from tests.world.faults import accepted, drop, moved, status, throttled

SHAREPOINT = frozenset({"*.sharepoint.com", "files.example.com"})
LONG = bytes(range(256)) * 10_000
"""2.5 MB."""


@pytest.fixture
async def drive() -> AsyncIterator[Drive]:
    async with Drive() as drive:
        yield drive


@pytest.fixture
async def session() -> AsyncIterator[Pinned]:
    async with open_pinned() as session:
        yield Pinned(session)


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def uploader(drive: Drive, session: Pinned, pauses: list[float]) -> Uploader:
    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    return Uploader(session, frozenset({drive.host}), pause)


async def pieces(document: bytes, size: int = 65_536) -> AsyncIterator[bytes]:
    for start in range(0, len(document), size):
        yield document[start : start + size]


@pytest.mark.parametrize(
    "address",
    [
        "https://contoso.sharepoint.com/up?tempauth=x",
        "https://contoso-my.sharepoint.com:443/up",
        "https://a.b.sharepoint.com/up",
        "https://CONTOSO.SharePoint.com/up",
        "https://files.example.com/up",
    ],
)
def test_a_listed_host_is_turned_to(address: str) -> None:
    assert allowed(address, SHAREPOINT)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "contoso.sharepoint.com/up",
        "http://contoso.sharepoint.com/up",
        "ftp://contoso.sharepoint.com/up",
        "https://sharepoint.com/up",
        "https://.sharepoint.com/up",
        "https://evilsharepoint.com/up",
        "https://contoso.sharepoint.com.evil.example/up",
        "https://evil.example/contoso.sharepoint.com",
        "https://evil.example?.sharepoint.com",
        "https://evil.example#.sharepoint.com",
        "https://contoso.sharepoint.com@evil.example/up",
        "https://user:pass@contoso.sharepoint.com/up",  # pragma: allowlist secret
        "https://contoso.sharepoint.com:8443/up",
        "https://contoso.sharepoint.com:0/up",
        "https://contoso.sharepoint.com./up",
        "https://evil.example%2f.sharepoint.com/up",
        "https://evil.example\\.sharepoint.com/up",
        "https://evil.example\t.sharepoint.com/up",
        "https://cöntoso.sharepoint.com/up",
        "https://sub.files.example.com/up",
        "https://127.0.0.1/up",
        "http://127.0.0.1:8080/up",
        "http://localhost/up",
        "https://10.0.0.1/up",
        "https://[::1]/up",
        "https://169.254.169.254/metadata",
    ],
)
def test_no_other_address_is_turned_to(address: str) -> None:
    assert not allowed(address, SHAREPOINT)


def test_this_machine_is_turned_to_only_at_the_port_that_is_listed() -> None:
    assert allowed("http://127.0.0.1:8080/up", frozenset({"127.0.0.1:8080"}))
    assert not allowed("http://127.0.0.1:8081/up", frozenset({"127.0.0.1:8080"}))


@pytest.mark.parametrize("size", [1, UNIT, UNIT * 3, UNIT * 3 + 1, len(LONG)])
async def test_a_document_arrives_whole(drive: Drive, uploader: Uploader, size: int) -> None:
    address = drive.address()
    await uploader.upload(address, size, pieces(LONG[:size]))
    assert drive.whole(address) == LONG[:size]


async def test_no_token_and_no_cookie_goes_along(drive: Drive, uploader: Uploader) -> None:
    await uploader.upload(drive.address(), 3, pieces(b"abc"))
    assert not {"Authorization", "Cookie"} & set(drive.requests[0])


@pytest.mark.parametrize("fault", [status(503), status(500), throttled(7), drop, accepted(drop), accepted(status(502))])
async def test_what_passes_is_tried_again(drive: Drive, uploader: Uploader, fault: Fault, pauses: list[float]) -> None:
    address = drive.address()
    drive.faults.add(fault)
    await uploader.upload(address, len(LONG), pieces(LONG))
    assert drive.whole(address) == LONG
    assert len(pauses) <= 1  # a broken connection aiohttp itself replaces once


async def test_the_other_sides_wish_to_wait_is_met_within_bounds(
    drive: Drive, uploader: Uploader, pauses: list[float]
) -> None:
    drive.faults.add(throttled(7))
    drive.faults.add(throttled(99_999))
    await uploader.upload(drive.address(), 3, pieces(b"abc"))
    assert pauses == [7, 30]


async def test_trying_ends(drive: Drive, uploader: Uploader, pauses: list[float]) -> None:
    drive.faults.add(status(503), times=None)
    with pytest.raises(Unavailable):
        await uploader.upload(drive.address(), 3, pieces(b"abc"))
    assert len(pauses) == TRIES - 1


async def test_an_address_that_is_over_is_not_tried_again(
    drive: Drive, uploader: Uploader, pauses: list[float]
) -> None:
    address = drive.address()
    drive.expire(address)
    with pytest.raises(Vanished):
        await uploader.upload(address, 3, pieces(b"abc"))
    assert pauses == []


@pytest.mark.parametrize("code", [401, 403, 404, 410])
async def test_a_refused_right_to_write_is_over(drive: Drive, uploader: Uploader, code: int) -> None:
    drive.faults.add(status(code))
    with pytest.raises(Vanished):
        await uploader.upload(drive.address(), 3, pieces(b"abc"))


async def test_no_redirect_is_followed(drive: Drive, uploader: Uploader) -> None:
    drive.faults.add(moved(drive.address(), 307))
    with pytest.raises(Unavailable):
        await uploader.upload(drive.address(), 3, pieces(b"abc"))
    assert drive.requests == []


async def test_a_foreign_host_gets_nothing(drive: Drive, session: Pinned, uploader: Uploader) -> None:
    stranger = Uploader(session, SHAREPOINT, uploader.pause)
    with pytest.raises(NotAllowed):
        await stranger.upload(drive.address(), 3, pieces(b"abc"))
    assert drive.requests == []


async def test_a_listed_name_that_leads_inside_gets_nothing(drive: Drive, uploader: Uploader) -> None:
    names = Names({"127.0.0.1"})
    async with open_pinned(names) as session:
        inside = Uploader(Pinned(session), SHAREPOINT, uploader.pause)
        with pytest.raises(NotAllowed):
            await inside.upload("https://contoso.sharepoint.com/up?tempauth=x", 3, pieces(b"abc"))
    assert names.asked == ["contoso.sharepoint.com"]


async def test_a_document_that_is_shorter_than_it_says_is_not_handed_over(drive: Drive, uploader: Uploader) -> None:
    address = drive.address()
    with pytest.raises(Vanished):
        await uploader.upload(address, UNIT + 1, pieces(LONG[:UNIT]))
    assert drive.whole(address) is None


async def test_an_ask_that_is_tried_again_goes_on_with_what_is_there(drive: Drive, uploader: Uploader) -> None:
    address = drive.address()
    drive.faults.add(accepted(status(404)))
    with pytest.raises(Vanished):
        await uploader.upload(address, len(LONG), pieces(LONG))
    await uploader.upload(address, len(LONG), pieces(LONG))
    assert drive.whole(address) == LONG


async def test_the_address_stands_in_no_log(drive: Drive, uploader: Uploader, caplog: pytest.LogCaptureFixture) -> None:
    drive.faults.add(drop, times=None)
    with caplog.at_level(logging.DEBUG), pytest.raises(Unavailable) as error:
        await uploader.upload(drive.address(), 3, pieces(b"abc"))
    said = "".join(f"{record.getMessage()}{record.__dict__.get('line')}" for record in caplog.records)
    assert "tempauth" not in said and "secret" not in f"{said}{error.value!r}"
