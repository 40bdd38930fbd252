"""Files and pictures are fetched from where they may lie, whole or not at all."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
from aiohttp import web

from bot.fetching import MOST, PIECE, Fetcher
from bot.hosts import allowed
from bot.pinning import Pinned, open_pinned
from bot.teams.origins import origins
from dialogs.errors import AssistantError, NotFetched, TooBig, Unavailable
from tests.bot.resolving import Names
from tests.world.door import Answer, Call, Fault
from tests.world.drive import Drive
from tests.world.faults import Hang, drop, garbage, moved, status, throttled
from tests.world.teams import TeamsDouble

LONG = bytes(range(256)) * 10_000
"""2.5 MB."""
TOKEN = "the-bots-own-token"


@pytest.fixture
async def drive() -> AsyncIterator[Drive]:
    async with Drive() as drive:
        yield drive


@pytest.fixture
async def teams() -> AsyncIterator[TeamsDouble]:
    async with TeamsDouble(token=lambda token: token == TOKEN) as teams:
        yield teams


@pytest.fixture
async def session() -> AsyncIterator[Pinned]:
    async with open_pinned() as session:
        yield Pinned(session)


async def token() -> str:
    return TOKEN


@pytest.fixture
def fetcher(drive: Drive, teams: TeamsDouble, session: Pinned) -> Fetcher:
    return Fetcher(session, frozenset({drive.host}), origins((teams.url,)), token)


async def whole(pieces: AsyncGenerator[bytes, None]) -> bytes:
    async with aclosing(pieces):
        return b"".join([piece async for piece in pieces])


async def refused(pieces: AsyncGenerator[bytes, None]) -> AssistantError:
    with pytest.raises(AssistantError) as error:
        await whole(pieces)
    return error.value


def flood(size: int, **headers: str) -> Fault:
    """So many bytes that do not say how many they are."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        response = web.StreamResponse(headers=headers)
        response.enable_chunked_encoding()
        await response.prepare(call.request)
        for _ in range(size // PIECE):
            await response.write(b"x" * PIECE)
        return response

    return play


def lengthy(size: int) -> Fault:
    """A file that says it has so many bytes, and breaks off before the first of them."""

    async def play(call: Call, answer: Answer) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(size)})
        response.force_close()
        await response.prepare(call.request)
        return response

    return play


# files


@pytest.mark.parametrize("data", [b"", b"x", LONG])
async def test_a_file_arrives_as_it_is(drive: Drive, fetcher: Fetcher, data: bytes) -> None:
    assert await whole(fetcher.download(drive.download(drive.put("plan.docx", data)))) == data


async def test_no_token_and_no_cookie_goes_along_and_nothing_comes_packed(drive: Drive, fetcher: Fetcher) -> None:
    await whole(fetcher.download(drive.download(drive.put("plan.docx", b"x"))))
    (headers,) = drive.requests
    assert not {"Authorization", "Cookie"} & set(headers)
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(drive: Drive, fetcher: Fetcher, code: int) -> None:
    address = drive.download(drive.put("plan.docx", b"x"))
    drive.faults.add(moved(address, code))
    assert type(await refused(fetcher.download(address))) is NotFetched
    assert drive.requests == []


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (status(204), NotFetched),
        (status(206), NotFetched),
        (status(400), NotFetched),
        (status(401), NotFetched),
        (status(403), NotFetched),
        (status(404), NotFetched),
        (status(410), NotFetched),
        (status(408), Unavailable),
        (throttled(7), Unavailable),
        (status(500), Unavailable),
        (status(503), Unavailable),
        (drop, Unavailable),
        (lengthy(100), Unavailable),
        (lengthy(MOST + 1), TooBig),
        (flood(MOST + PIECE), TooBig),
        (flood(PIECE, **{"Content-Encoding": "gzip"}), NotFetched),
    ],
)
async def test_what_is_no_file_says_why(drive: Drive, fetcher: Fetcher, fault: Fault, kind: type[Any]) -> None:
    drive.faults.add(fault, times=None)
    assert type(await refused(fetcher.download(drive.download(drive.put("plan.docx", LONG))))) is kind


async def test_a_file_of_just_the_most_arrives(drive: Drive, fetcher: Fetcher) -> None:
    drive.faults.add(flood(MOST))
    assert len(await whole(fetcher.download(drive.download(drive.put("plan.docx", b""))))) == MOST


async def test_a_file_comes_in_pieces_and_can_be_left(drive: Drive, fetcher: Fetcher) -> None:
    async with aclosing(fetcher.download(drive.download(drive.put("plan.docx", LONG)))) as pieces:
        assert 0 < len(await anext(pieces)) <= PIECE


async def test_an_address_that_is_over_brings_nothing(drive: Drive, fetcher: Fetcher) -> None:
    address = drive.download(drive.put("plan.docx", b"x"))
    drive.expire(address)
    assert type(await refused(fetcher.download(address))) is NotFetched


async def test_a_file_that_does_not_come_is_given_up(drive: Drive, teams: TeamsDouble, session: Pinned) -> None:
    hang = drive.faults.add(Hang())
    hurried = Fetcher(session, frozenset({drive.host}), origins((teams.url,)), token, seconds=0.05)
    assert type(await refused(hurried.download(drive.download(drive.put("plan.docx", b"x"))))) is Unavailable
    hang.release()


async def test_a_file_whose_end_does_not_come_is_given_up(drive: Drive, teams: TeamsDouble, session: Pinned) -> None:
    drive.faults.add(dripping)
    hurried = Fetcher(session, frozenset({drive.host}), origins((teams.url,)), token, seconds=0.2)
    async with aclosing(hurried.download(drive.download(drive.put("plan.docx", b"x")))) as pieces:
        assert await anext(pieces)
        with pytest.raises(Unavailable):
            await anext(pieces)


async def dripping(call: Call, answer: Answer) -> web.StreamResponse:
    """The beginning of a file, and then nothing for as long as somebody listens."""
    response = web.StreamResponse(headers={"Content-Length": "100"})
    await response.prepare(call.request)
    await response.write(b"PK")
    await Hang()(call, answer)
    return response


async def test_a_host_that_is_not_listed_is_not_spoken_to(drive: Drive, teams: TeamsDouble, session: Pinned) -> None:
    elsewhere = Fetcher(session, frozenset({"*.sharepoint.com"}), origins((teams.url,)), token)
    assert type(await refused(elsewhere.download(drive.download(drive.put("plan.docx", b"x"))))) is NotFetched
    assert drive.requests == []


async def test_a_listed_name_that_leads_inside_is_not_spoken_to(drive: Drive, teams: TeamsDouble) -> None:
    names = Names({"127.0.0.1"})
    async with open_pinned(names) as session:
        fetcher = Fetcher(Pinned(session), frozenset({"*.sharepoint.com"}), origins((teams.url,)), token)
        assert type(await refused(fetcher.download("https://contoso.sharepoint.com/x?tempauth=y"))) is NotFetched
    assert names.asked == ["contoso.sharepoint.com"]


async def test_a_name_that_cannot_be_found_may_be_there_later(teams: TeamsDouble) -> None:
    async with open_pinned(Names(set())) as session:
        fetcher = Fetcher(Pinned(session), frozenset({"*.sharepoint.com"}), origins((teams.url,)), token)
        assert type(await refused(fetcher.download("https://contoso.sharepoint.com/x"))) is Unavailable


@pytest.mark.parametrize("fault", [drop, status(403), moved("https://evil.example/"), garbage(503)])
async def test_the_address_stands_in_no_log_and_no_error(
    drive: Drive, fetcher: Fetcher, caplog: pytest.LogCaptureFixture, fault: Fault
) -> None:
    address = drive.download(drive.put("merger.docx", b"x"))
    drive.faults.add(fault, times=None)
    with caplog.at_level(logging.DEBUG):
        error = await refused(fetcher.download(address))
    said = "".join(f"{record.getMessage()}{record.__dict__.get('line')}" for record in caplog.records)
    assert "tempauth" not in said and "merger" not in said
    assert error.__cause__ is None and error.__context__ is None and "secret" not in f"{error!r}{error}"


@pytest.mark.parametrize(
    "address",
    ["https://contoso.sharepoint.com/up?tempauth=x", "https://contoso-my.sharepoint.com:443/up"],
)
def test_a_listed_host_is_turned_to(address: str) -> None:
    assert allowed(address, frozenset({"*.sharepoint.com"}))


# pictures


async def test_a_picture_is_fetched_with_the_bots_token(teams: TeamsDouble, fetcher: Fetcher) -> None:
    sent = teams.pasted(LONG)
    assert await whole(fetcher.picture(sent["contentUrl"], f"{teams.url}/")) == LONG
    assert teams.fetched[0]["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("service", ["/emea/", "", "/"])
async def test_the_path_of_the_service_address_does_not_matter(
    teams: TeamsDouble, fetcher: Fetcher, service: str
) -> None:
    assert await whole(fetcher.picture(teams.pasted(b"x")["contentUrl"], f"{teams.url}{service}")) == b"x"


async def test_the_token_goes_nowhere_else(drive: Drive, teams: TeamsDouble, fetcher: Fetcher) -> None:
    other = drive.download(drive.put("plan.docx", b"x"))
    assert type(await refused(fetcher.picture(other, teams.url))) is NotFetched
    assert drive.requests == []


async def test_a_service_address_that_is_not_trusted_makes_no_origin(drive: Drive, fetcher: Fetcher) -> None:
    host = f"http://{drive.host}"
    assert type(await refused(fetcher.picture(f"{host}/down/1", host))) is NotFetched
    assert drive.requests == []


@pytest.mark.parametrize("mark", ["\\", " ", "\t", "\r\nX-Evil: 1", "\x00", "\x7f", "ä", "\u202e", "x" * 2_000])
async def test_an_address_that_two_readers_could_read_differently_is_none(
    teams: TeamsDouble, fetcher: Fetcher, mark: str
) -> None:
    address = teams.pasted(b"x")["contentUrl"].replace("/views", f"{mark}/views")
    assert type(await refused(fetcher.picture(address, teams.url))) is NotFetched
    assert teams.fetched == []


async def test_a_pictures_redirect_is_not_followed(drive: Drive, teams: TeamsDouble, fetcher: Fetcher) -> None:
    teams.faults.add(moved(drive.download(drive.put("plan.docx", b"x"))), of="picture")
    assert type(await refused(fetcher.picture(teams.pasted(b"x")["contentUrl"], teams.url))) is NotFetched
    assert drive.requests == []


async def test_a_picture_that_is_too_big_is_left(teams: TeamsDouble, fetcher: Fetcher) -> None:
    teams.faults.add(flood(MOST + PIECE), of="picture")
    assert type(await refused(fetcher.picture(teams.pasted(b"x")["contentUrl"], teams.url))) is TooBig


async def test_without_a_token_of_its_own_the_bot_shows_none(teams: TeamsDouble, session: Pinned) -> None:
    async def none() -> None:
        return None

    async with TeamsDouble() as open_teams:
        local = Fetcher(session, frozenset(), origins((open_teams.url,)), none)
        await refused(local.picture(open_teams.pasted(b"x")["contentUrl"], open_teams.url))
        assert open_teams.fetched == []  # the double wants one, and was shown none


async def test_a_bot_without_a_token_says_so_without_a_request(
    drive: Drive, teams: TeamsDouble, session: Pinned
) -> None:
    async def away() -> str:
        raise Unavailable

    bare = Fetcher(session, frozenset(), origins((teams.url,)), away)
    assert type(await refused(bare.picture(teams.pasted(b"x")["contentUrl"], teams.url))) is Unavailable
    assert teams.fetched == []
